package sweep

import (
	"context"
	"testing"
	"time"

	"brevdue/internal/keys"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

// TestStandingStill: letters that wait while nothing of their organization gets on are put back, which stands in their
// history once, and it is told. In a long queue, or one that a person has stopped, nothing is told.
func TestStandingStill(t *testing.T) {
	ctx := context.Background()
	for name, c := range map[string]struct {
		before func(s *store.Store, letters []*post.Letter)
		want   bool
	}{
		"stands": {func(*store.Store, []*post.Letter) {}, true},
		"gets on": {func(_ *store.Store, letters []*post.Letter) {
			late := post.Clock{At: posttest.Start.Add(4 * time.Minute), Timings: post.ProductionTimings}
			posttest.Check(t, letters[2].Begin(keys.UUIDs([]byte("k")), late, late.At.Add(time.Minute)))
			posttest.Check(t, letters[2].HandOver(late, letters[2].Current().UUID, "t", "d", false))
			letters[2].IndexedAt = posttest.Start.Add(time.Minute)
		}, false},
		"is paused": {func(s *store.Store, _ []*post.Letter) {
			pause := func(s *post.Shipment) error { return s.Pause("eva") }
			_, err := s.Shipments().Change(ctx, "demo", "aaaaaaaaaaaa", pause)
			posttest.Check(t, err)
		}, false},
		"is stopped": {func(s *store.Store, _ []*post.Letter) {
			posttest.Check(t, s.Stop(ctx, "demo", post.Stop{At: posttest.Start, By: "eva", Reason: "x"}))
		}, false},
	} {
		s, queues, now := store.New(storetest.NewMemory()), &posttest.MemoryQueues{}, posttest.Start.Add(6*time.Minute)
		shipment, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 3)
		for _, l := range letters {
			posttest.Check(t, l.Queue(post.Clock{At: posttest.Start, Timings: post.ProductionTimings}))
		}
		posttest.Check(t, s.Shipments().Create(ctx, shipment))
		c.before(s, letters)
		posttest.Check(t, s.Letters().Create(ctx, &post.Shipment{}, letters))
		h := handler(s, &posttest.MemoryObjects{}, queues, post.ProductionTimings, &now)
		_, err := h.Run(ctx)
		posttest.Check(t, err)
		if got := len(queues.Take(post.SendQueue)); got < 2 {
			t.Errorf("%s: %d letters were put back", name, got)
		}
		if c.want { // once more: nothing is noted twice
			now = now.Add(6 * time.Minute)
			_, err = h.Run(ctx)
			posttest.Check(t, err)
		}
		orgs, err := s.Notices().DueOrganizations(ctx, now.Add(time.Hour))
		posttest.Check(t, err)
		l, err := s.Letters().GetAny(ctx, letters[0].ID)
		posttest.Check(t, err)
		noted := 0
		for _, e := range l.History {
			if e.What == post.WasStalled {
				noted++
			}
		}
		if (len(orgs) == 1) != c.want || (noted == 1) != c.want {
			t.Errorf("%s: told %v, %d lines in its history", name, orgs, noted)
		}
	}
}

// TestShownBeforeItIsArchived: what could not be shown is not archived, for then nobody would look at it again.
func TestShownBeforeItIsArchived(t *testing.T) {
	ctx := context.Background()
	s, queues := store.New(storetest.NewMemory()), &posttest.MemoryQueues{}
	shipment, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 1)
	posttest.Check(t, letters[0].Queue(posttest.Now))
	posttest.Check(t, letters[0].Fail(posttest.Now, post.Problem{Code: post.ChannelDown}))
	posttest.Check(t, s.Shipments().Create(ctx, shipment))
	posttest.Check(t, s.Letters().Create(ctx, &post.Shipment{}, letters))
	h := &Handler{
		DueLetters:   s.Letters(),
		DueShipments: s.Shipments(),
		DueBulks:     s.Bulks(),
		Bulks:        s.Bulks(),
		Transfers:    s,
		Shipments:    s.Shipments(),
		Letters:      s.Letters(),
		Queues:       deaf{queues},
		Notices:      s.Notices(),
		Stops:        s,
		Timings:      post.DemoTimings,
		Now:          func() time.Time { return posttest.Start.Add(2 * time.Minute) },
	}
	if _, err := h.Run(ctx); err == nil {
		t.Error("nothing is said about the dead letter")
	}
	if n := len(queues.Take(post.ArchiveQueue)); n != 0 {
		t.Errorf("%d letters are archived, and nobody is told that they failed", n)
	}
}
