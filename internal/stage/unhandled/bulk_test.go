package unhandled

import (
	"context"
	"errors"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/workflow"
)

// everything chooses all rows.
var everything = []post.FailureFilter{{}}

// left counts what stands in Ubehandlet.
func (d *fixture) left(t *testing.T) int {
	t.Helper()
	rows, _, err := d.store.Failures().List(context.Background(), "demo", post.EveryRow(), "", 1000)
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
					one := post.FailureFilter{
						Seen:     post.Everything(),
						Shipment: l.ID.Shipment(),
						Letter:   l.ID,
						Code:     post.NotEnrolled,
					}
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
			if b.Done != letters || b.Total != letters || b.Dismissed != letters || b.Missing() != 0 ||
				d.left(t) != 0 {
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

// silent is a Digital Post that does not answer.
type silent struct{ post.Channel }

func (silent) Find(context.Context, string, string, time.Time) (bool, error) {
	return false, errors.New("no answer")
}

// TestABulkEndsWhenDigitalPostDoesNotAnswer: all other rows would wait for it in vain.
func TestABulkEndsWhenDigitalPostDoesNotAnswer(t *testing.T) {
	ctx := context.Background()
	d := newFixture(t, 60)
	d.Channel = silent{&posttest.MemoryChannel{}}
	b, err := d.Replay(ctx, eva, everything, post.Replay{})
	posttest.Check(t, err)
	if b = d.done(t, b); b.Problem == nil || b.Problem.Code != post.ChannelDown || b.Left != silences ||
		b.Done != silences || b.Missing() != 0 {
		t.Errorf("it is %+v", b)
	}
	if d.left(t) != 60 {
		t.Errorf("%d rows are left, want all", d.left(t))
	}
}

// TestABulkKnowsTheCancelsOfItsBeginning: who stops the shipment while a replay is being done stops what it has not
// done yet, also after a function has given way and another one goes on.
func TestABulkKnowsTheCancelsOfItsBeginning(t *testing.T) {
	ctx := context.Background()
	d := newFixture(t, 60)
	clock := d.now
	d.Now = func() time.Time { clock = clock.Add(time.Second); return clock }
	b, err := d.Replay(ctx, eva, everything, post.Replay{})
	posttest.Check(t, err)
	posttest.Check(t, d.Handle(ctx, d.queues.Take(post.BulkQueue))[0])
	before := d.left(t)
	if before == 0 || before == 60 {
		t.Fatalf("%d rows are left after the first function", before)
	}
	_, err = d.Shipments.Change(ctx, "demo", "aaaaaaaaaaaa", func(s *post.Shipment) error {
		s.Cancels = 1
		return nil
	})
	posttest.Check(t, err)
	d.done(t, b)
	for i := range d.letters {
		if l := d.get(t, i); l.State != post.Queued || l.Cancels != 0 {
			t.Errorf("letter %d is %s, and knows %d cancels", i, l.State, l.Cancels)
		}
	}
}

// TestOnlyWhatStoodThereWhenItWasPressed: rows that come later wait for somebody who has seen them, however old what
// they are about.
func TestOnlyWhatStoodThereWhenItWasPressed(t *testing.T) {
	ctx := context.Background()
	d := newFixture(t, 61)
	late := d.letters[60]
	row := &post.Failure{Org: "demo", Shipment: "aaaaaaaaaaaa", Letter: late.ID, Problem: *late.Problem,
		Since: late.Problem.At}
	posttest.Check(t, d.Failures.Close(ctx, row, "", "", d.now))
	b, err := d.Dismiss(ctx, eva, everything, "ringet op")
	posttest.Check(t, err)
	row.Shown = d.now.Add(time.Second)
	posttest.Check(t, d.Failures.Put(ctx, row, nil))
	d.now = d.now.Add(time.Minute)
	if b = d.done(t, b); b.Done != 60 || b.Total != 60 || d.left(t) != 1 || d.get(t, 60).State != post.Failed {
		t.Errorf("it is %+v, %d rows are left, and the letter is %s", b, d.left(t), d.get(t, 60).State)
	}
}

// meddling lets somebody do something after a page of rows was read.
type meddling struct {
	post.Failures
	do func()
}

func (m *meddling) List(ctx context.Context, org string, f post.FailureFilter, cursor string, limit int) (
	[]*post.Failure, string, error) {
	rows, next, err := m.Failures.List(ctx, org, f, cursor, limit)
	if limit == post.BulkRows && m.do != nil {
		do := m.do
		m.do = nil
		do()
	}
	return rows, next, err
}

// TestWhatIsDismissedMeanwhileIsNotSent: somebody has handed the letter over, while the page with its row is being
// done.
func TestWhatIsDismissedMeanwhileIsNotSent(t *testing.T) {
	ctx := context.Background()
	for _, letters := range []int{40, 60} {
		d := newFixture(t, letters)
		stored := d.Failures
		one := post.FailureFilter{Seen: post.Everything(), Shipment: "aaaaaaaaaaaa", Letter: d.letters[0].ID}
		m := &meddling{Failures: stored}
		d.Failures = m
		m.do = func() {
			bo := posttest.Person("demo", "bo")
			_, err := d.Dismiss(ctx, bo, []post.FailureFilter{one}, "givet i hånden")
			posttest.Check(t, err)
		}
		b, err := d.Replay(ctx, eva, everything, post.Replay{})
		posttest.Check(t, err)
		b = d.done(t, b)
		if l := d.get(t, 0); l.State != post.Dismissed || b.Replayed.Sends != letters-1 {
			t.Errorf("of %d: it is %s, and %d are sent again", letters, l.State, b.Replayed.Sends)
		}
	}
}

// TestADismissalThatDiedIsFinished by whoever sends again what else stands there: its letter is not sent.
func TestADismissalThatDiedIsFinished(t *testing.T) {
	ctx := context.Background()
	d := newFixture(t, 2)
	rows, _, err := d.Failures.List(ctx, "demo", post.EveryRow(), "", 9)
	posttest.Check(t, err)
	_, _, err = workflow.ChangeOne(ctx, d.Letters, "demo", rows[0].Letter, func(l *post.Letter) error {
		l.Dismiss(d.clock(), rows[0], "bo: givet i hånden")
		return nil
	})
	posttest.Check(t, err)
	for _, dry := range []bool{true, false} {
		b, err := d.Replay(ctx, eva, everything, post.Replay{DryRun: dry})
		posttest.Check(t, err)
		if b.Replayed.Sends != 1 || b.Replayed.Nothing != 1 || (d.left(t) == 0) == dry {
			t.Errorf("dry %v: it is %+v, and %d rows are left", dry, b.Replayed, d.left(t))
		}
	}
	if l, err := d.Letters.Get(ctx, "demo", rows[0].Letter); err != nil || l.State != post.Dismissed {
		t.Errorf("it is %s: %v", l.State, err)
	}
}

// holed are letters of which one is not there, and one cannot be read.
type holed struct {
	post.Letters
	errs map[post.LetterID]error
}

func (h holed) Get(ctx context.Context, org string, id post.LetterID) (*post.Letter, error) {
	if err := h.errs[id]; err != nil {
		return nil, err
	}
	return h.Letters.Get(ctx, org, id)
}

func (h holed) Change(ctx context.Context, org string, ids []post.LetterID, change func(*post.Letter) error) (
	[]post.Changed, error) {
	if err := h.errs[ids[0]]; err != nil {
		return []post.Changed{{Err: err}}, nil
	}
	return h.Letters.Change(ctx, org, ids, change)
}

// TestOneBadRowHoldsUpNoOther: it stands there still, and the result says so.
func TestOneBadRowHoldsUpNoOther(t *testing.T) {
	ctx := context.Background()
	for kind, want := range map[post.BulkKind]int{post.BulkReplay: 2, post.BulkDismiss: 1} { // a row of nothing goes
		d := newFixture(t, 60)
		d.Letters = holed{d.Letters, map[post.LetterID]error{d.letters[3].ID: post.ErrUnreadable,
			d.letters[40].ID: post.ErrNotFound}}
		press := func() (*post.Bulk, error) { return d.Replay(ctx, eva, everything, post.Replay{}) }
		if kind == post.BulkDismiss {
			press = func() (*post.Bulk, error) { return d.Dismiss(ctx, eva, everything, "ringet op") }
		}
		b, err := press()
		posttest.Check(t, err)
		b = d.done(t, b)
		if b.Left != want || b.Done != 60 || d.left(t) != want || b.Dismissed+b.Replayed.Sends != 60-want {
			t.Errorf("%s: it is %+v, and %d rows are left", kind, b, d.left(t))
		}
	}
}

// unread are shipments that cannot be read.
type unread struct{ post.Shipments }

func (unread) Get(context.Context, string, string) (*post.Shipment, error) {
	return nil, post.ErrUnreadable
}

// TestRowsOfAnUnreadableShipmentStay, and the result does not call them gone.
func TestRowsOfAnUnreadableShipmentStay(t *testing.T) {
	ctx := context.Background()
	d := newFixture(t, 60)
	d.Shipments = unread{d.Shipments}
	b, err := d.Replay(ctx, eva, everything, post.Replay{})
	posttest.Check(t, err)
	if b = d.done(t, b); b.Left != 60 || b.Missing() != 0 || b.Replayed.Sends != 0 || d.left(t) != 60 {
		t.Errorf("it is %+v, and %d rows are left", b, d.left(t))
	}
}

// TestAStoppedBulk does nothing more; what was done is done.
func TestAStoppedBulk(t *testing.T) {
	ctx := context.Background()
	d := newFixture(t, 60)
	b, err := d.Dismiss(ctx, eva, everything, "forkert grund")
	posttest.Check(t, err)
	for range 2 {
		b, err = d.StopBulk(ctx, posttest.Person("demo", "bo"), b.ID)
		posttest.Check(t, err)
		posttest.Check(t, d.Handle(ctx, []post.Job{{Org: "demo", Bulk: b.ID}})[0])
		if !b.Over() || b.Problem == nil || d.left(t) != 60 {
			t.Errorf("it is %+v, and %d rows are left", b, d.left(t))
		}
	}
	if _, err := d.StopBulk(ctx, post.Caller{Org: "other"}, b.ID); !errors.Is(err, post.ErrNotFound) {
		t.Errorf("another organization stops it: %v", err)
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
