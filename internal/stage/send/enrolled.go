package send

import (
	"cmp"
	"context"
	"log/slog"
	"maps"
	"slices"

	"brevdue/internal/ident"
	"brevdue/internal/post"
)

// askAgain asks the register right before letters leave about recipients that it was asked about in the review, and
// never the cache (practice.md C5). A register that does not answer holds nothing: then they are not looked up.
// Letters that may have left are not among these.
func (h *Handler) askAgain(ctx context.Context, letters []*post.Letter) map[post.LetterID]post.Enrollment {
	numbers := map[string][]ident.Number{}
	for _, l := range letters {
		if l.Reviewed != "" && !slices.Contains(numbers[l.Org], l.Recipient) {
			numbers[l.Org] = append(numbers[l.Org], l.Recipient)
		}
	}
	is := map[post.LetterID]post.Enrollment{}
	ctx, cancel := context.WithTimeout(ctx, h.Timings.Call/2) // of all organizations together
	defer cancel()
	for org, all := range numbers {
		found := h.enrollments(ctx, org, all)
		for _, l := range letters {
			if l.Org == org && l.Reviewed != "" {
				is[l.ID] = cmp.Or(found[l.Recipient.Key()], post.NotLookedUp)
			}
		}
	}
	return is
}

// enrollments is what the register says of numbers; nothing of those where it does not answer.
func (h *Handler) enrollments(ctx context.Context, org string, all []ident.Number) map[string]post.Enrollment {
	found := map[string]post.Enrollment{}
	for some := range slices.Chunk(all, post.LookUpAtOnce) {
		is, err := h.Register.Enrollments(ctx, org, some)
		if err != nil {
			slog.Info("not looked up again", "org", org, "numbers", len(some), "error", err)
			break
		}
		maps.Copy(found, is)
	}
	return found
}

// changed is what happens to a letter whose recipient is not enrolled any more as in the review; nil for another.
func (h *Handler) changed(l *post.Letter, is post.Enrollment) outcome {
	if is == "" || is == post.NotLookedUp || is == l.Reviewed {
		return nil
	}
	uuid, lease := l.Current().UUID, l.Lease
	return func(l *post.Letter) error { return l.HoldChanged(h.clock(), uuid, lease, is) }
}

// unseen notes in a letter that leaves that the register was silent about its recipient.
func (h *Handler) unseen(l *post.Letter, is post.Enrollment, sent outcome) outcome {
	if is != post.NotLookedUp {
		return sent
	}
	return func(l *post.Letter) error {
		l.NoteNotLookedUp(h.Now())
		return sent(l)
	}
}
