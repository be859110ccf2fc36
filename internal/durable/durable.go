// Package durable is one bbolt file whose writers share commits: changes that wait at the same time are made in one
// transaction and synced to disk once, so that many small acknowledged writes cost few syncs.
//
// Invariant: when Update returns nil, the change is on disk; when it returns an error, nothing of it is.
//
// change -> [durable] -> synced commit
package durable

import (
	"context"
	"errors"
	"fmt"
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
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{
		Timeout: time.Second, NoFreelistSync: true, FreelistType: bbolt.FreelistMapType,
	})
	if errors.Is(err, berrors.ErrTimeout) {
		err = ErrBusy
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		for _, b := range buckets {
			if _, err := tx.CreateBucketIfNotExists([]byte(b)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	f := &File{db: db, waiting: make(chan *request, commitLimit), closing: make(chan struct{}), closed: make(chan struct{})}
	go f.commitAll()
	return f, nil
}

// View reads a snapshot. What it reads is valid only inside.
func (f *File) View(read func(tx *bbolt.Tx) error) error { return f.db.View(read) }

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
	return f.db.Close()
}

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
	err := f.db.Update(func(tx *bbolt.Tx) error {
		for _, r := range all {
			if err := r.make(tx); err != nil {
				return err
			}
		}
		return nil
	})
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

// make returns only the error of a write; a refusal stays in the request.
func (r *request) make(tx *bbolt.Tx) error {
	write, err := r.change(tx)
	if r.err = err; err != nil || write == nil {
		return nil
	}
	return write()
}
