package wal

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"go.etcd.io/bbolt"
)

// TestWhatBboltCannotTake: it is refused at once, and nothing else with it.
func TestWhatBboltCannotTake(t *testing.T) {
	f := opened(t, filepath.Join(t.TempDir(), "file.db"))
	for name, w := range map[string]write{"no key": {testBucket, "", []byte("x")}, "another bucket": {"c", "k", nil},
		"a long key": {testBucket, string(make([]byte, bbolt.MaxKeySize+1)), []byte("x")}} {
		err := f.Update(context.Background(), func(tx *Tx) error {
			tx.Put(w.bucket, w.key, w.value)
			return nil
		})
		if err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	put(t, f, string(make([]byte, bbolt.MaxKeySize)), "x")
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

// TestAtOnce: changes, reads and snapshots beside each other, while the log turns; -race watches.
func TestAtOnce(t *testing.T) {
	small(t)
	f := opened(t, filepath.Join(t.TempDir(), "file.db"))
	const writers, each = 8, 60
	var writing, reading sync.WaitGroup
	for w := range writers {
		writing.Go(func() {
			for i := range each {
				put(t, f, fmt.Sprint(w), strings.Repeat(fmt.Sprintf("%04d", i), 100))
			}
		})
	}
	done := make(chan bool)
	for range 2 {
		reading.Go(func() { readOn(t, f, done) })
	}
	writing.Wait()
	close(done)
	reading.Wait()
	for w := range writers {
		if got := get(t, f, fmt.Sprint(w)); !strings.HasSuffix(got, fmt.Sprintf("%04d", each-1)) {
			t.Errorf("writer %d: %.4q", w, got)
		}
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

// readOn reads one key again and again: it only ever gets newer.
func readOn(t *testing.T, f *File, done chan bool) {
	for last := ""; ; {
		select {
		case <-done:
			return
		default:
		}
		now := get(t, f, "0")
		if now < last {
			t.Errorf("%.4q comes after %.4q", now, last)
		}
		last = now
		if err := f.Snapshot(func(*bbolt.Tx) error { return nil }); err != nil {
			t.Error(err)
		}
	}
}

// TestTheDiskFails: after two failed syncs nobody knows what the disk has. The file is done with, and says so; opened
// anew it has all that was answered.
func TestTheDiskFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file.db")
	f := opened(t, path)
	put(t, f, "a", "answered")
	f.log.parts[0] = failingDisk{f.log.parts[0]}
	err := f.Update(context.Background(), func(tx *Tx) error {
		tx.Put(testBucket, "b", []byte("unknown"))
		return nil
	})
	if !errors.Is(err, ErrDisk) || errors.Is(err, ErrBroken) {
		t.Errorf("the change: %v", err)
	}
	<-f.Broken()
	if !errors.Is(f.Cause(), ErrDisk) {
		t.Errorf("the cause: %v", f.Cause())
	}
	again := opened(t, killed(t, path))
	if got := get(t, again, "a"); got != "answered" {
		t.Errorf("a is %q", got)
	}
	if err := errors.Join(again.Close(), f.Close(), f.db.Close()); err != nil {
		t.Error(err)
	}
}

type failingDisk struct{ Disk }

func (failingDisk) Sync() error { return syscall.EIO }
