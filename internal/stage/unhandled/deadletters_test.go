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

func (d *fixture) handler() *Handler {
	return &Handler{Shipments: d.store.Shipments(), Letters: d.store.Letters(), Failures: d.store.Failures(),
		Notices:  d.store.Notices(),
		Operator: "demo", Timings: post.ProductionTimings, Now: func() time.Time { return d.now }}
}

func (d *fixture) rows(t *testing.T, code post.Code) int {
	t.Helper()
	rows, _, err := d.store.Failures().
		List(context.Background(), "demo", post.FailureFilter{Seen: post.Everything(), Code: code}, "", 10)
	posttest.Check(t, err)
	return len(rows)
}

// full takes no row any more.
type full struct{ post.Failures }

func (full) Put(context.Context, *post.Failure, *post.Letter) error {
	return errors.New("no row may be put")
}

// TestDismissedRowsStayClosed: whatever a row was about, a duplicate of its dead letter does not bring it back; also
// not when the person was faster than whoever put the row.
func TestDismissedRowsStayClosed(t *testing.T) {
	ctx := context.Background()
	for code, c := range map[post.Code]struct {
		from post.Queue
		is   func(l *post.Letter)
	}{
		post.ArchiveFailedCode: {post.ArchiveQueue, func(l *post.Letter) {
			l.Archiving.State, l.Archiving.At = post.ArchiveFailed, posttest.Start
		}},
		post.NotEnrolled: {post.SendQueue, func(l *post.Letter) {}},
		post.NoReceipt: {post.SendQueue, func(l *post.Letter) {
			l.State, l.Problem = post.HandedOver, nil
			l.Current().Accepted = posttest.Start
		}},
		post.ChangedAnswer: {post.SendQueue, func(l *post.Letter) {
			l.State, l.Problem = post.Completed, nil
			l.Doubt = &post.Doubt{Problem: post.Problem{Code: post.ChangedAnswer, At: posttest.Start}}
		}},
	} {
		for _, shown := range []bool{true, false} {
			d := newFixture(t, 1)
			id := d.letters[0].ID
			_, _, err := workflow.ChangeOne(ctx, d.Letters, "demo", id, func(l *post.Letter) error {
				c.is(l)
				return nil
			})
			posttest.Check(t, err)
			posttest.Check(t, d.Failures.Close(ctx, &post.Failure{Org: "demo", Shipment: "aaaaaaaaaaaa", Letter: id,
				Problem: *d.letters[0].Problem, Since: d.letters[0].Problem.At}, "", "", d.now))
			dead := []post.Job{{Org: "demo", Letter: id, Code: code}}
			show := func() { posttest.Check(t, errors.Join(d.handler().DeadLetters(c.from)(ctx, dead)...)) }
			if show(); d.rows(t, code) != 1 {
				t.Fatalf("%s: %d rows", code, d.rows(t, code))
			}
			if !shown { // whoever put the row died right after
				_, _, err := workflow.ChangeOne(ctx, d.Letters, "demo", id, func(l *post.Letter) error {
					l.Reported, l.Archiving.Reported = false, false
					if l.Doubt != nil {
						l.Doubt.Reported = false
					}
					return nil
				})
				posttest.Check(t, err)
			}
			_, err = d.Dismiss(ctx, eva, []post.FailureFilter{{Code: code}}, "afleveret på papir")
			posttest.Check(t, err)
			h := d.handler()
			h.Failures = full{h.Failures}
			if err := errors.Join(h.DeadLetters(c.from)(ctx, dead)...); err != nil {
				t.Errorf("%s, shown %v: the letter does not know that its row has stood: %v", code, shown, err)
			}
			if show(); d.rows(t, code) != 0 {
				t.Errorf("%s, shown %v: a dismissed row came back", code, shown)
			}
		}
	}
}

// TestReplayOfOneRowLeavesTheOther: a letter that nobody may send again, and whose archiving failed, keeps the row that
// says why it was not sent.
func TestReplayOfOneRowLeavesTheOther(t *testing.T) {
	ctx := context.Background()
	d := newFixture(t, 1)
	_, _, err := workflow.ChangeOne(ctx, d.Letters, "demo", d.letters[0].ID, func(l *post.Letter) error {
		l.Current().Duplicate = true
		l.Archiving.State, l.Archiving.At = post.ArchiveFailed, posttest.Start
		return nil
	})
	posttest.Check(t, err)
	_, err = d.Replay(ctx, eva, []post.FailureFilter{{Code: post.NotEnrolled}}, post.Replay{})
	posttest.Check(t, err)
	if d.rows(t, post.NotEnrolled) != 1 || d.get(t, 0).State != post.Failed {
		t.Errorf("%d rows of a letter that is %s", d.rows(t, post.NotEnrolled), d.get(t, 0).State)
	}
}

