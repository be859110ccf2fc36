package portal

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

// brevPage is one letter in the review: what was found, its own PDF, and what can be set right.
type brevPage struct {
	S        *post.Shipment
	Letter   letterLine
	First    int
	Cuts     []int // pages that a new letter can begin at
	Findings []string
	Mistakes mistakes
	Guess    string // the number that a machine reads on a scanned page, in full
	Revision int
	Count    int // of letters
	Next     int // number of the letter after it; 0 for none
	Previous int
	Held     bool   // it is held back: what mends it leads to the next one
	Problems int    // letters that are held back
	NextHeld int    // the next of them; 0 for none but this
	LastHeld int    // the one before
	Typed    string // a number that was typed just now
	Warnings []string
}

// editLine is a correction that was made.
type editLine struct {
	Number   int
	At       time.Time
	By       string
	Text     string
	Undone   bool
	Undoable bool
}

func (p *Portal) showBrev(v *visit) error { return p.brev(v, http.StatusOK, nil) }

// brev shows one letter of a shipment in review, with its findings and the places where it can be cut. A guessed number
// is shown in full, and that it was stands in the audit log first.
func (p *Portal) brev(v *visit, status int, wrong mistakes) error {
	s, r, l, err := p.reviewed(v)
	if err != nil {
		return err
	}
	if r == nil {
		return v.redirect("/afsend/" + s.ID)
	}
	b := brevPage{
		S:        s,
		Letter:   lineOf(l, false),
		First:    l.First,
		Mistakes: wrong,
		Revision: r.Revision,
		Count:    len(r.Letters),
	}
	for page := l.First + 1; page <= l.Last; page++ {
		b.Cuts = append(b.Cuts, page)
	}
	if b.Letter.Number < b.Count {
		b.Next = b.Letter.Number + 1
	}
	b.Previous = b.Letter.Number - 1
	outline := r.Outline
	edits := s.Effective(len(s.Edits))
	all := reviewLetters(r, edits)
	if err := p.warnNames(v, all[b.Letter.Number-1:b.Letter.Number], edits); err != nil {
		return err
	}
	b.among(all)
	b.Typed = p.typedNumber(v, s)
	mayRead := v.who.Grants.MayAt(post.RightReveal, s.Area)
	if n, ok := guessOn(outline, l.First); ok && l.Recipient.IsZero() && mayRead {
		if err := p.Audit.Record(v.Context(), v.who.Did(post.ActSee, s.ID, l.ID, "gættet nummer")); err != nil {
			return err
		}
		b.Guess = inFull(n) // whoever compares it with the page needs every digit
	}
	for _, f := range r.Findings {
		if l.Problem != nil && f.Code == post.FindingCode(l.Problem.Code) { // it stands there already
			continue
		}
		for _, page := range f.Pages {
			if page >= l.First && page <= l.Last {
				b.Findings = append(b.Findings, fmt.Sprintf("Side %d: %s", page, texts.Of(f.Text)))
				break
			}
		}
	}
	return p.show(v, status, "brev", "afsend", "Brev "+strconv.Itoa(b.Letter.Number), b)
}

// among says where a letter stands among all, and among those that are held back.
func (b *brevPage) among(all []*reviewLetter) {
	here := all[b.Letter.Number-1]
	b.Letter.Name, b.Letter.Dropped, b.Held, b.Warnings = here.Name, here.Dropped, here.Held, here.Warnings
	var others []int // that are held back
	for _, l := range all {
		if l.Held && l != here {
			others = append(others, l.Number)
		}
	}
	if b.Problems = len(others); b.Held {
		b.Problems++
	}
	if n := len(others); n > 0 { // after the last one comes the first
		next, _ := slices.BinarySearch(others, here.Number)
		b.NextHeld, b.LastHeld = others[next%n], others[(next+n-1)%n]
	}
}

// reviewed returns a shipment in review, how it is cut, and the letter of the address; no review of one that is not in
// review any more.
func (p *Portal) reviewed(v *visit) (*post.Shipment, *post.Review, *post.Letter, error) {
	s, err := p.own(v)
	if err != nil || s.State != post.InReview {
		return s, nil, nil, err
	}
	r, err := p.Reviews.Review(v.Context(), s)
	if err != nil {
		return nil, nil, nil, err
	}
	n, err := strconv.Atoi(v.PathValue("number"))
	if err != nil || n < 1 || n > len(r.Letters) {
		return nil, nil, nil, fmt.Errorf("letter %s of %s: %w", v.PathValue("number"), s.ID, post.ErrNotFound)
	}
	return s, r, r.Letters[n-1], nil
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
		n, err := ident.ParseAny(v.PostFormValue("nummer"))
		if err != nil {
			var wrong post.Mistakes
			wrong.SayNumber("nummer", sentence.Of("place-number"), err)
			return n, wrong
		}
		return n, nil
	}
	s, err := p.own(v)
	if err != nil {
		return ident.Number{}, err
	}
	r, err := p.Reviews.Review(v.Context(), s)
	if err != nil {
		return ident.Number{}, err
	}
	n, ok := guessOn(r.Outline, page)
	if !ok { // somebody else has corrected the letters meanwhile
		return n, post.ErrNoSuchPage
	}
	return n, nil
}

