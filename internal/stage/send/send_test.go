package send

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"brevdue/internal/keys"
	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
	"brevdue/internal/workflow"
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
	o := &office{
		store:   store.New(storetest.NewMemory()),
		channel: &posttest.MemoryChannel{Answer: answer},
		queues:  &posttest.MemoryQueues{},
		now:     posttest.Start,
	}
	o.Handler = &Handler{
		Runner:      parallel.Goroutines{},
		Shipments:   o.store.Shipments(),
		Letters:     o.store.Letters(),
		Objects:     objects,
		Queues:      o.queues,
		Channel:     o.channel,
		Breakers:    o.store,
		Stops:       o.store,
		Clearances:  o.store,
		Notices:     o.store.Notices(),
		Audit:       o.store.AuditLog(time.Now),
		UUIDKey:     []byte("key"),
		Environment: post.Simulator,
		Timings:     post.DemoTimings,
		Now:         func() time.Time { return o.now },
		Jitter:      func() float64 { return 1 },
	}
	s, all := posttest.Shipment(t, "aaaaaaaaaaaa", letters)
	document, err := objects.Put(ctx, post.File{Key: "letters/1.pdf", Content: []byte("%PDF")})
	posttest.Check(t, err)
	for _, l := range all {
		l.Document = document[0]
		posttest.Check(t, l.Queue(posttest.Now))
	}
	posttest.Check(t, o.store.Shipments().Create(ctx, s))
	posttest.Check(t, o.store.Letters().Create(ctx, &post.Shipment{}, all))
	o.letters = all
	return o
}

// send hands the letters to the stage once.
func (o *office) send(t *testing.T) {
	t.Helper()
	var jobs []post.Job
	for _, l := range o.letters {
		jobs = append(jobs, post.Job{Letter: l.ID})
	}
	for _, err := range o.Handle(context.Background(), jobs) {
		posttest.Check(t, err)
	}
}

func (o *office) get(t *testing.T, i int) *post.Letter {
	t.Helper()
	l, err := o.store.Letters().GetAny(context.Background(), o.letters[i].ID)
	posttest.Check(t, err)
	return l
}

func accept(string, int) (post.Answer, error) {
	return post.Answer{Accepted: true, Transmission: "t"}, nil
}