// TestSentAgainInSpiteOfTheCancel: replay and correction note the cancel that they know of.
func TestSentAgainInSpiteOfTheCancel(t *testing.T) {
	ctx := context.Background()
	d := newFixture(t, 2)
	_, err := d.Shipments.Change(ctx, "demo", "aaaaaaaaaaaa", func(s *post.Shipment) error {
		s.Cancels = 3
		return nil
	})
	posttest.Check(t, err)
	posttest.Check(t, d.Correct(ctx, eva, d.letters[0].ID, "0505801235", ""))
	_, err = d.Replay(ctx, eva, []post.FailureFilter{{}}, post.Replay{})
	posttest.Check(t, err)
	for i := range d.letters {
		if l := d.get(t, i); l.Cancels != 3 || l.State != post.Queued {
			t.Errorf("letter %d is %s and knows of %d cancels", i+1, l.State, l.Cancels)
		}
	}
}

// TestRowsOfACompletedLetterClose: whoever put its row, or should have closed it, may have died on the way.
func TestRowsOfACompletedLetterClose(t *testing.T) {
	ctx := context.Background()
	d := newFixture(t, 1)
	_, _, err := workflow.ChangeOne(ctx, d.Letters, "demo", d.letters[0].ID, func(l *post.Letter) error {
		l.State, l.Problem = post.Completed, nil
		return nil
	})
	posttest.Check(t, err)
	dead := []post.Job{{Org: "demo", Letter: d.letters[0].ID, Code: post.NotEnrolled}}
	posttest.Check(t, errors.Join(d.handler().DeadLetters(post.SendQueue)(ctx, dead)...))
	if n := d.rows(t, post.NotEnrolled); n != 0 {
		t.Errorf("%d rows of a letter with two ticks", n)
	}
}

// slow puts rows, and something happens to the letter before that.
type slow struct {
	post.Failures
	first func()
}

func (s slow) Put(ctx context.Context, f *post.Failure, of *post.Letter) error {
	s.first()
	return s.Failures.Put(ctx, f, of)
}

// TestNoRowOfALetterThatHasMovedOn: whoever stood still before putting the row may not live to close it again, and no
// dead letter brings him back.
func TestNoRowOfALetterThatHasMovedOn(t *testing.T) {
	ctx := context.Background()
	d := newFixture(t, 1)
	l := d.letters[0]
	posttest.Check(t, d.Failures.Close(ctx, &post.Failure{Org: l.Org, Shipment: l.ID.Shipment(), Letter: l.ID,
		Problem: *l.Problem, Since: l.Problem.At}, "", "", posttest.Start))
	h := d.handler()
	h.Failures = slow{h.Failures, func() {
		_, _, err := workflow.ChangeOne(ctx, d.Letters, "demo", l.ID, func(l *post.Letter) error {
			l.State, l.Problem = post.Completed, nil
			return nil
		})
		posttest.Check(t, err)
	}}
	err := h.put(ctx, d.get(t, 0), *l.Problem)
	if n := d.rows(t, post.NotEnrolled); n != 0 || !errors.Is(err, post.ErrOvertaken) {
		t.Errorf("%d rows of a letter with two ticks: %v", n, err)
	}
	dead := []post.Job{{Org: "demo", Letter: l.ID, Code: post.NotEnrolled}}
	posttest.Check(t, errors.Join(h.DeadLetters(post.SendQueue)(ctx, dead)...))
}

// late lists rows, and something happens to the letter before that.
type late struct {
	post.Failures
	first func()
}

func (l late) List(ctx context.Context, org string, f post.FailureFilter, cursor string, limit int) ([]*post.Failure,
	string, error) {
	l.first()
	return l.Failures.List(ctx, org, f, cursor, limit)
}

// TestWhoStoodStillClosesNothingNew: a letter was found after all, and whoever closes its row stands still while it is
// refused by receipt: the row of that refusal stays.
func TestWhoStoodStillClosesNothingNew(t *testing.T) {
	ctx := context.Background()
	d := newFixture(t, 1)
	change := func(change func(l *post.Letter)) *post.Letter {
		l, _, err := workflow.ChangeOne(
			ctx,
			d.Letters,
			"demo",
			d.letters[0].ID,
			func(l *post.Letter) error { change(l); return nil },
		)
		posttest.Check(t, err)
		return l
	}
	old := change(func(l *post.Letter) { l.State, l.Problem = post.HandedOver, nil })
	failures := late{d.Failures, func() {
		l := change(func(l *post.Letter) { posttest.Check(t, l.Fail(posttest.Now, post.Problem{Code: post.Refused})) })
		posttest.Check(t, d.Failures.Put(ctx, &post.Failure{Org: "demo", Shipment: "aaaaaaaaaaaa", Letter: l.ID,
			Problem: *l.Problem}, nil))
	}}
	posttest.Check(t, workflow.CloseRows(ctx, d.Letters, failures, old.ID, old.Org, posttest.Now))
	if d.rows(t, post.Refused) != 1 || d.rows(t, post.NotEnrolled) != 0 {
		t.Errorf("%d rows of the refusal, %d of before", d.rows(t, post.Refused), d.rows(t, post.NotEnrolled))
	}
}
