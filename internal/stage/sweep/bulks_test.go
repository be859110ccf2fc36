package sweep

import (
	"context"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

// TestABulkThatStandsStill gets its job again, once for each look, until it has ended.
func TestABulkThatStandsStill(t *testing.T) {
	ctx, now := context.Background(), posttest.Start
	s, queues := store.New(storetest.NewMemory()), &posttest.MemoryQueues{}
	h := handler(s, &posttest.MemoryObjects{}, queues, post.DemoTimings, &now)
	posttest.Check(t, s.Bulks().Create(ctx, &post.Bulk{ID: "bbbbbbbbbbbb", Org: "demo", Made: now,
		Due: h.clock().NextCheck()}))
	for _, step := range []struct {
		after time.Duration
		ended bool
		jobs  int
	}{{0, false, 0}, {time.Hour, false, 1}, {0, false, 0}, {time.Hour, false, 1}, {time.Hour, true, 0}} {
		now = now.Add(step.after)
		if step.ended {
			_, err := s.Bulks().Change(ctx, "demo", "bbbbbbbbbbbb", func(b *post.Bulk) error {
				b.End(now, nil)
				return nil
			})
			posttest.Check(t, err)
		}
		_, err := h.Run(ctx)
		posttest.Check(t, err)
		jobs := queues.Take(post.BulkQueue)
		if len(jobs) != step.jobs || step.jobs > 0 && jobs[0] != (post.Job{Org: "demo", Bulk: "bbbbbbbbbbbb"}) {
			t.Errorf("after %v: jobs %v, want %d", step.after, jobs, step.jobs)
		}
	}
}
