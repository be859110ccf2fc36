package cli

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// visible writes out what a terminal would obey or hide: control characters, and those that turn or hide text. Names
// and subjects are others' words.
func visible(text string) string {
	return escaped(text, func(r rune) bool { return r != '\n' && r != '\t' && hidden(r) })
}

// visibleJSON does the same to JSON, in which such a character may stand escaped wherever it stands.
func visibleJSON(text string) string {
	return escaped(text, func(r rune) bool { return r >= 0x7f && hidden(r) })
}

func hidden(r rune) bool {
	return unicode.Is(unicode.C, r) || unicode.In(r, unicode.Zl, unicode.Zp)
}

func escaped(text string, is func(rune) bool) string {
	if utf8.ValidString(text) && !strings.ContainsFunc(text, is) {
		return text
	}
	var b strings.Builder
	for _, r := range text { // a byte that is no text is U+FFFD
		switch {
		case !is(r):
			b.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}
