package unhandled

import (
	"context"
	"errors"

	"brevdue/internal/post"
)

// propose keeps a correction until another person approves it.
func (r *Remedies) propose(ctx context.Context, who post.Caller, l *post.Letter, c post.Correction) error {
	s, err := r.Shipments.Get(ctx, who.Org, l.ID.Shipment())
	if err != nil {
		return err
	}
	entry := who.Did(post.ActAsk, s.ID, l.ID, correctionText(c))
	if err := r.Audit.Record(ctx, entry); err != nil {
		return err
	}
	err = r.Proposals.PutProposal(ctx, post.Proposal{
		Org: who.Org, ID: r.NewID(), Letter: l.ID, Number: l.Number, Area: s.Area,
		Recipient: c.Recipient, Subject: c.Subject, By: who.Owner(), At: r.Now(), Revision: l.Revision,
	})
	return errors.Join(err, post.ErrCorrectionAsked)
}

// proposal returns the proposal that somebody has seen, where it is the one that waits.
func (r *Remedies) proposal(
	ctx context.Context,
	who post.Caller,
	id post.LetterID,
	seen string,
) (post.Proposal, error) {
	if who.Kind != post.ByUser {
		return post.Proposal{}, &post.Forbidden{Right: post.RightApprove, People: true}
	}
	p, err := r.Proposals.Proposal(ctx, who.Org, id)
	if err == nil && seen != "" && seen != p.ID {
		err = post.ErrNotAsked
	}
	return p, err
}

// ApproveCorrection implements post.CorrectionApprovals: for a person who did not make it. A letter that has changed
// since is not corrected.
func (r *Remedies) ApproveCorrection(ctx context.Context, who post.Caller, id post.LetterID, seen string) error {
	p, err := r.proposal(ctx, who, id, seen)
	if err != nil {
		return err
	}
	if p.By == who.Owner() {
		return post.ErrOwnWork
	}
	l, err := r.Letters.Get(ctx, who.Org, id)
	if err != nil {
		return err
	}
	if l.Revision != p.Revision {
		return errors.Join(r.Proposals.DropProposal(ctx, who.Org, id), post.ErrNotAsked)
	}
	if err := r.undelivered(ctx, l); err != nil {
		return err
	}
	c := post.Correction{Recipient: p.Recipient, Subject: p.Subject}
	entry := who.Did(post.ActApprove, id.Shipment(), id, correctionText(c))
	if err := r.Audit.Record(ctx, entry); err != nil {
		return err
	}
	by := post.Caller{Org: who.Org, Name: p.By, Kind: post.ByUser} // the correction is theirs
	if err := r.correct(ctx, by, l, c, p.Revision); err != nil {
		return err
	}
	return r.Proposals.DropProposal(ctx, who.Org, id)
}

// DeclineCorrection implements post.CorrectionApprovals: the letter stays in Ubehandlet.
func (r *Remedies) DeclineCorrection(ctx context.Context, who post.Caller, id post.LetterID, seen string) error {
	if _, err := r.proposal(ctx, who, id, seen); err != nil {
		return err
	}
	if err := r.Audit.Record(ctx, who.Did(post.ActDecline, id.Shipment(), id, "")); err != nil {
		return err
	}
	return r.Proposals.DropProposal(ctx, who.Org, id)
}
