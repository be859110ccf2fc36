package post

import (
	"context"
	"fmt"
)

// Outline is what the split of a shipment found, letter by letter and page by page. The shipment holds its fingerprint:
// so it can be shown later that every page went into exactly one letter.
type Outline struct {
	Letters []OutlineLetter `json:"letters"`
	Pages   []OutlinePage   `json:"pages"`
}

// OutlinePage is one page of the document: read, empty, or unreadable and why.
type OutlinePage struct {
	Sum        []byte `json:"sum"` // the first half of the SHA-256 of what it draws and says
	Empty      bool   `json:"empty,omitempty"`
	Unreadable string `json:"unreadable,omitempty"` // why, in Danish
	Guess      string `json:"guess,omitempty"`      // digits of a number, as a machine reads them; shown beside the page itself
}

// OutlineLetter is one letter of an Outline.
type OutlineLetter struct {
	First    int           `json:"first"`
	Last     int           `json:"last"`
	Name     string        `json:"name,omitempty"` // as the address says
	Findings []FindingCode `json:"findings,omitempty"`
	Problem  Code          `json:"problem,omitempty"` // why it is held back
	Dropped  bool          `json:"dropped,omitempty"` // a person does not want it sent
}

// Conserved checks that every page is in exactly one letter.
func (o *Outline) Conserved() error {
	next := 1
	for _, l := range o.Letters {
		if l.First != next || l.Last < l.First {
			return fmt.Errorf("page %d is in no letter or in two", next)
		}
		next = l.Last + 1
	}
	if next != len(o.Pages)+1 {
		return fmt.Errorf("%d pages in, %d pages out", len(o.Pages), next-1)
	}
	return nil
}

// Letter returns a letter by its number, counted from 1; the zero one where there is none, as in no outline.
func (o *Outline) Letter(number int) OutlineLetter {
	if o == nil || number < 1 || number > len(o.Letters) {
		return OutlineLetter{}
	}
	return o.Letters[number-1]
}

// Allows returns why a correction does not fit the letters as they are.
func (o *Outline) Allows(e Edit) error {
	if o == nil {
		return ErrNoSuchPage
	}
	first, inside := 0, false // the number of the letter that begins at the page, or whether it is inside of one
	for k, l := range o.Letters {
		if l.First == e.Page {
			first = k + 1
		}
		inside = inside || l.First < e.Page && e.Page <= l.Last
	}
	switch e.Do {
	case EditCut:
		if inside {
			return nil
		}
	case EditRecipient, EditDrop:
		if first > 0 {
			return nil
		}
	case EditMerge:
		if first > 1 && o.Letter(first).Dropped != o.Letter(first-1).Dropped {
			return Mistakes{{Field: "do", Text: "Det ene af de to breve skal ikke sendes, så de kan ikke lægges sammen. Giv det en modtager først."}}
		}
		if first > 1 {
			return nil
		}
	}
	return ErrNoSuchPage
}

// Outlines stores what splits found.
type Outlines interface {
	// PutOutline writes an outline under its SHA-256, and returns that. The same again is harmless.
	PutOutline(ctx context.Context, shipment string, o *Outline) (sha256 string, err error)
	// Outline returns the outline that a shipment names, which is that of the split before while it is split anew; nil
	// where there is none, as for typed recipients.
	Outline(ctx context.Context, s *Shipment) (*Outline, error)
}
