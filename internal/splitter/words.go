package splitter

import (
	"fmt"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/sentence"
)

// Rule says where in a letter the recipient's number stands.
type Rule string

// The two rules.
const (
	FirstPage Rule = "first-page"
	EveryPage Rule = "every-page"
)

// Code says why a letter is held back, or why nothing of a document can be sent. It is that of the failure that
// follows.
type Code string

// Why something is held back.
const (
	NoRecipientFound   Code = "no-recipient-found"
	TwoRecipients      Code = "two-recipients"
	UnknownRecipient   Code = "unknown-recipient"
	WrongName          Code = "wrong-name"
	DoubtfulRecipient  Code = "doubtful-recipient"
	UnreadablePage     Code = "unreadable-page"
	UnreadableDocument Code = "unreadable-document"
	ActiveContent      Code = "active-content"
	TooLarge           Code = "message-refused"
)

// FindingCode names a kind of finding. What holds something back has the code of the failure that follows.
type FindingCode string

// What can be found beside that.
const (
	FindingMention        FindingCode = "mention"
	FindingSenderGuessed  FindingCode = "sender-cvr-guessed"
	FindingNoLayout       FindingCode = "no-counter-no-layout"
	FindingCounter        FindingCode = "page-counter"
	FindingLayout         FindingCode = "unusual-first-page"
	FindingName           FindingCode = "name-and-number"
	FindingAgain          FindingCode = "recipient-again"
	FindingOtherName      FindingCode = "number-with-two-names"
	FindingDuplicate      FindingCode = "duplicate-letter"
	FindingModulus        FindingCode = "modulus-11"
	FindingHidden         FindingCode = "hidden-number"
	FindingSignature      FindingCode = "digital-signature"
	FindingUntagged       FindingCode = "untagged"
	FindingPageSize       FindingCode = "page-size"
	FindingFonts          FindingCode = "fonts-not-embedded"
	FindingOldDate        FindingCode = "old-date"
	FindingPassedDay      FindingCode = "passed-day"
	FindingWrongName                  = FindingCode(WrongName)
	FindingUnreadablePage             = FindingCode(UnreadablePage)
)

// Finding is something that a person may want to know before Send.
type Finding struct {
	Code  FindingCode
	Pages []int // counted from 1; empty when it is about the whole document
	Text  sentence.Sentence
}

// Problem is why nothing of a document can be sent. It is an error.
type Problem struct {
	Code  Code
	Text  sentence.Sentence
	Cause error // for the log
}

// Error implements error.
func (p *Problem) Error() string { return fmt.Sprintf("%s: %s", p.Code, p.Text.Error()) }

// Unwrap returns the cause.
func (p *Problem) Unwrap() error { return p.Cause }

// Edit is what a person set right: it names pages, and no letters.
type Edit struct {
	Do        EditKind
	Page      int          // counted from 1: the first of the letter, or the one that a letter is cut at
	Recipient ident.Number // of EditRecipient
	Ordinal   int          // of EditRecipient: never that of another one
	By        string
	At        time.Time
}

// EditKind is what is done to a letter.
type EditKind string

// What can be done.
const (
	EditMerge     EditKind = "merge"     // with the letter before it
	EditCut       EditKind = "cut"       // at a page, which begins a letter then
	EditRecipient EditKind = "recipient" // is somebody else
	EditDrop      EditKind = "drop"      // is not sent
)
