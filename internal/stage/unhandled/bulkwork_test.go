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

// forgetful loses what is written from the n-th time on.
type forgetful struct {
	post.Bulks
	n int
}

func (f *forgetful) Put(ctx context.Context, b *post.Bulk) error {
	if f.n--; f.n <= 0 {
		return errors.New("the function has died")
	}
	return f.Bulks.Put(ctx, b)
}

// TestABulkThatDied begins again at the page that was not counted; no row is done twice, and what nobody counted is
// told as such.
func TestABulkThatDied(t *testing.T) {
	ctx := context.Background()
	d := newFixture(t, 130)
	clock := d.now
	d.Now = func() time.Time { clock = clock.Add(50 * time.Millisecond); return clock }
	b, err := d.Replay(ctx, eva, everything, post.Replay{})
	posttest.Check(t, err)
	stored := d.Bulks
	d.Bulks = &forgetful{stored, 2}
	jobs := d.queues.Take(post.BulkQueue)
	if errs := d.Handle(ctx, jobs); errs[0] == nil {
		t.Fatal("it died, and its job was acknowledged")
	}
	d.Bulks = stored
	half, err := stored.Get(ctx, "demo", b.ID)
	if err != nil || half.Done == 0 || half.Done >= 130-d.left(t) || half.Total != 130 || half.Over() {
		t.Errorf("when it died it was %+v, %v", half, err)
	}
	clock = clock.Add(leaseFor)
	posttest.Check(t, d.Handle(ctx, jobs)[0]) // the same message comes again
	b, err = stored.Get(ctx, "demo", b.ID)
	posttest.Check(t, err)
	if !b.Over() || b.Done+b.Missing() != 130 || b.Missing() == 0 || d.left(t) != 0 {
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
			Problem: *l.Problem, Since: l.Problem.At, Shown: d.Now()}, nil))
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

// TestABulkEndsInItsOwnTime: one that a function is told to leave keeps what it has done, and is not ended.
func TestABulkEndsInItsOwnTime(t *testing.T) {
	d := newFixture(t, 60)
	b, err := d.Replay(context.Background(), eva, everything, post.Replay{})
	posttest.Check(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	asked := 0
	d.Channel = asking{func() error {
		if asked++; asked == 5 {
			cancel()
		}
		return ctx.Err()
	}}
	jobs := d.queues.Take(post.BulkQueue)
	if errs := d.Handle(ctx, jobs); errs[0] == nil {
		t.Error("its job was acknowledged")
	}
	b, err = d.store.Bulks().Get(context.Background(), "demo", b.ID)
	posttest.Check(t, err)
	if b.Over() || b.Done != 4 || b.Left != 0 {
		t.Errorf("it is %+v", b)
	}
	d.Channel = &posttest.MemoryChannel{}
	posttest.Check(t, d.Handle(context.Background(), jobs)[0])
	b, err = d.store.Bulks().Get(context.Background(), "demo", b.ID)
	posttest.Check(t, err)
	if b.Done != 60 || b.Replayed.Sends != 60 || b.Missing() != 0 {
		t.Errorf("at its end it is %+v", b)
	}
}

// asking answers that Digital Post does not know a message, or an error.
type asking struct{ answer func() error }

func (asking) Send(context.Context, post.Outgoing) (post.Answer, error) { return post.Answer{}, nil }
func (a asking) Find(context.Context, string, string, time.Time) (bool, error) {
	return false, a.answer()
}
func (asking) Receipts(context.Context, int) ([]post.Receipt, error) { return nil, nil }
func (asking) RemoveReceipts(context.Context, []string) error        { return nil }

// TestABulkOutOfABackup is not done by itself: not before the table is resumed, and not after, for much may have
// happened since.
func TestABulkOutOfABackup(t *testing.T) {
	ctx := context.Background()
	d := newFixture(t, 60)
	b, err := d.Replay(ctx, eva, everything, post.Replay{})
	posttest.Check(t, err)
	jobs := d.queues.Take(post.BulkQueue)
	is := &post.Restored{Held: true, Before: d.now.Add(time.Hour)}
	d.Restored = restored{is}
	posttest.Check(t, d.Handle(ctx, jobs)[0])
	if d.left(t) != 60 {
		t.Errorf("%d rows are left while nothing may leave", d.left(t))
	}
	is.Held = false
	posttest.Check(t, d.Handle(ctx, jobs)[0])
	b, err = d.store.Bulks().Get(ctx, "demo", b.ID)
	posttest.Check(t, err)
	if !b.Over() || b.Problem == nil || d.left(t) != 60 {
		t.Errorf("it is %+v, and %d rows are left", b, d.left(t))
	}
}

type restored struct{ is *post.Restored }

func (r restored) Restored(context.Context) (post.Restored, error) { return *r.is, nil }
