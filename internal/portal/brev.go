package portal

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
)

// brevPage is one letter in the review: what was found, its own PDF, and what can be set right.
type brevPage struct {
	S        *post.Shipment
	Letter   letterLine
	First    int
	Cuts     []int // pages that a new letter can begin at
	Findings []string
	Mistake  string
	Guess    string // the number that a machine reads on a scanned page, in full
	Next     int    // number of the letter after it; 0 for none
	Previous int
}

// editLine is a correction that was made.
type editLine struct {
	At   time.Time
	By   string
	Text string
}

func (p *Portal) showBrev(v *visit) error { return p.brev(v, http.StatusOK, "") }

func (p *Portal) brev(v *visit, status int, mistake string) error {
	s, l, err := p.letterOfAddress(v)
	if err != nil {
		return err
	}
	if s.State != post.InReview {
		return v.redirect("/afsend/" + s.ID)
	}
	b := brevPage{S: s, Letter: lineOf(l), First: l.First, Mistake: mistake}
	for page := l.First + 1; page <= l.Last; page++ {
		b.Cuts = append(b.Cuts, page)
	}
	if b.Letter.Number < s.Letters {
		b.Next = b.Letter.Number + 1
	}
	b.Previous = b.Letter.Number - 1
	outline, err := p.Outlines.Outline(v.Context(), s)
	if err != nil {
		return err
	}
	seen := outline.Letter(b.Letter.Number)
	b.Letter.Name, b.Letter.Dropped = seen.Name, seen.Dropped
	if n, ok := guessOn(outline, l.First); ok && l.Recipient.IsZero() {
		if err := p.Audit.Record(v.Context(), v.who.Did(post.ActSee, s.ID, l.ID, "gættet nummer")); err != nil {
			return err
		}
		b.Guess = inFull(n) // whoever compares it with the page needs every digit
	}
	for _, f := range s.Findings {
		if l.Problem != nil && f.Code == post.FindingCode(l.Problem.Code) { // it stands there already
			continue
		}
		for _, page := range f.Pages {
			if page >= l.First && page <= l.Last {
				b.Findings = append(b.Findings, fmt.Sprintf("Side %d: %s", page, f.Text))
				break
			}
		}
	}
	return p.show(v, status, "brev", "afsend", "Brev "+strconv.Itoa(b.Letter.Number), b)
}

func inFull(n ident.Number) string {
	if n.Kind() == ident.CPR {
		return n.Reveal()[:6] + "-" + n.Reveal()[6:]
	}
	return n.Reveal()
}

// guessOn returns the number that a machine reads on a page.
func guessOn(o *post.Outline, page int) (ident.Number, bool) {
	if o == nil || page < 1 || page > len(o.Pages) {
		return ident.Number{}, false
	}
	n, err := ident.ParseAny(o.Pages[page-1].Guess)
	return n, err == nil
}

// numberOf returns the number of a correction: what was typed, or what a machine read and a person has confirmed.
func (p *Portal) numberOf(v *visit, page int) (ident.Number, error) {
	if v.PostFormValue("gaet") == "" {
		return ident.ParseAny(v.PostFormValue("nummer"))
	}
	s, err := p.own(v)
	if err != nil {
		return ident.Number{}, err
	}
	outline, err := p.Outlines.Outline(v.Context(), s)
	if n, ok := guessOn(outline, page); err == nil && ok {
		return n, nil
	}
	return ident.Number{}, errors.Join(err, ident.ErrForm)
}

// preview leads to the letter's own PDF, to be shown in the page.
func (p *Portal) preview(v *visit) error {
	_, l, err := p.letterOfAddress(v)
	if err == nil {
		err = p.Audit.Record(v.Context(), v.who.Did(post.ActSee, l.ID.Shipment(), l.ID, "brev"))
	}
	if err != nil {
		return err
	}
	link, err := p.Links.Preview(v.Context(), v.who.Org, l.Document)
	if err != nil {
		return err
	}
	return v.redirect(link.URL)
}

// pressRet takes a correction. What cannot be done is told on the letter's page.
func (p *Portal) pressRet(v *visit) error {
	e := post.Edit{Do: post.EditKind(v.PostFormValue("ret"))}
	e.Page, _ = strconv.Atoi(v.PostFormValue("side"))
	var err error
	if e.Do == post.EditRecipient {
		if e.Recipient, err = p.numberOf(v, e.Page); err != nil {
			v.SetPathValue("number", v.PostFormValue("brev"))
			return p.brev(v, http.StatusUnprocessableEntity, wrongNumberText)
		}
	}
	_, err = p.Desk.Edit(v.Context(), v.who, v.PathValue("id"), e)
	var mistakes post.Mistakes
	if errors.As(err, &mistakes) {
		v.SetPathValue("number", v.PostFormValue("brev"))
		return p.brev(v, http.StatusUnprocessableEntity, mistakes.Error())
	}
	if err != nil {
		return err
	}
	return v.redirect("/afsend/" + v.PathValue("id"))
}
