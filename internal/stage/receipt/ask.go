package receipt

import (
	"context"
	"log/slog"

	"brevdue/internal/post"
)

// Ask asks Digital Post about letters whose receipt is missing, and notes what it says: known, the receipt may still
// come; unknown, a person has to find out. Nothing is ever posted here.
func (h *Handler) Ask(ctx context.Context, errands []post.Errand) []error {
	errs := make([]error, len(errands))
	_ = post.Together(ctx, len(errands), 0, func(i int) (err error) { // each errand has its own error
		defer func() { errs[i] = err }()
		defer post.Recover(&err)
		return h.ask(ctx, errands[i].Letter)
	})
	return errs
}

func (h *Handler) ask(ctx context.Context, id post.LetterID) error {
	l, err := h.Letters.Get(ctx, id)
	if err != nil || l.State != post.HandedOver {
		return err
	}
	note := "kendt"
	switch found, err := h.Channel.Find(ctx, l.Current().UUID, l.EventsSince()); {
	case err != nil: // its row stands in Ubehandlet all the same, with a button that asks again
		slog.Info("not asked", "letter", id, "error", err)
		return nil
	case !found:
		note = "ukendt"
	}
	_, _, err = post.ChangeOne(ctx, h.Letters, id, func(l *post.Letter) error {
		if l.State != post.HandedOver {
			return post.Unchanged
		}
		l.Note(h.Now(), post.WasAsked, note)
		return nil
	})
	return err
}
