package split

import (
	"strings"
	"unicode"

	"brevdue/internal/pdf"
)

// addressLines is how many lines above the postal code may belong to the address.
const addressLines = 5

// addresseeOf reads whom a letter is addressed to: the uppermost line of the block that ends with postal code and town,
// as far as it goes on without labels and dates. Where there is no such block it is "".
func addresseeOf(top []pdf.Line) string {
	for i, line := range top {
		for _, cell := range line {
			code, town, _ := strings.Cut(cell, " ")
			if !isPostalCode(code) || town == "" || !unicode.IsUpper([]rune(town)[0]) || digitCount(town) > 0 {
				continue
			}
			return nameAbove(top[max(0, i-addressLines):i])
		}
	}
	return ""
}

// nameAbove returns the line that names the addressee: above the street, which has a number.
func nameAbove(lines []pdf.Line) string {
	street := -1
	for i := len(lines) - 1; i >= 0 && street < 0; i-- {
		if digitCount(lines[i][0]) > 0 {
			street = i
		} else if i < len(lines)-2 {
			return ""
		}
	}
	for i := street - 1; i >= 0; i-- {
		cell := lines[i][0]
		if looksLikeName(cell) {
			return cell
		}
		if first := lettersOf(strings.SplitN(cell, " ", 2)[0]); first != "co" && first != "att" && first != "lejlighed" {
			return ""
		}
	}
	return ""
}

// looksLikeName reports whether a cell is two or more words with capitals and nothing else; companies count too.
func looksLikeName(cell string) bool {
	if digitCount(cell) > 0 || strings.ContainsAny(cell, ":;!?") {
		return false
	}
	words := strings.Fields(cell)
	if len(words) < 2 || len(words) > 8 || strings.Contains(cell, "/") && lettersOf(words[0]) == "co" {
		return false
	}
	return unicode.IsUpper([]rune(words[0])[0]) && unicode.IsUpper([]rune(words[len(words)-1])[0])
}

// greetedIn returns the name in "Kære Søren Østergaard,", or "".
func greetedIn(lines []pdf.Line) string {
	for _, line := range lines {
		for _, cell := range line {
			rest, ok := strings.CutPrefix(cell, "Kære ")
			if !ok {
				continue
			}
			if i := strings.IndexAny(rest, ",.:!"); i >= 0 {
				rest = rest[:i]
			}
			if looksLikeName(rest) {
				return rest
			}
		}
	}
	return ""
}

// nameWords returns the words of a name, in small letters.
func nameWords(name string) map[string]bool {
	words := map[string]bool{}
	for _, w := range strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if len(w) > 1 {
			words[w] = true
		}
	}
	return words
}

// agree reports whether two names may be one person's: they share first or last names. "Anne Marie Holm" and
// "A. M. Holm" agree, "Anne Holm" and "Bo Lund" do not.
func agree(a, b string) bool {
	if a == "" || b == "" {
		return true
	}
	words := nameWords(a)
	shared, all := 0, min(len(words), len(nameWords(b)))
	for w := range nameWords(b) {
		if words[w] {
			shared++
		}
	}
	return 2*shared >= all
}
