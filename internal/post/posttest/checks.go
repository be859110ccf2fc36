package posttest

import (
	"context"
	"errors"
	"testing"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
)

// checks: one comes back as it was put, and to its organization alone.
func checks(t *testing.T, w Words) {
	ctx := context.Background()
	c := &post.Check{ID: "c1", Org: "demo", Made: Start,
		Lines: []post.CheckLine{{Part: post.CheckClock, State: post.CheckWrong, Text: `§["check-clock"]`}}}
	must(t, w.Checks.PutCheck(ctx, c))
	got, err := w.Checks.Check(ctx, "demo", "c1")
	must(t, err)
	if !got.Wrong() || len(got.Lines) != 1 || got.Lines[0] != c.Lines[0] || !got.Made.Equal(Start) {
		t.Errorf("%+v", got)
	}
	if _, err := w.Checks.Check(ctx, "other", "c1"); !errors.Is(err, post.ErrNotFound) {
		t.Errorf("another organization's: %v", err)
	}
	n, other, corrected := Number(t, "0101901234"), Number(t, "0606901234"), Number(t, "0505901234")
	must(t, w.LookUps.PutLookUp(ctx, &post.LookUp{
		Org:      "demo",
		Shipment: "aaaaaaaaaaaa",
		Made:     Start,
		Ended:    Start,
		Asked:    2,
		Numbers:  []ident.Number{n, other},
		Others:   map[string]post.Enrollment{n.Key(): post.Exempt},
	}))
	l, err := w.LookUps.LookUp(ctx, "demo", "aaaaaaaaaaaa")
	must(t, err)
	if l.Of(n, Start) != post.Exempt || l.Of(other, Start) != post.Registered ||
		l.Of(corrected, Start) != post.NotLookedUp || l.Of(n, Start.Add(25*time.Hour)) != post.NotLookedUp ||
		l.Asked != 2 || len(l.Numbers) != 2 {
		t.Errorf("%+v", l)
	}
	if l, err := w.LookUps.LookUp(ctx, "other", "aaaaaaaaaaaa"); l != nil || err != nil {
		t.Errorf("another organization's: %v, %v", l, err)
	}
}
