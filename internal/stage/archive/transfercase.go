package archive

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"

	"brevdue/internal/keys"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// caseKey is what a case in an archive outside is known by here: its number, or whose it is and for which type.
func (t *transfer) caseKey() string {
	if given := cmp.Or(t.state.Given, t.shipment.Case); given != "" {
		return "nr-" + hashOf([]byte(given))[:24]
	}
	person := t.state.Person
	if !t.shipment.Concerns.IsZero() {
		person = keys.Person(t.CaseKey, t.letter.Org, t.shipment.Concerns.Key())
	}
	if t.shipment.CaseType != "" {
		return person + "." + t.shipment.CaseType
	}
	return person
}

// underLease does what is to be done while nobody else works on the letter's case: of two who looked for a case at the
// same time both would make one (practice.md E3).
func (t *transfer) underLease(ctx context.Context) error {
	var err error
	if t.archive, t.to, err = t.Archives(ctx, t.letter.Org, t.state.Archive); err != nil {
		return err
	}
	if err := t.readFiled(ctx); err != nil {
		return err
	}
	if t.former() && t.state.Case == (post.CaseRef{}) {
		return errNothing
	}
	c, err := t.changeCase(ctx, func(c *post.TransferCase) error { return c.Lease.Take(t.holder, t.Now(), leaseFor) })
	if err != nil {
		return err
	}
	defer func() { // whoever does not give it back keeps it until its end
		_, _ = t.changeCase(context.WithoutCancel(ctx), func(c *post.TransferCase) error {
			if c.Lease.Holder != t.holder {
				return post.ErrUnchanged
			}
			c.Lease = post.Lease{}
			return nil
		})
	}()
	ref, err := t.ensureCase(ctx, c)
	if err != nil {
		return err
	}
	known := c.At
	if known.IsZero() {
		known = t.Now()
	}
	err = t.fileInto(ctx, ref)
	if errors.Is(err, post.ErrNotListed) && t.Now().Sub(known) < t.Timings.Doubt { // its list may be late
		return errors.Join(errAwaited, err)
	}
	if errors.Is(err, post.ErrNotListed) {
		return post.FailedTransfer(sentence.Of("archive-wrong-party", ref.Number, t.to.Name))
	}
	return err
}

func (t *transfer) changeCase(ctx context.Context, change func(*post.TransferCase) error) (*post.TransferCase, error) {
	return t.Transfers.ChangeTransferCase(ctx, t.letter.Org, t.state.Archive, t.caseKey(), change)
}

// keepCase is a change of what is known of a case, by whoever holds its lease.
func (t *transfer) keepCase(ctx context.Context, change func(*post.TransferCase)) error {
	_, err := t.changeCase(ctx, func(c *post.TransferCase) error {
		if err := c.Lease.Held(t.holder, t.Now()); err != nil {
			return err
		}
		change(c)
		return nil
	})
	return err
}

// ensureCase returns the case of a letter. It is asked for anew for each letter: since the one before it may have been
// closed, or be about another one (practice.md E2).
func (t *transfer) ensureCase(ctx context.Context, c *post.TransferCase) (post.CaseRef, error) {
	if t.state.Case != (post.CaseRef{}) || t.former() {
		return t.state.Case, nil
	}
	ref, err := t.findOrMakeCase(ctx, c)
	if err != nil {
		return ref, err
	}
	return ref, t.mine(ctx, func(is *post.Transfer) { is.Case = ref })
}

// findOrMakeCase finds the case of a letter, or makes it. What may have been made is searched for until a person is
// asked; nothing is made a second time by itself.
func (t *transfer) findOrMakeCase(ctx context.Context, c *post.TransferCase) (post.CaseRef, error) {
	step, doubtful := c.Step, c.Step.Doubtful(t.state.Inspected, t.Timings)
	w := t.wanted()
	w.Known, w.Create = c.Ref, !doubtful && c.Ref == (post.CaseRef{}) && w.Given == ""
	ref, kept, err := t.askForCase(ctx, w, step)
	gone := errors.Is(err, post.ErrNoCase) && c.Ref != (post.CaseRef{}) && w.Given == ""
	if gone && t.Now().Sub(c.At) < t.Timings.Doubt { // it was made just now, and is not listed yet
		return c.Ref, nil
	}
	if gone { // closed, or another one's: it is looked for, and made, as if there had been none
		if err := t.keepCase(ctx, func(c *post.TransferCase) {
			c.Ref, c.Step = post.CaseRef{}, post.Step{}
		}); err != nil {
			return ref, err
		}
		w.Known, w.Create = post.CaseRef{}, true
		ref, kept, err = t.askForCase(ctx, w, post.Step{})
	}
	switch {
	case err == nil && w.Given != "": // others' letters go into it too: each is asked about
		return ref, nil
	case err == nil && ref == c.Ref && step == (post.Step{}):
		return ref, nil
	case err == nil:
		return ref, t.keepCase(ctx, func(c *post.TransferCase) {
			c.Ref, c.At, c.Step = ref, t.Now(), post.Step{}
		})
	case errors.Is(err, post.ErrNoCase) && doubtful && t.Now().Sub(step.Begun) < t.Timings.Doubt:
		return ref, errors.Join(errAwaited, err)
	case errors.Is(err, post.ErrNoCase) && doubtful:
		return ref, post.FailedTransfer(sentence.Of("archive-case-doubt", t.to.Name, w.Ours))
	case errors.Is(err, post.ErrNoCase) && w.Given != "":
		return ref, post.FailedTransfer(sentence.Of("archive-case-unknown", t.to.Name, w.Given))
	case errors.Is(err, post.ErrNoCase):
		return ref, post.FailedTransfer(sentence.Of("archive-case-none", t.to.Name))
	case kept && errors.Is(err, post.ErrNotMade):
		return ref, errors.Join(err, t.keepCase(ctx, func(c *post.TransferCase) { c.Step = post.Step{} }))
	case kept:
		return ref, errors.Join(errAwaited, err)
	}
	return ref, err
}

// askForCase asks the archive for a case. kept reports whether it was about to make one.
func (t *transfer) askForCase(ctx context.Context, w post.CaseWanted, step post.Step) (ref post.CaseRef, kept bool,
	err error) {
	token := step.Token
	if step.Inspected(t.state.Inspected, t.Timings) { // a person has looked: it is made anew
		token = ""
	}
	ref, err = t.archive.EnsureCase(ctx, w, post.Once{Token: token, Keep: func(token string) error {
		kept = true
		return t.keepCase(ctx, func(c *post.TransferCase) { c.Step = post.Step{Begun: t.Now(), Token: token} })
	}})
	return ref, kept, outside(err)
}

// wanted says which case a letter goes into.
func (t *transfer) wanted() post.CaseWanted {
	s, sum := t.shipment, sha256.Sum256([]byte(t.caseKey()))
	w := post.CaseWanted{
		Given: cmp.Or(t.state.Given, s.Case),
		Ours:  "BD-" + strings.ToUpper(hex.EncodeToString(sum[:5])),
		Title: cmp.Or(s.Options.TypeName, s.Sender.Name),
		KLE:   s.Area.KLE,
	}
	if !t.former() {
		w.Person = concerned(s, t.letter)
	}
	return w
}
