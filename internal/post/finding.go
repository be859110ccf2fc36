package post

import (
	"time"

	"brevdue/internal/sentence"
)

// Finding is something that the split saw and that a person may want to know before Send. Numbers in it are
// masked.
type Finding struct {
	Code  FindingCode       `json:"code"`
	Pages []int             `json:"pages"` // counted from 1; empty when it is about the whole document
	Text  sentence.Sentence `json:"text"`
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
	FindingHidden         FindingCode = "hidden-number"
	FindingSignature      FindingCode = "digital-signature"
	FindingUntagged       FindingCode = "untagged" // no tags for screen readers (PDF/UA)
	FindingPageSize       FindingCode = "page-size"
	FindingFonts          FindingCode = "fonts-not-embedded"
	FindingOldDate        FindingCode = "old-date"
	FindingPassedDay      FindingCode = "passed-day"
	FindingOtherOutcome   FindingCode = "other-outcome"
	FindingLostRight      FindingCode = "lost-right"
	FindingDailyLimit     FindingCode = "daily-limit"
	FindingRevealing      FindingCode = "revealing-subject"
	FindingNoRecipient                = FindingCode(NoRecipientFound)
	FindingTwoRecipients              = FindingCode(TwoRecipients)
	FindingUnknown                    = FindingCode(UnknownRecipient)
	FindingWrongName                  = FindingCode(WrongName)
	FindingDoubtful                   = FindingCode(DoubtfulRecipient)
	FindingUnreadablePage             = FindingCode(UnreadablePage)
	FindingUnreadable                 = FindingCode(UnreadableDocument)
)

// RepeatWithin is for how long a file that was sent before stops at Review.
const RepeatWithin = 30 * 24 * time.Hour

// Repeated is the finding of a file that was sent before.
var Repeated = Finding{Code: FindingRepeat, Text: `§["already-sent"]`}

// OtherOutcome is the finding of a Send whose letters were others than those that were reviewed.
var OtherOutcome = Finding{Code: FindingOtherOutcome, Text: `§["other-outcome"]`}

// LostRight is the finding of a Send that waited for its time, when whoever had pressed or approved it could not any
// more.
var LostRight = Finding{Code: FindingLostRight, Text: `§["lost-right"]`}

// OverDailyLimit is the finding of a shipment that does not leave today.
var OverDailyLimit = Finding{Code: FindingDailyLimit, Text: sentence.Sentence(ErrDailyLimit)}

// RepeatsOf are those findings that a split does not make: that the file was sent before, that it has another outcome
// now, that its subject says too much, or that whoever sent it may not any more.
func RepeatsOf(findings []Finding) []Finding {
	var repeats []Finding
	for _, f := range findings {
		switch f.Code {
		case FindingRepeat, FindingOtherOutcome, FindingRevealing, FindingLostRight:
			repeats = append(repeats, f)
		}
	}
	return repeats
}

// OldDate reports whether it is about a letter that is old when it leaves.
func (f Finding) OldDate() bool { return f.Code == FindingOldDate || f.Code == FindingPassedDay }

// HoldsBack reports whether something is not sent because of the finding.
func (f Finding) HoldsBack() bool {
	switch f.Code {
	case FindingMention, FindingSignature, FindingModulus, FindingAgain, FindingOtherName, FindingRevealing,
		FindingOldDate, FindingPassedDay, FindingUntagged, FindingPageSize, FindingFonts:
		return false
	}
	return true
}
