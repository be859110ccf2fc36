package store_test

import (
	"context"
	"testing"

	"brevdue/internal/keys"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

// TestManyCorrections: a shipment is read, counted, listed and swept however often its review is corrected, with the
// letters of every version still there as older ones have left them.
func TestManyCorrections(t *testing.T) {
	ctx := context.Background()
	s := store.New(storetest.NewMemory())
	const letters = 2 * post.ReplaysAMinute // in many of the counter items
	sh, _ := posttest.Shipment(t, "aaaaaaaaaaaa", 0)
	sh.State, sh.Version, sh.Letters, sh.Due = post.InReview, 1, letters, posttest.Start
	posttest.Check(t, s.Shipments().Create(ctx, sh))
	for v := 1; v <= post.EditsMost; v++ {
		posttest.Check(t, s.Letters().Create(ctx, &post.Shipment{}, ofVersion(t, sh.ID, v, letters)))
		got, err := s.Shipments().GetAny(ctx, sh.ID)
		posttest.Check(t, err)
		if want := (post.Counts{Created: letters}); got.Counts != want {
			t.Fatalf("version %d counts %+v, want %+v", v, got.Counts, want)
		}
		_, err = s.Shipments().Change(ctx, "demo", sh.ID, func(x *post.Shipment) error {
			err := x.Edit(post.Edit{Do: post.EditDrop, Page: 1, By: "eva"}, posttest.Now)
			x.State, x.Letters = post.InReview, letters
			return err
		})
		posttest.Check(t, err)
	}
	all, _, err := s.Shipments().List(ctx, "demo", post.Everything(), "", 10)
	if err != nil || len(all) != 1 {
		t.Errorf("listed %d: %v", len(all), err)
	}
	if due, err := s.Shipments().Due(ctx, posttest.Start.Add(post.DemoTimings.Upload), 10); err != nil ||
		len(due) != 1 {
		t.Errorf("%d are due: %v", len(due), err)
	}
}

func ofVersion(t *testing.T, shipment string, version, n int) []*post.Letter {
	_, letters := posttest.Shipment(t, shipment, n)
	for i, l := range letters {
		l.ID = post.NewLetterID(shipment, version, i+1, i+1, i+1)
	}
	return letters
}

// TestRemoveLetters: what never began to be sent goes, with counts and outlines; what may have left stays.
func TestRemoveLetters(t *testing.T) {
	ctx, table := context.Background(), storetest.NewMemory()
	s := store.New(table).Alone(100)
	letters := ofVersion(t, "aaaaaaaaaaaa", 1, 120)
	posttest.Check(t, letters[7].Queue(posttest.Now))
	posttest.Check(t, letters[7].Begin(keys.UUIDs([]byte("key")), posttest.Now, posttest.Start))
	sh, _ := posttest.Shipment(t, "aaaaaaaaaaaa", 0)
	sh.Version = 2
	posttest.Check(t, s.Shipments().Create(ctx, sh))
	posttest.Check(t, s.Letters().Create(ctx, &post.Shipment{}, letters))
	posttest.Check(t, s.Letters().Create(ctx, &post.Shipment{}, ofVersion(t, sh.ID, 2, 3)))
	for n := range 3 {
		var err error
		sh.Outline, err = s.PutOutline(ctx, sh, &post.Outline{Letters: make([]post.OutlineLetter, n+1)})
		posttest.Check(t, err)
	}
	for from := 1; from < 120; from += 50 {
		page, err := s.Letters().Page(ctx, &post.Shipment{ID: sh.ID, Version: 1}, from, 50)
		posttest.Check(t, err)
		posttest.Check(t, s.RemoveLetters(ctx, page))
	}
	posttest.Check(t, s.RemoveCounts(ctx, sh, 1))
	posttest.Check(t, s.RemoveOutlines(ctx, sh))
	first := &post.Shipment{ID: sh.ID, Version: 1}
	if left, err := s.Letters().Page(ctx, first, 1, 200); err != nil || len(left) != 1 ||
		left[0].ID != letters[7].ID {
		t.Errorf("%d letters are left: %v", len(left), err)
	}
	if got, err := s.Letters().ReadAny(ctx, letters[3].ID); err != nil || got[0] != nil {
		t.Errorf("a letter that is gone is remembered: %v", err)
	}
	if got, err := s.Shipments().GetAny(ctx, sh.ID); err != nil || got.Counts.Created != 3 {
		t.Errorf("the version that is there counts %+v: %v", got.Counts, err)
	}
	if o, err := s.Outline(ctx, sh); err != nil || len(o.Letters) != 3 {
		t.Errorf("the outline that is named: %v", err)
	}
	segments := 0
	for _, item := range table.Items() {
		if item.PK == "P#"+sh.ID {
			segments++
		}
	}
	if segments != 1 {
		t.Errorf("%d pieces of outlines are left", segments)
	}
}

// TestDismissedOfBefore: a version before had no state for a dismissed letter, and counted it with those that failed.
func TestDismissedOfBefore(t *testing.T) {
	ctx, table := context.Background(), storetest.NewMemory()
	s := store.New(table)
	sh, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 1)
	l := letters[0]
	l.State, l.Problem = post.Failed, &post.Problem{Code: post.Refused, At: posttest.Start}
	l.Note(posttest.Start, post.WasFailed, "refused")
	l.Note(posttest.Start, post.WasDismissed, "eva: ringet op")
	posttest.Check(t, s.Shipments().Create(ctx, sh))
	posttest.Check(t, s.Letters().Create(ctx, &post.Shipment{}, letters))
	for _, item := range table.Items() {
		if item.Numbers != nil {
			item.Numbers["dismissed"] = 1
			table.Load(item)
		}
	}
	read, err := s.Letters().GetAny(ctx, l.ID)
	posttest.Check(t, err)
	got, err := s.Shipments().GetAny(ctx, sh.ID)
	posttest.Check(t, err)
	if read.State != post.Dismissed || got.Counts.Failed != 0 || got.Counts.Dismissed != 1 {
		t.Errorf("it is %s, counted %+v", read.State, got.Counts)
	}
	_, err = s.Letters().ChangeAny(ctx, []post.LetterID{l.ID}, func(l *post.Letter) error {
		l.State = post.Queued
		return nil
	})
	posttest.Check(t, err)
	if got, err = s.Shipments().GetAny(ctx, sh.ID); err != nil || got.Counts != (post.Counts{Queued: 1}) {
		t.Errorf("queued again it is counted %+v: %v", got.Counts, err)
	}
}
