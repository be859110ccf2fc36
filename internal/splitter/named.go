package splitter

import (
	"slices"
	"strings"

	"brevdue/internal/pdf/text"
)

// namedIn returns who else is named in the heading of a page: persons and companies that are not in its addresses,
// nobody of the sender's, and have no number of their own beside them. A bare number may be theirs. In capitals only
// titles are written, unless an address is too.
func namedIn(top []text.Line, left [][]float32, blocks []block) []string {
	s := sightings{lines: top, left: left, blocks: blocks}
	var names []string
	var up row
	capitals := slices.ContainsFunc(
		blocks,
		func(b block) bool { return b.name != "" && strings.ToUpper(b.name) == b.name },
	)
	for i := range top {
		r := rowOf(top, left, i)
		if isLetterhead(r.fields) ||
			worthReading(top[i]) && slices.ContainsFunc(r.fields, func(f string) bool { return digitCount(f) >= 8 }) {
			up = r
			continue
		}
		for k, field := range r.fields {
			if s.inAddress(&r, k) || isStaff(field) || k > 0 && isStaff(r.fields[k-1]) || isStaff(r.above(k, up)) {
				continue
			}
			if name := someoneIn(field); name != "" && (capitals || strings.ToUpper(name) != name) {
				names = append(names, strings.Clone(name))
			}
		}
		up = r
	}
	return names
}

// someoneIn returns the person or the company that a field of a heading names. Of running text only what it is about
// counts.
func someoneIn(field string) string {
	if isProse(field) {
		lower := strings.ToLower(field)
		i := max(strings.LastIndex(lower, "vedr"), strings.LastIndex(lower, "angående"))
		if i < 0 {
			return ""
		}
		field = field[i:]
	}
	if hasLegalForm(field) {
		return field
	}
	if isOrganization(field) && roleIn(field) == itself {
		return ""
	}
	return nameIn(field)
}

// isLetterhead reports whether a row is a letterhead or a footer of the sender's: several of its fields are of the kind
// that only an office has.
func isLetterhead(fields []string) bool {
	signs := 0
	for _, field := range fields {
		lower := strings.ToLower(field)
		switch {
		case strings.HasPrefix(lower, "ean"), strings.HasPrefix(lower, "tlf"), strings.HasPrefix(lower, "telefon"),
			strings.HasPrefix(lower, "se-nr"), strings.HasPrefix(lower, "cvr"), strings.Contains(lower, "www."),
			strings.Contains(lower, "@"), isPostalCode(strings.SplitN(field, " ", 2)[0]):
			signs++
		}
	}
	return signs >= 2
}
