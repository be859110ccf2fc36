package unhandled

import (
	"context"
	"errors"

	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// showTransfer shows a letter that an archive outside did not take. The letter itself keeps its state.
func (h *Handler) showTransfer(ctx context.Context, j post.Job) error {
	l, err := h.Letters.Get(ctx, j.Org, j.Letter)
	if err != nil {
		return err
	}
	all, err := h.Transfers.Transfers(ctx, j.Org, j.Letter)
	if err != nil {
		return err
	}
	for _, t := range all {
		if t.Archive != j.Archive {
			continue
		}
		if j.Code == "" && !t.Due.IsZero() && t.State == "" { // it broke down in our code
			t, err = h.Transfers.ChangeTransfer(ctx, j.Org, t.Key(), func(t *post.Transfer) error {
				if t.State != "" || t.Due.IsZero() {
					return post.ErrUnchanged
				}
				t.Reschedule(h.clock(), 0, *post.FailedTransfer(sentence.Of("archive-broke", t.Archive)), true)
				return nil
			})
			if err != nil {
				return err
			}
		}
		if t.State != post.TransferFailed || t.Reported {
			continue
		}
		problem := *t.Problem
		problem.At = t.Failed
		if err := h.putRow(ctx, l, problem, t.Archive); err != nil {
			return err
		}
		_, err := h.Transfers.ChangeTransfer(ctx, j.Org, t.Key(), func(now *post.Transfer) error {
			return now.Report(problem.At)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// checkCase returns why a case cannot be chosen for what an archive outside did not take.
func checkCase(given string) error {
	if given == "" {
		return nil
	}
	if ident.ContainsCPR(given) {
		return post.Mistakes{{Field: "case", Text: sentence.Of("case-name-with-number")}}
	}
	if err := post.CheckFullText(`§["place-case"]`, given, caseMost); err != nil {
		var wrong post.Mistakes
		wrong.Check("case", err)
		return wrong
	}
	return nil
}

// caseMost is how long the number of a case is at most.
const caseMost = 64

// transferAgain has an archive outside tried once more, in another case where a person has named one.
func (p *replaying) transferAgain(ctx context.Context, f *post.Failure) (post.Replaying, error) {
	failed, err := p.failedTransfers(ctx, f)
	switch {
	case err != nil:
		return post.ReplayNothing, err
	case p.how.DryRun && len(failed) > 0:
		return post.ReplayArchive, nil
	case p.how.DryRun:
		return post.ReplayNothing, nil
	}
	what := post.ReplayNothing
	for _, t := range failed {
		now, err := p.Transfers.ChangeTransfer(ctx, f.Org, t.Key(), func(t *post.Transfer) error {
			return t.Again(p.clock(), p.how.Case)
		})
		if err != nil {
			return what, err
		}
		if now.State == "" {
			what = post.ReplayArchive
		}
	}
	if err := p.Failures.Close(ctx, f, "", p.who.Name, p.Now()); err != nil || what == post.ReplayNothing {
		return what, err
	}
	return what, p.Queues.Send(ctx, post.ArchiveQueue, post.Job{Org: f.Org, Letter: f.Letter, Archive: f.Archive})
}

// failedTransfers are those that a row is about. Where there is none any more, whoever should have closed the row did
// not come to it.
func (r *Remedies) failedTransfers(ctx context.Context, f *post.Failure) ([]*post.Transfer, error) {
	all, err := r.Transfers.Transfers(ctx, f.Org, f.Letter)
	var failed []*post.Transfer
	for _, t := range all {
		if t.Archive == f.Archive && t.State == post.TransferFailed {
			failed = append(failed, t)
		}
	}
	return failed, err
}

// dismissTransfer notes that a person has filed by hand what an archive outside did not take.
func (r *Remedies) dismissTransfer(ctx context.Context, f *post.Failure) error {
	failed, err := r.failedTransfers(ctx, f)
	errs := []error{err}
	for _, t := range failed {
		_, err := r.Transfers.ChangeTransfer(ctx, f.Org, t.Key(), func(now *post.Transfer) error {
			return now.Dismiss(t.Failed)
		})
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
