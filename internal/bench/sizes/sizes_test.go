package main

import (
	"io"
	"os"
	"path/filepath"
	"testing"
)

// TestTooLarge: a function that is larger than it may be is told; the portal may be larger.
func TestTooLarge(t *testing.T) {
	for name, c := range map[string]struct {
		size  int64
		wrong bool
	}{"send": {functionMost + 1, true}, "split": {functionMost, false}, "portal": {functionMost + 1, false}} {
		path := filepath.Join(t.TempDir(), name, "bootstrap")
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Truncate(c.size); err != nil {
			t.Fatal(err)
		}
		f.Close()
		if err := check(io.Discard, []string{path}); (err != nil) != c.wrong {
			t.Errorf("%s of %d bytes: %v", name, c.size, err)
		}
	}
}
