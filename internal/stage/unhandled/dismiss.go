package unhandled

import (
	"context"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/workflow"
)

// ErrNoReason means that something shall be dismissed without saying why.
const ErrNoReason sentence.Sentence = `§["type-reason"]`

// Dismiss takes rows out of Ubehandlet that were handled in another way.
func (r *Remedies) Dismiss(
	ctx context.Context,
	who post.Caller,
	filter post.FailureFilter,
	reason string,
) (int, error) {
	reason, err := post.Reason(reason, ErrNoReason)
	if err != nil {
		return 0, err
	}
	n := 0
	err = r.each(ctx, who, filter, post.ActDismiss, reason, func(f *post.Failure) error {
		if f.Letter != "" { // first: a dead letter that comes late must find that its row has stood
			_, _, err := workflow.ChangeOne(ctx, r.Letters, who.Org, f.Letter, func(l *post.Letter) error {
				l.Dismiss(r.clock(), f, who.Name+": "+reason)
				return nil
			})
			if err != nil {
				return err
			}
		}
		if err := r.Failures.Close(ctx, f, reason, who.Name, r.Now()); err != nil {
			return err
		}
		n++
		return nil
	})
	return n, err
}

// dismissed takes up a letter whose row somebody has dismissed.
func (p *replaying) dismissed(
	ctx context.Context,
	id post.LetterID,
	act post.Action,
	text string,
	sum *post.Replayed,
) error {
	l, err := p.Letters.Get(ctx, p.who.Org, id)
	if err != nil || l.State != post.Dismissed {
		return err
	}
	f := &post.Failure{Org: l.Org, Shipment: id.Shipment(), Letter: id, Number: l.Number, Problem: *l.Problem,
		Since: l.Problem.At}
	if act != "" {
		if err := p.record(ctx, p.who, act, text, []*post.Failure{f}); err != nil {
			return err
		}
	}
	what, err := p.row(ctx, f)
	if err == nil {
		sum.Add(what)
	}
	return err
}
