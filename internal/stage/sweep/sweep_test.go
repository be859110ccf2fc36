package sweep

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

// TestLostErrandsAreFound: in every state that is not final, and in final ones with something left to do, a letter
// whose errand was lost is found, once, and the sweep gets on.
func TestLostErrandsAreFound(t *testing.T) {
	key := []byte("key")
	begin := func(l *post.Letter) {
		posttest.Check(t, l.Queue(posttest.Now))
		posttest.Check(t, l.Begin(key, posttest.Now, posttest.Start.Add(time.Second)))
	}
	for name, c := range map[string]struct {
		make func(l *post.Letter)
		want map[post.Queue]post.Errand
	}{
		"queued":  {func(l *post.Letter) { posttest.Check(t, l.Queue(posttest.Now)) }, map[post.Queue]post.Errand{post.SendQueue: {}}},
		"sending": {begin, map[post.Queue]post.Errand{post.SendQueue: {}}},
		"put off": {func(l *post.Letter) {
			begin(l)
			posttest.Check(t, l.PutOff(posttest.Now, l.Current().UUID, 1, "nede"))
		}, map[post.Queue]post.Errand{post.SendQueue: {}}},
		"handed over": {func(l *post.Letter) {
			begin(l)
			posttest.Check(t, l.HandOver(posttest.Now, l.Current().UUID, "t", "d", false))
		}, map[post.Queue]post.Errand{post.SendQueue.Dead(): {Code: post.NoReceipt}, post.ReceiptQueue: {}}},
		"failed": {func(l *post.Letter) {
			begin(l)
			posttest.Check(t, l.Fail(posttest.Now, post.Problem{Code: post.ChannelDown}))
		}, map[post.Queue]post.Errand{post.SendQueue.Dead(): {Code: post.ChannelDown}, post.ArchiveQueue: {}}},
		"completed": {func(l *post.Letter) {
			begin(l)
			r := post.Receipt{UUID: l.Current().UUID, Status: post.ReceiptCompleted, Raw: []byte("{}")}
			r.Seal()
			posttest.Check(t, l.Take(r, posttest.Now))
		}, map[post.Queue]post.Errand{post.ArchiveQueue: {}}},
		"not archived": {func(l *post.Letter) {
			begin(l)
			posttest.Check(t, l.Fail(posttest.Now, post.Problem{Code: post.ChannelDown}))
			posttest.Check(t, l.Show())
			for range post.ArchiveTries {
				posttest.Check(t, l.ArchivePutOff(posttest.Now, 1))
			}
		}, map[post.Queue]post.Errand{post.ArchiveQueue.Dead(): {Code: post.ArchiveFailedCode}}},
		"cancelled": {func(l *post.Letter) { posttest.Check(t, l.Cancel(posttest.Start, "")) }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s, queues, now := store.New(storetest.NewMemory()), &posttest.MemoryQueues{}, posttest.Start
			h := &Handler{Shipments: s.Shipments(), Letters: s.Letters(), Objects: &posttest.MemoryObjects{}, Queues: queues, Notices: s.Notices(), Stops: s, Pace: post.DemoPace, Now: func() time.Time { return now }}
			shipment, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 1)
			c.make(letters[0])
			posttest.Check(t, s.Shipments().Create(context.Background(), shipment))
			posttest.Check(t, s.Letters().Create(context.Background(), letters))
			now = posttest.Start.Add(2 * time.Minute)
			for round, want := range []map[post.Queue]post.Errand{c.want, nil} { // at once again: nothing
				_, err := h.Run(context.Background())
				posttest.Check(t, err)
				for _, q := range append(post.WorkQueues, post.SendQueue.Dead(), post.ArchiveQueue.Dead()) {
					got := queues.Take(q)
					e, wanted := want[q]
					e.Org, e.Letter = "demo", letters[0].ID
					switch {
					case wanted && (len(got) != 1 || got[0] != e), !wanted && len(got) > 0:
						t.Errorf("round %d, %s: %v, want %v", round, q, got, want[q])
					}
				}
			}
		})
	}
}

// TestShipmentsThatStandStill: each state that is not final has its errand.
func TestShipmentsThatStandStill(t *testing.T) {
	for state, want := range map[post.ShipmentState]post.Errand{
		post.Uploading: {Object: "uploads/demo/aaaaaaaaaaaa/0"}, post.Splitting: {Object: "uploads/demo/aaaaaaaaaaaa/0"},
		post.InSending: {Shipment: "aaaaaaaaaaaa"}, post.ShipmentCancelled: {Shipment: "aaaaaaaaaaaa"},
	} {
		s, queues, objects := store.New(storetest.NewMemory()), &posttest.MemoryQueues{}, &posttest.MemoryObjects{}
		h := &Handler{Shipments: s.Shipments(), Letters: s.Letters(), Objects: objects, Queues: queues, Notices: s.Notices(), Stops: s, Pace: post.DemoPace, Now: func() time.Time { return posttest.Start.Add(time.Minute) }}
		shipment, _ := posttest.Shipment(t, "aaaaaaaaaaaa", 0)
		shipment.State, shipment.Due = state, posttest.Start
		_, err := objects.Put(context.Background(), post.File{Key: shipment.Parts[0].Key, Content: []byte("%PDF")})
		posttest.Check(t, err)
		posttest.Check(t, s.Shipments().Create(context.Background(), shipment))
		_, err = h.Run(context.Background())
		posttest.Check(t, err)
		want.Org = "demo"
		if got := queues.Take(post.SplitQueue); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %v, want %v", state, got, want)
		}
	}
}

