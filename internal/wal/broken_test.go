package wal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"
)

// TestBreaksUnderAWrite: pages that something else writes over while the file is open are an error of the change that
// meets them, and of every one after it. The process goes on, so that it can say so.
func TestBreaksUnderAWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file.db")
	f, err := Open(path, "b")
	if err != nil {
		t.Fatal(err)
	}
	put := func(from, to int) error {
		return f.Update(context.Background(), func(tx *Tx) error {
			for i := from; i < to; i++ {
				key := fmt.Sprintf("%06d", i)
				if tx.Get("b", key) == nil {
					tx.Put("b", key, []byte(strings.Repeat(key, 20)))
				}
			}
			return nil
		})
	}
	if err := put(0, 1000); err != nil {
		t.Fatal(err)
	}
	if err := f.Snapshot(func(*bbolt.Tx) error { return nil }); err != nil { // now it is all in the file
		t.Fatal(err)
	}
	over, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	info, err := over.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := over.WriteAt(bytes.Repeat([]byte("noise"), int(info.Size()-8192)/5), 8192); err != nil {
		t.Fatal(err)
	}
	over.Close()
	for range 2 {
		if err := put(1000, 1001); !errors.Is(err, ErrBroken) {
			t.Errorf("a change in a broken file: %v", err)
		}
	}
	select {
	case <-f.Broken():
	default:
		t.Error("nobody is told")
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}
