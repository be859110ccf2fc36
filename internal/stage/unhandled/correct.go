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
// asked where an answer was not understood.
func (r *Remedies) Correct(ctx context.Context, who post.Caller, id post.LetterID, recipient, subject string) error {
	l, err := r.Letters.Get(ctx, who.Org, id)
	if err != nil {
		return err
	}
	c, err := r.correction(l, recipient, subject)
	if err != nil {
		return err
	}
	if m := l.Current(); m != nil && m.MayRenew() {
		switch known, err := r.alreadyDelivered(ctx, l); {
		case err != nil:
			return err
		case known:
			return post.Mistakes{{Field: "recipient", Text: sentence.Of("correct-late")}}
		}
	}
	rows, _, err := r.Failures.List(
		ctx,
		who.Org,
		post.FailureFilter{Shipment: id.Shipment(), Letter: id},
		"",
		post.BulkRows,
	)
	if err != nil {
		return err
	}
	text := "emne"
	if !c.Recipient.IsZero() {
		text = "modtager " + c.Recipient.String() // masked
	}
	if err := r.Audit.Record(ctx, who.Did(post.ActCorrect, id.Shipment(), id, text)); err != nil {
		return err
	}
	asked := current(l)
	s, err := r.Shipments.Get(ctx, who.Org, id.Shipment())
	if err != nil {
		return err
	}
	now, wrote, err := workflow.ChangeOne(ctx, r.Letters, who.Org, id, func(l *post.Letter) error {
		if current(l) != asked {
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
	return errors.Join(err, r.Queues.Send(ctx, post.SendQueue, post.Job{Org: l.Org, Letter: id}))
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
