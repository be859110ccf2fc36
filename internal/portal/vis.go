package portal

import (
	"net/http"

	"brevdue/internal/post"
)

// letterView is a letter drawn in a page: by pdf.js where there is script and npm's files, else by the browser.
type letterView struct {
	Address string // of the letter; what shows it and what notes that its number is shown lie under it
	ID      string // of the picture in its page
	Label   string
	Draws   bool
}

// previewOf is called by templates.
func (p *Portal) previewOf(address, what, name string) letterView {
	if name != "" {
		what += " til " + name
	}
	return letterView{Address: address, ID: "vis" + pathID(address), Label: what, Draws: p.npm}
}

// pathID makes an id of an address.
func pathID(address string) string {
	id := []byte(address)
	for i, c := range id {
		if c == '/' {
			id[i] = '-'
		}
	}
	return string(id)
}

// uncoveredNote is what the audit log says of a number that is shown in a letter.
const uncoveredNote = "CPR-nummer i brevet"

// uncoverReviewed notes that somebody wants to see the numbers in a letter of a review.
func (p *Portal) uncoverReviewed(v *visit) error {
	s, r, l, err := p.reviewed(v)
	if err != nil {
		return err
	}
	if r == nil { // sent meanwhile
		return post.ErrNotFound
	}
	return p.noteUncovered(v, s, l)
}

// uncover notes that somebody wants to see the numbers in a letter.
func (p *Portal) uncover(v *visit) error {
	s, l, err := p.letterOfAddress(v)
	if err != nil {
		return err
	}
	return p.noteUncovered(v, s, l)
}

func (p *Portal) noteUncovered(v *visit, s *post.Shipment, l *post.Letter) error {
	if err := p.Audit.Record(v.Context(), v.who.Did(post.ActSee, s.ID, l.ID, uncoveredNote)); err != nil {
		return err
	}
	v.w.WriteHeader(http.StatusNoContent)
	return nil
}
