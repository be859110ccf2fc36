package store_test

import (
	"context"
	"strings"
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

// TestBacklogOfBefore: what a version before has left, which kept no backlog, is in it when it is first asked for.
func TestBacklogOfBefore(t *testing.T) {
	ctx, table := context.Background(), storetest.NewMemory()
	s := store.New(table)
	sh, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 2)
	posttest.Check(t, s.Shipments().Create(ctx, sh))
	posttest.Check(t, s.Letters().Create(ctx, &post.Shipment{}, letters))
	for _, item := range table.Items() {
		if strings.HasPrefix(item.PK, "B#") {
			posttest.Check(t, table.Transact(ctx, store.Write{Delete: &item.Key}))
		}
	}
	for range 2 {
		if got, _, err := s.Shipments().Unfinished(ctx, "demo", "", 10); err != nil || len(got) != 1 ||
			got[0].Counts.Created != 2 {
			t.Errorf("%d are unfinished: %v", len(got), err)
		}
	}
}
