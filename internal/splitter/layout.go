package splitter

import (
	"strings"
	"unicode"
)

// Shares that make a line part of the layout of first pages.
const (
	mostFirstPages = 0.6  // of the numbered pages have it
	fewOtherPages  = 0.34 // of the others have it: continuations, and first pages without a number
	leastNumbered  = 3    // numbered pages to learn from
	leastFeatures  = 2
	looksLikeFirst = 0.5 // of the features: a first page
	looksLikeOther = 0.2 // of the features, or fewer: a continuation
)

// layout holds the lines that most numbered first pages share and other pages lack: "Dato:", "Sagsnr.:", the title.
type layout map[string]bool

// layoutOf learns the layout of first pages, or returns nil where there is none that tells pages apart.
func layoutOf(pages []page) layout {
	numbered, others := map[string]int{}, map[string]int{}
	n, m := 0, 0
	for i := range pages {
		count := others
		switch {
		case pages[i].numbered():
			count = numbered
			n++
		case pages[i].blank:
			continue
		default:
			m++
		}
		for f := range pages[i].features() {
			count[f]++
		}
	}
	if n < leastNumbered {
		return nil
	}
	l := layout{}
	for f, count := range numbered {
		if float64(count) >= mostFirstPages*float64(n) && float64(others[f]) <= fewOtherPages*float64(m) {
			l[f] = true
		}
	}
	if len(l) < leastFeatures {
		return nil
	}
	return l
}

// share returns how much of the layout a page has, from 0 to 1.
func (l layout) share(p *page) float64 {
	n := 0
	for f := range p.features() {
		if l[f] {
			n++
		}
	}
	return float64(n) / float64(len(l))
}

// features returns the short lines before the running text of a page, with their digits made equal, and the labels
// before a colon. The recipient's number and its label are left out: they are what may be missing.
func (p *page) features() map[string]bool {
	f := map[string]bool{}
	for _, line := range p.top {
		for _, cell := range line {
			if isProse(cell) || p.heading.cells[cell] {
				continue
			}
			plain := plainCell(cell)
			if len(plain) >= 4 {
				f[plain] = true
			}
			if label, _, ok := strings.Cut(plain, ":"); ok && len(label) >= 3 && len(label) <= 25 {
				f[label+":"] = true
			}
		}
	}
	return f
}

// plainCell makes cells of two letters comparable: no spaces, small letters, each run of digits one #.
func plainCell(cell string) string {
	var b strings.Builder
	digit := false
	for _, r := range cell {
		if unicode.IsSpace(r) {
			continue
		}
		isDigit := r >= '0' && r <= '9'
		switch {
		case isDigit && digit:
			continue
		case isDigit:
			b.WriteByte('#')
		default:
			b.WriteRune(unicode.ToLower(r))
		}
		digit = isDigit
	}
	return b.String()
}
