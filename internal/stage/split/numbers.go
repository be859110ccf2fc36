package split

import (
	"errors"
	"strings"
	"unicode"

	"brevdue/internal/ident"
	"brevdue/internal/pdf"
)

// heading is what the heading of a page says about the recipient.
type heading struct {
	numbers []ident.Number // distinct, without the sender's own
	wrong   error          // a labelled number that cannot be one: a wrong date, letters in the last four
	cells   map[string]bool
}

// cprLabels and cvrLabels are the words that may stand beside a recipient's number, as letters only
// (digital-post.md 7, Print forms).
var (
	cprLabels = map[string]bool{"cpr": true, "cprnr": true, "cprnummer": true, "cprnummeret": true, "persnr": true, "personnummer": true, "personnr": true, "cprno": true, "cprcvr": true, "cprcvrnr": true}
	cvrLabels = map[string]bool{"cvr": true, "cvrnr": true, "cvrnummer": true, "cvrno": true, "cvrdk": true, "cvrnrdk": true, "cvrse": true, "cvrsenr": true, "cprcvr": true, "cprcvrnr": true}
)

const digits = "0123456789"

// proseLength is the number of characters from which a cell is running text rather than an address or a label.
const proseLength = 55

// isProse reports whether a cell is running text: long, and mostly small letters. A letterhead with its fields set
// apart by dots or bars is not.
func isProse(cell string) bool {
	if len(cell) < proseLength || strings.Count(cell, "·")+strings.Count(cell, "|")+strings.Count(cell, "•") >= 2 {
		return false
	}
	small, all := 0, 0
	for _, r := range cell {
		all++
		if unicode.IsLower(r) {
			small++
		}
	}
	return all >= proseLength && 10*small >= 6*all
}

// headingLines returns how many lines stand before the running text. One long line alone may be a return address or a
// subject; text is a salutation, two long lines, or one that ends as a sentence does.
func headingLines(lines []pdf.Line) int {
	for i, line := range lines {
		for _, cell := range line {
			if first, _, _ := strings.Cut(cell, " "); salutation(first) && first != "Til" {
				return i
			}
		}
		if last, prose := proseIn(line); prose {
			if strings.ContainsAny(last, ".?:;") {
				return i
			}
			if i+1 < len(lines) {
				if _, next := proseIn(lines[i+1]); next {
					return i
				}
			}
		}
	}
	return len(lines)
}

// proseIn reports whether a line has running text, and the sign that it ends with.
func proseIn(line pdf.Line) (last string, prose bool) {
	for _, cell := range line {
		if isProse(cell) {
			r := []rune(cell)
			return string(r[len(r)-1]), true
		}
	}
	return "", false
}

// readHeading finds the numbers that stand on a line or in a cell of their own, before the running text. The label
// may stand before the number, in the cell to its left, or in the cell above.
func readHeading(top []pdf.Line, sender map[ident.Number]bool) heading {
	h := heading{cells: map[string]bool{}}
	var above []string
	for _, line := range top {
		fields := fieldsOf(line)
		for i, field := range fields {
			if digitCount(field) >= 6 && !aboutSomebodyElse(fields) && !(aboutSomebodyElse(above) && !hasNumber(above)) {
				h.take(leftOf(fields, i), labelsFor(fields, above, i), field, sender)
			}
		}
		above = fields
	}
	return h
}

// hasNumber reports whether a line has a number of its own, so that the next line's is another's.
func hasNumber(fields []string) bool {
	for _, field := range fields {
		if digitCount(field) >= 8 {
			return true
		}
	}
	return false
}

// labelsFor returns what may be the label of a field: the cell to its left, then the cell above.
func labelsFor(fields, above []string, i int) []string {
	var labels []string
	if i > 0 {
		labels = append(labels, fields[i-1])
	}
	switch {
	case len(above) == len(fields):
		labels = append(labels, above[i])
	case len(above) == 1:
		labels = append(labels, above[0])
	}
	return labels
}

// somebodyElse are the beginnings of words for the one whom a letter is about.
var somebodyElse = []string{"vedr", "angående", "barn", "børn", "ægtefælle", "samlever", "elev", "patient", "afdød", "klient"}

// aboutSomebodyElse reports whether a line names the one whom the letter is about, not the one whom it is for.
func aboutSomebodyElse(fields []string) bool {
	for _, field := range fields {
		for i, text := range strings.Fields(field) {
			word := lettersOf(text)
			for _, who := range somebodyElse {
				if strings.HasPrefix(word, who) && (i == 0 || word == who || !isProse(field)) {
					return true
				}
			}
		}
	}
	return false
}

// leftOf returns the field to the left, or "".
func leftOf(fields []string, i int) string {
	if i == 0 {
		return ""
	}
	return fields[i-1]
}

// namedOtherwise reports whether what stands to the left of a bare number says that it is something else than the
// number of the one who is named there.
func namedOtherwise(left string) bool {
	return left != "" && digitCount(left) == 0 && !looksLikeName(left) && !cprLabels[labelOf(left)]
}

