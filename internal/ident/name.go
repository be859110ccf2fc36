package ident

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// nameStart is how much of a word of a name is looked up; the rest is compared.
const nameStart = 3

// NameWords returns the words of a name as they are searched: small letters without accents, each once.
func NameWords(name string) []string {
	words := strings.FieldsFunc(folded.Replace(strings.ToLower(name)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	slices.Sort(words)
	return slices.Compact(words)
}

// folded is how letters with marks are searched. Æ, ø and å are letters of their own.
var folded = strings.NewReplacer(
	"á", "a", "à", "a", "ä", "æ", "â", "a", "ã", "a", "é", "e", "è", "e", "ë", "e", "ê", "e",
	"í", "i", "ì", "i", "ï", "i", "ó", "o", "ò", "o", "ö", "ø", "ô", "o", "õ", "o",
	"ú", "u", "ù", "u", "ü", "y", "ý", "y", "ÿ", "y", "ñ", "n", "ç", "c", "aa", "å")

// NameStart is the start of a word that it is looked up by.
func NameStart(word string) string {
	for i := range word {
		if utf8.RuneCountInString(word[:i]) == nameStart {
			return word[:i]
		}
	}
	return word
}

// HasName reports whether a name has words that begin with each of those that are searched.
func HasName(name string, words []string) bool {
	of := NameWords(name)
	return !slices.ContainsFunc(words, func(word string) bool {
		return !slices.ContainsFunc(of, func(w string) bool { return strings.HasPrefix(w, word) })
	})
}

// IsWord reports whether something is searched as a word of letters: numbers are not. A person's number is found by its
// hash, and that somebody has looked for it is written down.
func IsWord(word string) bool {
	digits, letters := 0, false
	for _, r := range word {
		if !unicode.IsDigit(r) {
			digits, letters = 0, true
			continue
		}
		if digits++; digits == numberFrom {
			return false
		}
	}
	return letters
}

// numberFrom is from how many digits in a row on a word is a number, whatever stands around it.
const numberFrom = 4
