package splitter

import (
	"errors"
	"strings"

	"brevdue/internal/ident"
	"brevdue/internal/pdf/text"
)

// labelledBy returns what stands behind a profile's label: in the same cell, or in the next one. Only its letters
// count:
// "CPR-nr.:" is "Cpr.nr." too. A marker that no letter has by itself, like "#cpr", counts with its signs.
func labelledBy(label string, lines []text.Line) []string {
	if label == "" {
		return nil
	}
	lettersOf := lettersOf
	if strings.ContainsAny(label, "#@*[]{}<>~^$%&_=|\\") {
		lettersOf = plainCell
	}
	want := lettersOf(label)
	var found []string
	for _, line := range lines {
		for i, cell := range line {
			at := strings.IndexAny(cell, digits)
			switch {
			case at < 0 && i+1 < len(line) && lettersOf(cell) == want:
				found = append(found, strings.Clone(line[i+1]))
			case at > 0 && lettersOf(cell[:at]) == want:
				found = append(found, strings.Clone(cell[at:]))
			}
		}
	}
	return found
}

// says reports whether a page has a text, whatever its spaces and capitals.
func says(lines []text.Line, text string) bool {
	want := plainCell(text)
	for _, line := range lines {
		for _, cell := range line {
			if strings.Contains(plainCell(cell), want) {
				return true
			}
		}
	}
	return false
}

// headingBy makes the heading of a page from the numbers behind a profile's label: they and no others are recipients.
func headingBy(labelled []string, sender map[ident.Number]bool) heading {
	h := heading{cells: map[string]bool{}}
	for _, text := range labelled {
		n, err := ident.ParseAny(plainSigns(strings.TrimRight(text, " .,;:)#@*[]{}<>~^$%&_=|\\")))
		switch {
		case errors.Is(err, ident.ErrForm):
		case err != nil:
			h.wrong = err
		case !sender[n] && !h.has(n):
			h.numbers = append(h.numbers, n)
		}
	}
	return h
}
