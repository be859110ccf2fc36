package sweep

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"brevdue/internal/keys"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

// TestLostJobsAreFound: in every state that is not final, and in final ones with something left to do, a letter
// whose job was lost is found, once, and the sweep gets on.
func TestLostJobsAreFound(t *testing.T) {
	key := []byte("key")
	begin := func(l *post.Letter) {
		posttest.Check(t, l.Queue(posttest.Now))
		posttest.Check(t, l.Begin(keys.UUIDs(key), posttest.Now, posttest.Start.Add(time.Second)))
	}
	for name, c := range map[string]struct {
		make func(l *post.Letter)
		want map[post.Queue]post.Job
	}{
		"queued": {func(l *post.Letter) { posttest.Check(t, l.Queue(posttest.Now)) },
			map[post.Queue]post.Job{post.SendQueue: {}, post.ArchiveQueue: {}}},
		"sending": {begin, map[post.Queue]post.Job{post.SendQueue: {}, post.ArchiveQueue: {}}},
		"put off": {func(l *post.Letter) {
			begin(l)
			posttest.Check(t, l.Reschedule(posttest.Now, l.Current().UUID, 1, "nede"))
		}, map[post.Queue]post.Job{post.SendQueue: {}, post.ArchiveQueue: {}}},
		"handed over": {func(l *post.Letter) {
			begin(l)
			posttest.Check(t, l.HandOver(posttest.Now, l.Current().UUID, "t", "d", false))
		}, map[post.Queue]post.Job{post.SendQueue.Dead(): {Code: post.NoReceipt}, post.ReceiptQueue: {},
			post.ArchiveQueue: {}}},
		"failed": {func(l *post.Letter) {
			begin(l)
			posttest.Check(t, l.Fail(posttest.Now, post.Problem{Code: post.ChannelDown}))
		}, map[post.Queue]post.Job{post.SendQueue.Dead(): {Code: post.ChannelDown}, post.ArchiveQueue: {}}},
		"completed": {func(l *post.Letter) {
			begin(l)
			r := post.Receipt{UUID: l.Current().UUID, Status: post.ReceiptCompleted, Raw: []byte("{}")}
			r.SetHash()
			posttest.Check(t, l.Take(r, posttest.Now))
		}, map[post.Queue]post.Job{post.ArchiveQueue: {}}},
		"completed after a failure": {func(l *post.Letter) {
			begin(l)
			posttest.Check(t, l.Fail(posttest.Now, post.Problem{Code: post.ChannelDown}))
			r := post.Receipt{UUID: l.Current().UUID, Status: post.ReceiptCompleted, Raw: []byte("{}")}
			r.SetHash()
			posttest.Check(t, l.Take(r, posttest.Now))
		}, map[post.Queue]post.Job{post.SendQueue.Dead(): {Code: post.Refused}, post.ArchiveQueue: {}}},
		"refused after two ticks": {func(l *post.Letter) {
			begin(l)
			for _, status := range []post.ReceiptStatus{post.ReceiptCompleted, post.ReceiptInvalid} {
				r := post.Receipt{UUID: l.Current().UUID, Status: status, Raw: []byte(status)}
				r.SetHash()
				posttest.Check(t, l.Take(r, posttest.Now))
			}
		}, map[post.Queue]post.Job{post.SendQueue.Dead(): {Code: post.ChangedAnswer}, post.ArchiveQueue: {}}},
		"not archived": {func(l *post.Letter) {
			begin(l)
			posttest.Check(t, l.Fail(posttest.Now, post.Problem{Code: post.ChannelDown}))
			posttest.Check(t, l.Report())
			for range post.ArchiveTries {
				posttest.Check(t, l.RescheduleArchiving(posttest.Now, 1))
			}
		}, map[post.Queue]post.Job{post.ArchiveQueue.Dead(): {Code: post.ArchiveFailedCode}}},
		"cancelled": {func(l *post.Letter) { posttest.Check(t, l.Cancel(posttest.Start, "")) }, nil},
		"cancelled in the queue": {func(l *post.Letter) {
			posttest.Check(t, errors.Join(l.Queue(posttest.Now), l.Cancel(posttest.Start, "")))
		}, map[post.Queue]post.Job{post.ArchiveQueue: {}}},
	} {
		t.Run(name, func(t *testing.T) {
			s, queues, now := store.New(storetest.NewMemory()), &posttest.MemoryQueues{}, posttest.Start
			h := handler(s, &posttest.MemoryObjects{}, queues, post.DemoTimings, &now)
			shipment, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 1)
			c.make(letters[0])
			posttest.Check(t, s.Shipments().Create(context.Background(), shipment))
			posttest.Check(t, s.Letters().Create(context.Background(), &post.Shipment{}, letters))
			now = posttest.Start.Add(2 * time.Minute)
			for round, want := range []map[post.Queue]post.Job{c.want, nil} { // at once again: nothing
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

// TestShipmentsThatStandStill: each state that is not final has its job.
func TestShipmentsThatStandStill(t *testing.T) {
	for state, want := range map[post.ShipmentState]post.Job{
		post.Uploading: {Object: "uploads/demo/aaaaaaaaaaaa/0"},
		post.Splitting: {Object: "uploads/demo/aaaaaaaaaaaa/0"},
		post.InSending: {Shipment: "aaaaaaaaaaaa"}, post.ShipmentCancelled: {Shipment: "aaaaaaaaaaaa"},
	} {
		s, queues, objects := store.New(storetest.NewMemory()), &posttest.MemoryQueues{}, &posttest.MemoryObjects{}
		now := posttest.Start.Add(time.Minute)
		h := handler(s, objects, queues, post.DemoTimings, &now)
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
	h := handler(s, objects, &posttest.MemoryQueues{}, post.DemoTimings, &now)
	shipment, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 1)
	shipment.FannedOut, shipment.Due = true, posttest.Start
	_, err := objects.Put(ctx, post.File{Key: shipment.Parts[0].Key, Content: []byte("%PDF")})
	posttest.Check(t, err)
	posttest.Check(t, s.Shipments().Create(ctx, shipment))
	posttest.Check(t, s.Letters().Create(ctx, &post.Shipment{}, letters))
	var waits []time.Duration
	for range 6 {
		_, err = h.Run(ctx)
		posttest.Check(t, err)
		got, err := s.Shipments().GetAny(ctx, shipment.ID)
		posttest.Check(t, err)
		waits = append(waits, got.Due.Sub(now))
		now = got.Due
	}
	if waits[0] != post.DemoTimings.CheckAfter || waits[5] <= waits[0] {
		t.Errorf("it waits %v", waits)
	}
	if _, err := objects.First(ctx, shipment.Parts[0].Key); err != nil {
		t.Errorf("the upload of an open shipment: %v", err)
	}
	_, err = s.Letters().ChangeAny(ctx, post.IDs(letters), func(l *post.Letter) error { return l.Cancel(now, "") })
	posttest.Check(t, err)
	_, err = h.Run(ctx)
	posttest.Check(t, err)
	over, err := s.Shipments().GetAny(ctx, shipment.ID)
	posttest.Check(t, err)
	if closed := posttest.Start.Add(post.DemoTimings.Upload + post.DemoTimings.CheckAfter); !over.Due.Equal(closed) {
		t.Fatalf("a shipment that is over is looked at at %v, want %v, when its link is closed", over.Due, closed)
	}
	if _, err := objects.First(ctx, shipment.Parts[0].Key); err != nil {
		t.Errorf("the upload is gone while its link still lives: %v", err)
	}
	now = over.Due
	_, err = h.Run(ctx)
	posttest.Check(t, err)
	if _, err := objects.First(ctx, shipment.Parts[0].Key); !errors.Is(err, post.ErrNotFound) {
		t.Errorf("the upload of a shipment that is over: %v", err)
	}
	if got, err := s.Shipments().GetAny(ctx, shipment.ID); err != nil || !got.Due.IsZero() {
		t.Errorf("it is looked at again at %v: %v", got.Due, err)
	}
	orgs, err := s.Notices().DueOrganizations(ctx, now.Add(post.DigestAfter))
	if err != nil || len(orgs) != 1 {
		t.Errorf("nobody is told that it has ended: %v", err)
	}
}

// TestEarlyLookMovesOn: a letter that has moved on is found where it was due before, and only moved.
func TestEarlyLookMovesOn(t *testing.T) {
	ctx, now := context.Background(), posttest.Start
	s, queues := store.New(storetest.NewMemory()), &posttest.MemoryQueues{}
	h := handler(s, &posttest.MemoryObjects{}, queues, post.DemoTimings, &now)
	shipment, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 1)
	posttest.Check(t, letters[0].Queue(posttest.Now))
	first := letters[0].Due
	posttest.Check(t, s.Shipments().Create(ctx, shipment))
	posttest.Check(t, s.Letters().Create(ctx, &post.Shipment{}, letters))
	later := first.Add(time.Minute)
	_, err := s.Letters().ChangeAny(ctx, post.IDs(letters), func(l *post.Letter) error { l.Due = later; return nil })
	posttest.Check(t, err)
	for _, at := range []time.Time{first.Add(time.Second), later.Add(-time.Second)} {
		now = at
		_, err = h.Run(ctx)
		posttest.Check(t, err)
		if got := queues.Take(post.SendQueue); len(got) > 0 {
			t.Errorf("%v before it is due: %v", later.Sub(at), got)
		}
	}
	if l, err := s.Letters().GetAny(ctx, letters[0].ID); err != nil || !l.IndexedAt.Equal(later) {
		t.Errorf("it is looked at at %v, want %v: %v", l.IndexedAt, later, err)
	}
	now = later.Add(time.Second)
	_, err = h.Run(ctx)
	posttest.Check(t, err)
	if got := queues.Take(post.SendQueue); len(got) != 1 {
		t.Errorf("when it is due: %v", got)
	}
}

// handler is a sweep over a store and objects of its own, at a time that a test sets.
func handler(
	s *store.Store,
	objects posttest.StoredObjects,
	queues post.Queues,
	timings post.Timings,
	now *time.Time,
) *Handler {
	return &Handler{
		DueLetters:   s.Letters(),
		DueShipments: s.Shipments(),
		DueBulks:     s.Bulks(),
		Bulks:        s.Bulks(),
		Transfers:    s,
		Shipments:    s.Shipments(),
		Letters:      s.Letters(),
		Objects:      objects,
		Uploads:      objects,
		Queues:       queues,
		Notices:      s.Notices(),
		Stops:        s,
		Service:      s,
		Timings:      timings,
		Now:          func() time.Time { return *now },
	}
}

// TestSweepsUntilNothingIsDue: of each kind, however many are due and whatever stands before them.
func TestSweepsUntilNothingIsDue(t *testing.T) {
	ctx, now := context.Background(), posttest.Start.Add(time.Hour)
	s, table := store.New(storetest.NewMemory()), 0
	queues := &posttest.MemoryQueues{}
	for i := range 3*shipmentsAtOnce + 7 {
		sh, letters := posttest.Shipment(t, fmt.Sprintf("aaaaaaaaa%03d", i), 8)
		sh.Due = posttest.Start
		if i < shipmentsAtOnce+3 { // these cannot be swept: nobody knows what they consist of
			sh.State, sh.Parts = post.Splitting, nil
		}
		posttest.Check(t, s.Shipments().Create(ctx, sh))
		for _, l := range letters {
			posttest.Check(t, l.Queue(posttest.Now))
		}
		posttest.Check(t, s.Letters().Create(ctx, &post.Shipment{}, letters))
		table += len(letters)
	}
	h := handler(s, &posttest.MemoryObjects{}, queues, post.ProductionTimings, &now)
	rounds := 0
	for more := true; more && rounds < 100; rounds++ {
		more, _ = h.Run(ctx) // the errors are of those that cannot be swept
	}
	shipments, err := s.Shipments().Due(ctx, now, 1000)
	posttest.Check(t, err)
	letters, err := s.Letters().Due(ctx, now, 1000)
	posttest.Check(t, err)
	if len(shipments)+len(letters) > 0 || rounds == 100 {
		t.Errorf("after %d rounds %d shipments and %d letters are still due", rounds, len(shipments), len(letters))
	}
	if got := len(queues.Take(post.SendQueue)); got != table {
		t.Errorf("%d of %d letters were put back", got, table)
	}
	if got := len(queues.Take(post.SplitQueue)); got != 2*shipmentsAtOnce+4 {
		t.Errorf("%d shipments have a job", got)
	}
}

// deaf takes no dead letters.
type deaf struct{ *posttest.MemoryQueues }

func (d deaf) Send(ctx context.Context, q post.Queue, jobs ...post.Job) error {
	if q == post.SendQueue.Dead() {
		return errors.New("HTTP 503")
	}
	return d.MemoryQueues.Send(ctx, q, jobs...)
}