// TestUploadsAreReleasedAtTheEnd: while a letter is open the uploads stay, and the sweep asks less and less often.
func TestUploadsAreReleasedAtTheEnd(t *testing.T) {
	ctx, now := context.Background(), posttest.Start
	s, objects := store.New(storetest.NewMemory()), &posttest.MemoryObjects{}
	h := &Handler{Shipments: s.Shipments(), Letters: s.Letters(), Objects: objects, Queues: &posttest.MemoryQueues{}, Notices: s.Notices(), Stops: s, Pace: post.DemoPace, Now: func() time.Time { return now }}
	shipment, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 1)
	shipment.Settled, shipment.Due = true, posttest.Start
	_, err := objects.Put(ctx, post.File{Key: shipment.Parts[0].Key, Content: []byte("%PDF")})
	posttest.Check(t, err)
	posttest.Check(t, s.Shipments().Create(ctx, shipment))
	posttest.Check(t, s.Letters().Create(ctx, letters))
	var waits []time.Duration
	for range 6 {
		_, err = h.Run(ctx)
		posttest.Check(t, err)
		got, err := s.Shipments().Get(ctx, shipment.ID)
		posttest.Check(t, err)
		waits = append(waits, got.Due.Sub(now))
		now = got.Due
	}
	if waits[0] != post.DemoPace.Look || waits[5] <= waits[0] {
		t.Errorf("it waits %v", waits)
	}
	if _, err := objects.First(ctx, shipment.Parts[0].Key); err != nil {
		t.Errorf("the upload of an open shipment: %v", err)
	}
	_, err = s.Letters().Change(ctx, post.IDs(letters), func(l *post.Letter) error { return l.Cancel(now, "") })
	posttest.Check(t, err)
	for range 2 {
		_, err = h.Run(ctx)
		posttest.Check(t, err)
		if got, err := s.Shipments().Get(ctx, shipment.ID); err == nil && !got.Due.IsZero() {
			if _, err := objects.First(ctx, shipment.Parts[0].Key); err != nil && now.Before(posttest.Start.Add(post.DemoPace.Upload)) {
				t.Errorf("the upload is gone while its link still lives: %v", err)
			}
			now = got.Due
		}
	}
	if _, err := objects.First(ctx, shipment.Parts[0].Key); !errors.Is(err, post.ErrNotFound) {
		t.Errorf("the upload of a shipment that is over: %v", err)
	}
	if got, err := s.Shipments().Get(ctx, shipment.ID); err != nil || !got.Due.IsZero() {
		t.Errorf("it is looked at again at %v: %v", got.Due, err)
	}
}

// TestEarlyLookMovesOn: a letter that has moved on is found where it was due before, and only moved.
func TestEarlyLookMovesOn(t *testing.T) {
	ctx, now := context.Background(), posttest.Start
	s, queues := store.New(storetest.NewMemory()), &posttest.MemoryQueues{}
	h := &Handler{Shipments: s.Shipments(), Letters: s.Letters(), Objects: &posttest.MemoryObjects{}, Queues: queues, Notices: s.Notices(), Stops: s, Pace: post.DemoPace, Now: func() time.Time { return now }}
	shipment, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 1)
	posttest.Check(t, letters[0].Queue(posttest.Now))
	first := letters[0].Due
	posttest.Check(t, s.Shipments().Create(ctx, shipment))
	posttest.Check(t, s.Letters().Create(ctx, letters))
	later := first.Add(time.Minute)
	_, err := s.Letters().Change(ctx, post.IDs(letters), func(l *post.Letter) error { l.Due = later; return nil })
	posttest.Check(t, err)
	for _, at := range []time.Time{first.Add(time.Second), later.Add(-time.Second)} {
		now = at
		_, err = h.Run(ctx)
		posttest.Check(t, err)
		if got := queues.Take(post.SendQueue); len(got) > 0 {
			t.Errorf("%v before it is due: %v", later.Sub(at), got)
		}
	}
	if l, err := s.Letters().Get(ctx, letters[0].ID); err != nil || !l.Looked.Equal(later) {
		t.Errorf("it is looked at at %v, want %v: %v", l.Looked, later, err)
	}
	now = later.Add(time.Second)
	_, err = h.Run(ctx)
	posttest.Check(t, err)
	if got := queues.Take(post.SendQueue); len(got) != 1 {
		t.Errorf("when it is due: %v", got)
	}
}
