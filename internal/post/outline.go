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

// Outlines stores what splits found.
type Outlines interface {
	// PutOutline writes an outline under its SHA-256, and returns that. The same again is harmless.
	PutOutline(ctx context.Context, shipment string, o *Outline) (sha256 string, err error)
	// Outline returns the outline that a shipment names, which is that of the split before while it is split anew; nil
	// where there is none, as for typed recipients.
	Outline(ctx context.Context, s *Shipment) (*Outline, error)
}
