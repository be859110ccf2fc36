package posttest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"brevdue/internal/keys"
	"brevdue/internal/post"
	"brevdue/internal/workflow"
)

// backlog: every shipment counts that has something on its way, however old it is and however many came after it.
func backlog(t *testing.T, w Words) {
	ctx, week := context.Background(), 7*24*time.Hour
	old, letters := Shipment(t, "old000000000", 1)
	old.Created, old.SentAt = Start.Add(-week), Start.Add(-week)
	must(t, w.Shipments.Create(ctx, old))
	must(t, w.Letters.Create(ctx, &post.Shipment{}, letters))
	stuck, _ := Shipment(t, "stuck0000000", 0)
	stuck.State, stuck.Created = post.Splitting, Start.Add(-2*week)
	must(t, w.Shipments.Create(ctx, stuck))
	for i := range 230 {
		s, _ := Shipment(t, fmt.Sprintf("over00000%03d", i), 0)
		s.State = post.SplitRefused
		must(t, w.Shipments.Create(ctx, s))
		must(
			t,
			w.Failures.Put(
				ctx,
				&post.Failure{
					Org:      "demo",
					Shipment: s.ID,
					Problem:  post.Problem{Code: post.Unknown},
					Since:    Start.Add(-time.Duration(i) * time.Second),
				},
				nil,
			),
		)
	}
	want := func(when string, places map[string]int) map[string]time.Time {
		t.Helper()
		all, err := workflow.BacklogOf(ctx, w.Shipments, w.Failures, "demo", Now)
		must(t, err)
		got, oldest := map[string]int{}, map[string]time.Time{}
		for _, s := range all {
			if s.Count > 0 {
				got[s.Place], oldest[s.Place] = s.Count, s.Oldest
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(places) {
			t.Errorf("%s: %v, want %v", when, got, places)
		}
		return oldest
	}
	change := func(do func(l *post.Letter) error) {
		t.Helper()
		_, _, err := workflow.ChangeOne(ctx, w.Letters, "demo", letters[0].ID, do)
		must(t, err)
	}
	oldest := want("at first", map[string]int{post.AtSplit: 1, post.AtQueue: 1, post.AtUnhandled: 230})
	if !oldest[post.AtSplit].Equal(stuck.Created) || !oldest[post.AtQueue].Equal(old.SentAt) ||
		!oldest[post.AtUnhandled].Equal(Start.Add(-229*time.Second)) {
		t.Errorf("the oldest are %v", oldest)
	}
	change(func(l *post.Letter) error { return l.Queue(Now) })
	change(func(l *post.Letter) error { return l.Fail(Now, post.Problem{Code: post.ChannelDown}) })
	want("after it failed", map[string]int{post.AtSplit: 1, post.AtArchive: 1, post.AtUnhandled: 230})
	change(func(l *post.Letter) error {
		return l.Archive(Now, post.Archiving{Case: "m-1", Edition: l.Archiving.Edition}, len(l.Receipts))
	})
	want("when it is archived", map[string]int{post.AtSplit: 1, post.AtUnhandled: 230})
	change(func(l *post.Letter) error { return l.Requeue(keys.UUIDs([]byte("key")), Now, "eva", time.Time{}) })
	want("when it is sent again", map[string]int{post.AtSplit: 1, post.AtQueue: 1, post.AtUnhandled: 230})
	_, err := w.Shipments.Change(
		ctx,
		"demo",
		"over00000007",
		func(s *post.Shipment) error { s.State = post.Splitting; return nil },
	)
	must(t, err)
	want("when one is split again", map[string]int{post.AtSplit: 2, post.AtQueue: 1, post.AtUnhandled: 230})
	if other, _, err := w.Shipments.Unfinished(ctx, "other", "", 9); err != nil || len(other) > 0 {
		t.Errorf("another organization sees %d: %v", len(other), err)
	}
}

// reopened: letters of many shipments, which were over, get work again in one change.
func reopened(t *testing.T, w Words) {
	ctx := context.Background()
	var ids []post.LetterID
	for i := range 50 {
		s, letters := Shipment(t, fmt.Sprintf("many00000%03d", i), 1)
		l := letters[0]
		must(t, l.Queue(Now))
		must(t, l.Fail(Now, post.Problem{Code: post.ChannelDown}))
		must(t, l.Archive(Now, post.Archiving{Case: "m-1", Edition: l.Archiving.Edition}, len(l.Receipts)))
		must(t, w.Shipments.Create(ctx, s))
		must(t, w.Letters.Create(ctx, &post.Shipment{}, letters))
		ids = append(ids, l.ID)
	}
	if over, _, err := w.Shipments.Unfinished(ctx, "demo", "", 100); err != nil || len(over) > 0 {
		t.Errorf("%d are unfinished before: %v", len(over), err)
	}
	changed, err := w.Letters.Change(
		ctx,
		"demo",
		ids,
		func(l *post.Letter) error { return l.Requeue(keys.UUIDs([]byte("key")), Now, "eva", time.Time{}) },
	)
	must(t, err)
	for _, c := range changed {
		if !c.Wrote {
			t.Errorf("%s was not written: %v", c.Letter.ID, c.Err)
		}
	}
	if all, _, err := w.Shipments.Unfinished(ctx, "demo", "", 100); err != nil || len(all) != 50 {
		t.Errorf("%d are unfinished, want 50: %v", len(all), err)
	}
}
