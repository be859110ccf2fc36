package splitter

import (
	"strings"
	"unicode"

	"brevdue/internal/pdf/text"
)

// manySignals is from how many signals a page looks like the first of a letter.
const manySignals = 2

// signalsOf counts what first pages of letters have in common, whatever their layout: a salutation, a date, a case
// number, a postal code with its town. Only what stands before the running text counts, but for the salutation.
func signalsOf(lines []text.Line) int {
	end := headingLines(lines)
	found := map[string]bool{}
	for i, line := range lines {
		for _, cell := range line {
			first, rest, _ := strings.Cut(cell, " ")
			plain := lettersOf(first)
			switch {
			case salutation(first):
				found["salutation"] = true
			case i >= end:
			case plain == "dato" || plain == "den" && digitCount(rest) > 4:
				found["date"] = true
			case strings.HasPrefix(plain, "sagsnr") || strings.HasPrefix(plain, "journalnr") ||
				strings.HasPrefix(plain, "vedr"):
				found["case"] = true
			case isPostalCode(first) && rest != "" && unicode.IsUpper([]rune(rest)[0]) && digitCount(rest) == 0:
				found["town"] = true
			}
		}
	}
	return len(found)
}

func salutation(word string) bool {
	word = strings.TrimRight(word, ",:!")
	return word == "Kære" || word == "Hej" || word == "Til"
}

func isPostalCode(s string) bool { return len(s) == 4 && digitCount(s) == 4 && s[0] != '0' }
