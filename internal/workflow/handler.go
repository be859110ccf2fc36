package workflow

import (
	"context"

	"brevdue/internal/parallel"
	"brevdue/internal/post"
)

// Handler does jobs and returns one error for each, nil for those that are done.
type Handler func(ctx context.Context, jobs []post.Job) []error

// Each does jobs together, and what failed then once more alone: one that fails, or panics, takes none of the others
// with it.
func (h Handler) Each(ctx context.Context, jobs []post.Job) []error {
	errs := h.safely(ctx, jobs)
	for i, e := range jobs {
		if errs[i] != nil && len(jobs) > 1 && ctx.Err() == nil {
			errs[i] = h.safely(ctx, []post.Job{e})[0]
		}
	}
	return errs
}

// safely turns a panic into an error of every job of the batch.
func (h Handler) safely(ctx context.Context, jobs []post.Job) (errs []error) {
	if len(jobs) == 0 {
		return nil
	}
	var panicked error
	defer func() {
		if panicked != nil {
			errs = make([]error, len(jobs))
			for i := range errs {
				errs[i] = panicked
			}
		}
	}()
	defer parallel.Recover(&panicked)
	return h(ctx, jobs)
}
