package embedded

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"brevdue/internal/post"
)

// Handler does errands and returns one error for each, nil for those that are done.
type Handler func(ctx context.Context, errands []post.Errand) []error

// Job is a queue with its handler.
type Job struct {
	Queue   post.Queue
	Handle  Handler
	Batch   int           // errands at a time; 10 as in the cloud
	Workers int           // copies at work at once
	Visible time.Duration // longer than the handler takes
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
		given, err := q.receive(ctx, j.Batch, j.Visible)
		if err != nil {
			if ctx.Err() == nil {
				slog.Error("receive", "queue", j.Queue, "error", err)
				time.Sleep(time.Second)
			}
			continue
		}
		errands := make([]post.Errand, len(given))
		for i, w := range given {
			errands[i] = w.Errand
		}
		h.settle(q, dead, given, safely(ctx, j.Handle, errands))
	}
}

// settle finishes what is done; the rest comes again, and goes to the dead letters when it came too often.
func (h *Home) settle(q, dead *queue, given []*waiting, errs []error) {
	var done, late, again []*waiting
	for i, w := range given {
		switch {
		case errs[i] == nil:
			done = append(done, w)
		case dead != nil && w.Receives >= post.MaxReceives:
			slog.Error("dead letter", "queue", q.name, "letter", w.Errand.Letter, "shipment", w.Errand.Shipment, "error", errs[i])
			late = append(late, w)
		default:
			slog.Warn("comes again", "queue", q.name, "letter", w.Errand.Letter, "shipment", w.Errand.Shipment, "tries", w.Receives, "error", errs[i])
			again = append(again, w)
		}
	}
	q.release(again, time.Second)
	// Not the worker's ctx: what was done at shutdown is finished too.
	if err := q.finish(context.Background(), done, late, dead); err != nil {
		slog.Error("finish", "queue", q.name, "error", err)
	}
}

// safely turns a panic into an error of every errand in hand.
func safely(ctx context.Context, handle Handler, errands []post.Errand) (errs []error) {
	defer func() {
		if x := recover(); x != nil {
			errs = make([]error, len(errands))
			for i := range errs {
				errs[i] = fmt.Errorf("panic: %v", x)
			}
			slog.Error("panic", "cause", x, "stack", string(debug.Stack()))
		}
	}()
	return handle(ctx, errands)
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
