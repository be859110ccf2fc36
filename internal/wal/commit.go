package wal

import (
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
)

// commitAll commits what waits, in the order it came, until the file is closed; what waits then is committed too.
func (f *File) commitAll() {
	defer close(f.closed)
	for {
		select {
		case r := <-f.waiting:
			f.commit(f.gather(r))
		case do := <-f.still:
			do()
		case err := <-f.applying:
			f.settle(err)
		case <-f.closing:
			f.finish()
			return
		}
	}
}

func (f *File) finish() {
	for {
		select {
		case r := <-f.waiting:
			f.commit(f.gather(r))
		default:
			f.ended = f.guard(f.endLog)
			return
		}
	}
}

// linger is how long a commit waits for company when there was some just before: a commit costs as much for one change
// as for fifty.
const linger = 500 * time.Microsecond

func (f *File) gather(first *request) []*request {
	all := []*request{first}
	if f.busy {
		time.Sleep(linger)
	}
	defer func() { f.busy = len(all) > 1 }()
	for len(all) < commitLimit {
		select {
		case r := <-f.waiting:
			all = append(all, r)
		default:
			return all
		}
	}
	return all
}

// commit makes the changes one after the other and puts them on disk together. One that is refused, or fails, leaves
// nothing; it is answered with the others, for what it read may be theirs.
func (f *File) commit(all []*request) {
	err := f.guard(func() error { return f.write(all) })
	for _, r := range all {
		if err != nil { // also where it was refused: for what another one wanted to write
			r.err = err
		}
		r.done <- r.err
	}
}

func (f *File) write(all []*request) error {
	writes, err := f.make(all)
	if err != nil || len(writes) == 0 {
		return err
	}
	record := encode(writes)
	if err := f.makeRoom(len(record)); err != nil {
		return err
	}
	if err := f.log.Append(f.number+1, record); err != nil {
		return err
	}
	f.number++
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, w := range writes {
		f.memory.put(w)
	}
	return nil
}

// make calls each change on the state that the ones before it leave.
func (f *File) make(all []*request) (writes []write, err error) {
	base, err := f.db.Begin(false)
	if err != nil {
		return nil, err
	}
	tx := &Tx{base: base, levels: [...]*level{newLevel(), f.memory, f.frozen}}
	for _, r := range all {
		tx.writes = nil
		if r.err = r.change(tx); r.err == nil {
			r.err = f.fit(tx)
		}
		if r.err != nil {
			continue
		}
		for _, w := range tx.writes {
			tx.levels[0].put(w)
		}
		writes = append(writes, tx.writes...)
	}
	return writes, base.Rollback()
}

// fit refuses what bbolt could not take.
func (f *File) fit(tx *Tx) error {
	for _, w := range tx.writes {
		if w.key == "" || len(w.key) > bbolt.MaxKeySize || len(w.value) > bbolt.MaxValueSize || !f.buckets[w.bucket] {
			return fmt.Errorf("a key of %d bytes for %d in bucket %q", len(w.key), len(w.value), w.bucket)
		}
	}
	return nil
}

// makeRoom has a log that takes a record of so many bytes. Where it is full its other part is used, when bbolt has
// what stands there.
func (f *File) makeRoom(n int) error {
	if f.log == nil {
		if err := f.beginLog(); err != nil {
			return err
		}
	}
	for !f.log.Fits(n) {
		if f.frozen == nil {
			f.mu.Lock()
			f.memory, f.frozen, f.frozenTo = newLevel(), f.memory, f.number
			f.mu.Unlock()
			f.log.Turn()
		} else if err := f.awaitApplied(); err != nil {
			return err
		}
		f.apply()
	}
	return nil
}

// apply brings what is frozen into bbolt, beside whatever is committed meanwhile.
func (f *File) apply() {
	if f.frozen == nil || f.applying != nil {
		return
	}
	f.applying = make(chan error, 1)
	done, l, number, id := f.applying, f.frozen, f.frozenTo, f.log.id[:]
	f.beside(func() { done <- f.guard(func() error { return f.toFile(l, number, id) }) })
}

// settle forgets what was frozen, for bbolt has it; where it failed it is frozen still, and applied again when the log
// is full.
func (f *File) settle(err error) {
	f.applying = nil
	if err == nil {
		f.mu.Lock()
		f.frozen = nil
		f.mu.Unlock()
	}
}

// awaitApplied returns when bbolt has what was frozen. A failure of before says nothing of the disk as it is now.
func (f *File) awaitApplied() error {
	if f.applying != nil {
		err := <-f.applying
		if f.settle(err); err == nil {
			return nil
		}
	}
	f.apply()
	err := <-f.applying
	f.settle(err)
	return err
}

// transact is not bbolt's Update: where a page panics that would roll back, and so read every page in a goroutine of
// its own, in which nobody can catch the next panic. A file that is broken is never used again, so nothing is undone.
func (f *File) transact(l *level, number uint64, log []byte) error {
	tx, err := f.db.Begin(true)
	if err != nil {
		return err
	}
	if err := errors.Join(l.into(tx), mark(tx, number, log)); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if err = f.seal(tx); err == nil {
		return nil
	}
	// Where bbolt shows the transaction all the same, the disk may have it or not: pages of before are free for it.
	if shown, viewErr := f.shows(number, log); viewErr != nil || shown {
		err = fmt.Errorf("%w: %w", ErrDisk, err)
	}
	return err
}

// into puts what a level has into bbolt, in the order of keys.
func (l *level) into(tx *bbolt.Tx) (err error) {
	for bucket, all := range l.buckets {
		b := tx.Bucket([]byte(bucket))
		if b == nil {
			return fmt.Errorf("%w: its log writes to bucket %q", ErrBroken, bucket)
		}
		all.Scan(func(key string, value []byte) bool {
			if value == nil {
				err = b.Delete([]byte(key))
			} else {
				err = b.Put([]byte(key), value)
			}
			return err == nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
