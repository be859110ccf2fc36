package splitter

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// span is where a number stands in a text.
type span struct {
	from, to int
	signs    int  // digits, and letters in the last four of a replacement number
	dashed   bool // six digits, a dash, four digits: a form that no account and no case has
	apart    bool // of these, the six in pairs: a case may be written so too
}

// numberSpans returns the numbers of a text that may be somebody's: eight digits, or ten with letters allowed in the
// last four, in groups that separators set apart.
func numberSpans(s string) []span {
	var found []span
	for i := 0; i < len(s); {
		if !isDigit(s[i]) || i > 0 && partOfWord(s, i) {
			i++
			continue
		}
		sp := spanAt(s, i)
		if sp.signs == 8 || sp.signs == 10 {
			found = append(found, sp)
		}
		i = max(sp.to, i+1)
		for i < len(s) && isDigit(s[i]) {
			i++
		}
	}
	return found
}

// partOfWord reports whether what stands at i goes on what stands before it: digits, or a letter of another word. A
// label may touch its number ("CPR010190-1234").
func partOfWord(s string, i int) bool {
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	if unicode.IsDigit(r) || r == '/' && i > 1 && isDigit(s[i-2]) {
		return true
	}
	if !unicode.IsLetter(r) {
		return false
	}
	label, _ := labelAtEnd(s[:i])
	return label == ""
}

// separatorsMost is how many signs may stand between two groups of digits: "010190 - 1234".
const separatorsMost = 3

// spanAt reads the groups of digits from i on, as long as they make no more than ten.
func spanAt(s string, i int) span {
	sp := span{from: i, to: i}
	for j := i; j < len(s); {
		from := j
		for j < len(s) && (isDigit(s[j]) || sp.signs+j-from >= 6 && sp.signs+j-from < 10 && isMask(s[j])) {
			j++
		}
		group := j - from
		if group == 0 || sp.signs+group > 10 || sp.signs > 0 && group < 2 {
			if sp.signs+group > 10 && group > 0 && sp.signs < 8 {
				return span{from: i, to: j} // a longer number
			}
			break
		}
		sp.dashed = sp.signs == 6 && group == 4 && strings.Contains(s[sp.to:from], "-")
		sp.apart = sp.dashed && sp.to-sp.from > 6
		sp.signs += group
		sp.to = j
		gap := j
		for gap < len(s) && gap-j < separatorsMost && strings.IndexByte(" -./", s[gap]) >= 0 {
			gap++
		}
		if gap == j || sp.signs >= 10 || sp.signs == 8 && !nextIsTwo(s, gap) {
			break
		}
		j = gap
	}
	if sp.to < len(s) {
		if r, _ := utf8.DecodeRuneInString(s[sp.to:]); unicode.IsDigit(r) {
			return span{from: i, to: sp.to}
		}
	}
	return sp
}

// nextIsTwo reports whether eight digits go on to ten.
func nextIsTwo(s string, i int) bool {
	return i+1 < len(s) && isDigit(s[i]) && isDigit(s[i+1]) && (i+2 == len(s) || !isDigit(s[i+2]))
}

// isMask reports whether a sign stands for a digit of a number that is masked, or is a letter of a replacement number.
func isMask(c byte) bool { return c >= 'A' && c <= 'Z' || c == '*' || c == 'x' || c == '#' || c == '?' }

// pressed is a number without its separators.
func pressed(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -./", r) {
			return -1
		}
		return r
	}, s)
}

// leastSpaced is from how many single signs in a row on a text is set with spaces between its signs.
const leastSpaced = 6

// unspaced joins digits that are set apart for looks: "0 4 0 5 8 8 - 1 8 5 4".
func unspaced(s string) string {
	words := strings.Split(s, " ")
	var b strings.Builder
	for i := 0; i < len(words); {
		j := i
		for j < len(words) && len(words[j]) == 1 && (isDigit(words[j][0]) || words[j] == "-") {
			j++
		}
		if i > 0 {
			b.WriteByte(' ')
		}
		if j-i < leastSpaced {
			b.WriteString(words[i])
			i++
			continue
		}
		b.WriteString(strings.Join(words[i:j], ""))
		i = j
	}
	return b.String()
}

