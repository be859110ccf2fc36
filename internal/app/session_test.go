package app

import (
	"context"
	"errors"
	"testing"
	"time"

	"brevdue/internal/auth"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// TestSessionsEnd: a browser is let in until the session's time is over or the person leaves, and not a moment longer,
// also while what is over has not been removed yet.
func TestSessionsEnd(t *testing.T) {
	ctx := context.Background()
	srv := openFolder(t, t.TempDir())
	defer srv.close()
	posttest.Check(t, srv.app.Store.CreateOrganization(ctx, &post.Organization{ID: "demo", Name: "Nordøby"}))
	gate, now := srv.app.Auth(), time.Now()
	gate.Now = func() time.Time { return now }
	code, err := gate.NewCode(ctx, post.Caller{Org: "demo", Name: "eva"})
	posttest.Check(t, err)
	token, _, err := gate.Login(ctx, post.Client{Address: "127.0.0.1"}, "eva", code)
	posttest.Check(t, err)
	for _, c := range []struct {
		after time.Duration
		want  error
	}{{0, nil}, {post.UsualIdle - time.Second, nil}, {post.UsualIdle + time.Second, auth.ErrDenied},
		{post.SessionTime + time.Second, auth.ErrDenied}, {24 * 365 * time.Hour, auth.ErrDenied}} {
		gate.Now = func() time.Time { return now.Add(c.after) }
		if who, err := gate.Session(ctx, token, false); !errors.Is(err, c.want) || err == nil && who.Name != "eva" {
			t.Errorf("after %v: %+v, %v, want %v", c.after, who, err, c.want)
		}
	}
	gate.Now = func() time.Time { return now }
	posttest.Check(t, gate.Logout(ctx, token))
	if _, err := gate.Session(ctx, token, false); !errors.Is(err, auth.ErrDenied) {
		t.Errorf("after leaving: %v", err)
	}
}
