package embedded

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"brevdue/internal/post"
)

// Job is a queue with its handler.
type Job struct {
	Queue   post.Queue
	Handle  post.Handler
	Batch   int           // errands at a time; 10 as in the cloud
	Workers int           // copies at work at once
	Visible time.Duration // longer than the handler takes
	After   post.Queue    // while this one has work, the job holds back; it never stands still for it
}

// Work runs jobs until ctx ends, and returns when the last errand in hand is finished.
func (h *Home) Work(ctx context.Context, jobs ...Job) {
	var wg sync.WaitGroup
	for _, j := range jobs {
		for range j.Workers {
			wg.Go(func() { h.work(ctx, j) })
		}
	}
	wg.Wait()
}

func (h *Home) work(ctx context.Context, j Job) {
	q, dead := h.queue[j.Queue], h.queue[j.Queue.Dead()]
	for ctx.Err() == nil {
		h.holdBack(ctx, j.After)
		given, err := q.receive(ctx, j.Batch, j.Visible)
		if err != nil {
			if ctx.Err() == nil {
				slog.Error("receive", "queue", j.Queue, "error", err)
				time.Sleep(time.Second)
			}
			continue
		}
		given = h.buryKillers(q, dead, given)
		errands := make([]post.Errand, len(given))
		for i, w := range given {
			errands[i] = w.Errand
		}
		if len(errands) > 0 {
			h.settle(ctx, q, dead, given, j.Handle.Each(ctx, errands))
		}
	}
}

// holdBackFor is how long a job lets another one go first before it takes one batch all the same.
const holdBackFor = 5 * time.Second

func (h *Home) holdBack(ctx context.Context, after post.Queue) {
	for until := time.Now().Add(holdBackFor); after != "" && h.Waiting(after) > 0 && time.Now().Before(until) && ctx.Err() == nil; {
		time.Sleep(20 * time.Millisecond)
	}
}

// killLimit is how often an errand may be given out without ever coming back: it must not take the process down for
// ever, but a machine that is switched off now and then is not its fault.
const killLimit = 50

// buryKillers takes out errands that were given out again and again and never came back.
func (h *Home) buryKillers(q, dead *queue, given []*waiting) []*waiting {
	if dead == nil {
		return given
	}
	var good, killers []*waiting
	for _, w := range given {
		if w.Receives > killLimit+w.Failures {
			slog.Error("dead letter: it never comes back", "queue", q.name, "letter", w.Errand.Letter, "shipment", w.Errand.Shipment)
			killers = append(killers, w)
		} else {
			good = append(good, w)
		}
	}
	if len(killers) > 0 {
		h.bury(q, killers, dead)
	}
	return good
}

// settle finishes what is done; the rest comes again, and goes to the dead letters when it failed too often. What was
// broken off by a shutdown has not failed.
func (h *Home) settle(ctx context.Context, q, dead *queue, given []*waiting, errs []error) {
	var done, late, again []*waiting
	for i, w := range given {
		if errs[i] != nil && ctx.Err() == nil {
			w.Failures++
		}
		switch {
		case errs[i] == nil:
			done = append(done, w)
		case dead != nil && w.Failures >= post.MaxReceives:
			slog.Error("dead letter", "queue", q.name, "letter", w.Errand.Letter, "shipment", w.Errand.Shipment, "error", errs[i])
			late = append(late, w)
		default:
			slog.Warn("comes again", "queue", q.name, "letter", w.Errand.Letter, "shipment", w.Errand.Shipment, "failures", w.Failures, "error", errs[i])
			again = append(again, w)
		}
	}
	if len(again) > 0 {
		q.count(again)
		q.release(again, time.Second)
	}
	if len(done) > 0 {
		q.finish(done)
	}
	if len(late) > 0 {
		h.bury(q, late, dead)
	}
}

// bury does not stop at the worker's ctx: what was decided at shutdown is written down too.
func (h *Home) bury(q *queue, late []*waiting, dead *queue) {
	if err := q.bury(context.Background(), late, dead); err != nil {
		slog.Error("bury", "queue", q.name, "error", err)
	}
}

// Every calls do now and then until ctx ends; do returns true to be called again at once.
func Every(ctx context.Context, wait time.Duration, do func(context.Context) (more bool, err error)) {
	for {
		more, err := do(ctx)
		if err != nil && ctx.Err() == nil {
			slog.Warn("repeated work", "error", err)
		}
		if more && err == nil {
			if ctx.Err() != nil {
				return
			}
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}
