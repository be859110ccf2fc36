package splitter

import (
	"strings"

	"brevdue/internal/ident"
	"brevdue/internal/pdf/text"
)

// unitLabels stand before the P-number of a company's unit, as letters only.
var unitLabels = setOf(`p pnr pnummer pno pnumret penhed pnrnr produktionsenhed produktionsenhedsnr
	produktionsenhedsnummer`)

// unit is a P-number in the heading of a page, and on which line.
type unit struct {
	Number string
	Line   int
}

// unitsIn returns the P-numbers of lines: ten digits behind their label. Without one they may be anything
// (practice.md C3).
func unitsIn(top []text.Line) []unit {
	var found []unit
	for i, line := range top {
		for k, cell := range line {
			if isLetterhead(fieldsOf(line[k : k+1])) { // the sender's
				continue
			}
			before := ""
			if k > 0 {
				before = line[k-1]
			}
			for _, s := range unitSpans(before, cell) {
				found = append(found, unit{ident.Digits(cell[s.from:s.to]), i})
			}
		}
	}
	return found
}

// unitSpans returns where P-numbers stand in a cell; the label may stand in the cell before it.
func unitSpans(before, cell string) (found []span) {
	for i := 0; i < len(cell); i++ {
		if !isDigit(cell[i]) || i > 0 && isDigit(cell[i-1]) {
			continue
		}
		end, digits := i, make([]byte, 0, 10)
		for end < len(cell) && (isDigit(cell[end]) || cell[end] == ' ') && len(digits) < 11 {
			if isDigit(cell[end]) {
				digits = append(digits, cell[end])
			}
			end++
		}
		label := cell[:i]
		if strings.TrimSpace(label) == "" {
			label = before
		}
		if len(digits) == 10 && digits[0] != '0' && isUnitLabel(label) {
			found = append(found, span{from: i, to: end})
		}
		i = end
	}
	return found
}

// withoutUnits cuts P-numbers with their labels off the end of a field, so that the number before them is understood.
func withoutUnits(field string) string {
	for {
		spans := unitSpans("", field)
		if len(spans) == 0 || strings.TrimSpace(field[spans[len(spans)-1].to:]) != "" {
			return field
		}
		label := field[:spans[len(spans)-1].from]
		rest := strings.TrimRight(label[:labelStart(label)], " ,;/")
		if rest == "" {
			return field
		}
		field = rest
	}
}

// labelStart is where the label at the end of a text begins.
func labelStart(s string) int {
	return strings.LastIndexAny(strings.TrimRight(s, " .:"), ",;/()0123456789") + 1
}

// isUnitLabel reports whether a text ends with what stands before a P-number.
func isUnitLabel(s string) bool {
	s = strings.ToLower(strings.TrimRight(s, " .:"))
	s = s[labelStart(s):]
	return unitLabels[lettersOf(strings.NewReplacer(" ", "", "-", "", ".", "").Replace(s))]
}

// chooseUnits gives letters to a company the P-number that stands with its CVR number: on the same line of the heading,
// or on the next one above or below. One that stands by itself, or with another number, may be the sender's own.
func (p *Plan) chooseUnits() {
	for i := range p.Segments {
		segment := &p.Segments[i]
		if segment.Recipient.Kind() == ident.CVR && segment.Problem == "" && !segment.byHand {
			segment.Unit = p.pages[segment.First-1].unitOf(segment.Recipient)
		}
	}
}

func (p *page) unitOf(company ident.Number) string {
	for _, distance := range []int{0, 1} {
		found := ""
		for _, u := range p.units {
			switch near, other := p.distance(u.Line, company); {
			case near != distance || other <= 1: // else it may be the other number's
			case found != "" && found != u.Number:
				return ""
			default:
				found = u.Number
			}
		}
		if found != "" {
			return found
		}
	}
	return ""
}

// far is more lines than a heading has.
const far = 1 << 20

// distance is how many lines a company's number stands from a line, and how many the nearest other number.
func (p *page) distance(line int, company ident.Number) (near, other int) {
	near, other = far, far
	for _, s := range p.sightings {
		d := max(s.line-line, line-s.line)
		switch {
		case s.number == company:
			near = min(near, d)
		case !s.number.IsZero():
			other = min(other, d)
		}
	}
	return near, other
}
