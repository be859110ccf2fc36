package post

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Outline is what the split of a shipment found, letter by letter and page by page. It is stored beside the letters,
// and the shipment holds its fingerprint: so it can be shown later that every page went into exactly one letter.
type Outline struct {
	Letters []OutlineLetter `json:"letters"`
	Pages   []OutlinePage   `json:"pages"`
}

// OutlinePage is one page of the document: read, empty, or unreadable and why.
type OutlinePage struct {
	SHA256     string `json:"sha256"` // of what it draws and says
	Empty      bool   `json:"empty,omitempty"`
	Unreadable string `json:"unreadable,omitempty"` // why, in Danish
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

// ReadOutline reads the outline of a shipment; nil where there is none, as for typed recipients.
func ReadOutline(ctx context.Context, objects Objects, s *Shipment) (*Outline, error) {
	if s.Outline.Key == "" {
		return nil, nil
	}
	b, done, err := objects.Open(ctx, s.Outline)
	if err != nil {
		return nil, err
	}
	defer done()
	if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != s.Outline.SHA256 {
		return nil, fmt.Errorf("outline of %s: it is not the one that was stored", s.ID)
	}
	o := &Outline{}
	return o, json.Unmarshal(b, o)
}
