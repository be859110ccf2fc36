package split

import (
	"bytes"
	"context"
	"log/slog"
	"regexp"
	"runtime"
	"strings"

	"brevdue/internal/ident"
	"brevdue/internal/pdf"
	"brevdue/internal/post"
)

// recognizedMost is how many pages of one document a machine reads: a scan of a whole mailing belongs on paper.
const recognizedMost = 200

// recognize has a machine read the pages that are pictures, and notes the number that it takes for the recipient's. What it
// cannot read stays without.
func (h *Handler) recognize(ctx context.Context, s *post.Shipment, plan *Plan) error {
	if h.Recognizer == nil || len(s.Given) > 0 {
		return nil
	}
	if known, err := h.guessedBefore(ctx, s, plan); known || err != nil {
		return err
	}
	var pictures []int
	for i := range plan.pages {
		if plan.pages[i].picture && len(pictures) < recognizedMost {
			pictures = append(pictures, i)
		}
	}
	sender := map[ident.Number]bool{}
	for _, n := range s.Own {
		sender[n] = true
	}
	return post.Together(ctx, len(pictures), runtime.GOMAXPROCS(0), func(k int) error {
		page := &plan.pages[pictures[k]]
		text, err := h.Recognizer.Recognize(ctx, bytes.Clone(plan.document.Cutter().Cut(pictures[k], 1, [][]byte{page.names})))
		if err != nil {
			slog.Warn("a page was not recognized", "shipment", s.ID, "page", pictures[k]+1, "error", err)
			return nil
		}
		lines := linesOf(text)
		if found := readHeading(lines[:headingLines(lines)], sender); len(found.numbers) == 1 && found.wrong == nil {
			page.guess = found.numbers[0].Reveal()
		}
		return nil
	})
}

// guessedBefore takes over what was guessed when the shipment was split before: the pages are the same.
func (h *Handler) guessedBefore(ctx context.Context, s *post.Shipment, plan *Plan) (bool, error) {
	if s.Outline == "" {
		return false, nil
	}
	o, err := h.Outlines.Outline(ctx, s)
	if err != nil || o == nil || len(o.Pages) != len(plan.pages) {
		return false, err
	}
	for i := range plan.pages {
		plan.pages[i].guess = o.Pages[i].Guess
	}
	return true, nil
}

var wideGap = regexp.MustCompile(`\s{3,}`)

// linesOf makes lines and cells of plain text.
func linesOf(text string) []pdf.Line {
	var lines []pdf.Line
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, wideGap.Split(line, -1))
		}
	}
	return lines
}
