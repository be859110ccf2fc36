package embedded

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/texts"
	"brevdue/internal/workflow"
)

// Worker is a queue with its handler.
type Worker struct {
	Queue   post.Queue
	Handle  workflow.Handler
	Batch   int           // jobs at a time; 10 as in the cloud
	Workers int           // copies at work at once
	Visible time.Duration // longer than the handler takes
	After   post.Queue    // while this one has work, the job holds back; it never stands still for it
}

// Work runs jobs until ctx ends, and returns when the last job that was begun is finished. A panic outside a handler,
// as of a broken file, ends all jobs and is returned.
func (h *Backend) Work(ctx context.Context, jobs ...Worker) error {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	var wg sync.WaitGroup
	for _, j := range jobs {
		for range j.Workers {
			wg.Go(func() {
				var err error
				defer func() {
					if err != nil {
						end(err)
					}
				}()
				defer parallel.Recover(&err)
				h.work(ctx, j)
			})
		}
	}
	wg.Wait()
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// work gives the jobs of a queue to a worker until ctx ends, batch by batch. What fails goes the same way as on SQS: it
// comes again, and to the dead letters after MaxReceives.
func (h *Backend) work(ctx context.Context, j Worker) {
	q, dead := h.queue[j.Queue], h.queue[j.Queue.Dead()]
	for ctx.Err() == nil {
		h.postpone(ctx, j.After)
		given, err := q.receive(ctx, j.Batch, j.Visible)
		if err != nil {
			if ctx.Err() == nil {
				slog.Error("receive", "queue", j.Queue, "error", err)
				time.Sleep(time.Second)
			}
			continue
		}
		given = h.buryKillers(q, dead, given)
		jobs := make([]post.Job, len(given))
		for i, w := range given {
			jobs[i] = w.Job
		}
		if len(jobs) > 0 {
			h.flush(ctx, q, dead, given, j.Handle.Each(ctx, jobs))
		}
	}
}

// postponeFor is how long a job lets another one go first before it takes one batch all the same.
const postponeFor = 5 * time.Second

func (h *Backend) postpone(ctx context.Context, after post.Queue) {
	for until := time.Now().Add(postponeFor); after != "" && h.Waiting(after) > 0 && time.Now().Before(until) &&
		ctx.Err() == nil; {
		time.Sleep(20 * time.Millisecond)
	}
}

// killLimit is how often a job may be given out without ever coming back: it must not take the process down for
// ever, but a machine that is switched off now and then is not its fault.
const killLimit = 50

// buryKillers takes out jobs that were given out again and again and never came back.
func (h *Backend) buryKillers(q, dead *queue, given []*waiting) []*waiting {
	if dead == nil {
		return given
	}
	var good, killers []*waiting
	for _, w := range given {
		if w.Receives > killLimit+w.Failures+w.Waited {
			slog.Error(
				"dead letter: it never comes back",
				"queue",
				q.name,
				"letter",
				w.Job.Letter,
				"shipment",
				w.Job.Shipment,
			)
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

// flush finishes what is done; the rest comes again, and goes to the dead letters when it failed too often. What was
// broken off by a shutdown has not failed.
func (h *Backend) flush(ctx context.Context, q, dead *queue, given []*waiting, errs []error) {
	var done, late, again []*waiting
	for i, w := range given {
		own := texts.Of(post.OwnFault(errs[i]))
		if errs[i] != nil && ctx.Err() == nil && own == "" {
			w.Failures++
		}
		switch {
		case errs[i] == nil:
			done = append(done, w)
		case own != "":
			h.suffers(own)
			w.Waited++
			slog.Error("waits for the machine", "queue", q.name, "letter", w.Job.Letter, "shipment", w.Job.Shipment,
				"error", errs[i])
			q.count([]*waiting{w})
			q.release([]*waiting{w}, ownTimings.BackOff(w.Waited, rand.Float64()))
		case dead != nil && w.Failures >= post.MaxReceives:
			slog.Error(
				"dead letter",
				"queue",
				q.name,
				"letter",
				w.Job.Letter,
				"shipment",
				w.Job.Shipment,
				"error",
				errs[i],
			)
			late = append(late, w)
		default:
			slog.Warn(
				"comes again",
				"queue",
				q.name,
				"letter",
				w.Job.Letter,
				"shipment",
				w.Job.Shipment,
				"failures",
				w.Failures,
				"error",
				errs[i],
			)
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

// ownTimings is how jobs wait for the machine they run on: as for Digital Post, but for as long as it takes.
var ownTimings = post.Timings{BackOffFrom: time.Second, BackOffTo: time.Minute}

// bury does not stop at the worker's ctx: what was decided at shutdown is written down too.
func (h *Backend) bury(q *queue, late []*waiting, dead *queue) {
	if err := q.bury(context.Background(), late, dead); err != nil {
		slog.Error("bury", "queue", q.name, "error", err)
	}
}

// Every calls do now and then until ctx ends; do returns true to be called again at once. It returns a panic of do.
func Every(ctx context.Context, wait time.Duration, do func(context.Context) (more bool, err error)) (died error) {
	defer parallel.Recover(&died)
	for {
		more, err := do(ctx)
		if err != nil && ctx.Err() == nil {
			slog.Warn("repeated work", "error", err)
		}
		if more && err == nil {
			if ctx.Err() != nil {
				return nil
			}
			continue
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}
