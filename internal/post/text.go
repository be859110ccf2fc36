package post

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"brevdue/internal/ident"
	"brevdue/internal/sentence"
)

// CheckText returns what is wrong with a text that somebody has typed and that others read: a subject, the name of a
// file, an organization or a profile, a reason. place names it at the beginning of the sentence, as »Emnet«; most is
// how many characters it may have, 0 for any number. What is wanted of one place only is checked there.
func CheckText(place sentence.Sentence, text string, most int) error {
	if err := CheckReadable(place, text); err != nil {
		return err
	}
	if ident.ContainsCPR(text) {
		return sentence.Of("text-with-number", place)
	}
	if n := utf8.RuneCountInString(text); most > 0 && n > most {
		return sentence.Of("text-too-long", place, n-most, most)
	}
	return nil
}

// CheckReadable is CheckText for a text whose numbers are masked where it is kept.
func CheckReadable(place sentence.Sentence, text string) error {
	if flaw, sign, number := ident.FindFlaw(text); flaw != "" {
		return sentence.Of("text-"+string(flaw), place, fmt.Sprintf("%U", sign), number)
	}
	return nil
}

// CheckFullText is CheckText for a text that must say something.
func CheckFullText(place sentence.Sentence, text string, most int) error {
	if IsBlank(text) {
		return sentence.Of("text-missing", place)
	}
	return CheckText(place, text, most)
}

// IsBlank reports whether nobody sees anything of a text.
func IsBlank(text string) bool {
	return strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || ident.IsInvisible(r) }) == ""
}

// reasonLimit is how many characters a reason may have.
const reasonLimit = 1000

// Reason returns a reason as it is kept: with numbers masked, so that nobody who stops something in haste is sent back
// for one. missing is said where there is none.
func Reason(typed string, missing sentence.Sentence) (string, error) {
	reason := ident.Mask(strings.TrimSpace(typed))
	var wrong Mistakes
	if IsBlank(reason) {
		wrong.Say("reason", missing)
	} else {
		wrong.Check("reason", CheckText(`§["place-reason"]`, reason, reasonLimit))
	}
	if len(wrong) > 0 {
		return "", wrong
	}
	return reason, nil
}

// Visible returns what one sees of a text that came out of a document.
func Visible(text string) string {
	return strings.Map(func(r rune) rune {
		if ident.IsInvisible(r) {
			return -1
		}
		return r
	}, text)
}