// preview leads to the letter's own PDF, to be shown in the page.
func (p *Portal) preview(v *visit) error {
	s, r, l, err := p.reviewed(v)
	if err != nil {
		return err
	}
	if r == nil {
		return fmt.Errorf("shipment %s is not in review: %w", s.ID, post.ErrNotFound)
	}
	if err := p.Audit.Record(v.Context(), v.who.Did(post.ActSee, s.ID, l.ID, "brev")); err != nil {
		return err
	}
	document, err := p.Reviews.Preview(v.Context(), s, l)
	if err != nil {
		return err
	}
	return p.inPage(v, document)
}

// inPage leads to a PDF that a page shows.
func (p *Portal) inPage(v *visit, document post.Object) error {
	link, err := p.Links.Preview(v.Context(), v.who.Org, document)
	if err != nil {
		return err
	}
	return v.redirect(p.here(v, link).URL)
}

// openFile leads to a file that goes out with the letters, as it was uploaded: the document is 0, then the attachments.
func (p *Portal) openFile(v *visit) error {
	s, err := p.own(v)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(v.PathValue("file"))
	if err != nil || n < 0 || n >= len(s.Parts) || s.State != post.InReview { // before that it is not scanned
		return fmt.Errorf("file %s of %s: %w", v.PathValue("file"), s.ID, post.ErrNotFound)
	}
	if err := p.Audit.Record(v.Context(), v.who.Did(post.ActSee, s.ID, "", s.Parts[n].Name)); err != nil {
		return err
	}
	follow := p.Links.Download
	if s.Parts[n].Type == "application/pdf" { // a browser shows it
		follow = func(ctx context.Context, org string, o post.Object, _ string) (post.Link, error) {
			return p.Links.Preview(ctx, org, o)
		}
	}
	link, err := follow(v.Context(), v.who.Org, s.Parts[n].Object, s.Parts[n].Name)
	if err != nil {
		return err
	}
	return v.redirect(p.here(v, link).URL)
}

// pressRet takes a correction. What cannot be done is told on the letter's page.
func (p *Portal) pressRet(v *visit) error {
	e := post.Edit{Do: post.EditKind(v.PostFormValue("ret"))}
	e.Page, _ = strconv.Atoi(v.PostFormValue("side"))
	var s *post.Shipment
	var err error
	if e.Do == post.EditRecipient {
		e.Recipient, err = p.numberOf(v, e.Page)
	}
	if err == nil {
		s, err = p.Commands.Edit(v.Context(), v.who, v.PathValue("id"), revision(v), e)
	}
	if errors.Is(err, post.ErrDraftChanged) {
		return p.gennemse(v, http.StatusPreconditionFailed, mistaken("", texts.Sentence(err)))
	}
	switch wrong := mistakesOf(err); {
	case wrong != nil && v.PostFormValue("brev") == "":
		return p.gennemse(v, http.StatusUnprocessableEntity, wrong)
	case wrong != nil:
		v.SetPathValue("number", v.PostFormValue("brev"))
		return p.brev(v, http.StatusUnprocessableEntity, wrong.named(map[string]string{"modtager": "nummer"}))
	}
	if err != nil {
		return err
	}
	v.tell(editDone(e))
	return p.afterEdit(v, s, e)
}

// afterEdit leads on: from a letter that was held back to the next one that is, from any other one to the list. Who has
// typed a number is shown it there.
func (p *Portal) afterEdit(v *visit, s *post.Shipment, e post.Edit) error {
	typed := ""
	if e.Do == post.EditRecipient {
		typed = strconv.Itoa(len(s.Edits))
	}
	if v.PostFormValue("holdt") == "" {
		return v.redirect(address("/afsend/"+s.ID, "rettet", typed))
	}
	return v.redirect(address("/afsend/"+s.ID+"/problem", "efter", strconv.Itoa(e.Page), "rettet", typed))
}

// editDone says what a correction has done: no number, since it is kept in a cookie.
func editDone(e post.Edit) sentence.Sentence {
	switch e.Do {
	case post.EditMerge:
		return sentence.Of("done-edit-merge", e.Page)
	case post.EditCut:
		return sentence.Of("done-edit-cut", e.Page)
	case post.EditRecipient:
		return sentence.Of("done-edit-recipient", e.Page)
	case post.EditDrop:
		return sentence.Of("done-edit-drop", e.Page)
	}
	return sentence.Of("done-edit-undo")
}
