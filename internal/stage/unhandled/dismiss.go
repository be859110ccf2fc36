package unhandled

import (
	"context"
	"errors"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/workflow"
)

// ErrNoReason means that something shall be dismissed without saying why.
const ErrNoReason sentence.Sentence = `§["type-reason"]`

// Dismiss implements post.Remedies: it takes rows out of Ubehandlet that were handled in another way.
func (r *Remedies) Dismiss(
	ctx context.Context,
	who post.Caller,
	chosen []post.FailureFilter,
	reason string,
) (*post.Bulk, error) {
	reason, err := post.Reason(reason, ErrNoReason)
	if err != nil {
		return nil, err
	}
	return r.begin(ctx, &post.Bulk{Org: who.Org, By: who, Kind: post.BulkDismiss, Chosen: chosen, Reason: reason})
}

// dismissRow marks the letter first, if it is there: a dead letter that comes late must find that its row has stood.
func (r *Remedies) dismissRow(ctx context.Context, who post.Caller, f *post.Failure, reason string) error {
	if f.Archive != "" {
		if err := r.dismissTransfer(ctx, f); err != nil {
			return err
		}
	} else if f.Letter != "" {
		_, _, err := workflow.ChangeOne(ctx, r.Letters, who.Org, f.Letter, func(l *post.Letter) error {
			l.Dismiss(r.clock(), f, who.Name+": "+reason)
			return nil
		})
		if err != nil && !errors.Is(err, post.ErrNotFound) {
			return err
		}
	}
	return r.Failures.Close(ctx, f, reason, who.Name, r.Now())
}

// dismissed returns the row of a letter whose row somebody has dismissed; nil for any other letter.
func (r *Remedies) dismissed(ctx context.Context, org string, id post.LetterID) (*post.Failure, error) {
	l, err := r.Letters.Get(ctx, org, id)
	if err != nil || l.State != post.Dismissed {
		return nil, err
	}
	return &post.Failure{Org: l.Org, Shipment: id.Shipment(), Letter: id, Number: l.Number, Problem: *l.Problem,
		Since: l.Problem.At}, nil
}
