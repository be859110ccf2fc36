package portal

import (
	"errors"
	"net/http"

	"brevdue/internal/auth"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

// approval is a Send that waits for another person, as the review shows it.
type approval struct {
	*post.Asked
	Valid      bool // the draft is as it was then
	MayApprove bool // the visitor can
	Why        string
}

// approvalOf says of a shipment in review what waits, and whether the visitor may let it go.
func approvalOf(v *visit, s *post.Shipment) *approval {
	if s.Asked == nil {
		return nil
	}
	a := &approval{Asked: s.Asked, Valid: s.WaitsForApproval() != nil}
	may := v.who.Grants.MayAt(post.RightApprove, s.Area)
	switch {
	case !a.Valid:
	case may && s.Wrote(v.who.Owner()):
		a.Why = texts.Sentence(post.ErrOwnWork)
	case may:
		a.MayApprove = true
	}
	return a
}

// pressGodkend lets a shipment leave that somebody else has written.
func (p *Portal) pressGodkend(v *visit) error {
	s, err := p.Approvals.Approve(v.Context(), v.who, v.PathValue("id"), revision(v))
	if wrong := refusalOf(err); wrong != nil {
		return p.gennemse(v, http.StatusConflict, wrong)
	}
	if err != nil {
		return err
	}
	p.replaced(v, s)
	v.tell(sentence.Of("done-approved"))
	return v.redirect("/forsendelse/" + v.PathValue("id"))
}

// pressAfvis gives it back to whoever has written it.
func (p *Portal) pressAfvis(v *visit) error {
	_, err := p.Approvals.Decline(v.Context(), v.who, v.PathValue("id"), v.PostFormValue("begrundelse"))
	if wrong := refusalOf(err); wrong != nil {
		return p.gennemse(v, http.StatusUnprocessableEntity, wrong)
	}
	if err != nil {
		return err
	}
	v.tell(sentence.Of("done-declined"))
	return v.redirect("/log")
}

// godkendPage is what waits for another person.
type godkendPage struct {
	Corrections []proposalLine
	Mistakes    mistakes
}

type proposalLine struct {
	post.Proposal
	Link string
	Own  bool
}

// MaskedRecipient is the number as a list shows it.
func (l proposalLine) MaskedRecipient() string { return l.Recipient.String() }

func (p *Portal) showGodkend(v *visit) error { return p.godkend(v, http.StatusOK, nil) }

func (p *Portal) godkend(v *visit, status int, wrong mistakes) error {
	all, err := p.Proposals.Proposals(v.Context(), v.who.Org, v.who.Sight())
	if err != nil {
		return err
	}
	page := godkendPage{Mistakes: wrong}
	for _, one := range all {
		if v.who.Grants.MayAt(post.RightApprove, one.Area) {
			page.Corrections = append(page.Corrections, proposalLine{one, letterLink(one.Letter, one.Number),
				one.By == v.who.Owner()})
		}
	}
	return p.show(v, status, "godkend", "log", "Til godkendelse – Log", page)
}

// approvable is the letter of a form, where the visitor may approve what is about it.
func (p *Portal) approvable(v *visit) (post.LetterID, error) {
	id := post.LetterID(v.PostFormValue("brev"))
	if _, err := id.Place(); err != nil {
		return "", err
	}
	s, err := p.Shipments.Get(v.Context(), v.who.Org, id.Shipment())
	if err != nil {
		return "", err
	}
	return id, auth.PermitAt(v.who, post.RightApprove, s.Area)
}

func (p *Portal) pressGodkendRettelse(v *visit) error {
	id, err := p.approvable(v)
	if err == nil {
		err = p.CorrectionApprovals.ApproveCorrection(v.Context(), v.who, id, v.PostFormValue("rettelse"))
	}
	return p.pressedGodkend(v, sentence.Of("done-proposal-yes"), err)
}

func (p *Portal) pressAfvisRettelse(v *visit) error {
	id, err := p.approvable(v)
	if err == nil {
		err = p.CorrectionApprovals.DeclineCorrection(v.Context(), v.who, id, v.PostFormValue("rettelse"))
	}
	return p.pressedGodkend(v, sentence.Of("done-proposal-no"), err)
}

func (p *Portal) pressedGodkend(v *visit, done sentence.Sentence, err error) error {
	var forbidden *post.Forbidden
	if wrong := refusalOf(err); wrong != nil && !errors.As(err, &forbidden) && !errors.Is(err, post.ErrNotFound) {
		return p.godkend(v, http.StatusConflict, wrong)
	}
	if err != nil {
		return err
	}
	v.tell(done)
	return v.redirect("/log/godkend")
}
