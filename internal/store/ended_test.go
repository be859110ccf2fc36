package store_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
	"brevdue/internal/texts"
)

// TestC14HooksTellForHowManyADeadlineRuns: who asks for it is told of a shipment that has ended: how many letters are
// available, and for how many no deadline runs; once, and again where that has changed.
func TestC14HooksTellForHowManyADeadlineRuns(t *testing.T) {
	ctx, at := context.Background(), posttest.Start
	n := store.New(storetest.NewMemory()).Notices()
	posttest.Check(t, n.Subscribe(ctx, post.Subscription{ID: "1", Org: "demo", Hook: "https://example.dk/",
		Kinds: []post.NoticeKind{post.ShipmentEnded}}))
	s := &post.Shipment{ID: "aaaaaaaaaaaa", Org: "demo", Counts: post.Counts{Completed: 3, Failed: 1, Cancelled: 1}}
	for range 2 {
		posttest.Check(t, n.Note(ctx, s.Ended(at)))
	}
	at = at.Add(post.DigestAfter)
	posttest.Check(t, n.Digest(ctx, "demo", at))
	s.Counts = post.Counts{Completed: 4, Cancelled: 1}
	posttest.Check(t, n.Note(ctx, s.Ended(at)))
	posttest.Check(t, n.Digest(ctx, "demo", at.Add(post.DigestAfter)))
	told, err := n.Deliveries(ctx, "demo", 10)
	posttest.Check(t, err)
	var all []string
	for _, d := range told {
		for _, notice := range d.Notices {
			b, err := json.Marshal(notice)
			posttest.Check(t, err)
			_, text := texts.Notices([]post.Notice{notice}, func(post.NoticeKind) string { return "" })
			all = append(all, string(b)+text)
		}
	}
	said := strings.Join(all, "\n")
	if len(all) != 2 || !strings.Contains(said, `"about":"aaaaaaaaaaaa"`) ||
		!strings.Contains(said, `"letters":{"available":3,"noDeadline":2}`) ||
		!strings.Contains(said, `"letters":{"available":4,"noDeadline":1}`) ||
		!strings.Contains(said, "3 breve er tilgængelige for modtagerne; for 2 løber ingen frist") {
		t.Errorf("%d notices: %s", len(all), said)
	}
}
