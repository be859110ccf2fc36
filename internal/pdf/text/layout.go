package text

import (
	"bytes"
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"brevdue/internal/pdf/syntax"
)

// run is a piece of text with its place on the paper, in points.
type run struct {
	x, y, end, size float64
	from, to        int // in layout.text
	order           int
	visibility      visibility
	color           color
	middleX         float64 // on the page, however the text runs
	middleY         float64
}

// Gaps in parts of the font size.
const (
	sameLine = 0.3  // lines whose baselines differ less are one
	touching = 0.18 // pieces closer than this are one word
	newCell  = 1    // pieces further apart than this are different cells: columns may be that close
)

// show appends the text of a string and moves on by its width (PDF 9.4.3 and 9.4.4).
func (r *Reader) show(s *graphicsState, in *syntax.Scanner, a syntax.Operand) {
	if s.font == nil { // text in a font that is not there
		r.characters += a.To - a.From
		r.unknown += a.To - a.From
		return
	}
	r.codes = in.AppendString(r.codes[:0], a)
	from, before := len(r.text), r.characters
	width := r.appendCodes(s)
	if s.invisible {
		r.invisible += r.characters - before
	}
	m, c := &s.textMatrix, &s.ctm
	x, y := m[4]*c[0]+m[5]*c[2]+c[4], m[4]*c[1]+m[5]*c[3]+c[5]
	dx, dy := m[0]*c[0]+m[1]*c[2], m[0]*c[1]+m[1]*c[3]
	ux, uy := m[2]*c[0]+m[3]*c[2], m[2]*c[1]+m[3]*c[3]
	s.advance(width)
	if len(r.text) == from {
		return
	}
	size := math.Abs(s.size) * math.Sqrt(ux*ux+uy*uy)
	x, y = x+s.rise*ux, y+s.rise*uy
	inked := width - s.charSpace*s.scale
	r.place(s, x, y, x+inked*dx, y+inked*dy, size, from)
}

// appendCodes appends the text of r.codes and returns its width.
func (r *Reader) appendCodes(s *graphicsState) (width float64) {
	f := s.font
	for b := r.codes; len(b) > 0; {
		code, size := uint32(b[0]), 1
		if !f.codes.oneByte {
			code, size = f.codes.next(b)
		}
		b = b[size:]
		g := f.of(code)
		var known bool
		r.characters++
		if r.text, known = f.appendText(r.text, g); !known {
			r.unknown++
		}
		width += float64(g.width)*f.scale*s.size + s.charSpace
		if code == ' ' && size == 1 {
			width += s.wordSpace
		}
	}
	return width * s.scale
}

// Text that runs up or down the page is turned, and put this far from the lines of the others.
const (
	runsUp   = 1e5
	runsDown = 2e5
)

// place notes a piece of text, or lengthens the one before it where they touch.
func (r *Reader) place(s *graphicsState, x, y, x2, y2, size float64, from int) {
	if !r.box.meets(x, y, x2, y2) { // cropped away: nobody sees it
		r.cropped = r.cropped || len(bytes.TrimSpace(r.text[from:])) > 0
		r.text = r.text[:from]
		return
	}
	segment := run{
		size: size, from: from, to: len(r.text), order: len(r.runs), color: s.color,
		middleX: (x + x2) / 2, middleY: (y+y2)/2 + size/4,
	}
	if !r.tracing {
		segment.visibility = r.visibilityOf(s, x, y, x2, y2, size)
	}
	if math.Abs(y2-y) > math.Abs(x2-x) {
		if y2 > y {
			x, y, x2 = y, -x-runsUp, y2
		} else {
			x, y, x2 = -y, x-runsDown, -y2
		}
	}
	if k := len(r.runs) - 1; k >= 0 {
		last := &r.runs[k]
		if math.Abs(last.y-y) < 0.1*size && math.Abs(x-last.end) < touching*size && last.to == from &&
			last.visibility == segment.visibility && last.color == segment.color {
			if last.to, last.end = len(r.text), x2; y > -runsUp/2 {
				last.middleX = (last.x + x2) / 2
			}
			return
		}
	}
	if len(r.runs) == runsMost {
		r.steps = stepsMost // no page has so many: the next operator ends it
		return
	}
	segment.x, segment.y, segment.end = x, y, x2
	r.runs = append(r.runs, segment)
}

