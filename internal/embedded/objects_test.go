package embedded

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// TestChangedFilesAreRefused: whatever somebody else did to a file, its bytes are never used, copied or shown.
func TestChangedFilesAreRefused(t *testing.T) {
	ctx := context.Background()
	for name, spoil := range map[string]func(b []byte) []byte{
		"other bytes":    func(b []byte) []byte { b = bytes.Clone(b); b[len(b)/2] ^= 1; return b },
		"cut short":      func(b []byte) []byte { return b[:len(b)/2] },
		"longer":         func(b []byte) []byte { return append(bytes.Clone(b), 'x') },
		"nothing in it":  func([]byte) []byte { return nil },
		"another letter": func(b []byte) []byte { return bytes.Repeat([]byte("y"), len(b)) },
	} {
		for _, size := range []int{100, mapFrom + 100} {
			o := objects(t)
			content := bytes.Repeat([]byte("x"), size)
			put, err := o.Put(ctx, post.File{Key: "letters/a/1.pdf", Content: content})
			posttest.Check(t, err)
			path, err := o.path(put[0].Key, put[0].Version)
			posttest.Check(t, err)
			posttest.Check(t, os.WriteFile(path, spoil(content), 0o600))
			if b, _, err := o.Open(ctx, put[0]); !errors.Is(err, post.ErrDamaged) || b != nil {
				t.Errorf("%s, %d bytes: opened: %v", name, size, err)
			}
			if _, err := o.Copy(ctx, put[0], "archive/a/1.pdf", time.Time{}); !errors.Is(err, post.ErrDamaged) {
				t.Errorf("%s, %d bytes: copied: %v", name, size, err)
			}
			if _, err := o.First(ctx, put[0].Key); !errors.Is(err, post.ErrDamaged) {
				t.Errorf("%s, %d bytes: found: %v", name, size, err)
			}
			l := &Links{Objects: o, Key: []byte("key"), Base: "/objects", Now: time.Now}
			link, err := l.Preview(ctx, "demo", put[0])
			posttest.Check(t, err)
			w := httptest.NewRecorder()
			l.ServeHTTP(w, httptest.NewRequest(http.MethodGet, link.URL, nil))
			if w.Code != http.StatusInternalServerError ||
				!strings.Contains(w.Body.String(), "ikke, som den blev gemt") {
				t.Errorf("%s, %d bytes: shown: %d", name, size, w.Code)
			}
		}
	}
}

// TestFolderNames: the name of the data folder means nothing to the files in it.
func TestFolderNames(t *testing.T) {
	ctx := context.Background()
	for _, name := range []string{"post [prod]", "a*b?", `back\slash`, "{x,y}", "@æøå"} {
		h, err := Open(filepath.Join(t.TempDir(), name), "")
		posttest.Check(t, err)
		o, err := h.Objects()
		posttest.Check(t, err)
		put, err := o.Put(
			ctx,
			post.File{Key: "uploads/demo/a/0", Content: []byte("hej")},
			post.File{Key: "uploads/demo/a/01", Content: []byte("nej")},
		)
		posttest.Check(t, err)
		if first, err := o.First(ctx, "uploads/demo/a/0"); err != nil || first != put[0] {
			t.Errorf("%s: first is %+v: %v", name, first, err)
		}
		posttest.Check(t, o.Release(ctx, "uploads/demo/a/0"))
		for key, want := range map[string]bool{"uploads/demo/a/0": false, "uploads/demo/a/01": true} {
			if has, err := o.Has(ctx, key); err != nil || has != want {
				t.Errorf("%s: has %s: %v, %v", name, key, has, err)
			}
		}
		posttest.Check(t, h.Close())
	}
}
