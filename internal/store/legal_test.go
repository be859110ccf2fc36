package store_test

import (
	"context"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

// TestWhatIsDroppedExpires: what waits for nothing any more goes out of the table by itself, and however much of it is
// there still, what waits is found. DynamoDB leaves alone what expired more than five years ago.
func TestWhatIsDroppedExpires(t *testing.T) {
	ctx, table := context.Background(), storetest.NewMemory()
	s := store.New(table)
	n := post.LegalNotice{Org: "demo", Letter: "aaaaaaaaaaaa-1", UUID: "u", Since: posttest.Start, Next: posttest.Start}
	m := post.PushedMemo{Org: "demo", ID: "i", UUID: "u", Status: post.ReceiptCompleted, Since: posttest.Start}
	posttest.Check(t, s.PutLegalNotice(ctx, n))
	posttest.Check(t, s.PutPushed(ctx, m))
	posttest.Check(t, s.DropLegalNotice(ctx, n))
	posttest.Check(t, s.DropPushed(ctx, m))
	legal, pushed := store.Key{PK: "LEGAL", SK: "demo#aaaaaaaaaaaa-1"}, store.Key{PK: "PUSHED", SK: "demo#i"}
	items, err := table.Get(ctx, legal, pushed)
	posttest.Check(t, err)
	now := posttest.Start.Add(time.Hour)
	for _, item := range items {
		if at := time.Unix(item.Expires, 0); at.After(now) || at.Before(now.AddDate(-5, 0, 0)) {
			t.Errorf("%s %s expires %s", item.PK, item.SK, at)
		}
	}
	m.ID, n.Letter = "j", "aaaaaaaaaaaa-2" // after the dropped ones
	posttest.Check(t, s.PutLegalNotice(ctx, n))
	posttest.Check(t, s.PutPushed(ctx, m))
	if all, err := s.DueLegalNotices(ctx, now, 1); err != nil || len(all) != 1 || all[0] != n {
		t.Errorf("%+v waits: %v", all, err)
	}
	if all, err := s.DuePushedMemos(ctx, now, 1); err != nil || len(all) != 1 || all[0] != m {
		t.Errorf("%+v waits: %v", all, err)
	}
}
