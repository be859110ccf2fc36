package portal

import (
	"net/http"
	"strings"

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
	return letterView{Address: address, ID: "vis" + strings.ReplaceAll(address, "/", "-"), Label: what, Draws: p.npm}
}

// uncoveredNote is what the audit log says of a number that is shown in a letter.
const uncoveredNote = "CPR-nummer i brevet"

// uncover notes that somebody wants to see the numbers in a letter, of a review or of what was sent.
func (p *Portal) uncover(v *visit) error {
	s, l, err := p.letterOfAddress(v)
	if err != nil {
		return err
	}
	if err := p.Audit.Record(v.Context(), v.who.Did(post.ActSee, s.ID, l.ID, uncoveredNote)); err != nil {
		return err
	}
	v.w.WriteHeader(http.StatusNoContent)
	return nil
}
