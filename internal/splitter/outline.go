package splitter

import (
	"fmt"

	"brevdue/internal/ident"
	"brevdue/internal/sentence"
)

// Outline tells what the plan is, letter by letter and page by page.
func (p *Plan) Outline() *Outline {
	o := &Outline{}
	for i := range p.pages {
		page := &p.pages[i]
		o.Pages = append(
			o.Pages,
			OutlinePage{Sum: page.sum[:16], Empty: page.blank, Unreadable: page.unreadable, Guess: page.guess},
		)
	}
	for _, segment := range p.Segments {
		o.Letters = append(
			o.Letters,
			OutlineLetter{
				First:     segment.First,
				Last:      segment.Last,
				Recipient: segment.Recipient,
				Unit:      segment.Unit,
				Ordinal:   segment.Ordinal,
				Name:      p.pages[segment.First-1].addressee,
				Problem:   segment.Problem,
				Reason:    segment.Reason,
				Dropped:   segment.Dropped,
			},
		)
	}
	for _, f := range p.Findings {
		for _, page := range f.Pages {
			l := &o.Letters[p.segmentOf(page)]
			if n := len(l.Findings); n == 0 || l.Findings[n-1] != f.Code {
				l.Findings = append(l.Findings, f.Code)
			}
		}
	}
	return o
}

// Outline is what a plan found, letter by letter and page by page.
type Outline struct {
	Letters []OutlineLetter
	Pages   []OutlinePage
}

// OutlinePage is one page of the document: read, empty, or unreadable and why.
type OutlinePage struct {
	Sum        []byte // the first half of the SHA-256 of what it draws and says
	Empty      bool
	Unreadable sentence.Sentence
	Guess      string // digits of a number, as a machine reads them
}

// OutlineLetter is one letter of an Outline.
type OutlineLetter struct {
	First, Last int
	Recipient   ident.Number
	Unit        string // P-number; "" for none
	Ordinal     int
	Name        string // as the address says
	Findings    []FindingCode
	Problem     Code
	Reason      sentence.Sentence
	Dropped     bool // a person does not want it sent
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
