package wal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"
)

// TestProbe: what bbolt would follow for ever, or panic over where nobody can catch it, is a broken file.
func TestProbe(t *testing.T) {
	defer func(was time.Duration) { stuckAfter = was }(stuckAfter)
	stuckAfter = 500 * time.Millisecond
	whole := filepath.Join(t.TempDir(), "whole.db")
	filled(t, whole, func(*bbolt.Bucket) error { return nil })
	if err := probe(whole); err != nil {
		t.Fatalf("a whole file: %v", err)
	}
	nested := filepath.Join(t.TempDir(), "nested.db")
	filled(t, nested, func(b *bbolt.Bucket) error {
		_, err := b.CreateBucket([]byte("another"))
		return err
	})
	if err := probe(nested); !errors.Is(err, ErrBroken) {
		t.Errorf("a bucket within a bucket: %v", err)
	}
	circle(t, whole)
	if err := probe(whole); !errors.Is(err, ErrBroken) {
		t.Errorf("pages in a circle: %v", err)
	}
}

// filled makes a file with so many keys that a page leads to others.
func filled(t *testing.T, path string, more func(*bbolt.Bucket) error) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucket([]byte("items"))
		for i := range 2000 {
			err = errors.Join(err, b.Put(fmt.Appendf(nil, "%05d", i), make([]byte, 100)))
		}
		return errors.Join(err, more(b))
	})
	if err = errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

// circle lets the first page that leads to others lead to itself. A page has its number, flags (1: it leads to others),
// count and overflow in 16 bytes; each of its elements then has two sizes, and the number of a page.
func circle(t *testing.T, path string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	size, found := os.Getpagesize(), false
	for at := 2 * size; at < len(b) && !found; at += size {
		if binary.NativeEndian.Uint16(b[at+8:]) != 1 {
			continue
		}
		copy(b[at+24:at+32], b[at:at+8])
		found = true
	}
	if err := os.WriteFile(path, b, 0o600); err != nil || !found {
		t.Fatal("no page leads to others", err)
	}
}
