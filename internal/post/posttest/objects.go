package posttest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"sync"
	"testing"
	"time"

	"brevdue/internal/post"
)

func put(t *testing.T, o StoredObjects, key string, content []byte) post.Object {
	t.Helper()
	objects, err := o.Put(context.Background(), post.File{Key: key, Content: content})
	must(t, err)
	return objects[0]
}

func sha(b []byte) []byte {
	sum := sha256.Sum256(b)
	return sum[:]
}

// Objects is the contract of post.Objects.
func Objects(t *testing.T, open func(t *testing.T) StoredObjects) {
	ctx := context.Background()
	t.Run("keeps versions", func(t *testing.T) {
		o := open(t)
		first, again := put(t, o, "letters/a/1.pdf", []byte("en")), put(t, o, "letters/a/1.pdf", []byte("en"))
		if again != first {
			t.Errorf("the same bytes gave %+v and %+v", first, again)
		}
		put(t, o, "letters/a/1.pdf", []byte("to"))
		if content, done, err := o.Open(ctx, first); err != nil || string(content) != "en" {
			t.Errorf("the first version says %q: %v", content, err)
		} else {
			done()
		}
		if got, err := o.First(ctx, "letters/a/1.pdf"); err != nil || got != first {
			t.Errorf("first is %+v, want %+v: %v", got, first, err)
		}
	})
	t.Run("copies", func(t *testing.T) {
		o := open(t)
		big := bytes.Repeat([]byte("0123456789abcdef"), 200_000)
		from := put(t, o, "a", big)
		to, err := o.Copy(ctx, from, "archive/x/a", Start.Add(24*time.Hour))
		must(t, err)
		if _, err := o.Copy(ctx, from, "archive/x/a", Start.Add(24*time.Hour)); err != nil {
			t.Errorf("the same copy again: %v", err)
		}
		content, done, err := o.Open(ctx, to)
		must(t, err)
		if !bytes.Equal(content, big) || to.SHA256 != from.SHA256 {
			t.Error("the copy differs")
		}
		done()
	})
	t.Run("says what is missing", func(t *testing.T) {
		o := open(t)
		if _, err := o.First(ctx, "nothing"); !errors.Is(err, post.ErrNotFound) {
			t.Errorf("first of nothing: %v", err)
		}
		if _, _, err := o.Open(ctx, post.Object{Key: "nothing", Version: "1"}); !errors.Is(err, post.ErrNotFound) {
			t.Errorf("open nothing: %v", err)
		}
		if _, err := o.Copy(ctx, post.Object{Key: "nothing", Version: "1"}, "b", time.Time{}); !errors.Is(
			err,
			post.ErrNotFound,
		) {
			t.Errorf("copy nothing: %v", err)
		}
	})
	t.Run("gives up what is released", func(t *testing.T) {
		o := open(t)
		put(t, o, "uploads/demo/a/0", []byte("x"))
		put(t, o, "uploads/demo/a/0", []byte("y"))
		for key, want := range map[string]bool{"uploads/demo/a/0": true, "uploads/demo/a": false,
			"uploads/demo/never": false} {
			if has, err := o.Has(ctx, key); err != nil || has != want {
				t.Errorf("has %s: %v, %v", key, has, err)
			}
		}
		must(t, o.Release(ctx, "uploads/demo/a/0"))
		must(t, o.Release(ctx, "uploads/demo/a/0", "uploads/demo/never"))
	})
	t.Run("many at once", func(t *testing.T) {
		o := open(t)
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() {
				files := []post.File{
					{Key: "many/" + string(rune('a'+i%26)), Content: []byte{byte(i)}},
					{Key: "many/0", Content: []byte("same")},
				}
				if objects, err := o.Put(ctx, files...); err != nil || len(objects) != 2 {
					t.Error(objects, err)
				}
			})
		}
		wg.Wait()
	})
}
