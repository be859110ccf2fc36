package pdf

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// run is a piece of text with its place on the paper, in points.
type run struct {
	x, y, end, size float64
	from, to        int // in Reader.text
	order           int
}

// Gaps in parts of the font size.
const (
	sameLine = 0.3  // lines whose baselines differ less are one
	touching = 0.18 // pieces closer than this are one word
	newCell  = 3    // pieces further apart than this are different cells
)

// show appends the text of a string and moves on by its width (PDF 9.4.3 and 9.4.4).
func (r *Reader) show(s *state, o object) {
	if s.font == nil || (o.kind != kindString && o.kind != kindHex) {
		if o.kind == kindString || o.kind == kindHex { // text in a font that is not there
			r.characters += len(o.raw)
			r.unknown += len(o.raw)
		}
		return
	}
	r.codes = appendString(r.codes[:0], o)
	from, before := len(r.text), r.characters
	var width float64
	if s.font.composite && !(s.font.oneByte && s.font.unicode != nil) {
		width = r.appendComposite(s)
	} else {
		width = r.appendSimple(s)
	}
	if s.invisible {
		r.invisible += r.characters - before
	}
	start := s.textMatrix.times(s.ctm)
	x, y := start[4]+s.rise*start[2], start[5]+s.rise*start[3]
	s.advance(width)
	if len(r.text) == from {
		return
	}
	inked := width - s.charSpace*s.scale
	r.place(x, y, start[4]+inked*start[0], start[5]+inked*start[1], math.Abs(s.size)*math.Hypot(start[2], start[3]), from)
}

func (r *Reader) appendComposite(s *state) (width float64) {
	for i := 0; i+1 < len(r.codes); i += 2 {
		code := uint32(r.codes[i])<<8 | uint32(r.codes[i+1])
		r.appendCharacter(s.font.unicode[code])
		w, ok := s.font.cidWidths[int(code)]
		if !ok {
			w = s.font.cidDefault
		}
		width += (float64(w)/1000*s.size + s.charSpace) * s.scale
	}
	return width
}

func (r *Reader) appendSimple(s *state) (width float64) {
	for _, code := range r.codes {
		r.appendCharacter(s.font.simple[code])
		width += (float64(s.font.widths[code])*s.font.scale*s.size + s.charSpace) * s.scale
		if code == ' ' {
			width += s.wordSpace * s.scale
		}
	}
	return width
}

func (r *Reader) appendCharacter(text string) {
	r.characters++
	if text == "" {
		r.unknown++
		return
	}
	r.text = append(r.text, text...)
}

// place notes a piece of text, or lengthens the one before it where they touch. Text that runs up or down the page
// is turned, and put far from the lines of the others.
func (r *Reader) place(x, y, x2, y2, size float64, from int) {
	if !r.box.holds(x, y) { // cropped away: nobody sees it
		r.text = r.text[:from]
		return
	}
	if math.Abs(y2-y) > math.Abs(x2-x) {
		if y2 > y {
			x, y, x2 = y, -x-1e5, y2
		} else {
			x, y, x2 = -y, x-2e5, -y2
		}
	}
	if k := len(r.runs) - 1; k >= 0 {
		last := &r.runs[k]
		if math.Abs(last.y-y) < 0.1*size && math.Abs(x-last.end) < touching*size && last.to == from {
			last.to, last.end = len(r.text), x2
			return
		}
	}
	r.runs = append(r.runs, run{x, y, x2, size, from, len(r.text), len(r.runs)})
}

// lines puts the pieces together: from top to bottom, in each line from left to right.
func (r *Reader) lines() []Line {
	runs := r.runs
	slices.SortStableFunc(runs, func(a, b run) int { return compare(b.y, a.y) })
	var lines []Line
	for i := 0; i < len(runs); {
		j := i + 1
		for j < len(runs) && runs[i].y-runs[j].y < sameLine*math.Max(runs[i].size, runs[j].size) {
			j++
		}
		if line := r.line(runs[i:j]); len(line) > 0 {
			lines = append(lines, line)
		}
		i = j
	}
	return lines
}

func (r *Reader) line(runs []run) Line {
	slices.SortStableFunc(runs, func(a, b run) int {
		if c := compare(a.x, b.x); c != 0 {
			return c
		}
		return a.order - b.order
	})
	var line Line
	var cell []byte
	for k, piece := range runs {
		if k > 0 {
			gap := piece.x - runs[k-1].end
			last, _ := utf8.DecodeLastRune(cell)
			if gap > newCell*piece.size {
				line = appendCell(line, cell)
				cell = cell[:0]
			} else if gap > touching*piece.size && last != ' ' {
				cell = append(cell, ' ')
			}
		}
		cell = append(cell, r.text[piece.from:piece.to]...)
	}
	return appendCell(line, cell)
}

func appendCell(line Line, cell []byte) Line {
	if text := strings.TrimSpace(string(cell)); text != "" {
		return append(line, text)
	}
	return line
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
