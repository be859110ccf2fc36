package unhandled

import (
	"context"
	"errors"
	"testing"
	"time"

	"brevdue/internal/keys"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/workflow"
)

// everything chooses all rows.
var everything = []post.FailureFilter{{}}

// left counts what stands in Ubehandlet.
func (d *fixture) left(t *testing.T) int {
	t.Helper()
	rows, _, err := d.store.Failures().List(context.Background(), "demo", post.FailureFilter{}, "", 1000)
	posttest.Check(t, err)
	return len(rows)
}

// TestFewAtOnceManyInTheBackground: up to 50 rows the answer is the result; of more it is where the progress stands.
func TestFewAtOnceManyInTheBackground(t *testing.T) {
	ctx := context.Background()
	for letters, atOnce := range map[int]bool{post.BulkRows: true, post.BulkRows + 1: false} {
		chosen := map[string]func(d *fixture) []post.FailureFilter{
			"a filter": func(*fixture) []post.FailureFilter { return everything },
			"letters": func(d *fixture) (all []post.FailureFilter) {
				for _, l := range d.letters {
					one := post.FailureFilter{Shipment: l.ID.Shipment(), Letter: l.ID, Code: post.NotEnrolled}
					all = append(all, one)
				}
				return all
			},
		}
		for what, choose := range chosen {
			d := newFixture(t, letters)
			b, err := d.Dismiss(ctx, eva, choose(d), "afleveret på papir")
			posttest.Check(t, err)
			if b.Over() != atOnce || (b.ID == "") != atOnce || (d.left(t) == 0) != atOnce {
				t.Errorf("%d rows by %s: done at once: %v, with id %q", letters, what, b.Over(), b.ID)
			}
			b = d.done(t, b)
			if b.Done != letters || b.Total != letters || b.Dismissed != letters || b.Missing() != 0 || d.left(t) != 0 {
				t.Errorf("%d rows by %s: %+v, %d rows are left", letters, what, b, d.left(t))
			}
			chain, err := workflow.AuditChain(ctx, d.Audit, "demo", "aaaaaaaaaaaa")
			posttest.Check(t, err)
			for _, e := range chain {
				if e.Name != "eva" || e.Kind != post.ByUser {
					t.Errorf("the audit log says that %q did it, by %s", e.Name, e.Kind)
				}
			}
		}
	}
}

// forgetful loses what is written the n-th time.
type forgetful struct {
	post.Bulks
	n int
}

func (f *forgetful) Put(ctx context.Context, b *post.Bulk) error {
	if f.n--; f.n == 0 {
		return errors.New("the function has died")
	}
	return f.Bulks.Put(ctx, b)
}

// TestABulkThatDied begins again at the page that was not counted; no row is done twice, and what nobody counted is
// told as such.
func TestABulkThatDied(t *testing.T) {
	ctx := context.Background()
	d := newFixture(t, 130)
	b, err := d.Replay(ctx, eva, everything, post.Replay{})
	posttest.Check(t, err)
	stored := d.Bulks
	d.Bulks = &forgetful{stored, 2}
	jobs := d.queues.Take(post.BulkQueue)
	if errs := d.Handle(ctx, jobs); errs[0] == nil {
		t.Fatal("it died, and its job was acknowledged")
	}
	d.Bulks = stored
	if half, err := stored.Get(ctx, "demo", b.ID); err != nil || half.Done != 50 || half.Total != 130 || half.Over() {
		t.Errorf("when it died it was %+v, %v", half, err)
	}
	posttest.Check(t, d.Handle(ctx, jobs)[0]) // the same message comes again
	b, err = stored.Get(ctx, "demo", b.ID)
	posttest.Check(t, err)
	if !b.Over() || b.Done+b.Missing() != 130 || b.Missing() != 50 || d.left(t) != 0 {
		t.Errorf("after that it is %+v, %d are missing, %d rows are left", b, b.Missing(), d.left(t))
	}
	for i := range d.letters {
		if l := d.get(t, i); l.State != post.Queued || len(l.Messages) != 2 {
			t.Fatalf("letter %d is %s with %d messages", i, l.State, len(l.Messages))
		}
	}
}

