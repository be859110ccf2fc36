package send

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/workflow"
)

// cancel presses Cancel, and does not clean up: that is the sender's part.
func (o *office) cancel(t *testing.T) {
	t.Helper()
	_, err := o.store.Shipments().Change(context.Background(), "demo", "aaaaaaaaaaaa", func(s *post.Shipment) error {
		return s.Cancel(o.now, "eva")
	})
	posttest.Check(t, err)
}

// lateCancel presses Cancel when the first letter is asked about at the last moment: after the batch has begun.
type lateCancel struct {
	post.Clearances
	press func()
	asked atomic.Int32
}

func (c *lateCancel) Clearance(ctx context.Context, org, shipment string) (post.Clearance, error) {
	if c.asked.Add(1) == 2 {
		c.press()
	}
	return c.Clearances.Clearance(ctx, org, shipment)
}

// TestCancelledAtTheLastMoment: the letters have begun, and are cancelled instead of posted; also while the
// organization is stopped.
func TestCancelledAtTheLastMoment(t *testing.T) {
	o := newOffice(t, 10, accept)
	o.Clearances = &lateCancel{Clearances: o.store, press: func() {
		o.cancel(t)
		posttest.Check(t, o.store.Stop(context.Background(), "demo", post.Stop{At: o.now, By: "eva"}))
	}}
	o.send(t)
	for i := range o.letters {
		l := o.get(t, i)
		if l.State != post.Cancelled || l.History[len(l.History)-1].Note != "eva" {
			t.Errorf("letter %d is %s: %+v", i+1, l.State, l.History)
		}
	}
	if len(o.channel.Posted) > 0 {
		t.Errorf("%d letters left", len(o.channel.Posted))
	}
}

// TestCancelledWithAnUnansweredAttempt: it may be there, so it is neither called cancelled nor posted again; when
// Digital Post knows it, it has its tick, else a person decides after the deadline.
func TestCancelledWithAnUnansweredAttempt(t *testing.T) {
	for name, c := range map[string]struct {
		answer post.Answer
		want   post.LetterState
	}{
		"it is there":     {post.Answer{Accepted: true}, post.HandedOver},
		"it is not known": {post.Answer{}, post.Failed},
	} {
		o := newOffice(t, 1, func(string, int) (post.Answer, error) { return c.answer, errors.New("HTTP 504") })
		o.send(t)
		uuid := o.get(t, 0).Current().UUID
		o.cancel(t)
		posttest.Check(
			t,
			workflow.CancelLetters(context.Background(), o.Letters, o.store.Letters(), o.shipmentNow(t),
				post.Clock{At: o.now, Timings: o.Timings}),
		)
		if l := o.get(t, 0); l.State != post.Sending {
			t.Fatalf("%s: a letter that may have left is %s", name, l.State)
		}
		for range 200 {
			l := o.get(t, 0)
			if l.State != post.Sending {
				break
			}
			o.now = l.Due.Add(time.Second)
			o.send(t)
		}
		if l := o.get(t, 0); l.State != c.want || o.channel.Posted[uuid] != 1 {
			t.Errorf("%s: it is %s after %d posts", name, l.State, o.channel.Posted[uuid])
		}
	}
}

func (o *office) shipmentNow(t *testing.T) *post.Shipment {
	t.Helper()
	s, err := o.store.Shipments().GetAny(context.Background(), "aaaaaaaaaaaa")
	posttest.Check(t, err)
	return s
}

// TestSentAgainAfterTheCancel: a person who sends a letter again after the cancel means it, until Cancel is pressed
// again.
func TestSentAgainAfterTheCancel(t *testing.T) {
	for _, again := range []bool{false, true} {
		o := newOffice(t, 1, accept)
		o.cancel(t)
		ctx, id := context.Background(), o.letters[0].ID
		_, _, err := workflow.ChangeOne(ctx, o.Letters, "demo", id, func(l *post.Letter) error {
			l.Cancels = 1
			return nil
		})
		posttest.Check(t, err)
		if again {
			o.cancel(t)
		}
		o.send(t)
		if l := o.get(t, 0); (l.State == post.HandedOver) == again || (len(o.channel.Posted) == 0) != again {
			t.Errorf("cancelled again: %v: it is %s", again, l.State)
		}
	}
}

// TestCancelledAfterARestore: that Digital Post does not know a letter of before says little while its events may be
// behind; after that the letter is cancelled.
func TestCancelledAfterARestore(t *testing.T) {
	o := newOffice(t, 1, accept)
	o.now, o.Timings.Events = posttest.Start.Add(time.Hour), time.Hour
	o.Handler.Restored = &restorations{post.Restored{Before: o.now}}
	o.cancel(t)
	o.send(t)
	if l := o.get(t, 0); l.State != post.Queued || len(o.channel.Posted) > 0 {
		t.Fatalf("right after the restoration it is %s", l.State)
	}
	o.now = o.now.Add(o.Timings.Events)
	o.send(t)
	if l := o.get(t, 0); l.State != post.Cancelled || len(o.channel.Posted) > 0 {
		t.Errorf("later it is %s, and %d left", l.State, len(o.channel.Posted))
	}
}

// TestLooksAreSharedAndFresh: fifty letters that are posted together cost a few reads, and each is told what was read
// after it asked.
func TestLooksAreSharedAndFresh(t *testing.T) {
	var s sharedReads
	var mu sync.Mutex
	reads, cancels := 0, 0
	read := func() (post.Clearance, error) {
		mu.Lock()
		reads++
		c := post.Clearance{Cancels: cancels}
		mu.Unlock()
		time.Sleep(20 * time.Millisecond)
		return c, nil
	}
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			mu.Lock()
			cancels++
			asked := cancels
			mu.Unlock()
			if c, err := s.do("demo", read); err != nil || c.Cancels < asked {
				t.Errorf("told %d, and asked after %d: %v", c.Cancels, asked, err)
			}
		})
	}
	wg.Wait()
	if reads > 10 {
		t.Errorf("%d reads for 50 letters", reads)
	}
	if _, err := s.do("demo", func() (post.Clearance, error) { panic("the table") }); err == nil {
		t.Error("a panic is a yes")
	}
}