// take reads one field. It counts when it is a label and a number and nothing else.
func (h *heading) take(left string, labels []string, field string, sender map[ident.Number]bool) {
	text := field[:strings.IndexAny(field, digits)]
	number := strings.TrimRight(field[len(text):], " .,;:)")
	label := labelOf(text)
	for _, other := range labels {
		if label != "" {
			break
		}
		if digitCount(other) == 0 && (isLabel(other) || strings.ContainsAny(other, ":.")) {
			label = labelOf(other)
		}
	}
	var n ident.Number
	var err error
	switch {
	case cvrLabels[label] && digitCount(number) == 8:
		n, err = ident.ParseCVR(number)
	case cprLabels[label]:
		n, err = ident.ParseCPR(number)
	case label == "" && isDashedCPR(field) && !namedOtherwise(left):
		n, err = ident.ParseCPR(field)
	default:
		return
	}
	switch {
	case errors.Is(err, ident.ErrForm): // something else stands there too: a mention
		return
	case err != nil:
		h.wrong = err
	case sender[n]:
		return
	case !h.has(n):
		h.numbers = append(h.numbers, n)
	}
	h.cells[field] = true
}

// labelOf returns the letters of a label without the words that say whose number it is: the recipient's, of a letter.
func labelOf(text string) string {
	label := lettersOf(text)
	for _, whose := range []string{"deres", "dit", "din", "jeres", "modtagers", "modtager", "borgers"} {
		label = strings.TrimPrefix(label, whose)
	}
	return label
}

func isLabel(text string) bool {
	label := labelOf(text)
	return cprLabels[label] || cvrLabels[label] || strings.HasSuffix(label, "nr") || strings.HasSuffix(label, "nummer") || strings.HasSuffix(label, "ref")
}

func (h *heading) has(n ident.Number) bool {
	for _, m := range h.numbers {
		if m == n {
			return true
		}
	}
	return false
}

// isDashedCPR reports whether a field is 010190-1234 and nothing else: the only unlabelled form that is no account,
// case or customer number.
func isDashedCPR(field string) bool {
	found := ident.FindCPR(field)
	if len(found) != 1 || found[0] != [2]int{0, len(field)} || digitCount(field) != 10 {
		return false
	}
	return strings.ContainsAny(field, "-\u2010\u2011\u2013\u2212")
}

// fieldsOf cuts the cells of a line at the separators of letterheads and footers.
func fieldsOf(line pdf.Line) []string {
	var fields []string
	for _, cell := range line {
		for _, field := range strings.FieldsFunc(cell, func(r rune) bool { return r == '·' || r == '|' || r == '•' }) {
			if field = strings.TrimSpace(field); field != "" {
				fields = append(fields, field)
			}
		}
	}
	return fields
}

// fieldsWith returns the fields of the cells that have so many digits at least: most have none.
func fieldsWith(line pdf.Line, least int) []string {
	var fields []string
	for i, cell := range line {
		if digitCount(cell) >= least {
			fields = append(fields, fieldsOf(line[i:i+1])...)
		}
	}
	return fields
}

// lettersOf returns the letters of s in lower case: fonts and kerning put spaces and dots anywhere.
func lettersOf(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsLetter(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

func digitCount(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			n++
		}
	}
	return n
}

// mentions returns the CPR numbers of a page, wherever they stand.
func mentions(lines []pdf.Line) []ident.Number {
	var found []ident.Number
	for _, line := range lines {
		for _, cell := range line {
			if digitCount(cell) < 10 {
				continue
			}
			for _, at := range ident.FindCPR(cell) {
				n, err := ident.ParseCPR(cell[at[0]:at[1]])
				if err == nil && labelledMention(cell, at[0], at[1]) {
					found = append(found, n)
				}
			}
		}
	}
	return found
}

// labelledMention reports whether digits in running text are meant as a CPR number: written with a separator, or
// named as one. Account numbers of ten digits are neither.
func labelledMention(cell string, from, to int) bool {
	if to-from > 10 {
		return true
	}
	before := lettersOf(cell[max(0, from-24):from])
	return strings.HasSuffix(before, "cpr") || strings.HasSuffix(before, "cprnr") ||
		strings.HasSuffix(before, "cprnummer") || strings.HasSuffix(before, "personnummer")
}

// labelledCVRs returns every CVR number of a page that stands behind its label, in a line of whatever kind.
func labelledCVRs(lines []pdf.Line) []ident.Number {
	var found []ident.Number
	for _, line := range lines {
		for _, field := range fieldsWith(line, 8) {
			if digitCount(field) != 8 || !cvrLabels[lettersOf(field)] {
				continue
			}
			number := field[strings.IndexAny(field, digits):]
			if n, err := ident.ParseCVR(strings.TrimRight(number, " .,;:)")); err == nil {
				found = append(found, n)
			}
		}
	}
	return found
}
