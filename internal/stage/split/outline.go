package split

import (
	"context"
	"fmt"

	"brevdue/internal/post"
)

// Outline tells what the plan is, letter by letter and page by page.
func (p *Plan) Outline() *post.Outline {
	o := &post.Outline{}
	for i := range p.pages {
		page := &p.pages[i]
		o.Pages = append(o.Pages, post.OutlinePage{Sum: page.sum[:16], Empty: page.blank, Unreadable: page.unreadable, Guess: page.guess})
	}
	for _, piece := range p.Pieces {
		o.Letters = append(o.Letters, post.OutlineLetter{First: piece.First, Last: piece.Last, Name: p.pages[piece.First-1].addressee, Problem: piece.Problem, Dropped: piece.Dropped != ""})
	}
	for _, f := range p.Findings {
		for _, page := range f.Pages {
			l := &o.Letters[p.pieceOf(page)]
			if n := len(l.Findings); n == 0 || l.Findings[n-1] != f.Code {
				l.Findings = append(l.Findings, f.Code)
			}
		}
	}
	return o
}

// keepOutline stores the outline, after it was checked that every page is in exactly one letter.
func (h *Handler) keepOutline(ctx context.Context, s *post.Shipment, plan *Plan) (string, error) {
	if len(s.Given) > 0 {
		return "", nil
	}
	o := plan.Outline()
	if err := o.Conserved(); err != nil {
		return "", fmt.Errorf("shipment %s: %w", s.ID, err)
	}
	return h.Outlines.PutOutline(ctx, s.ID, o)
}
