package portal

import "strings"

// Danish sentences of the page Ubehandlet.

const (
	wholeDocumentText = "Hele dokumentet"
	handledNoteText   = "Håndteret af %s"
	noLetterText      = "Besked uden brev"
	nobodyToldText    = "Har stoppet jeres afsendelse. Ingen er skrevet på under Drift, så giv selv IT besked."
	somebodyToldText  = "Har stoppet jeres afsendelse, og giver besked til den, der er skrevet på under Drift."
)

// thing is what a row is about.
type thing int

const (
	aLetter thing = iota
	aDocument
	aMessage
)

var thingWords = [...][2]string{
	aLetter: {"brev", "breve"}, aDocument: {"dokument", "dokumenter"}, aMessage: {"besked", "beskeder"},
}

// thingsText says "2 breve" or "1 brev og 1 dokument". A letter that stands there for two reasons counts in both.
func thingsText(rows []causeRow) string {
	var counts [len(thingWords)]int
	for _, r := range rows {
		counts[r.What]++
	}
	var words []string
	for what, n := range counts {
		if n > 0 {
			words = append(words, count(n, thingWords[what][0], thingWords[what][1]))
		}
	}
	return strings.Join(words, " og ")
}
