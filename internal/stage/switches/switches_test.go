package switches

import (
	"context"
	"errors"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

// TestWhatIsPressedStandsInTheTrail: with its reason, and nothing does that was not done.
func TestWhatIsPressedStandsInTheTrail(t *testing.T) {
	ctx, s := context.Background(), store.New(storetest.NewMemory())
	now := func() time.Time { return posttest.Start }
	b := &Board{Audit: s.Trail(now), Stops: s, Notices: s.Notices(), Now: now}
	who := post.Caller{Org: "demo", Name: "eva", Kind: post.ByUser}
	var wrong post.Mistakes
	if err := b.Stop(ctx, who, "  "); !errors.As(err, &wrong) {
		t.Errorf("stopped without a reason: %v", err)
	}
	if _, err := b.Subscribe(ctx, who, post.Subscription{Mail: "eva"}); !errors.As(err, &wrong) {
		t.Errorf("an address that is none: %v", err)
	}
	posttest.Check(t, b.Stop(ctx, who, " Forkert fil til 010190-1234"))
	if stop, err := s.Stopped(ctx, "demo"); err != nil || stop == nil || stop.By != "eva" || stop.Reason != "Forkert fil til 010190-xxxx" {
		t.Errorf("stopped: %+v, %v", stop, err)
	}
	posttest.Check(t, b.Start(ctx, who))
	byMail, err := b.Subscribe(ctx, who, post.Subscription{Mail: "eva@kommune.dk"})
	posttest.Check(t, err)
	byHook, err := b.Subscribe(ctx, who, post.Subscription{Hook: "https://kommune.dk/hook"})
	posttest.Check(t, err)
	if byMail.Secret != "" || byHook.Secret == "" {
		t.Errorf("only a hook has a secret: %q, %q", byMail.Secret, byHook.Secret)
	}
	posttest.Check(t, b.Unsubscribe(ctx, who, byMail.ID))
	if left, err := s.Notices().Subscriptions(ctx, "demo"); err != nil || len(left) != 1 || left[0].ID != byHook.ID {
		t.Errorf("left: %+v, %v", left, err)
	}
	trail, err := post.Chain(ctx, s.Trail(now), "demo", "")
	posttest.Check(t, err)
	var acts []post.Action
	for _, e := range trail {
		acts = append(acts, e.Action)
	}
	if len(acts) != 5 || acts[0] != post.ActStop || acts[1] != post.ActStart || acts[4] != post.ActSubscribe {
		t.Errorf("the trail has %v", acts)
	}
}
