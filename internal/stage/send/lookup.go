package send

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	"brevdue/internal/post"
)

// lookUp asks the register about the recipients of a shipment in review. Whatever it answers, or if it does not,
// nothing is held back for it: then they are not looked up.
func (h *Handler) lookUp(ctx context.Context, j post.Job) error {
	l, err := h.LookUps.LookUp(ctx, j.Org, j.LookUp)
	if err != nil || l == nil || !l.Ended.IsZero() { // it is too old, or the job came twice
		return err
	}
	all, cancel := context.WithTimeout(ctx, h.Timings.Call)
	defer cancel()
	others := map[string]post.Enrollment{}
	for some := range slices.Chunk(l.Numbers, post.LookUpAtOnce) {
		found, err := h.Register.Enrollments(all, j.Org, some)
		switch {
		case errors.Is(err, post.ErrNoRegister):
			l.Problem = post.LookUpNoRegister
		case err != nil:
			slog.Info("not looked up", "shipment", j.LookUp, "error", err)
			l.Problem = post.LookUpNoAnswer
		}
		if l.Problem != "" {
			others, l.Asked = nil, 0
			break
		}
		for key, e := range found {
			if e != post.Registered {
				others[key] = e
			}
		}
		l.Asked += len(some)
	}
	now, err := h.LookUps.LookUp(ctx, j.Org, j.LookUp)
	if err != nil || now == nil || !now.Made.Equal(l.Made) { // it was asked for anew meanwhile, by a job of its own
		return err
	}
	l.Others, l.Ended = others, h.Now()
	return h.LookUps.PutLookUp(ctx, l)
}