// labelAtEnd returns the label that a text ends with, as letters only, and what stands before it. Fonts and kerning put
// spaces and dots anywhere: "C P R - n r . :" is one.
func labelAtEnd(text string) (label, rest string) {
	var letters string
	end := strings.TrimRight(text, " .,:;#(=-/")
	end = strings.TrimRight(strings.TrimSuffix(end, " er"), " .,:;#(=-/")
	for i := len(end); i > 0 && len(letters) < 24; {
		r, size := utf8.DecodeLastRuneInString(end[:i])
		if unicode.IsDigit(r) {
			break
		}
		i -= size
		if !unicode.IsLetter(r) {
			continue
		}
		letters = string(unicode.ToLower(r)) + letters
		if (cprLabels[letters] || cvrLabels[letters]) && !letterAt(end, i) {
			label, rest = letters, end[:i]
		}
	}
	return label, strings.TrimSpace(rest)
}

// letterAt reports whether a letter stands directly before i.
func letterAt(s string, i int) bool {
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	return unicode.IsLetter(r)
}

// hasLabel reports whether a text ends with a label.
func hasLabel(text string) bool {
	label, _ := labelAtEnd(text)
	return label != ""
}

// isForeignLabel reports whether a text is the label of another kind of number: of an account, a case, a journal.
func isForeignLabel(text string) bool {
	return isLabel(text) && !hasLabel(text)
}

// firstWords returns a text up to its first digit or colon.
func firstWords(text string) string {
	if i := strings.IndexAny(text, digits+":"); i >= 0 {
		return text[:i]
	}
	return text
}

// startsWithLabel reports whether a text begins with a label of its own, as where columns stand close: "Sagsnr.
// 2026-1".
func startsWithLabel(text string) bool {
	word, _, _ := strings.Cut(text, " ")
	return strings.HasSuffix(word, ":") || isLabel(word) || fieldWords[lettersOf(word)]
}

// plainWords are what may stand with a number without saying whose it is.
var plainWords = map[string]bool{
	"deres": true, "dit": true, "din": true, "jeres": true, "modtager": true, "modtagers": true, "modtagerens": true,
	"navn": true,
	"til":  true, "på": true, "nr": true, "nummer": true, "og": true, "med": true, "dk": true, "person": true,
	"eller":       true,
	"fødselsdato": true, "bedes": true, "oplyst": true, "oplyses": true, "ved": true, "henvendelse": true,
	"venligst": true,
	"husk":     true, "angiv": true, "personligt": true, "medlem": true, "medlemsnr": true, "lønnr": true, "id": true,
	"p": true, "se": true,
}

// plain reports whether a text has nothing but words that may stand with any number.
func plain(text string) bool {
	for word := range strings.FieldsSeq(text) {
		if w := lettersOf(word); w != "" && !plainWords[w] && !cprLabels[w] && !cvrLabels[w] {
			return false
		}
	}
	return true
}

// harmless reports whether a text says nothing of whose a number is: it is a heading, or another label.
func harmless(text string) bool {
	for word := range strings.FieldsSeq(text) {
		if w := lettersOf(word); w != "" && !plainWords[w] && !headingWords.has(w) && !isLabel(word) {
			return false
		}
	}
	return true
}

// plainSigns writes the signs that stand for a dash, a space or a digit as such.
func plainSigns(s string) string {
	if isASCII(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch r {
		case '\u00ad',
			'\u2010',
			'\u2011',
			'\u2012',
			'\u2013',
			'\u2014',
			'\u2015',
			'\u2212',
			'\u2043',
			'\ufe63',
			'\uff0d':
			return '-'
		case '\u00a0', '\u2007', '\u202f', '\u2009', '\u2002', '\u2003', '\u3000':
			return ' '
		case '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff':
			return -1
		}
		if r >= '０' && r <= '９' {
			return r - '０' + '0'
		}
		return r
	}, s)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
