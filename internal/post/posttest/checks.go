package posttest

import (
	"context"
	"errors"
	"testing"

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
}
