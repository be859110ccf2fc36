package upload

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"brevdue/internal/keys"
	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/stage/send"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
	"brevdue/internal/workflow"
)

var eva = posttest.Person("demo", "eva")

// newCommands are the commands of shipments over memory with one shipment that is being sent.
func newCommands(t *testing.T, letters int) (*Commands, *store.Store, []*post.Letter) {
	t.Helper()
	ctx := context.Background()
	s := store.New(storetest.NewMemory())
	c := &Commands{
		Shipments: s.Shipments(),
		Letters:   s.Letters(),
		Lists:     s.Letters(),
		Audit:     s.AuditLog(time.Now),
		Timings:   post.DemoTimings,
		Now:       time.Now,
	}
	shipment, all := posttest.Shipment(t, "aaaaaaaaaaaa", letters)
	shipment.State = post.InSending
	for _, l := range all {
		posttest.Check(t, l.Queue(post.Clock{At: time.Now(), Timings: post.DemoTimings}))
	}
	posttest.Check(t, s.Shipments().Create(ctx, shipment))
	posttest.Check(t, s.Letters().Create(ctx, &post.Shipment{}, all))
	return c, s, all
}

// TestNothingLeavesAfterTheCancel: of 3,000 letters none leaves after the cancel was answered, and none that is
// cancelled has left. Senders work from the first letter on, as the clean-up does, and are not faster than it.
func TestNothingLeavesAfterTheCancel(t *testing.T) {
	ctx := context.Background()
	c, s, all := newCommands(t, 3000)
	objects := &posttest.MemoryObjects{}
	document, err := objects.Put(ctx, post.File{Key: "letters/1.pdf", Content: []byte("%PDF")})
	posttest.Check(t, err)
	_, err = s.Letters().ChangeRead(ctx, all, func(l *post.Letter) error { l.Document = document[0]; return nil })
	posttest.Check(t, err)
	var mu sync.Mutex
	answered, late := false, 0
	begun := make(chan struct{}, 3000)
	channel := &posttest.MemoryChannel{Answer: func(string, int) (post.Answer, error) {
		mu.Lock()
		defer mu.Unlock()
		if answered {
			late++
		}
		begun <- struct{}{}
		return post.Answer{Accepted: true}, nil
	}}
	h := &send.Handler{Runner: parallel.Goroutines{},
		Shipments:   s.Shipments(),
		Letters:     s.Letters(),
		Objects:     objects,
		Queues:      &posttest.MemoryQueues{},
		Channel:     channel,
		Breakers:    s,
		Stops:       s,
		Clearances:  s,
		Notices:     s.Notices(),
		Audit:       s.AuditLog(time.Now),
		UUIDKey:     []byte("key"),
		Environment: post.Simulator,
		Timings:     post.DemoTimings,
		Now:         time.Now,
		Jitter:      func() float64 { return 1 },
	}
	batches := make(chan []*post.Letter, 300)
	for batch := range slices.Chunk(all, 10) {
		batches <- batch
	}
	close(batches)
	var senders sync.WaitGroup
	for range 2 {
		senders.Go(func() {
			for batch := range batches {
				var jobs []post.Job
				for _, l := range batch {
					jobs = append(jobs, post.Job{Letter: l.ID})
				}
				if err := errors.Join(h.Handle(ctx, jobs)...); err != nil {
					t.Error(err)
				}
			}
		})
	}
	<-begun
	answer, err := c.Cancel(ctx, eva, "aaaaaaaaaaaa")
	mu.Lock()
	answered = true
	mu.Unlock()
	posttest.Check(t, err)
	senders.Wait()
	if late > 0 {
		t.Errorf("%d letters left after the cancel was answered", late)
	}
	is, err := s.Shipments().GetAny(ctx, "aaaaaaaaaaaa")
	posttest.Check(t, err)
	if is.Counts.Cancelled+len(channel.Posted) != 3000 || is.Counts.HandedOver != len(channel.Posted) ||
		answer.Counts.Cancelled == 0 {
		t.Errorf("%d were posted, and the counts are %+v", len(channel.Posted), is.Counts)
	}
	if _, err := c.Cancel(ctx, eva, "aaaaaaaaaaaa"); err != nil {
		t.Errorf("a second click: %v", err)
	}
}

