package unhandled

import (
	"context"
	"errors"
	"fmt"

	"brevdue/internal/ident"
	"brevdue/internal/post"
)

// Correct sets recipient or subject of one letter right, and sends it. Nothing of it may be at Digital Post, so it is
// asked where an answer was not understood.
func (r *Remedies) Correct(ctx context.Context, who post.Caller, id post.LetterID, recipient, subject string) error {
	l, err := r.Letters.Get(ctx, id)
	if err != nil {
		return err
	}
	if l.Org != who.Org {
		return fmt.Errorf("letter %s: %w", id, post.ErrNotFound)
	}
	c, err := r.correction(l, recipient, subject)
	if err != nil {
		return err
	}
	if m := l.Current(); m != nil && m.MayRenew() {
		switch known, err := r.known(ctx, l); {
		case err != nil:
			return err
		case known:
			return post.Mistakes{{Field: "recipient", Text: "Digital Post har brevet, som det var. Det kan ikke rettes og sendes igen herfra."}}
		}
	}
	rows, _, err := r.Failures.List(ctx, who.Org, post.FailureFilter{Shipment: id.Shipment(), Letter: id}, "", rowsAtOnce)
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
	now, wrote, err := post.ChangeOne(ctx, r.Letters, id, func(l *post.Letter) error { return l.Correct(r.UUIDKey, r.moment(), who.Name, c) })
	if err != nil || !wrote {
		return errors.Join(err, onItsWay(now, c))
	}
	for _, f := range rows {
		if f.Problem.Code != post.ArchiveFailedCode {
			err = errors.Join(err, r.Failures.Close(ctx, f, "", who.Name, r.Now()))
		}
	}
	return errors.Join(err, r.Queues.Send(ctx, post.SendQueue, post.Errand{Org: l.Org, Letter: id}))
}

// onItsWay is no mistake when a second click finds the letter on its way as it asks for.
func onItsWay(l *post.Letter, c post.Correction) error {
	if l == nil || (c.Recipient.IsZero() || l.Recipient == c.Recipient) && (c.Subject == "" || l.Subject == c.Subject) {
		return nil
	}
	return post.Mistakes{{Field: "recipient", Text: "Brevet er allerede rettet af en anden og på vej. Denne rettelse er ikke sendt."}}
}

// correction checks what a person has typed.
func (r *Remedies) correction(l *post.Letter, recipient, subject string) (post.Correction, error) {
	var c post.Correction
	var wrong post.Mistakes
	if recipient != "" {
		n, err := ident.ParseAny(recipient)
		switch {
		case errors.Is(err, ident.ErrLetters):
			wrong.Say("recipient", "Nummeret har bogstaver. Et erstatningsnummer kan ikke få Digital Post.")
		case err != nil:
			wrong.Say("recipient", "Det er ikke et CPR-nummer (10 cifre) eller et CVR-nummer (8 cifre). Se efter, om et ciffer er forkert.")
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
		wrong.Say("recipient", "Skriv modtagerens CPR- eller CVR-nummer.")
	case recipient == "" && subject == "":
		wrong.Say("recipient", "Skriv et nyt nummer eller et nyt emne.")
	case !l.MayCorrect() && l.State == post.Failed:
		wrong.Say("recipient", "Brevet kan være nået frem, så det kan ikke rettes og sendes igen herfra. Vælg »Send igen«: så bliver Digital Post spurgt først.")
	case !l.MayCorrect() && l.State != post.Queued && l.State != post.Sending:
		wrong.Say("recipient", "Brevet venter ikke på at blive rettet.")
	}
	if len(wrong) > 0 {
		return c, wrong
	}
	return c, nil
}
