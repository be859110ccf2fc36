package receipt

import (
	"context"
	"errors"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/workflow"
)

// PullAll fetches receipts, and asks who was legally notified.
func (h *Handler) PullAll(ctx context.Context) (more bool, err error) {
	more, err = h.Pull(ctx)
	return more, errors.Join(err, h.askWhoWasNotified(ctx))
}

// askEvery is how many of the sweep's rounds lie between two questions about a legal notification.
const askEvery = 10

// askedAtOnce is how many legal notifications are asked about in one round.
const askedAtOnce = 500

// askWhoWasNotified asks about legal notifications that wait, and notes the answers in their letters.
func (h *Handler) askWhoWasNotified(ctx context.Context) error {
	all, err := h.LegalNotices.DueLegalNotices(ctx, h.Now(), askedAtOnce)
	if err != nil {
		return err
	}
	due := map[string][]post.LegalNotice{}
	for _, n := range all {
		due[n.Org] = append(due[n.Org], n)
	}
	var errs []error
	for org, some := range due {
		errs = append(errs, h.askOf(ctx, org, some))
	}
	return errors.Join(errs...)
}

func (h *Handler) askOf(ctx context.Context, org string, some []post.LegalNotice) error {
	since, uuids := some[0].Since, make([]string, len(some))
	for i, n := range some {
		uuids[i] = n.UUID
		if n.Since.Before(since) {
			since = n.Since
		}
	}
	notified, err := h.Legal.LegallyNotified(ctx, org, uuids, since)
	errs := []error{err}
	for _, n := range some {
		n.Next = h.Now().Add(askEvery * h.Timings.Sweep) // first: what fails below comes again then, and not at once
		err := h.LegalNotices.PutLegalNotice(ctx, n)
		if at, ok := notified[n.UUID]; ok && err == nil {
			err = h.notified(ctx, n, at)
		} else if err == nil {
			err = h.dropUnsent(ctx, n)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// notified notes in a letter that its recipient was notified. A letter that is not there any more is asked about no
// more.
func (h *Handler) notified(ctx context.Context, n post.LegalNotice, at time.Time) error {
	_, _, err := workflow.ChangeOne(ctx, h.Letters, n.Org, n.Letter, func(l *post.Letter) error {
		return l.NotifyLegally(post.Clock{At: h.Now(), Timings: h.Timings}, n.UUID, at)
	})
	if err != nil && !errors.Is(err, post.ErrNotFound) {
		return err
	}
	return h.LegalNotices.DropLegalNotice(ctx, n)
}

// dropUnsent forgets what was noted before a post that took nobody's letter in, or whose letter was refused.
func (h *Handler) dropUnsent(ctx context.Context, n post.LegalNotice) error {
	l, err := h.Letters.GetAny(ctx, n.Letter)
	switch {
	case errors.Is(err, post.ErrNotFound):
	case err != nil:
		return err
	case !l.State.NotSent() && l.State != post.Cancelled:
		return nil
	}
	return h.LegalNotices.DropLegalNotice(ctx, n)
}
