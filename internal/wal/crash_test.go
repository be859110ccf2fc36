package wal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"go.etcd.io/bbolt"
)

// The crashes of this test are of the whole machine, at any call of the disk: of what was written and not synced each
// sector is there or not, whatever the others are. bbolt's transactions are trusted: they were made, or not.

const (
	sector     = 512
	testBucket = "b"
)

var errPower = errors.New("the power is gone")

// machine is what survives a crash, and what may fail before it.
type machine struct {
	rng   *rand.Rand
	parts [2]*fakeDisk
	crash int // calls of the disk until the power goes; -1 while it stays
	full  bool
	fails bool // the next sync, of which nobody then knows what it did
	seals bool // the next transaction of bbolt's: it is made, and an error is told
	dead  bool
	plant string

	dir    string
	file   *File
	before []byte // bbolt's file before the transaction that was made last
	model  map[string]string
	inside map[string]string // what was being written
}

type fakeDisk struct {
	m             *machine
	synced, there []byte
}

// call is one call of the disk.
func (m *machine) call() error {
	if m.crash == 0 {
		m.dead = true
	}
	if m.crash >= 0 {
		m.crash--
	}
	if m.dead {
		return errPower
	}
	return nil
}

func (d *fakeDisk) ReadAt(b []byte, at int64) (int, error) {
	if at >= int64(len(d.there)) {
		return 0, io.EOF
	}
	return copy(b, d.there[at:]), nil
}

func (d *fakeDisk) WriteAt(b []byte, at int64) (int, error) {
	if grow := int(at) + len(b) - len(d.there); grow > 0 && !d.m.dead {
		if d.m.full {
			return 0, syscall.ENOSPC
		}
		d.there = append(d.there, make([]byte, grow)...)
	}
	if err := d.m.call(); err != nil {
		return 0, err
	}
	return copy(d.there[at:], b), nil
}

func (d *fakeDisk) Size() (int64, error) { return int64(len(d.there)), nil }

func (d *fakeDisk) Sync() error {
	if err := d.m.call(); err != nil {
		return err
	}
	failed := d.m.fails
	d.m.fails = false
	if d.m.plant != "sync does nothing" && (!failed || d.m.rng.IntN(2) == 0) {
		d.synced = bytes.Clone(d.there)
	}
	if failed {
		return syscall.EIO
	}
	return nil
}

// lose is what a crash leaves of a part.
func (d *fakeDisk) lose(rng *rand.Rand) {
	after := bytes.Clone(d.synced)
	after = append(after, make([]byte, len(d.there)-len(after))...)
	keep := rng.IntN(3) // nothing, all, or some sectors of what was not synced
	for at := 0; at < len(after); at += sector {
		end := min(at+sector, len(after))
		if keep == 1 || keep == 2 && rng.IntN(2) == 0 {
			copy(after[at:end], d.there[at:end])
		}
	}
	d.synced, d.there = after, bytes.Clone(after)
}

// open opens the file as Open does, without the goroutine that commits.
func (m *machine) open() error {
	path := filepath.Join(m.dir, "file.db")
	db, err := open(path)
	if err != nil {
		return err
	}
	db.NoSync = true // the machine is not ours to switch off
	f := &File{path: path, db: db, broken: make(chan struct{}), memory: newLevel(),
		buckets: map[string]bool{testBucket: true}}
	f.seal = func(tx *bbolt.Tx) error {
		err := tx.Commit()
		if m.seals {
			m.seals = false
			return errors.Join(err, syscall.EIO)
		}
		return err
	}
	f.disks = func(int) ([2]Disk, error) { return [2]Disk{m.parts[0], m.parts[1]}, nil }
	f.toFile = func(l *level, number uint64, log []byte) error {
		switch {
		case m.full && m.rng.IntN(2) == 0:
			return syscall.ENOSPC
		case m.plant == "not applied":
			return f.transact(newLevel(), number, log)
		case m.plant == "numbered too high":
			number += 2
		}
		return f.transact(l, number, log)
	}
	f.beside = func(do func()) {
		m.before, err = os.ReadFile(path)
		do()
	}
	m.file = f
	return errors.Join(f.recover([]string{testBucket}), err)
}

// restart switches the machine off, and opens what is left.
func (m *machine) restart() error {
	path := m.file.path
	unsettled := m.file.applying != nil // nobody has acted upon it: the crash may have come before it
	if err := m.file.db.Close(); err != nil {
		return err
	}
	if unsettled && m.rng.IntN(2) == 0 {
		if err := os.WriteFile(path, m.before, 0o600); err != nil {
			return err
		}
	}
	for _, p := range m.parts {
		p.lose(m.rng)
	}
	m.crash, m.dead, m.full, m.fails, m.seals = -1, false, false, false, false
	return m.open()
}

// commit makes some changes at once: puts, deletions, refusals, additions to what is there.
func (m *machine) commit() error {
	m.inside = maps.Clone(m.model)
	var all []*request
	for range 1 + m.rng.IntN(4) {
		keys := []string{fmt.Sprint(m.rng.IntN(40)), fmt.Sprint(m.rng.IntN(40))}
		size, refused, deleted := m.rng.IntN(3000), m.rng.IntN(6) == 0, m.rng.IntN(4) == 0
		all = append(all, &request{done: make(chan error, 1), change: func(tx *Tx) error {
			if got := string(tx.Get(testBucket, "count")); got != m.inside["count"] {
				return fmt.Errorf("a change reads %q after %q", got, m.inside["count"])
			}
			n, _ := strconv.Atoi(m.inside["count"])
			for _, k := range keys {
				if deleted {
					tx.Delete(testBucket, k)
				} else {
					tx.Put(testBucket, k, bytes.Repeat([]byte{byte('a' + n%26)}, size))
				}
			}
			if refused {
				return errors.New("refused")
			}
			tx.Put(testBucket, "count", []byte(strconv.Itoa(n+1)))
			m.note(deleted, n, size, keys)
			return nil
		}})
	}
	m.file.commit(all)
	var failed error
	for _, r := range all {
		if r.err == nil || r.err.Error() != "refused" {
			failed = errors.Join(failed, r.err)
		} else if failed != nil {
			return errors.New("one is refused for what another one could not write")
		}
	}
	if failed == nil {
		m.model = m.inside
	}
	return failed
}

