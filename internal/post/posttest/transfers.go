package posttest

import (
	"context"
	"errors"
	"testing"
	"time"

	"brevdue/internal/post"
)

// transfers: each is found for its letter and when it is due, whole; what is known of a case is changed as one; another
// organization has its own.
func transfers(t *testing.T, w Words) {
	ctx, o := context.Background(), w.Organizations
	k := post.TransferKey{Letter: "aaaaaaaaaaaa.0.1.1.0", Archive: "sbsys", Person: "p-1"}
	want := post.Transfer{Case: post.CaseRef{ID: "7", Number: "81.03"}, Tries: 2, Given: "9",
		Steps:   map[string]post.Step{"d": {Begun: Start, Token: "t", Ref: "r"}},
		Problem: &post.Problem{Code: post.ArchiveFailedCode, At: Start}, Lease: post.Lease{Holder: "h", Until: Start}}
	_, err := o.ChangeTransfer(ctx, "nord", k, func(is *post.Transfer) error {
		is.Case, is.Tries, is.Given, is.Lease = want.Case, 2, "9", want.Lease
		is.Steps, is.Problem = want.Steps, want.Problem
		is.State, is.Since, is.Failed, is.Inspected, is.Due = post.Transferred, Start, Start, Start, Start
		return nil
	})
	must(t, err)
	all, err := o.Transfers(ctx, "nord", k.Letter)
	if err != nil || len(all) != 1 || all[0].Key() != k || all[0].Case != want.Case ||
		all[0].State != post.Transferred ||
		all[0].Steps["d"].Ref != "r" || !all[0].Steps["d"].Begun.Equal(Start) || all[0].Problem == nil ||
		all[0].Lease.Holder != "h" || !all[0].Since.Equal(Start) || !all[0].Inspected.Equal(Start) ||
		!all[0].Failed.Equal(Start) || all[0].Tries != 2 || all[0].Given != "9" {
		t.Errorf("%+v: %v", all, err)
	}
	due, err := o.DueTransfers(ctx, Start.Add(-time.Second), 9)
	if err != nil || len(due) > 0 {
		t.Errorf("%d are due before their time: %v", len(due), err)
	}
	due, err = o.DueTransfers(ctx, Start, 9)
	if err != nil || len(due) != 1 || due[0].Org != "nord" || due[0].Key() != k {
		t.Errorf("%+v are due: %v", due, err)
	}
	_, err = o.ChangeTransfer(ctx, "nord", k, func(is *post.Transfer) error {
		is.Settle(post.TransferCompleted, time.Time{})
		return nil
	})
	must(t, err)
	if due, err = o.DueTransfers(ctx, Start.AddDate(1, 0, 0), 9); err != nil || len(due) > 0 {
		t.Errorf("%d are due that are done: %v", len(due), err)
	}
	transferCases(t, w, k)
}

// transferCases: who holds the lease of a case keeps others away, in one organization.
func transferCases(t *testing.T, w Words, k post.TransferKey) {
	ctx, o := context.Background(), w.Organizations
	take := func(org, holder string, now time.Time) error {
		_, err := o.ChangeTransferCase(ctx, org, k.Archive, k.Person, func(c *post.TransferCase) error {
			return c.Lease.Take(holder, now, time.Minute)
		})
		return err
	}
	must(t, take("nord", "a", Start))
	must(t, take("nord", "a", Start.Add(time.Second)))
	if err := take("nord", "b", Start.Add(2*time.Second)); !errors.Is(err, post.ErrLeased) {
		t.Errorf("two have the lease of a case: %v", err)
	}
	must(t, take("syd", "b", Start))
	must(t, take("nord", "b", Start.Add(time.Hour)))
	_, err := o.ChangeTransferCase(ctx, "nord", k.Archive, k.Person, func(c *post.TransferCase) error {
		c.Ref, c.At, c.Step = post.CaseRef{ID: "1"}, Start, post.Step{Begun: Start}
		return nil
	})
	must(t, err)
	is, err := o.ChangeTransferCase(ctx, "nord", k.Archive, k.Person,
		func(*post.TransferCase) error { return post.ErrUnchanged })
	if err != nil || is.Ref.ID != "1" || !is.At.Equal(Start) || !is.Step.Begun.Equal(Start) {
		t.Errorf("%+v: %v", is, err)
	}
	other, err := o.Transfers(ctx, "syd", k.Letter)
	if err != nil || len(other) > 0 {
		t.Errorf("another organization has %d of its letters there: %v", len(other), err)
	}
}
