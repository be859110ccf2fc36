// Package wal is one bbolt file whose writers share commits: changes that wait at the same time are made in one
// transaction and synced to disk once, so that many small acknowledged writes cost few syncs.
//
// Invariant: when Update returns nil, the change is on disk; when it returns an error, nothing of it is.
//
// change -> [wal] -> synced commit
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

// Change is one caller's part of a transaction, in two steps: check reads and refuses by an error before anything
// is written; the write it returns may only fail when the file does.
type Change func(tx *bbolt.Tx) (write func() error, err error)

// File is an open file.
type File struct {
	db      *bbolt.DB
	waiting chan *request
	closing chan struct{}
	closed  chan struct{}
	busy    bool // the last commit was shared

	once   sync.Once
	broken chan struct{} // closed when the file is found broken
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

// ErrClosed means that the file was closed before the change was made.
var ErrClosed = errors.New("the file is closed")

// Open opens or makes the file with the given buckets.
func Open(path string, buckets ...string) (*File, error) {
	db, err := open(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	err = guarded(func() error {
		return db.Update(func(tx *bbolt.Tx) error {
			for _, b := range buckets {
				if _, err := tx.CreateBucketIfNotExists([]byte(b)); err != nil {
					return err
				}
			}
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, errors.Join(err, db.Close()))
	}
	f := &File{
		db:      db,
		waiting: make(chan *request, commitLimit),
		closing: make(chan struct{}),
		closed:  make(chan struct{}),
		broken:  make(chan struct{}),
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

// Broken is closed when a read or a write finds that the file does not make sense any more.
func (f *File) Broken() <-chan struct{} { return f.broken }

// guard is guarded for a file that is open: once it is broken, nothing is done with it any more.
func (f *File) guard(do func() error) error {
	select {
	case <-f.broken:
		return ErrBroken
	default:
	}
	err := guarded(do)
	if errors.Is(err, ErrBroken) {
		f.once.Do(func() { close(f.broken) })
	}
	return err
}

// View reads a snapshot. What it reads is valid only inside.
func (f *File) View(read func(tx *bbolt.Tx) error) error {
	return f.guard(func() error { return f.db.View(read) })
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

// Close finishes the changes that wait and closes the file.
func (f *File) Close() error {
	close(f.closing)
	<-f.closed
	select {
	case <-f.broken: // bbolt may hold its locks for ever
		return nil
	default:
		return f.db.Close()
	}
}

// commitAll commits what waits, in the order it came, until the file is closed; what waits then is committed too.
func (f *File) commitAll() {
	defer close(f.closed)
	for {
		select {
		case r := <-f.waiting:
			f.commit(f.gather(r))
		case <-f.closing:
			for {
				select {
				case r := <-f.waiting:
					f.commit(f.gather(r))
				default:
					return
				}
			}
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

// commit makes the changes one after the other in one transaction. Where a write fails the transaction is undone,
// and each change is made in one of its own, so that only the one at fault fails.
func (f *File) commit(all []*request) {
	err := f.guard(func() error { return f.transact(all) })
	if err != nil && len(all) > 1 {
		for _, r := range all {
			f.commit([]*request{r})
		}
		return
	}
	for _, r := range all {
		if r.err == nil {
			r.err = err
		}
		r.done <- r.err
	}
}

// transact is not bbolt's Update: where a page panics that would roll back, and so read every page in a goroutine of
// its own, in which nobody can catch the next panic. A file that is broken is never used again, so nothing is undone.
func (f *File) transact(all []*request) error {
	tx, err := f.db.Begin(true)
	if err != nil {
		return err
	}
	for _, r := range all {
		if err := r.make(tx); err != nil {
			return errors.Join(err, tx.Rollback())
		}
	}
	return tx.Commit()
}

// make returns only the error of a write; a refusal stays in the request.
func (r *request) make(tx *bbolt.Tx) error {
	write, err := r.change(tx)
	if r.err = err; err != nil || write == nil {
		return nil
	}
	return write()
}
