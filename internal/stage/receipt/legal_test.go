package receipt

import (
	"context"
	"testing"
	"time"

	"brevdue/internal/keys"
	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

// notifications are what Digital Post says of who was notified, and how often it was asked.
type notifications struct {
	when  map[string]time.Time
	asked int
}

// LegallyNotified implements post.LegalChannel.
func (n *notifications) LegallyNotified(
	context.Context,
	string,
	[]string,
	time.Time,
) (map[string]time.Time, error) {
	n.asked++
	return n.when, nil
}

// handedOver is a letter that Digital Post has, in a store, and a receipt of it.
func handedOver(t *testing.T) (*store.Store, *post.Letter, post.Receipt) {
	t.Helper()
	ctx, s := context.Background(), store.New(storetest.NewMemory())
	shipment, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 1)
	l := letters[0]
	posttest.Check(t, l.Queue(posttest.Now))
	posttest.Check(t, l.Begin(keys.UUIDs([]byte("key")), posttest.Now, posttest.Start.Add(time.Minute)))
	uuid := l.Current().UUID
	posttest.Check(t, l.HandOver(posttest.Now, uuid, "t", "d", false))
	posttest.Check(t, s.Shipments().Create(ctx, shipment))
	posttest.Check(t, s.Letters().Create(ctx, &post.Shipment{}, letters))
	r := post.Receipt{ID: "1", MessageID: l.ID, UUID: uuid, Status: post.ReceiptCompleted, Raw: []byte("{}")}
	r.SetHash()
	return s, l, r
}

// TestC7OnlyItsOwnEventNotifies: a receipt does not say that a recipient was legally notified. Digital Post is asked
// now and again until its own event says so, and not after that.
func TestC7OnlyItsOwnEventNotifies(t *testing.T) {
	ctx, now := context.Background(), posttest.Start
	s, l, r := handedOver(t)
	uuid := l.Current().UUID
	posttest.Check(
		t,
		s.PutLegalNotice(ctx, post.LegalNotice{Org: "demo", Letter: l.ID, UUID: uuid, Since: now, Next: now}),
	)
	digitalPost := &notifications{}
	h := &Handler{
		Runner: parallel.Goroutines{}, Letters: s.Letters(), Failures: s.Failures(), Orphans: s,
		Queues: &posttest.MemoryQueues{}, Channel: &posttest.MemoryChannel{Waiting: []post.Receipt{r}},
		Legal: digitalPost, LegalNotices: s, Timings: post.DemoTimings, Now: func() time.Time { return now },
	}
	pull := func() *post.Letter {
		t.Helper()
		_, err := h.PullAll(ctx)
		posttest.Check(t, err)
		is, err := s.Letters().GetAny(ctx, l.ID)
		posttest.Check(t, err)
		return is
	}
	if is := pull(); is.State != post.Completed || !is.Notified.IsZero() || digitalPost.asked != 1 {
		t.Errorf("with its receipt it is %s, notified %s, asked %d times", is.State, is.Notified, digitalPost.asked)
	}
	at := now.Add(-time.Minute)
	digitalPost.when = map[string]time.Time{uuid: at}
	if is := pull(); !is.Notified.IsZero() || digitalPost.asked != 1 {
		t.Errorf("it is asked again at once: %d times", digitalPost.asked)
	}
	now = now.Add(askEvery * h.Timings.Sweep)
	if is := pull(); !is.Notified.Equal(at) || digitalPost.asked != 2 {
		t.Errorf("notified %s, asked %d times", is.Notified, digitalPost.asked)
	}
	now = now.Add(askEvery * h.Timings.Sweep)
	if pull(); digitalPost.asked != 2 {
		t.Errorf("it is asked about although it is known: %d times", digitalPost.asked)
	}
}
