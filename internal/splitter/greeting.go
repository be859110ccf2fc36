package splitter

import (
	"strings"

	"brevdue/internal/pdf/text"
)

// greetedIn returns the name in "Kære Søren Østergaard,", or "".
func greetedIn(lines []text.Line) string {
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

// greetingIn returns the line that greets, or "".
func greetingIn(lines []text.Line) string {
	for _, line := range lines {
		for _, cell := range line {
			if strings.HasPrefix(cell, "Kære ") || strings.HasPrefix(cell, "Hej ") {
				return cell
			}
		}
	}
	return ""
}

// greets reports whether a page greets somebody: it begins a letter.
func greets(lines []text.Line) bool { return greetingIn(lines) != "" }

// greetedAnother returns the greeting of a letter to somebody else than the one whom it is about: "Kære forældre til
// Anna".
func greetedAnother(lines []text.Line) string {
	greeting := greetingIn(lines)
	if i := strings.IndexAny(greeting, ",!"); i >= 0 {
		greeting = greeting[:i]
	}
	if len(greeting) < proseLength && roleIn(greeting) == another {
		return strings.Clone(greeting)
	}
	return ""
}
