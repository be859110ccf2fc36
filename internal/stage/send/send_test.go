package send

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

// office is a handler over memory, with a clock that the test turns.
type office struct {
	*Handler
	store   *store.Store
	channel *posttest.MemoryChannel
	queues  *posttest.MemoryQueues
	letters []*post.Letter
	now     time.Time
}

func newOffice(t *testing.T, letters int, answer func(uuid string, post int) (post.Answer, error)) *office {
	t.Helper()
	ctx := context.Background()
	objects := &posttest.MemoryObjects{}
	o := &office{store: store.New(storetest.NewMemory()), channel: &posttest.MemoryChannel{Answer: answer}, queues: &posttest.MemoryQueues{}, now: posttest.Start}
	o.Handler = &Handler{Shipments: o.store.Shipments(), Letters: o.store.Letters(), Objects: objects, Queues: o.queues, Channel: o.channel, Breakers: o.store, Stops: o.store, Notices: o.store.Notices(), Audit: o.store.Trail(time.Now),
		UUIDKey: []byte("key"), Environment: post.Simulator, Pace: post.DemoPace, Now: func() time.Time { return o.now }, Jitter: func() float64 { return 1 }}
	s, all := posttest.Shipment(t, "aaaaaaaaaaaa", letters)
	document, err := objects.Put(ctx, post.File{Key: "letters/1.pdf", Content: []byte("%PDF")})
	posttest.Check(t, err)
	for _, l := range all {
		l.Document = document[0]
		posttest.Check(t, l.Queue(posttest.Now))
	}
	posttest.Check(t, o.store.Shipments().Create(ctx, s))
	posttest.Check(t, o.store.Letters().Create(ctx, all))
	o.letters = all
	return o
}

// send hands the letters to the stage once.
func (o *office) send(t *testing.T) {
	t.Helper()
	var errands []post.Errand
	for _, l := range o.letters {
		errands = append(errands, post.Errand{Letter: l.ID})
	}
	for _, err := range o.Handle(context.Background(), errands) {
		posttest.Check(t, err)
	}
}

func (o *office) get(t *testing.T, i int) *post.Letter {
	t.Helper()
	l, err := o.store.Letters().Get(context.Background(), o.letters[i].ID)
	posttest.Check(t, err)
	return l
}

func accept(string, int) (post.Answer, error) {
	return post.Answer{Accepted: true, Transmission: "t"}, nil
}

func TestOneTickOnlyAfterTheAnswer(t *testing.T) {
	o := newOffice(t, 3, accept)
	o.send(t)
	o.send(t) // every errand comes again
	for i := range o.letters {
		if l := o.get(t, i); l.State != post.HandedOver || l.Current().Posts != 1 || o.channel.Posted[l.Current().UUID] != 1 {
			t.Errorf("letter %d is %s after %d posts", i, l.State, o.channel.Posted[l.Current().UUID])
		}
	}
}

// TestTimeOutAfterAccepting: the answer is lost, so Digital Post is asked, and nothing is posted again.
func TestTimeOutAfterAccepting(t *testing.T) {
	o := newOffice(t, 1, func(string, int) (post.Answer, error) {
		return post.Answer{Accepted: true}, context.DeadlineExceeded
	})
	o.send(t)
	l := o.get(t, 0)
	if l.State != post.Sending || !l.Current().Unanswered() {
		t.Fatalf("after the time-out: %s", l.State)
	}
	o.send(t) // too early: it waits
	if n := o.channel.Posted[l.Current().UUID]; n != 1 {
		t.Fatalf("%d posts before the wait is over", n)
	}
	o.now = l.Due.Add(time.Second)
	o.send(t)
	if l = o.get(t, 0); l.State != post.HandedOver || o.channel.Posted[l.Current().UUID] != 1 {
		t.Errorf("%s after %d posts", l.State, o.channel.Posted[l.Current().UUID])
	}
}

func TestDownThenUp(t *testing.T) {
	o := newOffice(t, 1, func(_ string, n int) (post.Answer, error) {
		if n < 3 {
			return post.Answer{}, errors.New("HTTP 503")
		}
		return post.Answer{Accepted: true}, nil
	})
	first := ""
	for range 3 {
		o.send(t)
		l := o.get(t, 0)
		if first == "" {
			first = l.Current().UUID
		}
		if l.Current().UUID != first || len(l.Messages) != 1 {
			t.Error("the UUID changed between attempts")
		}
		o.now = l.Due.Add(time.Second)
	}
	if l := o.get(t, 0); l.State != post.HandedOver || l.Current().Posts != 3 {
		t.Errorf("%s after %d posts", l.State, l.Current().Posts)
	}
}

