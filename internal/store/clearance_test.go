package store_test

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

// counted counts the keys that are asked for.
type counted struct {
	*storetest.Memory
	reads, keys int
}

func (c *counted) Get(ctx context.Context, keys ...store.Key) ([]*store.Item, error) {
	c.reads++
	c.keys += len(keys)
	return c.Memory.Get(ctx, keys...)
}

// TestClearance: stop and cancel are one read of two items, as they are at that moment.
func TestClearance(t *testing.T) {
	ctx := context.Background()
	table := &counted{Memory: storetest.NewMemory()}
	s := store.New(table)
	if _, err := s.Clearance(ctx, "demo", "aaaaaaaaaaaa"); !errors.Is(err, post.ErrNotFound) {
		t.Errorf("a shipment that is not there may leave: %v", err)
	}
	shipment, _ := posttest.Shipment(t, "aaaaaaaaaaaa", 1)
	posttest.Check(t, s.Shipments().Create(ctx, shipment))
	_, err := s.Shipments().
		Change(ctx, "demo", shipment.ID, func(s *post.Shipment) error { return s.Cancel(posttest.Start, "eva") })
	posttest.Check(t, err)
	stop := post.Stop{At: posttest.Start, By: "mette", Reason: "forkert fil"}
	for _, want := range []post.Clearance{{Cancels: 1, CancelledBy: "eva"},
		{Stop: &stop, Cancels: 1, CancelledBy: "eva"}} {
		if want.Stop != nil {
			posttest.Check(t, s.Stop(ctx, "demo", stop))
		}
		table.reads, table.keys = 0, 0
		got, err := s.Clearance(ctx, "demo", shipment.ID)
		posttest.Check(t, err)
		if got.Stop != nil {
			got.Stop.At = got.Stop.At.UTC()
		}
		if !reflect.DeepEqual(got, want) || table.reads != 1 || table.keys != 2 {
			t.Errorf("%+v in %d reads of %d items, want %+v", got, table.reads, table.keys, want)
		}
	}
}

// TestWhatALetterKeepsOfACancel: the cancel that a person knew of, and what Digital Post has changed its mind about.
func TestWhatALetterKeepsOfACancel(t *testing.T) {
	ctx := context.Background()
	s := store.New(storetest.NewMemory())
	shipment, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 1)
	letters[0].Cancels = 2
	letters[0].Doubt = &post.Doubt{Reported: true, Problem: post.Problem{
		Code: post.ChangedAnswer, Text: "sådan", Detail: "x", At: posttest.Start}}
	posttest.Check(t, s.Shipments().Create(ctx, shipment))
	posttest.Check(t, s.Letters().Create(ctx, &post.Shipment{}, letters))
	got, err := store.Letters{Store: s}.Page(ctx, shipment, 1, 1)
	posttest.Check(t, err)
	if d := got[0].Doubt; got[0].Cancels != 2 || d == nil || !d.Reported || d.Text != "sådan" || d.Detail != "x" ||
		!d.At.Equal(posttest.Start) || d.Code != post.ChangedAnswer {
		t.Errorf("%d cancels, doubt %+v", got[0].Cancels, d)
	}
}
