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

// TestHowFastLettersLeftIsNoted: once for each shipment that has ended, with those that Digital Post had in time.
func TestHowFastLettersLeftIsNoted(t *testing.T) {
	ctx, now := context.Background(), posttest.Start.Add(time.Hour)
	s := store.New(storetest.NewMemory())
	h := handler(s, &posttest.MemoryObjects{}, &posttest.MemoryQueues{}, post.DemoTimings, &now)
	shipment, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 3)
	shipment.FannedOut, shipment.Due = true, posttest.Start
	for i, after := range []time.Duration{time.Second, post.PromptWithin, time.Minute} {
		l := letters[i]
		posttest.Check(t, l.Queue(posttest.Now))
		posttest.Check(t, l.Begin(keys.UUIDs([]byte("key")), posttest.Now, posttest.Start.Add(time.Hour)))
		at := post.Clock{At: posttest.Start.Add(after), Timings: post.DemoTimings}
		posttest.Check(t, l.HandOver(at, l.Current().UUID, "t", "d", false))
		r := post.Receipt{ID: "r", MessageID: l.ID, UUID: l.Current().UUID, Status: post.ReceiptCompleted,
			Raw: []byte(`{}`)}
		r.SetHash()
		posttest.Check(t, l.Take(r, at))
		posttest.Check(t, l.Archive(at, post.Archiving{Case: "sag-1", Edition: l.Archiving.Edition}, 1))
	}
	posttest.Check(t, s.PutBeat(ctx, posttest.Start.AddDate(0, 0, -1)))
	posttest.Check(t, s.Shipments().Create(ctx, shipment))
	posttest.Check(t, s.Letters().Create(ctx, &post.Shipment{}, letters))
	for range 2 {
		_, err := h.Run(ctx)
		posttest.Check(t, err)
		got, err := s.Service(ctx, posttest.Start.AddDate(0, 0, -1))
		if err != nil || got.Letters != 3 || got.Prompt != 2 {
			t.Errorf("noted is %+v, %v", got, err)
		}
		now = now.Add(time.Hour)
	}
}