func TestDeadlineEndsATemporaryFailure(t *testing.T) {
	o := newOffice(t, 1, func(string, int) (post.Answer, error) { return post.Answer{}, errors.New("HTTP 500") })
	for range 100 {
		o.send(t)
		l := o.get(t, 0)
		if l.State == post.Failed {
			if l.Problem.Code != post.ChannelDown || o.now.Sub(posttest.Start) < o.Pace.RetryFor {
				t.Errorf("%s after %v", l.Problem.Code, o.now.Sub(posttest.Start))
			}
			dead := o.queues.Take(post.SendQueue.Dead())
			if len(dead) != 1 || dead[0].Code != post.ChannelDown || len(o.queues.Take(post.ArchiveQueue)) != 1 {
				t.Errorf("dead letters %v", dead)
			}
			return
		}
		o.now = l.Due.Add(time.Second)
	}
	t.Error("it is tried for ever")
}

func TestRefusedGoesStraightToADeadLetter(t *testing.T) {
	o := newOffice(t, 1, func(string, int) (post.Answer, error) {
		return post.Answer{Refused: &post.Problem{Code: post.MessageRefused, Detail: "file.extension.not.allowed"}}, nil
	})
	o.send(t)
	if l := o.get(t, 0); l.State != post.Failed || l.Problem.Detail != "file.extension.not.allowed" || l.Tries != 1 {
		t.Errorf("%s %+v", l.State, l.Problem)
	}
}

// TestTwoWorkersOnTheSameLetter: both get the errands at the same moment; each message is posted once.
func TestTwoWorkersOnTheSameLetter(t *testing.T) {
	o := newOffice(t, 10, accept)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { o.send(t) })
	}
	wg.Wait()
	for i := range o.letters {
		l := o.get(t, i)
		if n := o.channel.Posted[l.Current().UUID]; n != 1 || l.State != post.HandedOver {
			t.Errorf("letter %d was posted %d times and is %s", i, n, l.State)
		}
	}
}

func TestAnotherEnvironmentGetsNothing(t *testing.T) {
	o := newOffice(t, 1, accept)
	o.Environment = post.Production
	o.send(t)
	if l := o.get(t, 0); len(o.channel.Posted) != 0 || l.State != post.Sending {
		t.Errorf("a letter of the simulator was posted to production: %s", l.State)
	}
}

type restorations struct{ now post.Restored }

func (r *restorations) Restored(context.Context) (post.Restored, error) { return r.now, nil }

// TestNothingLeavesARestoredTable before it is released; after that, what Digital Post has is not posted again.
func TestNothingLeavesARestoredTable(t *testing.T) {
	o := newOffice(t, 3, accept)
	restored := &restorations{post.Restored{Held: true}}
	o.Handler.Restored = restored
	o.send(t)
	if l := o.get(t, 0); l.State != post.Queued || len(o.channel.Posted) > 0 {
		t.Fatalf("while it is held a letter is %s, and %d were posted", l.State, len(o.channel.Posted))
	}
	sent := post.MakeUUID([]byte("key"), o.letters[1].ID, 0) // it left after the backup was made
	o.channel.Known = map[string]bool{sent: true}
	o.channel.Posted = map[string]int{}
	o.now = posttest.Start.Add(72 * time.Hour) // days later
	restored.now = post.Restored{Before: o.now}
	o.send(t)
	if !o.channel.Since.Before(posttest.Start) {
		t.Errorf("asked for what happened since %v: the letter may have left before", o.channel.Since)
	}
	for i := range 3 {
		if l := o.get(t, i); l.State != post.HandedOver || l.Current().Posts != 1 {
			t.Errorf("letter %d is %s after %d posts", i+1, l.State, l.Current().Posts)
		}
	}
	if o.channel.Posted[sent] != 0 || len(o.channel.Posted) != 2 {
		t.Errorf("posted %v", o.channel.Posted)
	}
}

