package splitter

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"brevdue/internal/pdf/text"
)

const (
	tornLeast = 3  // words that are torn, from which a page is
	tornShare = 15 // one word of so many
)

// isTorn reports whether the words of a page are torn apart ("V æ rge for") or run together ("VærgeforAnna"), as where
// its letters are set far apart or close. Names and roles are then not read for sure, and so are no witnesses.
func isTorn(lines []text.Line) bool {
	torn, words := 0, 0
	for _, line := range lines {
		for _, cell := range line {
			last := ""
			for word := range strings.FieldsSeq(cell) {
				words++
				if isLoneLetter(last) && startsLower(word) || isGlued(word) {
					torn++
				}
				last = word
			}
		}
	}
	return torn >= tornLeast && torn*tornShare >= words
}

// isLoneLetter reports whether a word is a letter that is no word. I, i, å, ø, a and o stand alone, and an initial has
// a full stop.
func isLoneLetter(word string) bool {
	r, size := utf8.DecodeRuneInString(word)
	return size > 0 && size == len(word) && unicode.IsLetter(r) && !strings.ContainsRune("IiÅåøAaOo", r)
}

func startsLower(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.IsLower(r)
}

// isGlued reports whether a word has a capital after a small letter more than once: NemKonto and McDonald have one.
func isGlued(word string) bool {
	capitals, small := 0, false
	for _, r := range word {
		if small && unicode.IsUpper(r) {
			capitals++
		}
		small = unicode.IsLower(r)
	}
	return capitals > 1
}
