package ident

import (
	"unicode"
	"unicode/utf8"
)

// Flaw is what keeps a text from being read as it is written.
type Flaw string

// What can be wrong with a sign of a text; "" is nothing.
const (
	Undecodable Flaw = "undecodable" // bytes that are no UTF-8, or what somebody has put in their place
	Control     Flaw = "control"     // line breaks and other control characters
	Unseen      Flaw = "unseen"      // takes no room, or turns the direction of what follows
)

// FindFlaw returns the first sign of a text that cannot be read, and its number counted from 1.
func FindFlaw(text string) (flaw Flaw, sign rune, number int) {
	for _, r := range text {
		number++
		switch {
		case r == utf8.RuneError:
			return Undecodable, r, number
		case unicode.IsControl(r), unicode.In(r, unicode.Zl, unicode.Zp):
			return Control, r, number
		case IsInvisible(r):
			return Unseen, r, number
		}
	}
	return "", 0, 0
}
