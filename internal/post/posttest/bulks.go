package posttest

import (
	"context"
	"errors"
	"testing"
	"time"

	"brevdue/internal/post"
)

// bulks: one that was kept comes back whole, is due until it has ended, and who comes second is told.
func bulks(t *testing.T, w Words) {
	ctx := context.Background()
	b := &post.Bulk{
		ID:      "bbbbbbbbbbbb",
		Org:     "demo",
		Kind:    post.BulkReplay,
		Chosen:  []post.FailureFilter{{Code: post.NotEnrolled}, {Shipment: "aaaaaaaaaaaa"}},
		How:     post.Replay{On: Start.Add(24 * time.Hour)},
		By:      post.Caller{Org: "demo", Name: "eva"},
		ByKind:  post.ByUser,
		Made:    Start,
		Cursor:  "cursor",
		Cancels: map[string]int{"aaaaaaaaaaaa": 2},
		Due:     Start.Add(time.Minute),
	}
	must(t, w.Bulks.Create(ctx, b))
	if err := w.Bulks.Create(ctx, b); !errors.Is(err, post.ErrExists) {
		t.Errorf("a second one with its id: %v", err)
	}
	got, err := w.Bulks.Get(ctx, "demo", b.ID)
	must(t, err)
	if len(got.Chosen) != 2 || got.Chosen[1].Shipment != "aaaaaaaaaaaa" || !got.How.On.Equal(b.How.On) ||
		got.By.Name != "eva" || got.ByKind != post.ByUser || got.Cursor != "cursor" ||
		got.Cancels["aaaaaaaaaaaa"] != 2 {
		t.Errorf("read %+v", got)
	}
	due := func(by time.Time, want int) {
		t.Helper()
		if found, err := w.DueBulks.Due(ctx, by, 9); err != nil || len(found) != want {
			t.Errorf("%d are due at %v, want %d: %v", len(found), by, want, err)
		}
	}
	due(Start, 0)
	due(Start.Add(time.Minute), 1)
	got.Done = 7
	must(t, w.Bulks.Put(ctx, got))
	if err := w.Bulks.Put(ctx, b); !errors.Is(err, post.ErrOvertaken) {
		t.Errorf("who comes second writes over it: %v", err)
	}
	now, err := w.Bulks.Change(ctx, "demo", b.ID, func(b *post.Bulk) error {
		b.End(Start.Add(time.Hour), nil)
		return nil
	})
	must(t, err)
	if now.Done != 7 || !now.Over() {
		t.Errorf("it is %+v", now)
	}
	due(Start.Add(time.Hour), 0)
}
