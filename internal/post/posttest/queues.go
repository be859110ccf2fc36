package posttest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"brevdue/internal/post"
)

// Queues is the contract of post.Queues. receive returns n jobs of a queue, or fewer when there are no more.
func Queues(t *testing.T, open func(t *testing.T) (q post.Queues, receive func(q post.Queue, n int) []post.Job)) {
	ctx := context.Background()
	queues, receive := open(t)
	var all []post.Job
	for i := range 25 {
		all = append(
			all,
			post.Job{
				Org:    fmt.Sprint("org", i%3),
				Letter: post.NewLetterID("aaaaaaaaaaaa", 1, i+1, i+1, i+1),
				Code:   post.NotEnrolled,
			},
		)
	}
	must(t, queues.Send(ctx, post.SendQueue, all...))
	must(t, queues.Send(ctx, post.ArchiveQueue, post.Job{Object: "uploads/demo/a/0"}))
	got := map[post.Job]bool{}
	for _, e := range receive(post.SendQueue, len(all)) {
		got[e] = true
	}
	for _, e := range all {
		if !got[e] {
			t.Errorf("%+v never came", e)
		}
	}
	if other := receive(post.ArchiveQueue, 1); len(other) != 1 || other[0].Object != "uploads/demo/a/0" {
		t.Errorf("the other queue gave %v", other)
	}
	must(
		t,
		queues.Return(ctx, post.DeadMessage{Queue: post.ArchiveQueue, ID: "m", Body: `{"shipment":"aaaaaaaaaaaa"}`}),
	)
	if back := receive(post.ArchiveQueue, 1); len(back) != 1 || back[0].Shipment != "aaaaaaaaaaaa" {
		t.Errorf("what was put back came as %v", back)
	}
	if err := queues.Send(ctx, "nowhere", all[0]); !errors.Is(err, post.ErrNotFound) {
		t.Errorf("a queue that is not there: %v", err)
	}
}
