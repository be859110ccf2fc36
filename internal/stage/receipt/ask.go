package receipt

import (
	"context"
	"log/slog"

	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/workflow"
)

// Ask asks Digital Post about letters whose receipt is missing, and notes what it says: known, the receipt may still
// come; unknown, a person has to find out. Nothing is ever posted here.
func (h *Handler) Ask(ctx context.Context, jobs []post.Job) []error {
	errs := make([]error, len(jobs))
	_ = h.Runner.Run(ctx, len(jobs), 0, func(i int) (err error) { // each job has its own error
		defer func() { errs[i] = err }()
		defer parallel.Recover(&err)
		return h.ask(ctx, jobs[i].Letter)
	})
	return errs
}

// doubt ends a letter whose container was taken in, and of which Digital Post knows nothing so long after: a person
// decides. A receipt may still come.
func (h *Handler) doubt(ctx context.Context, l *post.Letter) error {
	uuid := l.Current().UUID
	now, wrote, err := workflow.ChangeOne(ctx, h.Letters, l.Org, l.ID, func(l *post.Letter) error {
		return l.DoubtContainer(post.Clock{At: h.Now(), Timings: h.Timings}, uuid)
	})
	if err != nil || !wrote {
		return err
	}
	return workflow.QueueAfterEnd(ctx, h.Queues, []*post.Letter{now})
}

// ask asks Digital Post whether it has a letter whose receipt is missing, and notes the answer. It posts nothing: a
// receipt may still come.
func (h *Handler) ask(ctx context.Context, id post.LetterID) error {
	l, err := h.Letters.GetAny(ctx, id)
	if err != nil || l.State != post.HandedOver {
		return err
	}
	note := sentence.Of("asked-known")
	switch found, err := h.Channel.Find(ctx, l.Org, l.Current().UUID, l.EventsSince()); {
	case err != nil: // its row stands in Ubehandlet all the same, with a button that asks again
		slog.Info("not asked", "letter", id, "error", err)
		return nil
	case !found && l.Container != "":
		return h.doubt(ctx, l)
	case !found:
		note = sentence.Of("asked-unknown")
	}
	_, _, err = workflow.ChangeOne(ctx, h.Letters, l.Org, id, func(l *post.Letter) error {
		if l.State != post.HandedOver {
			return post.ErrUnchanged
		}
		l.Note(h.Now(), post.WasAsked, string(note))
		return nil
	})
	return err
}
