package store_test

import (
	"context"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

type named string

func (n *named) Identity(context.Context) (string, error) { return string(*n), nil }

// TestARestoredTableIsFoundOut: by its identity, by having none, and by another key for message UUIDs.
func TestARestoredTableIsFoundOut(t *testing.T) {
	ctx, name, key := context.Background(), named("first"), "key"
	r := store.Restorations{
		Store:       store.New(storetest.NewMemory()),
		Table:       &name,
		Fingerprint: func() string { return key },
	}
	check := func(what string, want post.Restored) {
		t.Helper()
		if got, err := r.Restored(ctx); err != nil || got.Held != want.Held || !got.Before.Equal(want.Before) {
			t.Errorf("%s: %+v, want %+v: %v", what, got, want, err)
		}
	}
	check("from before it was registered", post.Restored{Held: true})
	posttest.Check(t, r.Register(ctx))
	check("itself", post.Restored{})
	name = "second"
	check("a copy", post.Restored{Held: true})
	posttest.Check(t, r.Register(ctx))
	check("a copy that was registered again", post.Restored{Held: true})
	at := posttest.Start.Add(time.Hour)
	posttest.Check(t, r.Release(ctx, at))
	check("released", post.Restored{Before: at})
	key = "another key"
	check("with another key", post.Restored{Held: true})
}