// layout puts the text of a page together to lines.
type layout struct {
	text    []byte
	runs    []run
	joined  []byte
	lefts   []float32 // of each cell of joined
	tracing bool      // where each character comes from is noted
	places  []int     // of each byte of joined in text; -1 where it is from none
}

// lines puts the pieces together: from top to bottom, in each line from left to right. Their text is one string. left
// is where each cell begins.
func (r *layout) lines() (lines []Line, left [][]float32) {
	ends := r.join()
	return linesOf(string(r.joined), ends, r.lefts)
}

// join puts the text of the page into joined, and returns where its cells end; a line ends with -1.
func (r *layout) join() (ends []int) {
	runs := r.runs
	slices.SortFunc(runs, func(a, b run) int {
		if c := cmp.Compare(b.y, a.y); c != 0 {
			return c
		}
		return a.order - b.order
	})
	r.joined, r.places, r.lefts = r.joined[:0], r.places[:0], r.lefts[:0]
	for i := 0; i < len(runs); {
		j := i + 1
		for j < len(runs) && runs[i].y-runs[j].y < sameLine*max(runs[i].size, runs[j].size) {
			j++
		}
		before := len(ends)
		if ends = r.line(runs[i:j], ends); len(ends) > before {
			ends = append(ends, -1)
		}
		i = j
	}
	return ends
}

func linesOf(text string, ends []int, lefts []float32) (lines []Line, left [][]float32) {
	cells, places := make([]string, 0, len(ends)), make([]float32, 0, len(ends))
	from, first, cellsSeen := 0, 0, 0
	for _, end := range ends {
		if end < 0 {
			if n := len(cells); n > first {
				lines, left = append(lines, cells[first:n:n]), append(left, places[first:n:n])
			}
			first = len(cells)
			continue
		}
		if cell := strings.TrimSpace(text[from:end]); cell != "" {
			cells, places = append(cells, cell), append(places, lefts[cellsSeen])
		}
		from = end
		cellsSeen++
	}
	return lines, left
}

// line joins the pieces of a line to cells, and appends where they end.
func (r *layout) line(runs []run, ends []int) []int {
	slices.SortFunc(runs, func(a, b run) int {
		if c := cmp.Compare(a.x, b.x); c != 0 {
			return c
		}
		return a.order - b.order
	})
	start, left := len(r.joined), runs[0].x
	before := -1
	for k, segment := range runs {
		if before >= 0 {
			if r.isShadow(&runs[before], &segment) {
				continue
			}
			gap := segment.x - runs[before].end
			last, _ := utf8.DecodeLastRune(r.joined[start:])
			if gap > newCell*segment.size {
				ends = r.endCell(start, left, ends)
				start, left = len(r.joined), segment.x
			} else if last != ' ' && (gap > touching*segment.size || r.tracing && gap < -touching*segment.size) {
				r.joined = append(r.joined, ' ')
				if r.tracing {
					r.places = append(r.places, -1)
				}
			}
		}
		before = k
		r.joined = append(r.joined, r.text[segment.from:segment.to]...)
		for at := segment.from; r.tracing && at < segment.to; at++ {
			r.places = append(r.places, at)
		}
	}
	return r.endCell(start, left, ends)
}

// shadow is how far from a text its copy may be, in parts of the font size, that makes it look bold.
const shadow = 0.12

// isShadow reports whether a piece is the one before it drawn once more. Where text is traced every copy counts.
func (r *layout) isShadow(a, b *run) bool {
	return !r.tracing && math.Abs(a.x-b.x) < shadow*b.size && bytes.Equal(r.text[a.from:a.to], r.text[b.from:b.to])
}

// endCell ends a cell; one of white space alone is none.
func (r *layout) endCell(start int, left float64, ends []int) []int {
	for _, c := range r.joined[start:] {
		if c != ' ' {
			r.lefts = append(r.lefts, float32(left))
			return append(ends, len(r.joined))
		}
	}
	r.joined = r.joined[:start]
	r.places = r.places[:min(start, len(r.places))]
	return ends
}