// TestBreaker: when nobody answers, all copies stop trying, but for one batch now and then; one answer opens the way.
func TestBreaker(t *testing.T) {
	down := true
	o := newOffice(t, 12, func(string, int) (post.Answer, error) {
		if down {
			return post.Answer{}, errors.New("HTTP 503")
		}
		return post.Answer{Accepted: true}, nil
	})
	ctx := context.Background()
	sendOne := func(i int) {
		posttest.Check(t, errors.Join(o.Handle(ctx, []post.Errand{{Letter: o.letters[i].ID}})...))
	}
	for i := range post.BreakAfter {
		sendOne(i)
	}
	b, err := o.store.Breaker(ctx, post.Simulator)
	posttest.Check(t, err)
	if !b.Open || !b.Since.Equal(o.now) {
		t.Fatalf("after %d batches without an answer: %+v", post.BreakAfter, b)
	}
	posts := len(o.channel.Posted)
	sendOne(10)
	if l := o.get(t, 10); len(o.channel.Posted) != posts || l.State != post.Queued || l.Due.Before(b.Next) {
		t.Errorf("while it is open a letter is %s, due %v; %d were posted", l.State, l.Due, len(o.channel.Posted)-posts)
	}
	o.now = b.Next.Add(time.Second)
	sendOne(10)
	sendOne(11) // the other batch has the one try
	if len(o.channel.Posted) != posts+1 || o.get(t, 11).State != post.Queued {
		t.Errorf("%d letters were tried instead of one", len(o.channel.Posted)-posts)
	}
	down, o.now = false, o.now.Add(time.Hour)
	sendOne(11)
	if b, err = o.store.Breaker(ctx, post.Simulator); err != nil || b.Open || b.Failures > 0 || o.get(t, 11).State != post.HandedOver {
		t.Errorf("after an answer: %+v, %v", b, err)
	}
}

// TestStopped: nothing of a stopped organization leaves, and its deadline does not run.
func TestStopped(t *testing.T) {
	o := newOffice(t, 2, accept)
	ctx := context.Background()
	posttest.Check(t, o.store.Stop(ctx, "demo", post.Stop{At: o.now, By: "eva", Reason: "forkert fil"}))
	for range 3 {
		o.send(t)
		o.now = o.now.Add(o.Pace.RetryFor)
	}
	if l := o.get(t, 0); l.State != post.Queued || len(o.channel.Posted) > 0 || !l.FirstTry.IsZero() {
		t.Errorf("a letter of a stopped organization is %s, %d were posted", l.State, len(o.channel.Posted))
	}
	posttest.Check(t, o.store.Start(ctx, "demo"))
	o.send(t)
	if l := o.get(t, 0); l.State != post.HandedOver {
		t.Errorf("after the start it is %s", l.State)
	}
}

// TestNotAllowedStopsTheOrganization: the rest waits for somebody who mends the access.
func TestNotAllowedStopsTheOrganization(t *testing.T) {
	o := newOffice(t, 3, func(string, int) (post.Answer, error) {
		return post.Answer{Refused: &post.Problem{Code: post.NotAllowed, Detail: "HTTP 403"}}, nil
	})
	ctx := context.Background()
	posttest.Check(t, errors.Join(o.Handle(ctx, []post.Errand{{Letter: o.letters[0].ID}})...))
	stop, err := o.store.Stopped(ctx, "demo")
	posttest.Check(t, err)
	if stop == nil || stop.Code != post.NotAllowed || stop.By != "" {
		t.Fatalf("stop %+v", stop)
	}
	o.send(t)
	if l := o.get(t, 1); l.State != post.Queued || len(o.channel.Posted) != 1 {
		t.Errorf("another letter is %s", l.State)
	}
}

// lateStop says that an organization is stopped from the second question on.
type lateStop struct {
	post.Stops
	asked int
}

func (s *lateStop) Stopped(context.Context, string) (*post.Stop, error) {
	if s.asked++; s.asked == 1 {
		return nil, nil
	}
	return &post.Stop{By: "eva"}, nil
}

// TestStoppedAtTheLastMoment: between the letter's beginning and its post; the attempt is not counted, so nothing has to be
// asked when it goes on.
func TestStoppedAtTheLastMoment(t *testing.T) {
	o := newOffice(t, 1, accept)
	o.Stops = &lateStop{}
	o.send(t)
	if l := o.get(t, 0); len(o.channel.Posted) > 0 || l.State != post.Sending || l.Current().Unanswered() || l.Tries != 0 {
		t.Fatalf("%d were posted, the letter is %s with %+v", len(o.channel.Posted), l.State, l.Current())
	}
	o.Stops = o.store
	o.now = o.now.Add(o.Pace.Look + time.Second)
	o.send(t)
	if l := o.get(t, 0); l.State != post.HandedOver || l.Current().Posts != 1 {
		t.Errorf("after the start it is %s after %d posts", l.State, l.Current().Posts)
	}
}
