// Package wal is one bbolt file with a write-ahead log in front of it. Changes that wait at the same time share a
// record of the log and one sync; bbolt, which would sync twice and write whole pages, gets them thousands at a time.
//
// Invariant: when Update returns nil, the change is on disk; when it returns an error, nothing of it is, except that
// after ErrDisk nobody knows. Nobody reads what is not on disk yet.
//
// change -> [wal] -> synced record -> memory -> bbolt
package wal

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// Change reads what is there and puts or deletes something; when it returns an error nothing of it is done.
type Change func(tx *Tx) error

// File is an open file.
type File struct {
	path    string
	db      *bbolt.DB
	waiting chan *request
	still   chan func() // called while nothing is committed
	closing chan struct{}
	closed  chan struct{}
	busy    bool  // the last commit was shared
	ended   error // how the log ended when the file was closed
	buckets map[string]bool

	log      *Log   // nil while everything is in bbolt
	number   uint64 // of the last record, applied or not
	mu       sync.RWMutex
	memory   *level // what the log has and bbolt has not; changed under mu, by the committer alone
	frozen   *level // what is being applied to bbolt; nil when nothing is
	frozenTo uint64 // the last record in it
	applying chan error
	toFile   func(l *level, number uint64, log []byte) error // transact
	beside   func(func())                                    // go
	disks    func(flags int) ([2]Disk, error)                // openParts
	seal     func(tx *bbolt.Tx) error                        // bbolt's Commit

	once   sync.Once
	broken chan struct{} // closed when nothing can be done with the file any more
	cause  error         // why
}

type request struct {
	change Change
	done   chan error
	err    error
}

// commitLimit is how many changes share a commit at the most.
const commitLimit = 256

// ErrBusy means that another process has the file open.
var ErrBusy = errors.New("another process uses the file")

// ErrDisk means that the disk did not say whether it has what was written: nothing more can be done before the file is
// opened anew, which shows it. Nothing that was answered is lost.
var ErrDisk = errors.New("the disk does not say what it has")

// ErrClosed means that the file was closed before the change was made.
var ErrClosed = errors.New("the file is closed")

// Open opens or makes the file with the given buckets. What its log has and bbolt has not is applied first.
func Open(path string, buckets ...string) (*File, error) {
	db, err := open(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	f := &File{
		path:    path,
		db:      db,
		waiting: make(chan *request, commitLimit),
		still:   make(chan func()),
		closing: make(chan struct{}),
		closed:  make(chan struct{}),
		broken:  make(chan struct{}),
		memory:  newLevel(),
		beside:  func(do func()) { go do() },
		seal:    (*bbolt.Tx).Commit,
		buckets: map[string]bool{},
	}
	for _, b := range buckets {
		f.buckets[b] = true
	}
	f.toFile, f.disks = f.transact, f.openParts
	if err := guarded(func() error { return f.recover(buckets) }); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, errors.Join(err, db.Close()))
	}
	go f.commitAll()
	return f, nil
}

// open opens the file, if it is whole and nobody else's.
func open(path string) (db *bbolt.DB, err error) {
	if err = probe(path); err == nil {
		err = guarded(func() (err error) {
			db, err = bbolt.Open(path, 0o600, &bbolt.Options{
				Timeout:        time.Second,
				NoFreelistSync: true,
				FreelistType:   bbolt.FreelistMapType,
			})
			return err
		})
	}
	if errors.Is(err, berrors.ErrTimeout) {
		err = ErrBusy
	}
	return db, err
}

// Broken is closed when nothing can be done with the file any more: it does not make sense, or the disk has failed.
func (f *File) Broken() <-chan struct{} { return f.broken }

// Cause is why, once Broken is closed: ErrBroken or ErrDisk.
func (f *File) Cause() error {
	select {
	case <-f.broken:
		return f.cause
	default:
		return nil
	}
}

// guard is guarded for a file that is open: once it is broken, nothing is done with it any more.
func (f *File) guard(do func() error) error {
	if err := f.Cause(); err != nil {
		return err
	}
	err := guarded(do)
	if errors.Is(err, ErrBroken) || errors.Is(err, ErrDisk) {
		f.once.Do(func() {
			f.cause = err
			close(f.broken)
		})
	}
	return err
}

// View reads a state that is on disk. What it reads is valid only inside, and nothing is committed meanwhile: it is
// for what takes milliseconds at the most.
func (f *File) View(read func(tx *Tx) error) error {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.guard(func() error {
		return f.db.View(func(base *bbolt.Tx) error {
			return read(&Tx{base: base, levels: [...]*level{nil, f.memory, f.frozen}})
		})
	})
}

// Update makes a change and returns when it is on disk.
func (f *File) Update(ctx context.Context, c Change) error {
	r := &request{change: c, done: make(chan error, 1)}
	select {
	case f.waiting <- r:
	case <-f.closing:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-r.done: // not ctx: the change may be on its way to disk, and the caller must know how it ended
		return err
	case <-f.closed:
		select {
		case err := <-r.done:
			return err
		default:
			return ErrClosed
		}
	}
}

// Soon makes a change with one of the next commits. Nobody waits for it: a crash may lose it, so it is for what may be
// done again.
func (f *File) Soon(c Change) {
	select {
	case f.waiting <- &request{change: c, done: make(chan error, 1)}:
	case <-f.closing:
	}
}

// Snapshot reads bbolt's file when everything is in it and it needs no log. The read may take its time: nobody waits
// for it, unless the file has to grow meanwhile.
func (f *File) Snapshot(read func(tx *bbolt.Tx) error) error {
	var tx *bbolt.Tx
	done := make(chan error, 1)
	begin := func() {
		done <- f.guard(func() (err error) {
			if err = f.endLog(); err == nil { // its parts stay: they have their place on disk
				tx, err = f.db.Begin(false)
			}
			return err
		})
	}
	select {
	case f.still <- begin:
	case <-f.closed:
		return ErrClosed
	}
	if err := <-done; err != nil {
		return err
	}
	return f.guard(func() error { return errors.Join(read(tx), tx.Rollback()) })
}

// Close finishes the changes that wait, applies what the log has, and closes the file. A log that could not be applied
// stays, and is applied when the file is opened again.
func (f *File) Close() error {
	close(f.closing)
	<-f.closed
	select {
	case <-f.broken: // bbolt may hold its locks for ever
		return nil
	default:
		f.removeLog()
		return errors.Join(f.ended, f.db.Close())
	}
}
