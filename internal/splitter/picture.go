package splitter

import (
	"bytes"
	"regexp"
	"strings"

	"brevdue/internal/ident"
	"brevdue/internal/pdf/text"
)

// Pictures are the pages, counted from 1, that are pictures: a machine may guess what they say.
func (p *Plan) Pictures() []int {
	var pictures []int
	for i := range p.pages {
		if p.pages[i].picture {
			pictures = append(pictures, i+1)
		}
	}
	return pictures
}

// Picture returns a page as a PDF of its own.
func (p *Plan) Picture(page int) []byte {
	return bytes.Clone(p.cut.Cutter().Cut(page-1, 1, [][]byte{p.pages[page-1].names}))
}

// Guess notes the digits that a machine takes for the recipient's number. Nothing is sent by a guess.
func (p *Plan) Guess(page int, digits string) {
	if page >= 1 && page <= len(p.pages) {
		p.pages[page-1].guess, p.packed = digits, nil
	}
}

// GuessRecipient returns the digits of the number in the heading of a page whose text a machine has guessed; "" for
// none.
func GuessRecipient(text string, sender []ident.Number) string {
	lines := linesOf(text)
	read := readTop(lines[:headingLines(lines)])
	read.readHeadings(Options{Sender: sender})
	n, _ := read.pages[0].recipient()
	return n.Reveal()
}

// readTop is the plan of one page that has nothing but a heading.
func readTop(top []text.Line) *Plan {
	blocks := blocksOf(top, nil)
	return &Plan{pages: []page{{blocks: blocks, sightings: sightingsIn(top, nil, blocks)}}}
}

var wideGap = regexp.MustCompile(`\s{3,}`)

// linesOf makes lines and cells of plain text.
func linesOf(plain string) []text.Line {
	var lines []text.Line
	for line := range strings.Lines(plain) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, wideGap.Split(line, -1))
		}
	}
	return lines
}
