package splitter

import (
	"strings"

	"brevdue/internal/ident"
	"brevdue/internal/pdf/text"
)

// bornIn returns the date of birth that the heading of a page prints, as the six digits that a CPR number begins with;
// "" for none.
func bornIn(top []text.Line) string {
	for _, line := range top {
		for i, cell := range line {
			lower := strings.ToLower(cell)
			if !strings.Contains(lower, "fødselsda") && !strings.HasPrefix(lower, "født") {
				continue
			}
			if digitCount(cell) == 0 && i+1 < len(line) {
				cell = line[i+1]
			}
			if born := dateOf(cell); born != "" {
				return born
			}
		}
	}
	return ""
}

// dateOf reads 010190, 01-01-1990 or 1.1.1990.
func dateOf(text string) string {
	groups := strings.FieldsFunc(plainSigns(text), func(r rune) bool { return r < '0' || r > '9' })
	switch {
	case len(groups) == 1 && len(groups[0]) == 6:
		return groups[0]
	case len(groups) == 3 && len(groups[0]) <= 2 && len(groups[1]) <= 2 && (len(groups[2]) == 2 || len(groups[2]) == 4):
		return two(groups[0]) + two(groups[1]) + groups[2][len(groups[2])-2:]
	}
	return ""
}

func two(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

// bornOtherwise reports whether a number's date of birth is another than the one that is printed.
func bornOtherwise(n ident.Number, born string) bool {
	return n.Kind() == ident.CPR && born != "" && n.Reveal()[:6] != born
}
