package splitter

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"brevdue/internal/ident"
	"brevdue/internal/pdf/text"
	"brevdue/internal/sentence"
)

// heading is what the heading of a page says about the recipient.
type heading struct {
	numbers []ident.Number    // distinct, without the sender's own
	wrong   error             // a labelled number that cannot be one: a wrong date, letters in the last four
	doubt   sentence.Sentence // why a number may be somebody else's than the addressee's
	cells   map[string]bool
}

// take adds a number.
func (h *heading) take(n ident.Number) {
	if !h.has(n) {
		h.numbers = append(h.numbers, n)
	}
}

// cprLabels and cvrLabels are the words that may stand beside a recipient's number, as letters only
// (digital-post.md 7, Print forms).
var (
	cprLabels = setOf(`cpr cprnr cprnummer cprnummeret persnr personnummer personnr cprno personnumre cprnumre fødselsnr
	fødselsnummer personid personalid fødselsdatoogpersonnr`, bothLabels)
	cvrLabels = setOf(`cvr cvrnr cvrnummer cvrno cvrdk cvrnrdk cvrse cvrsenr cvrpnr`, bothLabels)
)

// bothLabels stand before a person's number or a company's.
const bothLabels = `cprcvr cprcvrnr cprnrcvrnr cprellercvr cprellercvrnr cprnrellercvrnr cprcvrse cprcvrsenr cvrcpr cvrcprnr
	cvrellercprnr cvrnrcprnr`

func setOf(lists ...string) map[string]bool {
	set := map[string]bool{}
	for _, list := range lists {
		for word := range strings.FieldsSeq(list) {
			set[word] = true
		}
	}
	return set
}

const digits = "0123456789"

// proseLength is the number of characters from which a cell is running text rather than an address or a label.
const proseLength = 55

// isProse reports whether a cell is running text: long, and mostly small letters. A letterhead with its fields set
// apart by dots or bars is not.
func isProse(cell string) bool {
	if len(cell) < proseLength || fieldMarks(cell) >= 2 {
		return false
	}
	small, all := 0, 0
	for _, r := range cell {
		all++
		if 'a' <= r && r <= 'z' || r >= utf8.RuneSelf && unicode.IsLower(r) {
			small++
		}
	}
	return all >= proseLength && 10*small >= 6*all
}

// fieldMarks counts the signs that set fields apart.
func fieldMarks(cell string) int {
	n := 0
	for _, r := range cell {
		if isFieldMark(r) {
			n++
		}
	}
	return n
}

// headingLines returns how many lines stand before the running text. One long line alone may be a return address or a
// subject; text is a salutation, two long lines, or one that ends as a sentence does.
func headingLines(lines []text.Line) int {
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
func proseIn(line text.Line) (last string, prose bool) {
	for _, cell := range line {
		if isProse(cell) {
			_, size := utf8.DecodeLastRuneInString(cell)
			return cell[len(cell)-size:], true
		}
	}
	return "", false
}

// labelOf returns the letters of a label without the words that say whose number it is: the recipient's, of a letter.
func labelOf(text string) string {
	label := lettersOf(text)
	for _, whose := range []string{"deres", "dit", "din", "jeres", "modtagerens", "modtagers", "modtager"} {
		label = strings.TrimPrefix(label, whose)
	}
	return label
}

func isLabel(text string) bool {
	label := labelOf(text)
	return cprLabels[label] || cvrLabels[label] || strings.HasSuffix(label, "nr") ||
		strings.HasSuffix(label, "nummer") ||
		strings.HasSuffix(label, "ref")
}

func (h *heading) has(n ident.Number) bool {
	for _, m := range h.numbers {
		if m == n {
			return true
		}
	}
	return false
}

// fieldsOf cuts the cells of a line at the separators of letterheads and footers.
func fieldsOf(line text.Line) []string {
	var fields []string
	for _, cell := range line {
		for _, field := range strings.FieldsFunc(cell, isFieldMark) {
			if field = strings.TrimSpace(field); field != "" {
				fields = append(fields, field)
			}
		}
	}
	return fields
}

// isFieldMark reports whether a sign sets fields apart, as in letterheads.
func isFieldMark(r rune) bool {
	switch r {
	case '·', '|', '•', '∙', '‧', '⋅', '・', '●', '▪', '■', '◦', '¦', '│', '┃':
		return true
	}
	return false
}

// fieldsWith returns the fields of the cells that have so many digits at least: most have none.
func fieldsWith(line text.Line, least int) []string {
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
	if isLower(s) { // most words are, and need no copy
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case 'a' <= r && r <= 'z':
			b.WriteByte(byte(r))
		case 'A' <= r && r <= 'Z':
			b.WriteByte(byte(r) + 'a' - 'A')
		case r >= utf8.RuneSelf && unicode.IsLetter(r):
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// isLower reports whether s is nothing but the letters a to z.
func isLower(s string) bool {
	for i := range len(s) {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return true
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

// mentions returns the CPR numbers of a page, wherever they stand, and all that can be read as one.
func mentions(lines []text.Line) (found, all []ident.Number) {
	for _, line := range lines {
		for _, cell := range line {
			if digitCount(cell) < 10 {
				continue
			}
			for _, at := range ident.FindCPR(cell) {
				n, err := ident.ParseCPR(pressed(plainSigns(cell[at[0]:at[1]])))
				if err != nil {
					continue
				}
				if all = append(all, n); labelledMention(cell, at[0], at[1]) {
					found = append(found, n)
				}
			}
		}
	}
	return found, all
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
