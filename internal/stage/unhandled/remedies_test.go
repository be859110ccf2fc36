package unhandled

import (
	"context"
	"errors"
	"fmt"
	"strings"
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

// fixture is Ubehandlet over memory, with letters that Digital Post has refused.
type fixture struct {
	*Remedies
	store   *store.Store
	queues  *posttest.MemoryQueues
	letters []*post.Letter
	now     time.Time
	bulks   int // that were made
}

var eva = posttest.Person("demo", "eva")

func newFixture(t *testing.T, letters int) *fixture {
	t.Helper()
	ctx := context.Background()
	d := &fixture{store: store.New(storetest.NewMemory()), queues: &posttest.MemoryQueues{}, now: posttest.Start}
	clock := func() time.Time { return d.now }
	d.Remedies = &Remedies{
		Shipments: d.store.Shipments(),
		Letters:   d.store.Letters(),
		Failures:  d.store.Failures(),
		Bulks:     d.store.Bulks(),
		Runner:    parallel.Goroutines{},
		NewID:     func() string { d.bulks++; return fmt.Sprintf("bulk%08d", d.bulks) },
		Queues:    d.queues,
		Channel:   &posttest.MemoryChannel{},
		Audit:     d.store.AuditLog(clock),
		UUIDKey:   []byte("key"),
		Timings:   post.ProductionTimings,
		Now:       clock,

		Organizations: d.store,
		Proposals:     d.store,
	}
	posttest.Check(t, d.store.CreateOrganization(ctx, &post.Organization{ID: "demo", Name: "Nordøby"}))
	s, all := posttest.Shipment(t, "aaaaaaaaaaaa", letters)
	posttest.Check(t, d.store.Shipments().Create(ctx, s))
	for _, l := range all {
		posttest.Check(t, l.Queue(posttest.Now))
		l.Messages = []post.Message{
			{UUID: keys.MessageUUID([]byte("key"), string(l.ID), "", 0), Created: d.now, Attempts: 1, Refused: 1},
		}
		posttest.Check(t, l.Fail(posttest.Now, post.Problem{Code: post.NotEnrolled}))
	}
	posttest.Check(t, d.store.Letters().Create(ctx, &post.Shipment{}, all))
	for _, l := range all {
		posttest.Check(
			t,
			d.store.Failures().Put(ctx, &post.Failure{Org: "demo", Shipment: s.ID, Letter: l.ID, Problem: *l.Problem,
				Since: l.Problem.At}, nil),
		)
	}
	d.letters = all
	return d
}

// done does the jobs of a bulk until it has ended.
func (d *fixture) done(t *testing.T, b *post.Bulk) *post.Bulk {
	t.Helper()
	for n := 0; !b.Over(); n++ {
		jobs := d.queues.Take(post.BulkQueue)
		if len(jobs) == 0 || n > 100 {
			t.Fatalf("it has no job, and has not ended: %+v", b)
		}
		for _, err := range d.Handle(context.Background(), jobs) {
			posttest.Check(t, err)
		}
		var err error
		b, err = d.store.Bulks().Get(context.Background(), b.Org, b.ID)
		posttest.Check(t, err)
	}
	return b
}

func (d *fixture) get(t *testing.T, i int) *post.Letter {
	t.Helper()
	l, err := d.store.Letters().GetAny(context.Background(), d.letters[i].ID)
	posttest.Check(t, err)
	return l
}

// TestReplayOfManyIsSpread: a hundred at once, the others minute by minute; twice is once; all of it is in the audit
// log.
func TestReplayOfManyIsSpread(t *testing.T) {
	d := newFixture(t, 250)
	ctx := context.Background()
	b, err := d.Replay(ctx, eva, []post.FailureFilter{{}}, post.Replay{DryRun: true})
	posttest.Check(t, err)
	if sum := d.done(t, b).Replayed; sum.Sends != 250 || d.get(t, 0).State != post.Failed {
		t.Fatalf("dry run: %+v", b)
	}
	for range 2 {
		b, err = d.Replay(ctx, eva, []post.FailureFilter{{}}, post.Replay{})
		posttest.Check(t, err)
		d.done(t, b)
	}
	minutes := map[int]int{}
	for i := range d.letters {
		l := d.get(t, i)
		if l.State != post.Queued || len(l.Messages) != 2 {
			t.Fatalf("letter %d is %s with %d messages", i, l.State, len(l.Messages))
		}
		if l.Due.After(d.now.Add(d.Timings.CheckAfter)) || l.Due.Before(d.now.Add(d.Timings.CheckAfter)) {
			minutes[int(l.Due.Sub(d.now).Minutes())]++
		} else {
			minutes[0]++
		}
	}
	if n := len(d.queues.Take(post.SendQueue)); n != 100 || minutes[0] != 100 || minutes[1] != 100 || minutes[2] != 50 {
		t.Errorf("%d jobs at once, and by minute %v", n, minutes)
	}
	chain, err := workflow.AuditChain(ctx, d.Audit, "demo", "aaaaaaaaaaaa")
	posttest.Check(t, err)
	if len(chain) != 5 || post.VerifyChain(chain) != nil {
		t.Errorf("the trail has %d entries: %v", len(chain), post.VerifyChain(chain))
	}
}

// TestReplayOnADay: the letter waits without a job until then.
func TestReplayOnADay(t *testing.T) {
	d := newFixture(t, 1)
	on := d.now.Add(20 * 24 * time.Hour)
	_, err := d.Replay(context.Background(), eva, []post.FailureFilter{{}}, post.Replay{On: on})
	posttest.Check(t, err)
	if l := d.get(t, 0); l.State != post.Queued || !l.Due.Equal(on) || len(d.queues.Take(post.SendQueue)) != 0 {
		t.Errorf("%s, due %v", l.State, l.Due)
	}
	rows, _, err := d.store.Failures().List(context.Background(), "demo", post.EveryRow(), "", 10)
	posttest.Check(t, err)
	if len(rows) != 0 {
		t.Error("its row is still there")
	}
}

// TestCorrect: another recipient is another message; twice is once; another organization's letter is not found; what
// may be at Digital Post is not corrected.
func TestCorrect(t *testing.T) {
	d := newFixture(t, 2)
	ctx := context.Background()
	if err := d.Correct(ctx, post.Caller{Org: "another"}, d.letters[0].ID, "0505801235", ""); err == nil {
		t.Error("another organization corrects it")
	}
	for range 2 {
		posttest.Check(t, d.Correct(ctx, eva, d.letters[0].ID, "0505801235", "Nyt emne"))
	}
	l := d.get(t, 0)
	if l.State != post.Queued || l.Recipient.Reveal() != "0505801235" || l.Subject != "Nyt emne" ||
		len(l.Messages) != 2 ||
		l.Messages[1].UUID == l.Messages[0].UUID ||
		len(l.Corrections) != 1 ||
		l.Corrections[0].UUID != l.Messages[0].UUID {
		t.Errorf("%+v", l)
	}
	_, _, err := workflow.ChangeOne(
		ctx,
		d.Letters,
		"demo",
		d.letters[1].ID,
		func(l *post.Letter) error { l.Messages[0].Refused = 0; return nil },
	)
	posttest.Check(t, err)
	if err := d.Correct(ctx, eva, d.letters[1].ID, "0505801235", ""); err == nil || d.get(t, 1).State != post.Failed {
		t.Errorf("a letter that may have arrived: %v, %s", err, d.get(t, 1).State)
	}
}

// between lets something happen after a letter was read, and before it is changed.
type between struct {
	post.Letters
	first *bool
	then  func()
}

func (b between) Change(ctx context.Context, org string, ids []post.LetterID,
	change func(*post.Letter) error) ([]post.Changed, error) {
	if !*b.first {
		*b.first = true
		b.then()
	}
	return b.Letters.Change(ctx, org, ids, change)
}

// TestWhatWasAskedIsWhatIsRenewed: somebody has asked about a letter's message, and stands still while another person
// sends it, and that message is refused as well: it may be there, for nobody has asked about it.
func TestWhatWasAskedIsWhatIsRenewed(t *testing.T) {
	ctx := context.Background()
	for name, press := range map[string]func(d *fixture) error{
		"replay": func(d *fixture) error {
			_, err := d.Replay(ctx, eva, []post.FailureFilter{{}}, post.Replay{})
			return err
		},
		"correct": func(d *fixture) error {
			_ = d.Correct(ctx, eva, d.letters[0].ID, "0505801235", "") // it is told that somebody was faster
			return nil
		},
	} {
		d := newFixture(t, 1)
		letters, began := d.Letters, false
		d.Letters = between{letters, &began, func() {
			_, _, err := workflow.ChangeOne(ctx, letters, "demo", d.letters[0].ID, func(l *post.Letter) error {
				posttest.Check(t, l.Requeue(keys.UUIDs(d.UUIDKey), posttest.Now, "mette", time.Time{}))
				posttest.Check(t, l.Begin(keys.UUIDs(d.UUIDKey), posttest.Now, posttest.Start.Add(time.Minute)))
				return l.Refuse(posttest.Now, l.Current().UUID, false, post.Problem{Code: post.NotEnrolled})
			})
			posttest.Check(t, err)
		}}
		posttest.Check(t, press(d))
		if l := d.get(t, 0); len(l.Messages) != 2 || l.State != post.Failed {
			t.Errorf("%s: it is %s with %d messages", name, l.State, len(l.Messages))
		}
	}
}

// TestTakenInAfterItWasGivenUp: Digital Post has taken a letter in with an answer that came late, and does not know it
// any more. It is handed over, and is not sent again: whoever replays is told that its receipt is waited for.
func TestTakenInAfterItWasGivenUp(t *testing.T) {
	d, ctx := newFixture(t, 1), context.Background()
	_, _, err := workflow.ChangeOne(ctx, d.Letters, "demo", d.letters[0].ID, func(l *post.Letter) error {
		l.Messages[0].Refused = 0
		return l.HandOver(posttest.Now, l.Messages[0].UUID, "transmission", "digest", false)
	})
	posttest.Check(t, err)
	sum, err := d.Replay(ctx, eva, []post.FailureFilter{{}}, post.Replay{})
	posttest.Check(t, err)
	rows, _, err := d.store.Failures().List(ctx, "demo", post.EveryRow(), "", 10)
	posttest.Check(t, err)
	if l := d.get(t, 0); l.State != post.HandedOver || l.Due.IsZero() || len(l.Messages) != 1 ||
		sum.Replayed.Asks != 1 || len(rows) != 0 {
		t.Errorf("%s, due %s, %d messages, %+v, %d rows", l.State, l.Due, len(l.Messages), sum, len(rows))
	}
}

// TestDismissedIsAStateOfItsOwn: it is counted apart from what failed, the shipment has no errors any more, and the
// letter can still be sent again.
func TestDismissedIsAStateOfItsOwn(t *testing.T) {
	ctx := context.Background()
	d := newFixture(t, 2)
	if _, err := d.Dismiss(ctx, eva, []post.FailureFilter{{Code: post.NotEnrolled}}, "ringet op"); err != nil {
		t.Fatal(err)
	}
	s, err := d.Shipments.Get(ctx, "demo", "aaaaaaaaaaaa")
	posttest.Check(t, err)
	if s.Counts.Failed != 0 || s.Counts.Dismissed != 2 || s.Counts.Processed() != 2 || s.Counts.Total() != 2 ||
		s.Derived() == post.CompletedWithErrors {
		t.Errorf("%s, %+v", s.Derived(), s.Counts)
	}
	l := d.get(t, 0)
	if l.State != post.Dismissed || !strings.Contains(l.Dismissal(), "ringet op") {
		t.Errorf("it is %s: %q", l.State, l.Dismissal())
	}
	sum, err := d.Replay(ctx, eva, []post.FailureFilter{{Shipment: "aaaaaaaaaaaa", Letter: l.ID}}, post.Replay{})
	posttest.Check(t, err)
	if l = d.get(t, 0); l.State != post.Queued || sum.Replayed.Sends != 1 {
		t.Errorf("sent again it is %s: %+v", l.State, sum)
	}
	other := posttest.Person("other", "bo")
	sum, err = d.Replay(ctx, other, []post.FailureFilter{{Letter: d.letters[1].ID}}, post.Replay{})
	if d.get(t, 1).State != post.Dismissed || sum != nil || !errors.Is(err, post.ErrNotFound) {
		t.Errorf("another organization has sent it again: %+v, %v", sum, err)
	}
}

// TestDismissingAnotherRowLeavesTheFailure: who has handled the archiving, or a doubt, has not handled that the letter
// failed. It was counted with those that failed and read as dismissed.
func TestDismissingAnotherRowLeavesTheFailure(t *testing.T) {
	ctx := context.Background()
	for _, code := range []post.Code{post.ArchiveFailedCode, post.ChangedAnswer} {
		d := newFixture(t, 1)
		id := d.letters[0].ID
		row := &post.Failure{Org: "demo", Shipment: "aaaaaaaaaaaa", Letter: id,
			Problem: post.Problem{Code: code, At: d.now}, Since: d.now}
		posttest.Check(t, d.Failures.Put(ctx, row, nil))
		_, err := d.Dismiss(ctx, eva, []post.FailureFilter{{Code: code}}, "afleveret på papir")
		posttest.Check(t, err)
		s, err := d.Shipments.Get(ctx, "demo", "aaaaaaaaaaaa")
		posttest.Check(t, err)
		if l := d.get(t, 0); l.State != post.Failed || l.Dismissal() != "" || s.Counts != (post.Counts{Failed: 1}) ||
			d.rows(t, post.NotEnrolled) != 1 {
			t.Errorf("%s: it is %s %q, counted %+v", code, l.State, l.Dismissal(), s.Counts)
		}
		last := d.get(t, 0).History
		if e := last[len(last)-1]; e.What != post.RowDismissed || !strings.Contains(e.Note, "eva") {
			t.Errorf("%s: its history ends with %+v", code, e)
		}
	}
}

// TestReplayLeavesADoubt: a letter that failed is sent again by its own row, and what Digital Post has said against its
// word stands until a person has read it.
func TestReplayLeavesADoubt(t *testing.T) {
	ctx := context.Background()
	d := newFixture(t, 1)
	id := d.letters[0].ID
	_, _, err := workflow.ChangeOne(ctx, d.Letters, "demo", id, func(l *post.Letter) error {
		l.Doubt = &post.Doubt{Problem: post.Problem{Code: post.ChangedAnswer, At: d.now}, Reported: true}
		return nil
	})
	posttest.Check(t, err)
	posttest.Check(t, d.Failures.Put(ctx, &post.Failure{Org: "demo", Shipment: "aaaaaaaaaaaa", Letter: id,
		Problem: post.Problem{Code: post.ChangedAnswer, At: d.now}, Since: d.now}, nil))
	_, err = d.Replay(ctx, eva, []post.FailureFilter{{Letter: id, Shipment: "aaaaaaaaaaaa"}}, post.Replay{})
	posttest.Check(t, err)
	if d.get(t, 0).State != post.Queued || d.rows(t, post.ChangedAnswer) != 1 || d.rows(t, post.NotEnrolled) != 0 {
		t.Errorf("it is %s, %d rows of doubt, %d of failure", d.get(t, 0).State, d.rows(t, post.ChangedAnswer),
			d.rows(t, post.NotEnrolled))
	}
}
