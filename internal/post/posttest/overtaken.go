package posttest

import (
	"context"
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/workflow"
)

// overtaken: between what a change has read and what it writes, somebody else changes the same. Nothing of that is
// lost: the change starts again with what is there then.
func overtaken(t *testing.T, w Words) {
	ctx := context.Background()
	s, all := Shipment(t, "overtaken000", 3)
	must(t, w.Shipments.Create(ctx, s))
	must(t, w.Letters.Create(ctx, &post.Shipment{}, all))
	for name, change := range map[string]func(do func(*post.Letter) error) ([]post.Changed, error){
		"read": func(do func(*post.Letter) error) ([]post.Changed, error) {
			return w.Letters.Change(ctx, "demo", post.IDs(all[:1]), do)
		},
		"read before": func(do func(*post.Letter) error) ([]post.Changed, error) {
			letters, err := w.Letters.ReadAny(ctx, all[1].ID)
			must(t, err)
			return w.Letters.ChangeRead(ctx, letters, do)
		},
	} {
		calls := 0
		changed, err := change(func(l *post.Letter) error {
			if calls++; calls == 1 {
				_, wrote, err := workflow.ChangeOne(
					ctx,
					w.Letters,
					l.Org,
					l.ID,
					func(l *post.Letter) error { return l.Queue(Now) },
				)
				if err != nil || !wrote {
					t.Errorf("%s: who is faster wrote %v: %v", name, wrote, err)
				}
			}
			l.Note(Start, post.WasAsked, name)
			return nil
		})
		must(t, err)
		got, err := w.Letters.Get(ctx, "demo", changed[0].Letter.ID)
		must(t, err)
		if calls != 2 || got.State != post.Queued || len(got.History) != 3 {
			t.Errorf("%s: after %d calls the letter is %s with %d lines", name, calls, got.State, len(got.History))
		}
	}
	if s, err := w.Shipments.Get(ctx, "demo", s.ID); err != nil || s.Counts != (post.Counts{Created: 1, Queued: 2}) {
		t.Errorf("counts %+v: %v", s.Counts, err)
	}
	calls := 0
	_, err := w.Shipments.Change(ctx, "demo", s.ID, func(s *post.Shipment) error {
		if calls++; calls == 1 {
			_, err := w.Shipments.Change(ctx, "demo", s.ID, func(s *post.Shipment) error {
				s.Subject = "En anden"
				return nil
			})
			must(t, err)
		}
		s.Pages = 9
		return nil
	})
	must(t, err)
	got, err := w.Shipments.Get(ctx, "demo", s.ID)
	if err != nil || calls != 2 || got.Subject != "En anden" || got.Pages != 9 {
		t.Errorf("after %d calls: %q, %d pages: %v", calls, got.Subject, got.Pages, err)
	}
}
