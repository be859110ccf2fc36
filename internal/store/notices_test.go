package store_test

import (
	"context"
	"fmt"
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

// TestAllAreToldThatTheWayIsOpen: everybody who was told that it is closed, however many they are, and only once.
func TestAllAreToldThatTheWayIsOpen(t *testing.T) {
	ctx, at := context.Background(), posttest.Start
	n := store.New(storetest.NewMemory()).Notices()
	orgs := make([]string, 250)
	for i := range orgs {
		orgs[i] = fmt.Sprintf("org%d", i)
		posttest.Check(
			t,
			n.Subscribe(
				ctx,
				post.Subscription{
					ID:    "1",
					Org:   orgs[i],
					Mail:  "eva@kommune.dk",
					Kinds: []post.NoticeKind{post.DigitalPostUp},
				},
			),
		)
		posttest.Check(t, n.Note(ctx, post.Notice{Org: orgs[i], Kind: post.DigitalPostDown, At: at}))
		posttest.Check(t, n.Digest(ctx, orgs[i], at))
	}
	for range 2 {
		at = at.Add(2 * post.NotAgainFor)
		posttest.Check(t, n.NoteToAll(ctx, post.DigitalPostDown, post.DigitalPostUp, at))
		for _, org := range orgs {
			posttest.Check(t, n.Digest(ctx, org, at))
		}
	}
	for _, org := range orgs {
		if told, err := n.Deliveries(ctx, org, 10); err != nil || len(told) != 1 ||
			told[0].Notices[0].Kind != post.DigitalPostUp {
			t.Fatalf("%s: %+v, %v", org, told, err)
		}
	}
}
