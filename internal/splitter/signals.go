package splitter

import (
	"math/bits"
	"strings"
	"unicode"
	"unicode/utf8"

	"brevdue/internal/pdf/text"
)

// manySignals is from how many signals a page looks like the first of a letter.
const manySignals = 2

// The signals, one bit each.
const (
	hasSalutation = 1 << iota
	hasDate
	hasCase
	hasTown
)

// signalsOf counts what first pages of letters have in common, whatever their layout: a salutation, a date, a case
// number, a postal code with its town. Only what stands before the running text, which begins at the line end, counts,
// but for the salutation.
func signalsOf(lines []text.Line, end int) int {
	var found uint
	for i, line := range lines {
		for _, cell := range line {
			first, rest, _ := strings.Cut(cell, " ")
			if salutation(first) {
				found |= hasSalutation
				continue
			}
			if i >= end {
				continue
			}
			switch plain := lettersOf(first); {
			case plain == "dato" || plain == "den" && digitCount(rest) > 4:
				found |= hasDate
			case strings.HasPrefix(plain, "sagsnr") || strings.HasPrefix(plain, "journalnr") ||
				strings.HasPrefix(plain, "vedr"):
				found |= hasCase
			case isPostalCode(first) && rest != "" && unicode.IsUpper(firstRune(rest)) && digitCount(rest) == 0:
				found |= hasTown
			}
		}
	}
	return bits.OnesCount(found)
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

func salutation(word string) bool {
	word = strings.TrimRight(word, ",:!")
	return word == "Kære" || word == "Hej" || word == "Til"
}

func isPostalCode(s string) bool { return len(s) == 4 && digitCount(s) == 4 && s[0] != '0' }
