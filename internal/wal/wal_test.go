package wal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"
)

func opened(t *testing.T, path string) *File {
	t.Helper()
	f, err := Open(path, testBucket)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func put(t *testing.T, f *File, key, value string) {
	t.Helper()
	err := f.Update(context.Background(), func(tx *Tx) error {
		tx.Put(testBucket, key, []byte(value))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, f *File, key string) (value string) {
	t.Helper()
	if err := f.View(func(tx *Tx) error {
		value = string(tx.Get(testBucket, key))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return value
}

// killed copies a file and its log as they are, as kill -9 leaves them.
func killed(t *testing.T, path string) (copied string) {
	t.Helper()
	copied = filepath.Join(t.TempDir(), "file.db")
	for _, end := range []string{"", ".log1", ".log2"} {
		b, err := os.ReadFile(path + end)
		if err == nil {
			err = os.WriteFile(copied+end, b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return copied
}

// TestKilled: what was answered is there again, whatever bbolt had of it.
func TestKilled(t *testing.T) {
	small(t)
	path := filepath.Join(t.TempDir(), "file.db")
	f := opened(t, path)
	for i := range 40 { // the log turns
		put(t, f, fmt.Sprint(i), fmt.Sprint("value ", i))
	}
	again := opened(t, killed(t, path))
	for i := range 40 {
		if got := get(t, again, fmt.Sprint(i)); got != fmt.Sprint("value ", i) {
			t.Errorf("key %d is %q", i, got)
		}
	}
	if err := errors.Join(again.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	for _, end := range []string{".log1", ".log2"} {
		if _, err := os.Stat(path + end); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("a closed file has %s: %v", end, err)
		}
	}
}

// TestLogIsLost: a file whose log is gone, or has lost something in the middle, is broken, and says so.
func TestLogIsLost(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file.db")
	f := opened(t, path)
	defer f.Close()
	for i := range 5 {
		put(t, f, fmt.Sprint(i), "value")
	}
	for name, spoil := range map[string]func(log string) error{
		"gone":    os.Remove,
		"emptied": func(log string) error { return os.Truncate(log, 0) },
		"damaged": func(log string) error {
			file, err := os.OpenFile(log, os.O_RDWR, 0)
			if err != nil {
				return err
			}
			_, err = file.WriteAt([]byte("noise"), 2*blockSize+headLength)
			return errors.Join(err, file.Close())
		},
	} {
		copied := killed(t, path)
		if err := spoil(copied + ".log1"); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(copied, testBucket); !errors.Is(err, ErrBroken) {
			t.Errorf("%s: %v", name, err)
		}
	}
	copied := killed(t, path)
	torn, err := os.OpenFile(copied+".log1", os.O_RDWR, 0)
	if err == nil {
		_, err = torn.WriteAt([]byte("noise"), 5*blockSize+headLength) // of the last record
	}
	if err := errors.Join(err, torn.Close()); err != nil {
		t.Fatal(err)
	}
	again := opened(t, copied)
	defer again.Close()
	if get(t, again, "3") != "value" || get(t, again, "4") != "" {
		t.Error("a torn end is not the end")
	}
}

// TestFileOfBefore: a file that a version without a log has written is opened, and one that was closed can be read
// without a log.
func TestFileOfBefore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file.db")
	filled(t, path, func(*bbolt.Bucket) error { return nil })
	f, err := Open(path, "items", testBucket)
	if err != nil {
		t.Fatal(err)
	}
	put(t, f, "a", "new")
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	_ = db.View(func(tx *bbolt.Tx) error {
		a := tx.Bucket([]byte(testBucket)).Get([]byte("a"))
		if tx.Bucket([]byte("items")).Stats().KeyN != 2000 || string(a) != "new" {
			t.Error("it is not what was written")
		}
		return nil
	})
}

// TestLargeRecord: a change that is larger than the log is made all the same.
func TestLargeRecord(t *testing.T) {
	small(t)
	path := filepath.Join(t.TempDir(), "file.db")
	f := opened(t, path)
	defer f.Close()
	put(t, f, "before", "x")
	put(t, f, "large", string(make([]byte, 3*partLimit)))
	put(t, f, "after", "x")
	again := opened(t, killed(t, path))
	defer again.Close()
	if n := len(get(t, again, "large")); n != int(3*partLimit) || get(t, again, "after") == "" {
		t.Errorf("%d bytes", n)
	}
}

// TestNobodyReadsWhatIsNotOnDisk: neither a read nor an answer comes before the sync.
func TestNobodyReadsWhatIsNotOnDisk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file.db")
	f := opened(t, path)
	defer f.Close()
	put(t, f, "a", "old")
	slow := &slowDisk{Disk: f.log.parts[0], syncing: make(chan bool), goOn: make(chan bool)}
	f.log.parts[0] = slow
	done := make(chan error, 1)
	go func() {
		done <- f.Update(context.Background(), func(tx *Tx) error {
			tx.Put(testBucket, "a", []byte("new"))
			return nil
		})
	}()
	<-slow.syncing
	if got := get(t, f, "a"); got != "old" {
		t.Errorf("read before the sync: %q", got)
	}
	select {
	case <-done:
		t.Error("answered before the sync")
	case <-time.After(20 * time.Millisecond):
	}
	close(slow.goOn)
	if err := <-done; err != nil || get(t, f, "a") != "new" {
		t.Error("after the sync", err)
	}
}

type slowDisk struct {
	Disk
	syncing, goOn chan bool
}

func (d *slowDisk) Sync() error {
	select {
	case d.syncing <- true:
	case <-d.goOn:
	}
	<-d.goOn
	return d.Disk.Sync()
}
