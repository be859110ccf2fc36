package splitter

import (
	"errors"
	"slices"
	"strings"

	"brevdue/internal/ident"
	"brevdue/internal/pdf/text"
)

// sighting is a number that stands on a page outside of running text, with what stands around it.
type sighting struct {
	number     ident.Number
	wrong      error   // why it cannot be a number although its label says so
	labelled   bool    // "CPR-nr." stands with it
	understood bool    // there is nothing beside it that was not read
	name       string  // who is named beside it, or above where it stands alone; "" for nobody
	role       kinship // what the words around it say
	office     bool    // a company's, where a letterhead would have the sender's
	addressed  bool    // the name is the address's own, which stands on the same line
	field      string  // the text that it stands in
	line       int     // of the page
}

// row is a line of a page on its way to be read for numbers.
type row struct {
	fields []string
	left   []float32 // where each field's cell begins
	number int       // of the line
}

// rowOf cuts a line into fields.
func rowOf(lines []text.Line, left [][]float32, i int) row {
	r := row{number: i}
	for k := range lines[i] {
		for _, field := range fieldsOf(lines[i][k : k+1]) {
			r.fields = append(r.fields, field)
			if i < len(left) && k < len(left[i]) {
				r.left = append(r.left, left[i][k])
			}
		}
	}
	return r
}

// digitsWorth is from how many digits a field may hold a number.
const digitsWorth = 6

// hasNumber reports whether a row has a number of its own, so that the next row's is another's.
func (r *row) hasNumber() bool {
	return slices.ContainsFunc(r.fields, func(f string) bool { return digitCount(f) >= 8 })
}

// above returns the field of the row above that stands over field i: it begins at the same place, or has its number
// among as many.
func (r *row) above(i int, up row) string {
	if len(r.left) == len(r.fields) && len(up.left) == len(up.fields) {
		for k := range up.fields {
			if d := up.left[k] - r.left[i]; d > -columnWidth && d < columnWidth {
				return up.fields[k]
			}
		}
	}
	switch {
	case len(up.fields) == len(r.fields):
		return up.fields[i]
	case len(up.fields) == 1:
		return up.fields[0]
	}
	return ""
}

// columnWidth is how far apart, in points, the cells of one column may begin.
const columnWidth = 12

// sightings finds the numbers on lines of a page. blocks are the addresses: what stands in them is no name beside a
// number, but the addressee's own.
type sightings struct {
	lines  []text.Line
	left   [][]float32
	blocks []block
	from   int  // the first line that is looked at
	before row  // the row above
	read   bool // before was read
	header row  // of the table whose rows are being read
	found  []sighting
}

// sightingsIn finds the numbers in the heading of a page.
func sightingsIn(top []text.Line, left [][]float32, blocks []block) []sighting {
	s := sightings{lines: top, left: left, blocks: blocks}
	for i := range top {
		s.row(i)
	}
	return s.kept()
}

// sightingsBelow finds the numbers under the heading of a page that do not stand in running text: in tables, boxes and
// footers.
func sightingsBelow(lines []text.Line, left [][]float32, from int) []sighting {
	s := sightings{lines: lines, left: left, from: from}
	for i := from; i < len(lines); i++ {
		if worthReading(lines[i]) && !s.inText(i) {
			s.row(i)
		}
	}
	return s.kept()
}

// inText reports whether a line is running text, or the end of a paragraph.
func (s *sightings) inText(i int) bool {
	if _, prose := proseIn(s.lines[i]); prose {
		return true
	}
	if i == 0 || len(s.lines[i]) > 1 {
		return false
	}
	_, prose := proseIn(s.lines[i-1])
	return prose
}

// kept returns what was found with texts of its own, so that the page's need not be kept for them.
func (s *sightings) kept() []sighting {
	for i := range s.found {
		f := &s.found[i]
		f.name, f.field = strings.Clone(f.name), strings.Clone(f.field)
	}
	return s.found
}

func (s *sightings) row(i int) {
	if !worthReading(s.lines[i]) {
		return
	}
	if s.before.number != i-1 || !s.read { // the row above has no number: it may be the heading of a table
		s.before, s.header = s.above(i), row{}
		if slices.ContainsFunc(s.before.fields, func(f string) bool { return hasLabel(plainSigns(f)) }) {
			s.header = s.before
		}
	}
	r := rowOf(s.lines, s.left, i)
	for k, field := range r.fields {
		field = withoutUnits(field)
		if digitCount(field) >= digitsWorth && !isProse(field) {
			s.field(&r, k, field)
		}
	}
	s.before, s.read = r, true
}

