package posttest

import (
	"context"
	"testing"
	"time"

	"brevdue/internal/post"
)

// legalNotices: each waits once, until its time, and not any more when it is dropped.
func legalNotices(t *testing.T, w Words) {
	ctx, o := context.Background(), w.Organizations
	n := post.LegalNotice{Org: "nord", Letter: "aaaaaaaaaaaa.0.1.1.0", UUID: "u", Since: Start, Next: Start}
	must(t, o.PutLegalNotice(ctx, n))
	n.Next = Start.AddDate(0, 0, 1)
	must(t, o.PutLegalNotice(ctx, n))
	if all, err := o.DueLegalNotices(ctx, n.Next.Add(-time.Second), 10); err != nil || len(all) > 0 {
		t.Errorf("%+v is asked about before its time: %v", all, err)
	}
	all, err := o.DueLegalNotices(ctx, n.Next, 10)
	if err != nil || len(all) != 1 || all[0] != n {
		t.Errorf("%+v waits: %v", all, err)
	}
	must(t, o.DropLegalNotice(ctx, n))
	if all, err := o.DueLegalNotices(ctx, n.Next.AddDate(1, 0, 0), 10); err != nil || len(all) > 0 {
		t.Errorf("%+v waits still: %v", all, err)
	}
}

// pushedMemos: each waits for its receipt once, and not any more when it is dropped.
func pushedMemos(t *testing.T, w Words) {
	ctx, o := context.Background(), w.Organizations
	m := post.PushedMemo{Org: "nord", ID: "i", UUID: "u", Status: post.ReceiptCompleted, Since: Start}
	for range 2 {
		must(t, o.PutPushed(ctx, m))
	}
	all, err := o.DuePushedMemos(ctx, Start, 10)
	if err != nil || len(all) != 1 || all[0] != m {
		t.Errorf("%+v waits: %v", all, err)
	}
	must(t, o.DropPushed(ctx, m))
	if all, err := o.DuePushedMemos(ctx, Start.AddDate(1, 0, 0), 10); err != nil || len(all) > 0 {
		t.Errorf("%+v waits still: %v", all, err)
	}
}
