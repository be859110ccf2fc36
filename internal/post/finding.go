package post

import (
	"strings"
	"time"
)

// Finding is something that the split saw and that a person may want to know before Send. Its text is Danish and
// masked.
type Finding struct {
	Code  FindingCode `json:"code"`
	Pages []int       `json:"pages"` // counted from 1; empty when it is about the whole document
	Text  string      `json:"text"`
}

// FindingCode names a kind of finding.
type FindingCode string

// What a split can find. Those that hold something back have the code of the failure that follows.
const (
	FindingMention        FindingCode = "mention"
	FindingSenderGuessed  FindingCode = "sender-cvr-guessed"
	FindingNoLayout       FindingCode = "no-counter-no-layout"
	FindingCounter        FindingCode = "page-counter"
	FindingLayout         FindingCode = "unusual-first-page"
	FindingRepeat         FindingCode = "already-sent"
	FindingName           FindingCode = "name-and-number"
	FindingAgain          FindingCode = "recipient-again"
	FindingOtherName      FindingCode = "number-with-two-names"
	FindingDuplicate      FindingCode = "duplicate-letter"
	FindingModulus        FindingCode = "modulus-11"
	FindingNoRecipient                = FindingCode(NoRecipientFound)
	FindingTwoRecipients              = FindingCode(TwoRecipients)
	FindingUnknown                    = FindingCode(UnknownRecipient)
	FindingWrongName                  = FindingCode(WrongName)
	FindingUnreadablePage             = FindingCode(UnreadablePage)
	FindingUnreadable                 = FindingCode(UnreadableDocument)
)

// RepeatWithin is for how long a file that was sent before stops at Review.
const RepeatWithin = 30 * 24 * time.Hour

// Repeated is the finding of a file that was sent before.
var Repeated = Finding{Code: FindingRepeat, Text: "Den samme fil er allerede sendt inden for de seneste 30 dage. Send kun, hvis det er meningen."}

// HoldsBack reports whether something is not sent because of the finding.
func (f Finding) HoldsBack() bool {
	switch f.Code {
	case FindingMention, FindingSenderGuessed, FindingModulus, FindingAgain, FindingOtherName:
		return false
	}
	return true
}

// PageList says pages in words: "side 3, 7 og 12".
func PageList(pages []int) string {
	const most = 8
	shown := pages[:min(len(pages), most)]
	words := make([]string, len(shown))
	for i, p := range shown {
		words[i] = itoa(p)
	}
	text := words[len(words)-1]
	switch {
	case len(pages) > most:
		text = strings.Join(words, ", ") + " og " + itoa(len(pages)-most) + " andre"
	case len(words) > 1:
		text = strings.Join(words[:len(words)-1], ", ") + " og " + text
	}
	return "side " + text
}
