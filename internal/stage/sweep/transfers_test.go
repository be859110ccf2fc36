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

// TestTransfersThatStandStill: a letter on its way into an archive outside has a job when it is due, once until it is
// due again; one that failed has its row; one that is done has nothing.
func TestTransfersThatStandStill(t *testing.T) {
	ctx, now := context.Background(), posttest.Start
	s, queues := store.New(storetest.NewMemory()), &posttest.MemoryQueues{}
	h := handler(s, &posttest.MemoryObjects{}, queues, post.DemoTimings, &now)
	k := post.TransferKey{Letter: "aaaaaaaaaaaa.0.1.1.0", Archive: "sbsys", Person: "p"}
	job := post.Job{Org: "demo", Letter: k.Letter, Archive: k.Archive}
	change := func(do func(*post.Transfer)) {
		_, err := s.ChangeTransfer(ctx, "demo", k, func(is *post.Transfer) error { do(is); return nil })
		posttest.Check(t, err)
	}
	sweeps := func(what string, q post.Queue, want ...post.Job) {
		t.Helper()
		_, err := h.Run(ctx)
		posttest.Check(t, err)
		if jobs := queues.Take(q); len(jobs) != len(want) || len(want) > 0 && jobs[0] != want[0] {
			t.Errorf("%s: jobs %v, want %v", what, jobs, want)
		}
	}
	change(func(is *post.Transfer) { is.Due = now.Add(time.Minute) })
	sweeps("before its time", post.ArchiveQueue)
	now = now.Add(time.Hour)
	sweeps("due", post.ArchiveQueue, job)
	sweeps("due, and looked at", post.ArchiveQueue)
	change(func(is *post.Transfer) {
		is.Reschedule(post.Clock{At: now, Timings: post.DemoTimings}, 0, post.Problem{}, true)
	})
	now = now.Add(time.Hour)
	job.Code = post.ArchiveFailedCode
	sweeps("failed without a row", post.ArchiveQueue.Dead(), job)
	change(func(is *post.Transfer) { posttest.Check(t, is.Report(is.Failed)) })
	now = now.Add(time.Hour)
	sweeps("failed with its row", post.ArchiveQueue.Dead())
	change(func(is *post.Transfer) { is.Settle(post.TransferCompleted, time.Time{}) })
	sweeps("done", post.ArchiveQueue)
}
