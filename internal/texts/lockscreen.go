package texts

import (
	"regexp"
	"slices"
	"strings"
)

// sensitive are words that reach a lock screen with a subject or a notification, and should not (practice.md C15).
var sensitive = []string{
	"afskedigelse", "afskediget", "opsigelse", "advarsel", "underretning", "diagnose", "anbringelse", "tvangs",
	"misbrug", "psykiatri", "abort", "vold", "gæld", "inkasso", "restance", "partshøring", "bortvisning", "sygdom",
	"sygefravær", "handicap", "straffe", "sigtelse", "kontanthjælp", "adoption", "faderskab", "skilsmisse",
}

// eightDigits is a number: what is written as a date has a dot or hyphen behind two digits.
var eightDigits = regexp.MustCompile(`\d[\d ]{6,}\d|\d{6}-?\d{4}`)

// Reveals reports whether a text that reaches lock screens has a number or a sensitive word in it. Names are not looked
// for: nobody knows them before the document is read.
func Reveals(texts ...string) bool {
	return slices.ContainsFunc(texts, func(text string) bool {
		lower := strings.ToLower(text)
		return eightDigits.MatchString(text) ||
			slices.ContainsFunc(sensitive, func(word string) bool { return strings.Contains(lower, word) })
	})
}
