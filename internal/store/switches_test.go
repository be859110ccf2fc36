package store_test

import (
	"context"
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

// TestWhoseStopStands: a person's takes the place of Brevdue's own, and of nobody else's.
func TestWhoseStopStands(t *testing.T) {
	ctx, s := context.Background(), store.New(storetest.NewMemory())
	for _, step := range []struct {
		stop post.Stop
		want string
	}{{post.Stop{Code: post.NotAllowed}, ""}, {post.Stop{By: "eva"}, "eva"}, {post.Stop{By: "bo"},
		"eva"}, {post.Stop{Code: post.NotAllowed}, "eva"}} {
		posttest.Check(t, s.Stop(ctx, "demo", step.stop))
		if got, err := s.Stopped(ctx, "demo"); err != nil || got == nil || got.By != step.want {
			t.Errorf("after %+v: %+v, %v", step.stop, got, err)
		}
	}
	posttest.Check(t, s.Start(ctx, "demo"))
	if got, err := s.Stopped(ctx, "demo"); got != nil || err != nil {
		t.Errorf("after the start: %+v, %v", got, err)
	}
}
