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

// askWhoWasNotified asks about legal notifications that wait, and notes the answers in their letters.
func (h *Handler) askWhoWasNotified(ctx context.Context) error {
	all, err := h.LegalNotices.LegalNotices(ctx)
	if err != nil {
		return err
	}
	due := map[string][]post.LegalNotice{}
	for _, n := range all {
		if !n.Next.After(h.Now()) {
			due[n.Org] = append(due[n.Org], n)
		}
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
		if at, ok := notified[n.UUID]; ok {
			errs = append(errs, h.notified(ctx, n, at))
			continue
		}
		n.Next = h.Now().Add(askEvery * h.Timings.Sweep)
		errs = append(errs, h.LegalNotices.PutLegalNotice(ctx, n))
	}
	return errors.Join(errs...)
}

func (h *Handler) notified(ctx context.Context, n post.LegalNotice, at time.Time) error {
	_, _, err := workflow.ChangeOne(ctx, h.Letters, n.Org, n.Letter, func(l *post.Letter) error {
		return l.NotifyLegally(post.Clock{At: h.Now(), Timings: h.Timings}, n.UUID, at)
	})
	if err != nil {
		return err
	}
	return h.LegalNotices.DropLegalNotice(ctx, n)
}
