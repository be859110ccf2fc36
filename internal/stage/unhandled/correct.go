package unhandled

import (
	"context"
	"errors"

	"brevdue/internal/ident"
	"brevdue/internal/keys"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/workflow"
)

// Correct sets recipient or subject of one letter right, and sends it. Nothing of it may be at Digital Post, so it is
// asked where an answer was not understood. Where two people approve, a new recipient is a proposal: the error says so.
func (r *Remedies) Correct(ctx context.Context, who post.Caller, id post.LetterID, recipient, subject string) error {
	l, err := r.Letters.Get(ctx, who.Org, id)
	if err != nil {
		return err
	}
	c, err := r.correction(l, recipient, subject)
	if err != nil {
		return err
	}
	if err := r.undelivered(ctx, l); err != nil {
		return err
	}
	if c.Recipient.IsZero() {
		return r.correct(ctx, who, l, c, anyRevision)
	}
	o, err := r.Organizations.Organization(ctx, who.Org)
	if err != nil {
		return err
	}
	s, err := r.Shipments.Get(ctx, who.Org, l.ID.Shipment())
	if err != nil {
		return err
	}
	if s.Options.Legal && !who.Grants.MayAt(post.RightLegal, s.Area) { // practice.md C7
		return post.Mistakes{{Field: "recipient", Text: sentence.Of("not-for-legal")}}
	}
	if o.FourEyes > 0 || s.Options.Legal {
		return r.propose(ctx, who, l, c)
	}
	return r.correct(ctx, who, l, c, anyRevision)
}

// anyRevision stands for whatever revision a letter has.
const anyRevision = -1

// undelivered is that Digital Post does not have the letter.
func (r *Remedies) undelivered(ctx context.Context, l *post.Letter) error {
	if m := l.Current(); m == nil || !m.MayRenew() {
		return nil
	}
	switch known, err := r.alreadyDelivered(ctx, l); {
	case err != nil:
		return err
	case known:
		return post.Mistakes{{Field: "recipient", Text: sentence.Of("correct-late")}}
	}
	return nil
}

// correct makes a correction of a letter whose message is the one that was read, and whose revision is the given one.
func (r *Remedies) correct(
	ctx context.Context,
	who post.Caller,
	l *post.Letter,
	c post.Correction,
	revision int64,
) error {
	id := l.ID
	filter := post.EveryRow()
	filter.Shipment, filter.Letter = id.Shipment(), id
	rows, _, err := r.Failures.List(ctx, who.Org, filter, "", post.BulkRows)
	if err != nil {
		return err
	}
	if err := r.Audit.Record(ctx, who.Did(post.ActCorrect, id.Shipment(), id, correctionText(c))); err != nil {
		return err
	}
	asked := current(l)
	s, err := r.Shipments.Get(ctx, who.Org, id.Shipment())
	if err != nil {
		return err
	}
	now, wrote, err := workflow.ChangeOne(ctx, r.Letters, who.Org, id, func(l *post.Letter) error {
		switch {
		case revision != anyRevision && l.Revision != revision:
			return post.ErrNotAsked
		case current(l) != asked:
			return post.ErrUnchanged
		}
		if err := l.Correct(keys.UUIDs(r.UUIDKey), r.clock(), who.Name, c); err != nil {
			return err
		}
		l.Cancels = s.Cancels
		return nil
	})
	if err != nil || !wrote {
		return errors.Join(err, onItsWay(now, c))
	}
	for _, f := range rows {
		if f.Problem.Code != post.ArchiveFailedCode && f.Problem.Code != post.ChangedAnswer {
			err = errors.Join(err, r.Failures.Close(ctx, f, "", who.Name, r.Now()))
		}
	}
	return errors.Join(err, workflow.QueueBegun(ctx, r.Queues, now))
}

// correctionText says for the audit log what is corrected; the number is masked.
func correctionText(c post.Correction) string {
	if c.Recipient.IsZero() {
		return "emne"
	}
	return "modtager " + c.Recipient.String()
}

// current is the UUID of a letter's message; "" before the first. Whoever has asked about one must not make the next
// because of another: somebody else may have sent, and been refused in words, since.
func current(l *post.Letter) string {
	if m := l.Current(); m != nil {
		return m.UUID
	}
	return ""
}

// onItsWay is no mistake when a second click finds the letter on its way as it asks for.
func onItsWay(l *post.Letter, c post.Correction) error {
	if l == nil || (c.Recipient.IsZero() || l.Recipient == c.Recipient) && (c.Subject == "" || l.Subject == c.Subject) {
		return nil
	}
	return post.Mistakes{{Field: "recipient", Text: sentence.Of("corrected-already")}}
}

// correction checks what a person has typed.
func (r *Remedies) correction(l *post.Letter, recipient, subject string) (post.Correction, error) {
	var c post.Correction
	var wrong post.Mistakes
	if recipient != "" {
		n, err := ident.ParseAny(recipient)
		if err != nil {
			wrong.SayNumber("recipient", sentence.Of("place-number"), err)
		}
		c.Recipient = n
	}
	if subject != "" {
		wrong.Check("subject", post.CheckSubject(subject))
		c.Subject = subject
	}
	switch {
	case len(wrong) > 0:
	case recipient == "" && l.Recipient.IsZero():
		wrong.Say("recipient", sentence.Of("type-recipient"))
	case recipient == "" && subject == "":
		wrong.Say("recipient", sentence.Of("type-correction"))
	case l.Unfit != "":
		wrong.Say("recipient", sentence.Of("unfit-make-anew", l.Unfit))
	case l.Carries(c.Recipient):
		wrong.Say("recipient", sentence.Of("number-in-letter"))
	case !l.MayCorrect() && l.State.NotSent():
		wrong.Say("recipient", sentence.Of("may-have-arrived"))
	case !l.MayCorrect() && l.State != post.Queued && l.State != post.Sending:
		wrong.Say("recipient", sentence.Of("not-to-correct"))
	}
	if len(wrong) > 0 {
		return c, wrong
	}
	return c, nil
}
