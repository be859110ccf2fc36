package unhandled

import (
	"context"
	"errors"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// outside makes a letter of a fixture fail in two archives outside, and shows the rows.
func (d *fixture) outside(t *testing.T) (h *Handler, keys []post.TransferKey) {
	t.Helper()
	ctx := context.Background()
	h = d.handler()
	h.Transfers, d.Remedies.Transfers = d.store, d.store
	for _, archive := range []string{"mappe", "sbsys"} {
		k := post.TransferKey{Letter: d.letters[0].ID, Archive: archive, Person: "p"}
		_, err := d.store.ChangeTransfer(ctx, "demo", k, func(is *post.Transfer) error {
			is.Steps = map[string]post.Step{"d": {Begun: d.now}}
			is.Reschedule(post.Clock{At: d.now, Timings: post.ProductionTimings}, 0,
				post.Problem{Code: post.ArchiveFailedCode, Text: `§["archive-login"]`}, true)
			return nil
		})
		posttest.Check(t, err)
		keys = append(keys, k)
		job := []post.Job{{Org: "demo", Letter: k.Letter, Archive: archive, Code: post.ArchiveFailedCode}}
		for range 2 { // twice is once
			posttest.Check(t, errors.Join(h.DeadLetters(post.ArchiveQueue)(ctx, job)...))
		}
	}
	return h, keys
}

func (d *fixture) transfer(t *testing.T, k post.TransferKey) *post.Transfer {
	t.Helper()
	is, err := d.store.ChangeTransfer(context.Background(), "demo", k,
		func(*post.Transfer) error { return post.ErrUnchanged })
	posttest.Check(t, err)
	return is
}

// TestAnotherCase: what an archive outside did not take has a row of its own, for each archive. Another case is for the
// rows that were chosen, and sends nothing; a person's number is no case.
func TestAnotherCase(t *testing.T) {
	ctx := context.Background()
	d := newFixture(t, 1)
	_, keys := d.outside(t)
	if n := d.rows(t, post.ArchiveFailedCode); n != 2 {
		t.Fatalf("%d rows", n)
	}
	who := posttest.Person("demo", "eva")
	who.Grants = post.GrantsOf(post.Rights()...)
	chosen := []post.FailureFilter{{Shipment: keys[0].Letter.Shipment(), Letter: keys[0].Letter, Archive: "sbsys"}}
	if _, err := d.Replay(ctx, who, chosen, post.Replay{Case: "010190-1234"}); err == nil {
		t.Error("a person's number is taken for a case")
	}
	b, err := d.Replay(ctx, who, chosen, post.Replay{Case: "81.03.00-G01-1-26"})
	if err != nil || b.Replayed.Archives != 1 || b.Replayed.Sends != 0 {
		t.Fatalf("%+v: %v", b, err)
	}
	is, other := d.transfer(t, keys[1]), d.transfer(t, keys[0])
	if is.State != "" || is.Given != "81.03.00-G01-1-26" || len(is.Steps) > 0 || is.Due.IsZero() ||
		!is.Inspected.Equal(d.now) || other.State != post.TransferFailed {
		t.Errorf("%+v, and the other %+v", is, other)
	}
	if n := d.rows(t, post.ArchiveFailedCode); n != 1 {
		t.Errorf("%d rows are left", n)
	}
	all := []post.FailureFilter{{}}
	b, err = d.Replay(ctx, who, all, post.Replay{Case: "1"}) // the letter's own row is not for a case
	if err != nil || b.Replayed.Sends != 0 || b.Replayed.Archives != 1 {
		t.Errorf("%+v: %v", b, err)
	}
}

// TestFiledByHand: what a person has filed by hand is not tried again, and its row does not come back.
func TestFiledByHand(t *testing.T) {
	ctx := context.Background()
	d := newFixture(t, 1)
	h, keys := d.outside(t)
	who := posttest.Person("demo", "eva")
	who.Grants = post.GrantsOf(post.Rights()...)
	chosen := []post.FailureFilter{{Shipment: keys[0].Letter.Shipment(), Letter: keys[0].Letter, Archive: "mappe"}}
	_, err := d.Dismiss(ctx, who, chosen, "lagt i mappen")
	posttest.Check(t, err)
	job := []post.Job{{Org: "demo", Letter: keys[0].Letter, Archive: "mappe", Code: post.ArchiveFailedCode}}
	posttest.Check(t, errors.Join(h.DeadLetters(post.ArchiveQueue)(ctx, job)...))
	is := d.transfer(t, keys[0])
	if err := is.Wake(d.now.Add(time.Hour)); !errors.Is(err, post.ErrUnchanged) || is.State != post.TransferDismissed ||
		!is.Due.IsZero() || d.rows(t, post.ArchiveFailedCode) != 1 {
		t.Errorf("%+v, %d rows: %v", is, d.rows(t, post.ArchiveFailedCode), err)
	}
}

// TestTransferThatBreaksDown: a job that was received too often has its row.
func TestTransferThatBreaksDown(t *testing.T) {
	ctx := context.Background()
	d := newFixture(t, 1)
	h := d.handler()
	h.Transfers = d.store
	k := post.TransferKey{Letter: d.letters[0].ID, Archive: "mappe", Person: "p"}
	_, err := d.store.ChangeTransfer(ctx, "demo", k, func(is *post.Transfer) error { return is.Wake(d.now) })
	posttest.Check(t, err)
	job := []post.Job{{Org: "demo", Letter: k.Letter, Archive: k.Archive}}
	posttest.Check(t, errors.Join(h.DeadLetters(post.ArchiveQueue)(ctx, job)...))
	rows := d.rows(t, post.ArchiveFailedCode)
	if is := d.transfer(t, k); is.State != post.TransferFailed || !is.Reported || rows != 1 {
		t.Errorf("%+v, %d rows", is, rows)
	}
}
