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

// ask asks Digital Post whether it has a letter whose receipt is missing, and notes the answer. It posts nothing and
// changes no state: a receipt may still come.
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
