package organization

import (
	"context"
	"errors"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
	"brevdue/internal/workflow"
)

// TestWhatIsPressedStandsInTheAuditLog: with its reason, and nothing does that was not done.
func TestWhatIsPressedStandsInTheAuditLog(t *testing.T) {
	ctx, s := context.Background(), store.New(storetest.NewMemory())
	now := func() time.Time { return posttest.Start }
	c := &Commands{Audit: s.AuditLog(now), Stops: s, Notices: s.Notices(), Now: now, Reachable: anywhere}
	who := posttest.Person("demo", "eva")
	var wrong post.Mistakes
	if err := c.Stop(ctx, who, "  "); !errors.As(err, &wrong) {
		t.Errorf("stopped without a reason: %v", err)
	}
	if _, err := c.Subscribe(ctx, who, post.Subscription{Mail: "eva"}); !errors.As(err, &wrong) {
		t.Errorf("an address that is none: %v", err)
	}
	posttest.Check(t, c.Stop(ctx, who, " Forkert fil til 010190-1234"))
	if stop, err := s.Stopped(ctx, "demo"); err != nil || stop == nil || stop.By != "eva" ||
		stop.Reason != "Forkert fil til 010190-xxxx" {
		t.Errorf("stopped: %+v, %v", stop, err)
	}
	posttest.Check(t, c.Start(ctx, who))
	byMail, err := c.Subscribe(ctx, who, post.Subscription{Mail: "eva@kommune.dk"})
	posttest.Check(t, err)
	byHook, err := c.Subscribe(ctx, who, post.Subscription{Hook: "https://kommune.dk/hook"})
	posttest.Check(t, err)
	if byMail.Secret != "" || byHook.Secret == "" {
		t.Errorf("only a hook has a secret: %q, %q", byMail.Secret, byHook.Secret)
	}
	posttest.Check(t, c.Unsubscribe(ctx, who, byMail.ID))
	if left, err := s.Notices().Subscriptions(ctx, "demo"); err != nil || len(left) != 1 || left[0].ID != byHook.ID {
		t.Errorf("left: %+v, %v", left, err)
	}
	auditLog, err := workflow.AuditChain(ctx, s.AuditLog(now), "demo", "")
	posttest.Check(t, err)
	var acts []post.Action
	for _, e := range auditLog {
		acts = append(acts, e.Action)
	}
	if len(acts) != 5 || acts[0] != post.ActStop || acts[1] != post.ActStart || acts[4] != post.ActSubscribe {
		t.Errorf("the trail has %v", acts)
	}
}

func anywhere(context.Context, string) error { return nil }

// TestWhoIsToldIsBounded: an organization has so many subscriptions, and none to where no hook may be sent; what is
// refused leaves nothing.
func TestWhoIsToldIsBounded(t *testing.T) {
	ctx, s := context.Background(), store.New(storetest.NewMemory())
	now := func() time.Time { return posttest.Start }
	within := errors.New("within")
	c := &Commands{Audit: s.AuditLog(now), Stops: s, Notices: s.Notices(), Now: now, Reachable: func(_ context.Context,
		address string) error {
		if address == "https://10.0.0.1/hook" {
			return within
		}
		return nil
	}}
	who := posttest.Person("demo", "eva")
	var wrong post.Mistakes
	if _, err := c.Subscribe(ctx, who, post.Subscription{Hook: "https://10.0.0.1/hook"}); !errors.As(err, &wrong) {
		t.Errorf("an address within: %v", err)
	}
	for range post.SubscriptionLimit {
		_, err := c.Subscribe(ctx, who, post.Subscription{Hook: "https://kommune.dk/hook"})
		posttest.Check(t, err)
	}
	for _, more := range []post.Subscription{{Hook: "https://kommune.dk/hook"}, {Mail: "eva@kommune.dk"}} {
		if _, err := c.Subscribe(ctx, who, more); !errors.As(err, &wrong) {
			t.Errorf("one too many: %v", err)
		}
	}
	all, err := s.Notices().Subscriptions(ctx, "demo")
	posttest.Check(t, err)
	auditLog, err := workflow.AuditChain(ctx, s.AuditLog(now), "demo", "")
	posttest.Check(t, err)
	if len(all) != post.SubscriptionLimit || len(auditLog) != post.SubscriptionLimit {
		t.Errorf("%d subscriptions, %d lines in the trail", len(all), len(auditLog))
	}
	c.NoMail = true
	if _, err := c.Subscribe(ctx, who, post.Subscription{Mail: "eva@kommune.dk"}); !errors.As(err, &wrong) {
		t.Errorf("mail to somebody where none is sent: %v", err)
	}
	c.NoMail = false
	_, err = c.Subscribe(ctx, post.Caller{Org: "anden"}, post.Subscription{Mail: "bo@kommune.dk"})
	posttest.Check(t, err)
}
