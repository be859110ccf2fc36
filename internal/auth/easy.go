package auth

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// What is left of a code, when everything is taken away that anybody would try, is at least so much.
const (
	restLeast     = 8 // characters
	distinctLeast = 5 // different ones
)

// common are words that codes are often made of, in Danish and English, without letters that only Danish has.
const common = "adgang adgangskode admin administrator april august baby brevdue brugernavn danmark december digital " +
	"dragon efterar elsker februar fodbold football forar fredag goddag hello hemmelig hemmelighed iloveyou jeg " +
	"januar juli juni kode kommune kobenhavn kodeord lordag letmein login london lordag mandag marts master maj " +
	"monkey november oktober onsdag pass passord password passwort post princess qwerty qwertz secret september " +
	"shadow skole skolen sol sommer sommeren sondag spring start sunshine superman system test tirsdag torsdag " +
	"trustno user velkommen vinter vinteren welcome winter summer autumn"

// rows are what fingers and alphabets do by themselves.
var rows = []string{
	"abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv",
}

// written are signs that stand for letters.
var written = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s",
	"!", "i", "\u00e6", "ae", "\u00f8", "o", "\u00e5", "a")

// easy reports whether a code is easy to guess. known are names that somebody who guesses knows. There is no list of
// leaked codes: the library that has one takes 74 ms at each start of each function (docs/decisions/0016-accounts.md).
func easy(code string, known ...string) bool {
	plain := strings.ToLower(code)
	words := strings.Fields(strings.ToLower(strings.Join(known, " ")) + " " + common)
	return tooLittle(withoutWords(withoutRuns(plain), words)) ||
		tooLittle(withoutWords(withoutRuns(written.Replace(plain)), words))
}

func tooLittle(rest string) bool {
	distinct := map[rune]bool{}
	for _, r := range rest {
		distinct[r] = true
	}
	return utf8.RuneCountInString(rest) < restLeast || len(distinct) < distinctLeast
}

// withoutWords takes words away, and whatever is neither letter nor digit.
func withoutWords(s string, words []string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return ' '
	}, s)
	kept := make([]string, 0, 8)
	for _, word := range strings.Fields(s) {
		kept = append(kept, withoutWord(word, words))
	}
	return strings.Join(kept, "")
}

// withoutWord takes away what a run of letters and digits begins or ends with: a word within another is no word.
func withoutWord(s string, words []string) string {
	for again := true; again; {
		again = false
		for _, word := range words {
			if len(word) < 3 {
				continue
			}
			if cut := strings.TrimSuffix(strings.TrimPrefix(s, word), word); cut != s {
				s, again = strings.Trim(cut, "0123456789"), true
			}
		}
	}
	return s
}

// withoutRuns takes away runs of a row, either way, and what is repeated: four signs or more.
func withoutRuns(s string) string {
	runes := []rune(s)
	var kept strings.Builder
	for i := 0; i < len(runes); {
		if n := runAt(runes[i:]); n >= 4 {
			i += n
			continue
		}
		kept.WriteRune(runes[i])
		i++
	}
	return kept.String()
}

// runAt returns how many signs a run at the start of some has.
func runAt(s []rune) int {
	longest := 1
	for step := 1; step <= 4; step++ { // abab, 1212
		n := step
		for n < len(s) && s[n] == s[n-step] {
			n++
		}
		if n >= 2*step {
			longest = max(longest, n)
		}
	}
	for _, row := range rows {
		at := strings.IndexRune(row, s[0])
		if at < 0 {
			continue
		}
		for _, step := range []int{1, -1} {
			n := 1
			for n < len(s) && at+n*step >= 0 && at+n*step < len(row) && rune(row[at+n*step]) == s[n] {
				n++
			}
			longest = max(longest, n)
		}
	}
	return longest
}