// above returns the row above a line, where it is no running text.
func (s *sightings) above(i int) row {
	if i == 0 || i == s.from || len(strings.Join(s.lines[i-1], " ")) >= 3*proseLength {
		return row{number: -2}
	}
	return rowOf(s.lines, s.left, i-1)
}

// worthReading reports whether a line has a cell with a number.
func worthReading(line text.Line) bool {
	return slices.ContainsFunc(line, func(cell string) bool { return digitCount(cell) >= digitsWorth })
}

// field reads the numbers of one field.
func (s *sightings) field(r *row, k int, field string) {
	text := unspaced(plainSigns(field))
	from := 0
	for _, at := range numberSpans(text) {
		before, behind := text[from:at.from], strings.TrimLeft(text[at.to:], " ,.;:)/-|#")
		first := from == 0
		from = at.to
		found := sighting{field: field, line: r.number, understood: true}
		label, rest := labelAtEnd(before)
		if label == "" && first && !isForeignLabel(rest) {
			label, rest = s.labelBeside(r, k, rest, &found), before
		}
		if label == "" && s.isForeign(r, k, before) || !found.parse(text[at.from:at.to], label, at) {
			continue
		}
		if found.number.Kind() == ident.CVR {
			if isLetterhead(s.cellOf(r, field)) {
				continue
			}
			found.office = isLetterhead(s.outside(r)) || s.aboveAddress(r.number)
		}
		s.context(r, k, &found, rest, behind)
		s.found = append(s.found, found)
	}
}

// cellOf returns the fields of the cell that a field is cut from.
func (s *sightings) cellOf(r *row, field string) []string {
	for i, cell := range s.lines[r.number] {
		if strings.Contains(cell, field) {
			return fieldsOf(s.lines[r.number][i : i+1])
		}
	}
	return r.fields
}

// outside returns the fields of a row that are no part of an address.
func (s *sightings) outside(r *row) []string {
	var fields []string
	for i, field := range r.fields {
		if !s.inAddress(r, i) {
			fields = append(fields, field)
		}
	}
	return fields
}

// aboveAddress reports whether a line of the page stands above the address.
func (s *sightings) aboveAddress(line int) bool {
	for i := range s.blocks {
		if s.blocks[i].nameLine >= 0 {
			return line < s.blocks[i].nameLine
		}
	}
	return false
}

// isForeign reports whether a number without a label of ours has another one: before it, to its left, or above.
func (s *sightings) isForeign(r *row, k int, before string) bool {
	if strings.Trim(before, " .,:;-(#") != "" {
		return isForeignLabel(before)
	}
	return k > 0 && isForeignLabel(r.fields[k-1]) || k == 0 && isForeignLabel(r.above(k, s.before))
}

// labelBeside returns the label that stands in the field to the left or in the one above.
func (s *sightings) labelBeside(r *row, k int, before string, found *sighting) string {
	if strings.Trim(before, " .,:;-(#") != "" {
		return ""
	}
	places := []string{r.above(k, s.before), r.above(k, s.header)}
	if k > 0 {
		places = append([]string{r.fields[k-1]}, places...)
	}
	for _, place := range places {
		if digitCount(place) > 0 {
			continue
		}
		if label, whose := labelAtEnd(plainSigns(place)); label != "" {
			found.see(whose)
			return label
		}
	}
	return ""
}

// parse reads the number, and reports whether it is one that somebody may be known by.
func (f *sighting) parse(digits, label string, at span) bool {
	f.labelled = label != ""
	switch {
	case cvrLabels[label] && digitCount(digits) == 8:
		f.number, f.wrong = ident.ParseCVR(digits)
	case cprLabels[label] && at.signs == 10 && strings.ContainsAny(digits, "*x#?"):
		f.wrong = ident.ErrLetters
	case cprLabels[label] && at.signs == 10:
		f.number, f.wrong = ident.ParseCPR(pressed(digits))
	case label == "" && at.dashed:
		f.number, f.wrong = ident.ParseCPR(pressed(digits))
		f.understood = f.understood && !at.apart
		return f.wrong == nil // else it is an account or a case
	default:
		return false
	}
	return !errors.Is(f.wrong, ident.ErrForm)
}

// inAddress reports whether a field of a row is part of an address.
func (s *sightings) inAddress(r *row, i int) bool {
	return s.blockAt(r, i) != nil
}

// namesAddressee reports whether a line of the page has the name of an address.
func (s *sightings) namesAddressee(line int) bool {
	return slices.ContainsFunc(s.blocks, func(b block) bool { return b.nameLine == line })
}

// nearest returns the places of a row's other fields, those to the left first.
func nearest(k, n int) []int {
	var order []int
	for i := k - 1; i >= 0; i-- {
		order = append(order, i)
	}
	for i := k + 1; i < n; i++ {
		order = append(order, i)
	}
	return order
}
