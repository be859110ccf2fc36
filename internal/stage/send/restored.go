package send

import (
	"context"
	"log/slog"

	"brevdue/internal/post"
)

// restored reports whether the table came out of a backup. While nothing may leave, the letters stay queued, and the
// sweep brings their jobs again.
func (h *Handler) restored(ctx context.Context) (post.Restored, error) {
	if h.Restored == nil {
		return post.Restored{}, nil
	}
	r, err := h.Restored.Restored(ctx)
	if err == nil && r.Held {
		slog.Warn("held", "reason", "the table was restored from a backup; brevdue resume lets letters leave again")
	}
	return r, err
}

// before reports whether what is known of a letter comes out of a backup.
func (h *Handler) before(ctx context.Context, r post.Restored, l *post.Letter) (bool, error) {
	if r.Before.IsZero() {
		return false, nil
	}
	s, err := h.shipment(ctx, l)
	return err == nil && r.From(s), err
}

// askForLost asks for the UUIDs that the letter may have left with before its table was restored; nil when it did not.
func (t *try) askForLost(ctx context.Context) outcome {
	for _, uuid := range t.lost {
		switch found, err := t.h.Channel.Find(ctx, t.letter.Org, uuid, t.since); {
		case err != nil:
			t.guard.record(t.letter, err)
			return t.reschedule(err)
		case found:
			return func(l *post.Letter) error { return l.FindLost(t.h.clock(), t.uuid, uuid) }
		}
	}
	return nil
}