// failing is a queue on which letters fail anew as soon as they are sent again.
type failing struct {
	post.Queues
	fail func(id post.LetterID)
}

func (f failing) Send(ctx context.Context, q post.Queue, jobs ...post.Job) error {
	for _, j := range jobs {
		if q == post.SendQueue {
			f.fail(j.Letter)
		}
	}
	return f.Queues.Send(ctx, q, jobs...)
}

// TestWhatFailsAnewWaitsForTheNextTime: letters that fail again while a replay is being done are not sent a third time.
func TestWhatFailsAnewWaitsForTheNextTime(t *testing.T) {
	ctx := context.Background()
	d := newFixture(t, 60)
	clock := d.now
	d.Now = func() time.Time { clock = clock.Add(time.Second); return clock } // a function does one page
	d.Queues = failing{d.queues, func(id post.LetterID) {
		now := post.Clock{At: d.Now(), Timings: d.Timings}
		l, _, err := workflow.ChangeOne(ctx, d.Letters, "demo", id, func(l *post.Letter) error {
			posttest.Check(t, l.Begin(keys.UUIDs(d.UUIDKey), now, now.At.Add(time.Minute)))
			return l.Refuse(now, l.Current().UUID, false, post.Problem{Code: post.NotEnrolled})
		})
		posttest.Check(t, err)
		posttest.Check(t, d.Failures.Put(ctx, &post.Failure{Org: "demo", Shipment: id.Shipment(), Letter: id,
			Problem: *l.Problem, Since: l.Problem.At}, nil))
	}}
	b, err := d.Replay(ctx, eva, everything, post.Replay{})
	posttest.Check(t, err)
	if b = d.done(t, b); b.Done != 60 || b.Replayed.Sends != 60 || b.Missing() != 0 || d.left(t) != 60 {
		t.Errorf("it is %+v, and %d rows are left", b, d.left(t))
	}
}

// TestOneWorksOnABulk at a time; when its time is over another one may.
func TestOneWorksOnABulk(t *testing.T) {
	ctx := context.Background()
	d := newFixture(t, 60)
	b, err := d.Replay(ctx, eva, everything, post.Replay{})
	posttest.Check(t, err)
	_, err = d.Bulks.Change(ctx, "demo", b.ID, func(b *post.Bulk) error {
		return b.Take(d.now, d.now.Add(leaseFor))
	})
	posttest.Check(t, err)
	jobs := d.queues.Take(post.BulkQueue)
	posttest.Check(t, d.Handle(ctx, jobs)[0])
	if d.left(t) != 60 {
		t.Errorf("%d rows are left while another one works on it", d.left(t))
	}
	d.now = d.now.Add(leaseFor)
	posttest.Check(t, d.Handle(ctx, jobs)[0])
	if d.left(t) != 0 {
		t.Errorf("%d rows are left", d.left(t))
	}
}

// TestABulkGivesWay: after a minute others have their turn, and its next job is on the queue.
func TestABulkGivesWay(t *testing.T) {
	ctx := context.Background()
	d := newFixture(t, 120)
	clock := d.now
	d.Now = func() time.Time { clock = clock.Add(200 * time.Millisecond); return clock } // a row takes its time
	b, err := d.Replay(ctx, eva, everything, post.Replay{})
	posttest.Check(t, err)
	posttest.Check(t, d.Handle(ctx, d.queues.Take(post.BulkQueue))[0])
	half, err := d.store.Bulks().Get(ctx, "demo", b.ID)
	posttest.Check(t, err)
	if half.Over() || half.Done == 0 || !half.Lease.IsZero() {
		t.Errorf("after its minute it is %+v", half)
	}
	if b = d.done(t, b); b.Done != 120 || b.Replayed.Sends != 120 {
		t.Errorf("at its end it is %+v", b)
	}
}

// silent is a Digital Post that does not answer.
type silent struct{ post.Channel }

func (silent) Find(context.Context, string, time.Time) (bool, error) {
	return false, errors.New("no answer")
}

