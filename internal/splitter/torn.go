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
			t, w := tornIn(cell)
			torn, words = torn+t, words+w
		}
	}
	return torn >= tornLeast && torn*tornShare >= words
}

// tornIn counts the words of a cell, and those that begin small after a letter that is no word, or are glued together.
func tornIn(cell string) (torn, words int) {
	var w wordShape
	lone := false // the word before is a letter
	end := func() {
		if w.length > 0 {
			words++
			if lone && isSmall(w.first) || w.capitals > 1 {
				torn++
			}
			lone, w = w.isLoneLetter(), wordShape{}
		}
	}
	for _, r := range cell {
		if r == ' ' || r < ' ' && unicode.IsSpace(r) || r >= utf8.RuneSelf && unicode.IsSpace(r) {
			end()
		} else {
			w.add(r)
		}
	}
	end()
	return torn, words
}

// wordShape is what counts of a word.
type wordShape struct {
	first    rune
	length   int  // in letters and signs
	small    bool // the last one is a small letter
	capitals int  // after a small letter: NemKonto and McDonald have one
}

func (w *wordShape) add(r rune) {
	if w.length == 0 {
		w.first = r
	}
	w.length++
	if w.small && isCapital(r) {
		w.capitals++
	}
	w.small = isSmall(r)
}

// isLoneLetter reports whether a word is a letter that is no word. I, i, å, ø, a and o stand alone, and an initial has
// a full stop.
func (w *wordShape) isLoneLetter() bool {
	return w.length == 1 && unicode.IsLetter(w.first) && !strings.ContainsRune("IiÅåøAaOo", w.first)
}

func isSmall(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z'
	}
	return unicode.IsLower(r)
}

func isCapital(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'A' && r <= 'Z'
	}
	return unicode.IsUpper(r)
}
