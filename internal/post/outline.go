package post

import (
	"context"

	"brevdue/internal/ident"
	"brevdue/internal/sentence"
)

// Outline is what the split of a shipment found, letter by letter and page by page. The shipment holds its fingerprint:
// so it can be shown later that every page went into exactly one letter.
type Outline struct {
	Letters []OutlineLetter `json:"letters"`
	Pages   []OutlinePage   `json:"pages"`
}

// OutlinePage is one page of the document: read, empty, or unreadable and why.
type OutlinePage struct {
	Sum        []byte            `json:"sum"` // the first half of the SHA-256 of what it draws and says
	Empty      bool              `json:"empty,omitempty"`
	Unreadable sentence.Sentence `json:"unreadable,omitempty"` // why
	// digits of a number, as a machine reads them; shown beside the page itself
	Guess string `json:"guess,omitempty"`
}

// OutlineLetter is one letter of an Outline.
type OutlineLetter struct {
	First     int               `json:"first"`
	Last      int               `json:"last"`
	Name      string            `json:"name,omitempty"` // as the address says
	Findings  []FindingCode     `json:"findings,omitempty"`
	Problem   Code              `json:"problem,omitempty"` // why it is held back
	Dropped   bool              `json:"dropped,omitempty"` // a person does not want it sent
	Recipient ident.Number      `json:"-"`                 // of a draft: it stands in the letter itself once that is written
	Unit      string            `json:"-"`                 // P-number of the recipient's unit
	Ordinal   int               `json:"-"`
	Reason    sentence.Sentence `json:"-"` // of Problem; "" where the code says it all
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
			return Mistakes{{Field: "do", Text: sentence.Of("merge-dropped")}}
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
	PutOutline(ctx context.Context, s *Shipment, o *Outline) (sha256 string, err error)
	// Outline returns the outline that a shipment names, which is that of the split before while it is split anew; nil
	// where there is none, as for typed recipients.
	Outline(ctx context.Context, s *Shipment) (*Outline, error)
}

// Versions removes what the splits of a shipment before the last one have left. Twice is once.
type Versions interface {
	// RemoveLetters removes letters of an older version that never began to be sent; any other one stays.
	RemoveLetters(ctx context.Context, letters []*Letter) error
	// RemoveCounts removes the counts of an older version.
	RemoveCounts(ctx context.Context, s *Shipment, version int) error
	// RemoveOutlines removes all outlines but the one that the shipment names.
	RemoveOutlines(ctx context.Context, s *Shipment) error
}