// TestABulkEndsWhenDigitalPostDoesNotAnswer: all other rows would wait for it in vain.
func TestABulkEndsWhenDigitalPostDoesNotAnswer(t *testing.T) {
	ctx := context.Background()
	d := newFixture(t, 60)
	d.Channel = silent{&posttest.MemoryChannel{}}
	b, err := d.Replay(ctx, eva, everything, post.Replay{})
	posttest.Check(t, err)
	if b = d.done(t, b); b.Problem == nil || b.Problem.Code != post.ChannelDown || b.Done != 0 || b.Missing() != 0 {
		t.Errorf("it is %+v", b)
	}
	if d.left(t) != 60 {
		t.Errorf("%d rows are left, want all", d.left(t))
	}
}

// TestABulkKnowsTheCancelsOfItsBeginning: who stops the shipment while a replay is being done stops what it has not
// done yet, also after a function has ended and another one goes on.
func TestABulkKnowsTheCancelsOfItsBeginning(t *testing.T) {
	ctx := context.Background()
	d := newFixture(t, 60)
	b, err := d.Replay(ctx, eva, everything, post.Replay{})
	posttest.Check(t, err)
	rows, _, err := d.Failures.List(ctx, "demo", post.FailureFilter{}, "", 60)
	posttest.Check(t, err)
	id := rows[59].Letter // of the second page
	jobs := d.queues.Take(post.BulkQueue)
	stored := d.Bulks
	d.Bulks = &forgetful{stored, 2}
	if errs := d.Handle(ctx, jobs); errs[0] == nil {
		t.Fatal("it did not die")
	}
	d.Bulks = stored
	_, err = d.Shipments.Change(ctx, "demo", "aaaaaaaaaaaa", func(s *post.Shipment) error {
		s.Cancels = 1
		return nil
	})
	posttest.Check(t, err)
	l, _, err := workflow.ChangeOne(ctx, d.Letters, "demo", id, func(l *post.Letter) error {
		posttest.Check(t, l.Begin(keys.UUIDs(d.UUIDKey), posttest.Now, posttest.Start.Add(time.Minute)))
		return l.Refuse(posttest.Now, l.Current().UUID, false, post.Problem{Code: post.NotEnrolled})
	})
	posttest.Check(t, err)
	posttest.Check(t, d.Failures.Put(ctx, &post.Failure{Org: "demo", Shipment: "aaaaaaaaaaaa", Letter: id,
		Problem: *l.Problem, Since: l.Problem.At}, nil))
	posttest.Check(t, d.Handle(ctx, jobs)[0])
	b, err = stored.Get(ctx, "demo", b.ID)
	posttest.Check(t, err)
	l, err = d.Letters.Get(ctx, "demo", id)
	posttest.Check(t, err)
	if !b.Over() || l.State != post.Queued || l.Cancels != 0 {
		t.Errorf("a letter that was replayed after the cancel is %s, and knows %d cancels", l.State, l.Cancels)
	}
}

// TestABulkThatBrokeDown ends with its problem, when its dead letter is shown; its rows stand there still.
func TestABulkThatBrokeDown(t *testing.T) {
	ctx := context.Background()
	d := newFixture(t, 60)
	b, err := d.Replay(ctx, eva, everything, post.Replay{})
	posttest.Check(t, err)
	h := &Handler{Bulks: d.store.Bulks(), Failures: d.Failures, Operator: "demo", Now: d.Now}
	for range 2 {
		posttest.Check(t, h.DeadLetters(post.BulkQueue)(ctx, d.queues.Take(post.BulkQueue))[0])
		b, err = d.store.Bulks().Get(ctx, "demo", b.ID)
		posttest.Check(t, err)
		if b.Problem == nil || b.Problem.Code != post.Unknown || d.left(t) != 60 {
			t.Errorf("it is %+v, and %d rows are left", b, d.left(t))
		}
		posttest.Check(t, d.queues.Send(ctx, post.BulkQueue, post.Job{Org: "demo", Bulk: b.ID}))
	}
	posttest.Check(t, d.Handle(ctx, d.queues.Take(post.BulkQueue))[0]) // it is over
	if d.left(t) != 60 {
		t.Errorf("%d rows are left after its end", d.left(t))
	}
}
