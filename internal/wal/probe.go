package wal

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime/debug"
	"sync/atomic"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// ErrBroken means that the file's pages do not make sense any more: something else has written to it, or the disk has
// lost some of them. Only a backup helps.
var ErrBroken = errors.New("the file is broken")

// guarded does something with the file's pages. Where they do not make sense bbolt panics, or reads where there is no
// memory; both end here.
func guarded(do func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if x := recover(); x != nil {
			err = fmt.Errorf("%w: %v", ErrBroken, x)
		}
	}()
	return do()
}

// stuckAfter is how long no key may come, from which the pages of a file lead in a circle.
var stuckAfter = 5 * time.Second

// probe looks at every key of a file before it is opened for good, for bbolt then does so where no panic can be caught.
// Where pages lead in a circle bbolt follows them for ever: whoever probed such a file has to end.
func probe(path string) error {
	if info, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return nil // it is made
	}
	var keys atomic.Int64
	done := make(chan error, 1)
	go func() { done <- guarded(func() error { return readKeys(path, &keys) }) }()
	for last := int64(0); ; last = keys.Load() {
		select {
		case err := <-done:
			return err
		case <-time.After(stuckAfter):
		}
		if keys.Load() == last {
			return fmt.Errorf("%w: its pages lead in a circle", ErrBroken)
		}
	}
}

func readKeys(path string, keys *atomic.Int64) error {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, Timeout: time.Second})
	var system syscall.Errno
	if err != nil && !errors.Is(err, berrors.ErrTimeout) && !errors.As(err, &system) {
		return fmt.Errorf("%w: %w", ErrBroken, err) // it is no file of bbolt's
	}
	if err != nil {
		return err
	}
	defer db.Close()
	return db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error { return inOrder(name, b, keys) })
	})
}

// inOrder checks that the keys of a bucket only go up: pages that point the wrong way give others. No bucket has one of
// its own.
func inOrder(name []byte, b *bbolt.Bucket, keys *atomic.Int64) error {
	var last []byte
	c := b.Cursor()
	for k, v := c.First(); k != nil; k, v = c.Next() {
		if v == nil {
			return fmt.Errorf("%w: %q has a bucket of its own", ErrBroken, name)
		}
		if last != nil && bytes.Compare(k, last) <= 0 {
			return fmt.Errorf("%w: keys of %q are not in order", ErrBroken, name)
		}
		last = k
		keys.Add(1)
	}
	return nil
}