func (m *machine) note(deleted bool, n, size int, keys []string) {
	for _, k := range keys {
		if delete(m.inside, k); !deleted {
			m.inside[k] = string(bytes.Repeat([]byte{byte('a' + n%26)}, size))
		}
	}
	m.inside["count"] = strconv.Itoa(n + 1)
}

// state is what is read, up and down and key by key.
func state(tx *Tx) (map[string]string, error) {
	up, down := map[string]string{}, map[string]string{}
	for k, v := range tx.Up(testBucket, "") {
		up[k] = string(v)
		if !bytes.Equal(tx.Get(testBucket, k), v) {
			return nil, fmt.Errorf("key %s is read otherwise", k)
		}
	}
	for k, v := range tx.Down(testBucket, "z") {
		down[k] = string(v)
	}
	if !maps.Equal(up, down) {
		return nil, fmt.Errorf("%d keys up, %d down", len(up), len(down))
	}
	return up, nil
}

func (m *machine) check(allowed ...map[string]string) error {
	var got map[string]string
	err := m.file.View(func(tx *Tx) (err error) {
		got, err = state(tx)
		return err
	})
	if err != nil {
		return err
	}
	for _, want := range allowed {
		if maps.Equal(got, want) {
			m.model = got
			return nil
		}
	}
	return fmt.Errorf("count is %q, want %q", got["count"], allowed[0]["count"])
}

// snapshot ends the log as a backup does, and reads the file by itself.
func (m *machine) snapshot() error {
	if err := m.file.endLog(); err != nil {
		return err
	}
	got := map[string]string{}
	err := m.file.db.View(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte(testBucket)).ForEach(func(k, v []byte) error {
			got[string(k)] = string(v)
			return nil
		})
	})
	if err == nil && !maps.Equal(got, m.model) {
		err = errors.New("a snapshot is not what was written")
	}
	return err
}

// play is one run: commits, full disks, snapshots and crashes.
func play(dir string, seed uint64, plant string) error {
	m := &machine{rng: rand.New(rand.NewPCG(seed, 1)), dir: dir, crash: -1, plant: plant, model: map[string]string{}}
	m.parts = [2]*fakeDisk{{m: m}, {m: m}}
	if err := m.open(); err != nil {
		return err
	}
	defer func() { _ = m.file.db.Close() }()
	for range 3 {
		m.crash = m.rng.IntN(60)
		for !m.dead {
			if err := m.step(); err != nil && !m.dead {
				return err
			}
		}
		if err := m.restart(); err != nil {
			return fmt.Errorf("restart: %w", err)
		}
		if err := m.check(m.model, m.inside); err != nil {
			return fmt.Errorf("after the restart: %w", err)
		}
	}
	return nil
}

func (m *machine) step() error {
	m.full, m.fails, m.seals = m.rng.IntN(10) == 0, m.rng.IntN(15) == 0, m.rng.IntN(30) == 0
	may := m.full || m.fails || m.seals
	if m.file.applying != nil && m.rng.IntN(2) == 0 {
		m.file.settle(<-m.file.applying)
	}
	var err error
	if m.inside = m.model; m.rng.IntN(12) == 0 {
		err = m.snapshot()
	} else {
		err = m.commit()
	}
	if errors.Is(err, ErrDisk) { // nothing is done any more
		m.dead = true
	}
	if m.dead {
		return nil
	}
	if err != nil && (!may || !errors.Is(err, syscall.ENOSPC) && !errors.Is(err, syscall.EIO)) {
		return err
	}
	if err = m.check(m.model); errors.Is(err, ErrDisk) { // it was met while bbolt was given what was frozen
		m.dead, err = true, nil
	}
	return err
}

// small makes the parts of the log turn after a few commits.
func small(t *testing.T) {
	t.Helper()
	was := partLimit
	t.Cleanup(func() { partLimit = was })
	partLimit = 40 << 10
}

// TestCrashes: whatever was answered is there after a crash at any moment, what was refused or failed is not, and what
// was under way is there as a whole or not at all. BREVDUE_CRASHES plays more runs.
func TestCrashes(t *testing.T) {
	small(t)
	runs := 150
	if n, err := strconv.Atoi(os.Getenv("BREVDUE_CRASHES")); err == nil {
		runs = n
	}
	for seed := range runs {
		if err := run(t, uint64(seed), ""); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

// run plays in memory where there is a file system in it.
func run(t *testing.T, seed uint64, plant string) error {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "brevdue-wal-")
	if err != nil {
		dir = t.TempDir()
	}
	return errors.Join(play(dir, seed, plant), os.RemoveAll(dir))
}

// TestCrashesFindBugs: the runs find what would lose a change.
func TestCrashesFindBugs(t *testing.T) {
	small(t)
	for _, plant := range []string{"sync does nothing", "not applied", "numbered too high"} {
		t.Run(plant, func(t *testing.T) {
			for seed := range 200 {
				if run(t, uint64(seed), plant) != nil {
					return
				}
			}
			t.Error("nothing is found")
		})
	}
}
