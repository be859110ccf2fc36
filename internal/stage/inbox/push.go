package inbox

import (
	"context"
	"errors"
	"fmt"

	"brevdue/internal/post"
)

// Push takes in a message that Digital Post hands over by itself. It is stored, with the receipt that it gets: that
// follows our answer (digital-post.md 4.1), by the next poll of its organization's mailbox.
func (h *Handler) Push(ctx context.Context, id string, raw []byte) error {
	is, err := h.keep(ctx, id, raw)
	if err != nil {
		return err
	}
	return h.Pushed.PutPushed(ctx, is)
}

// ConfirmPushed gives the receipts of pushed messages, whose organizations' mailbox this is.
func (h *Handler) ConfirmPushed(ctx context.Context, pushed []post.PushedMemo) error {
	var errs []error
	for _, is := range pushed {
		err := h.Mailbox.Confirm(ctx, is.ID, is.UUID, is.Status)
		if err == nil {
			err = h.Pushed.DropPushed(ctx, is)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("pushed message %s: %w", is.ID, err))
		}
	}
	return errors.Join(errs...)
}
