package sweep

import (
	"context"
	"errors"

	"brevdue/internal/post"
)

// transfersAtOnce is how many letters on their way into archives outside a sweep looks at: the next one comes in a
// minute.
const transfersAtOnce = 500

// transfers first moves the next look at each letter that is on its way into an archive outside, then sends its job;
// one that has failed without a row in Ubehandlet gets that.
func (h *Handler) transfers(ctx context.Context) error {
	due, err := h.Transfers.DueTransfers(ctx, h.Now(), transfersAtOnce)
	errs := []error{err}
	jobs := map[post.Queue][]post.Job{}
	for _, t := range due {
		now, err := h.Transfers.ChangeTransfer(ctx, t.Org, t.Key(), func(t *post.Transfer) error {
			if t.Due.IsZero() || t.Due.After(h.Now()) {
				return post.ErrUnchanged
			}
			t.Due = h.clock().NextCheck()
			return nil
		})
		if err != nil {
			errs = append(errs, err)
			continue
		}
		job := post.Job{Org: t.Org, Letter: t.Letter, Archive: t.Archive}
		switch {
		case now.State == post.TransferFailed && !now.Reported:
			job.Code = post.ArchiveFailedCode
			jobs[post.ArchiveQueue.Dead()] = append(jobs[post.ArchiveQueue.Dead()], job)
		case !now.Due.IsZero():
			jobs[post.ArchiveQueue] = append(jobs[post.ArchiveQueue], job)
		}
	}
	for _, q := range []post.Queue{post.ArchiveQueue.Dead(), post.ArchiveQueue} {
		if len(jobs[q]) > 0 {
			errs = append(errs, h.Queues.Send(ctx, q, jobs[q]...))
		}
	}
	return errors.Join(errs...)
}