func TestOneTickOnlyAfterTheAnswer(t *testing.T) {
	o := newOffice(t, 3, accept)
	o.send(t)
	o.send(t) // every job comes again
	for i := range o.letters {
		if l := o.get(t, i); l.State != post.HandedOver || l.Current().Attempts != 1 ||
			o.channel.Posted[l.Current().UUID] != 1 {
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

// TestRefusedInWordsAndSentAgain: a person sent a letter again while an attempt was unanswered, and then the answer
// came:
// a refusal of what Digital Post has. It is asked for all that, and nothing is posted under the same UUID unasked.
func TestRefusedInWordsAndSentAgain(t *testing.T) {
	o := newOffice(t, 1, accept)
	ctx, id := context.Background(), o.letters[0].ID
	_, _, err := workflow.ChangeOne(ctx, o.Letters, "demo", id, func(l *post.Letter) error {
		l.Messages = []post.Message{{UUID: "known", Created: posttest.Start, Attempts: 2, Refused: 2}}
		return nil
	})
	posttest.Check(t, err)
	o.channel.Posted, o.channel.Taken = map[string]int{}, map[string]bool{"known": true}
	o.send(t)
	if l := o.get(t, 0); l.State != post.HandedOver || o.channel.Posted["known"] != 0 {
		t.Errorf("%s after %d posts", l.State, o.channel.Posted["known"])
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
	if l := o.get(t, 0); l.State != post.HandedOver || l.Current().Attempts != 3 {
		t.Errorf("%s after %d posts", l.State, l.Current().Attempts)
	}
}

func TestDeadlineEndsATemporaryFailure(t *testing.T) {
	o := newOffice(t, 1, func(string, int) (post.Answer, error) { return post.Answer{}, errors.New("HTTP 500") })
	for range 100 {
		o.send(t)
		l := o.get(t, 0)
		if l.State == post.Failed {
			if l.Problem.Code != post.ChannelDown || o.now.Sub(posttest.Start) < o.Timings.RetryFor {
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

// TestTwoWorkersOnTheSameLetter: both get the jobs at the same moment; each message is posted once.
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
		posttest.Check(t, errors.Join(o.Handle(ctx, []post.Job{{Letter: o.letters[i].ID}})...))
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
	if b, err = o.store.Breaker(ctx, post.Simulator); err != nil || b.Open || b.Failures > 0 ||
		o.get(t, 11).State != post.HandedOver {
		t.Errorf("after an answer: %+v, %v", b, err)
	}
}

// TestOneRecipientIsNotTheChannel: however often the letters to one recipient are not answered, those to others go on;
// neither another letter to the same recipient nor another attempt says more.
func TestOneRecipientIsNotTheChannel(t *testing.T) {
	o := newOffice(t, 4, nil)
	ctx := context.Background()
	_, more := posttest.Shipment(t, "bbbbbbbbbbbb", 8)
	for _, l := range more {
		l.Recipient, l.Document = o.letters[0].Recipient, o.letters[0].Document
		posttest.Check(t, l.Queue(posttest.Now))
	}
	s, _ := posttest.Shipment(t, "bbbbbbbbbbbb", 8)
	posttest.Check(t, o.store.Shipments().Create(ctx, s))
	posttest.Check(t, o.store.Letters().Create(ctx, &post.Shipment{}, more))
	ill := map[string]bool{keys.MessageUUID(o.UUIDKey, string(o.letters[0].ID), "", 0): true}
	for _, l := range more {
		ill[keys.MessageUUID(o.UUIDKey, string(l.ID), "", 0)] = true
	}
	o.channel.Answer = func(uuid string, _ int) (post.Answer, error) {
		if ill[uuid] {
			return post.Answer{}, errors.New("HTTP 500")
		}
		return accept(uuid, 1)
	}
	for range 3 * post.BreakAfter { // attempts at one letter
		posttest.Check(t, errors.Join(o.Handle(ctx, []post.Job{{Letter: o.letters[0].ID}})...))
		o.now = o.now.Add(o.Timings.BackOffTo)
	}
	for _, l := range more { // and others to the same person
		posttest.Check(t, errors.Join(o.Handle(ctx, []post.Job{{Letter: l.ID}})...))
	}
	b, err := o.store.Breaker(ctx, post.Simulator)
	posttest.Check(t, err)
	if b.Open || b.Failures != 1 {
		t.Fatalf("after one recipient's failures: %+v", b)
	}
	posttest.Check(t, errors.Join(o.Handle(ctx, []post.Job{{Letter: o.letters[1].ID}})...))
	if l := o.get(t, 1); l.State != post.HandedOver {
		t.Errorf("another's letter is %s", l.State)
	}
	if b, _ = o.store.Breaker(ctx, post.Simulator); b.Failures != 0 || len(b.Failing) != 0 {
		t.Errorf("after an answer: %+v", b)
	}
}

// TestNoConnection is a sign about the channel, whoever the letter is for.
func TestNoConnection(t *testing.T) {
	o := newOffice(t, 1, func(string, int) (post.Answer, error) {
		return post.Answer{}, fmt.Errorf("dial: %w", post.ErrNoConnection)
	})
	for range post.BreakAfter {
		o.send(t)
		o.now = o.now.Add(o.Timings.BackOffTo)
	}
	if b, err := o.store.Breaker(context.Background(), post.Simulator); err != nil || !b.Open {
		t.Errorf("after %d tries without a connection: %+v, %v", post.BreakAfter, b, err)
	}
}

// TestStopped: nothing of a stopped organization leaves, and its deadline does not run.
func TestStopped(t *testing.T) {
	o := newOffice(t, 2, accept)
	ctx := context.Background()
	posttest.Check(t, o.store.Stop(ctx, "demo", post.Stop{At: o.now, By: "eva", Reason: "forkert fil"}))
	for range 3 {
		o.send(t)
		o.now = o.now.Add(o.Timings.RetryFor)
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
	posttest.Check(t, errors.Join(o.Handle(ctx, []post.Job{{Letter: o.letters[0].ID}})...))
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

// TestStoppedAtTheLastMoment: between the letter's beginning and its post; the attempt is not counted, so nothing has
// to be asked when it goes on.
func TestStoppedAtTheLastMoment(t *testing.T) {
	o := newOffice(t, 1, accept)
	o.Clearances = &lateCancel{Clearances: o.store, press: func() {
		posttest.Check(t, o.store.Stop(context.Background(), "demo", post.Stop{At: o.now, By: "eva"}))
	}}
	o.send(t)
	if l := o.get(t, 0); len(o.channel.Posted) > 0 || l.State != post.Sending || l.Current().Unanswered() ||
		l.Tries != 0 {
		t.Fatalf("%d were posted, the letter is %s with %+v", len(o.channel.Posted), l.State, l.Current())
	}
	posttest.Check(t, o.store.Start(context.Background(), "demo"))
	o.now = o.now.Add(o.Timings.CheckAfter + time.Second)
	o.send(t)
	if l := o.get(t, 0); l.State != post.HandedOver || l.Current().Attempts != 1 {
		t.Errorf("after the start it is %s after %d posts", l.State, l.Current().Attempts)
	}
}
