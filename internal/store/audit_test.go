package store_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
	"brevdue/internal/workflow"
)

// TestAuditChain: entries of many writers make one chain; a changed, dropped or reordered entry is seen, an erased text
// breaks nothing and cannot be put back.
func TestAuditChain(t *testing.T) {
	ctx := context.Background()
	now := posttest.Start
	auditLog := store.New(storetest.NewMemory()).AuditLog(func() time.Time { return now })
	eva := post.Caller{Org: "demo", Name: "eva", Kind: post.ByUser}
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() {
			for range 4 {
				if err := auditLog.Record(ctx, eva.Did(post.ActSee, "aaaaaaaaaaaa", "", "brev")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	now = now.Add(time.Hour)
	posttest.Check(t, auditLog.Record(ctx, post.Caller{Org: "demo"}.Did(post.ActSplit, "aaaaaaaaaaaa", "", "delt")))
	chain, err := workflow.AuditChain(ctx, auditLog, "demo", "aaaaaaaaaaaa")
	posttest.Check(t, err)
	if len(chain) != 21 || post.VerifyChain(chain) != nil || chain[20].Kind != post.BySystem {
		t.Fatalf("%d entries: %v", len(chain), post.VerifyChain(chain))
	}
	if others, err := workflow.AuditChain(ctx, auditLog, "another", "aaaaaaaaaaaa"); err != nil || len(others) > 0 {
		t.Errorf("another organization has %d entries, %v", len(others), err)
	}
	for what, spoil := range map[string]func([]*post.Entry) []*post.Entry{
		"changed text": func(c []*post.Entry) []*post.Entry { c[3].Text = "andet"; return c },
		"changed act":  func(c []*post.Entry) []*post.Entry { c[3].Action = post.ActSend; return c },
		"dropped":      func(c []*post.Entry) []*post.Entry { return append(c[:3:3], c[4:]...) },
		"reordered":    func(c []*post.Entry) []*post.Entry { c[3], c[4] = c[4], c[3]; return c },
	} {
		copied := make([]*post.Entry, len(chain))
		for i, e := range chain {
			own := *e
			copied[i] = &own
		}
		if post.VerifyChain(spoil(copied)) == nil {
			t.Errorf("%s: nobody notices", what)
		}
	}
	posttest.Check(t, auditLog.Record(ctx, eva.Did(post.ActSearch, "", "", "m-1")))
	by, err := auditLog.EntriesBy(ctx, "demo", "eva", 15)
	posttest.Check(t, err)
	if len(by) != 15 || by[0].Action != post.ActSearch || by[0].Text != "m-1" || by[1].Shipment != "aaaaaaaaaaaa" {
		t.Errorf("%d entries of eva, the newest %+v", len(by), by[0])
	}
	n, err := auditLog.Erase(ctx, "demo", "aaaaaaaaaaaa", now)
	posttest.Check(t, err)
	after, err := workflow.AuditChain(ctx, auditLog, "demo", "aaaaaaaaaaaa")
	posttest.Check(t, err)
	if by, err = auditLog.EntriesBy(ctx, "demo", "eva", 15); err != nil || len(by) != 1 {
		t.Errorf("%d entries of eva are listed where her name was erased, %v", len(by), err)
	}
	if n != 20 || after[0].Name != "" || !after[0].Erased || after[20].Text != "delt" ||
		post.VerifyChain(after) != nil {
		t.Errorf("%d erased, %+v, %v", n, after[0], post.VerifyChain(after))
	}
}