// brittle does not let a letter be changed.
type brittle struct{ post.Letters }

func (brittle) Change(context.Context, string, []post.LetterID, func(*post.Letter) error) ([]post.Changed, error) {
	return nil, errors.New("the table is down")
}

// TestTheDoorIsClosedFirst: a cancel that dies before its clean-up holds all letters back, and the sweep finds it.
func TestTheDoorIsClosedFirst(t *testing.T) {
	ctx := context.Background()
	c, s, _ := newCommands(t, 2)
	c.Letters = brittle{c.Letters}
	if _, err := c.Cancel(ctx, eva, "aaaaaaaaaaaa"); err == nil {
		t.Fatal("it was confirmed")
	}
	clearance, err := s.Clearance(ctx, "demo", "aaaaaaaaaaaa")
	posttest.Check(t, err)
	if clearance.Cancels != 1 || clearance.CancelledBy != "eva" {
		t.Errorf("clearance %+v", clearance)
	}
	due, err := s.Shipments().Due(ctx, time.Now(), 9)
	posttest.Check(t, err)
	if len(due) != 1 || due[0].FannedOut {
		t.Errorf("the sweep finds %d", len(due))
	}
}

// TestCancelOfWhatHasLeft is told, and nothing is held back by it.
func TestCancelOfWhatHasLeft(t *testing.T) {
	ctx := context.Background()
	c, s, all := newCommands(t, 1)
	_, _, err := workflow.ChangeOne(ctx, s.Letters(), "demo", all[0].ID, func(l *post.Letter) error {
		now := post.Clock{At: time.Now(), Timings: post.DemoTimings}
		posttest.Check(t, l.Begin(keys.UUIDs([]byte("key")), now, now.At.Add(time.Minute)))
		return l.HandOver(now, l.Current().UUID, "t", "d", false)
	})
	posttest.Check(t, err)
	if _, err := c.Cancel(ctx, eva, "aaaaaaaaaaaa"); !errors.Is(err, post.ErrNotCancelled) {
		t.Errorf("cancelled what has left: %v", err)
	}
	if clearance, err := s.Clearance(ctx, "demo", "aaaaaaaaaaaa"); err != nil || clearance.Cancels != 0 {
		t.Errorf("clearance %+v: %v", clearance, err)
	}
}

type restored struct{ is post.Restored }

func (r restored) Restored(context.Context) (post.Restored, error) { return r.is, nil }

// TestCancelAfterARestore: what may have left since the backup is not called cancelled before Digital Post was asked.
func TestCancelAfterARestore(t *testing.T) {
	ctx := context.Background()
	for _, is := range []post.Restored{{Held: true}, {Before: posttest.Start.Add(time.Hour)}} {
		for state, want := range map[post.ShipmentState]post.ShipmentState{post.Splitting: post.Splitting,
			post.InReview: post.InSending, post.InSending: post.InSending} {
			c, _, _ := newCommands(t, 2)
			c.Restored = restored{is}
			_, err := c.Shipments.Change(
				ctx,
				"demo",
				"aaaaaaaaaaaa",
				func(s *post.Shipment) error { s.State = state; return nil },
			)
			posttest.Check(t, err)
			s, err := c.Cancel(ctx, eva, "aaaaaaaaaaaa")
			posttest.Check(t, err)
			if s.Cancels != 1 || s.State != want || s.Counts.Cancelled != 0 || s.Counts.Queued != 2 || s.Due.IsZero() {
				t.Errorf("%+v, %s: %s, %d cancels, %+v", is, state, s.State, s.Cancels, s.Counts)
			}
		}
	}
}
