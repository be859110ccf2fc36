package post

import (
	"maps"
	"slices"
	"strings"
	"time"

	"brevdue/internal/sentence"
)

// Code names what went wrong, as in reliability.md's table.
type Code string

// The codes of the table.
const (
	NotEnrolled        Code = "not-enrolled"
	Closed             Code = "closed"
	UnknownRecipient   Code = "unknown-recipient"
	ChannelDown        Code = "channel-down"
	MessageRefused     Code = "message-refused"
	NotAllowed         Code = "not-allowed"
	Refused            Code = "refused"
	EnrollmentChanged  Code = "enrollment-changed" // since the review: held back before it left
	Unconfirmed        Code = "unconfirmed"        // it left in a container, and nobody knows whether it arrived
	NoReceipt          Code = "no-receipt"
	QueueStalled       Code = "queue-stalled"
	ArchiveFailedCode  Code = "archive-failed"
	UnreadableDocument Code = "unreadable-document"
	NoRecipientFound   Code = "no-recipient-found"
	TwoRecipients      Code = "two-recipients"
	WrongName          Code = "wrong-name"
	DoubtfulRecipient  Code = "doubtful-recipient"
	UnreadablePage     Code = "unreadable-page"
	ActiveContent      Code = "active-content"
	UnfitAttachment    Code = "attachment-unfit"
	Malware            Code = "malware"
	ChangedAnswer      Code = "changed-answer" // Digital Post has said something else after a letter's end
	Unknown            Code = "unknown"
)

// NoEvidence is said where the key that signs evidence for the data protection officer is not kept.
const NoEvidence sentence.Sentence = `§["no-evidence"]`

// Problem is why something stopped: a row of the table with what is special about this case.
type Problem struct {
	Code   Code              `json:"code"`
	Text   sentence.Sentence `json:"text,omitempty"`   // "" where the code says it all
	Detail string            `json:"detail,omitempty"` // Digital Post's code or our reference; never a person's number
	At     time.Time         `json:"at,omitzero"`
	Cause  error             `json:"-"`
}

// Error implements error, for the log; users get texts.Problem.
func (p *Problem) Error() string {
	if p.Text == "" {
		return string(p.Code)
	}
	return string(p.Code) + ": " + p.Text.Error()
}

// Unwrap returns the technical cause.
func (p *Problem) Unwrap() error { return p.Cause }

// Class says what kind of failure a code is.
type Class string

// The classes of reliability.md.
const (
	Permanent Class = "permanent"
	Temporary Class = "temporary"
	Ours      Class = "ours"
	Stuck     Class = "stuck"
)

// Remedy is something a user can press.
type Remedy string

// What can be offered.
const (
	OfferReplay  Remedy = "replay"
	OfferAsk     Remedy = "ask"
	OfferDismiss Remedy = "dismiss"
	OfferArchive Remedy = "archive"
	OfferCorrect Remedy = "correct" // recipient or subject, and send
	OfferOnDate  Remedy = "on-date" // send again on a day
	OfferSplit   Remedy = "split"   // split the document again
	OfferPaper   Remedy = "paper"   // send it as a letter on paper: its place is here, remote print is not built yet
)

// notYet are remedies that the table knows and nobody can press yet.
var notYet = map[Remedy]bool{OfferPaper: true}

// Response is a row of the failure table: what kind of failure it is, and what can be done.
type Response struct {
	Class    Class
	Remedies []Remedy
}

// Offers reports whether a remedy is offered.
func (e Response) Offers(r Remedy) bool { return slices.Contains(e.Remedies, r) }

// ResponseTo returns the row of a code.
func ResponseTo(c Code) Response {
	e, ok := responses[c]
	if !ok {
		e = responses[Unknown]
	}
	e.Remedies = slices.DeleteFunc(slices.Clone(e.Remedies), func(r Remedy) bool { return notYet[r] })
	return e
}

// HoldsBack reports whether a code holds a letter back before it is sent: nothing has gone wrong on its way.
func HoldsBack(c Code) bool {
	switch c {
	case NoRecipientFound, TwoRecipients, WrongName, DoubtfulRecipient, UnreadablePage, ActiveContent, UnfitAttachment,
		EnrollmentChanged:
		return true
	}
	return false
}

// Codes returns the codes of the table.
func Codes() []Code { return slices.Sorted(maps.Keys(responses)) }

// responses is the failure table of reliability.md; what a user reads of it is in package texts.
var responses = map[Code]Response{
	NotEnrolled:        {Permanent, []Remedy{OfferReplay, OfferOnDate, OfferPaper, OfferDismiss}},
	Closed:             {Permanent, []Remedy{OfferDismiss}},
	UnknownRecipient:   {Permanent, []Remedy{OfferCorrect, OfferReplay, OfferPaper, OfferDismiss}},
	ChannelDown:        {Temporary, []Remedy{OfferReplay, OfferDismiss}},
	MessageRefused:     {Permanent, []Remedy{OfferCorrect, OfferReplay, OfferDismiss}},
	NotAllowed:         {Ours, []Remedy{OfferReplay, OfferDismiss}},
	Refused:            {Permanent, []Remedy{OfferCorrect, OfferReplay, OfferDismiss}},
	EnrollmentChanged:  {Permanent, []Remedy{OfferReplay, OfferCorrect, OfferPaper, OfferDismiss}},
	Unconfirmed:        {Stuck, []Remedy{OfferReplay, OfferDismiss}},
	NoReceipt:          {Stuck, []Remedy{OfferAsk, OfferDismiss}},
	QueueStalled:       {Stuck, nil},
	ChangedAnswer:      {Permanent, []Remedy{OfferDismiss}},
	ArchiveFailedCode:  {Permanent, []Remedy{OfferArchive, OfferDismiss}},
	UnreadableDocument: {Permanent, []Remedy{OfferDismiss}},
	NoRecipientFound:   {Permanent, []Remedy{OfferCorrect, OfferDismiss}},
	TwoRecipients:      {Permanent, []Remedy{OfferCorrect, OfferDismiss}},
	WrongName:          {Permanent, []Remedy{OfferCorrect, OfferDismiss}},
	DoubtfulRecipient:  {Permanent, []Remedy{OfferCorrect, OfferDismiss}},
	UnreadablePage:     {Permanent, []Remedy{OfferCorrect, OfferDismiss}},
	ActiveContent:      {Permanent, []Remedy{OfferDismiss}},
	UnfitAttachment:    {Permanent, []Remedy{OfferDismiss}},
	Malware:            {Permanent, []Remedy{OfferDismiss}},
	Unknown:            {Ours, []Remedy{OfferReplay, OfferSplit, OfferDismiss}},
}

// CodeOfReceipt reads the errorCode of a refusal. The codes for recipients are the simulator's invention: the real
// ones are not known (digital-post.md 3.4).
func CodeOfReceipt(errorCode string) Code {
	switch {
	case errorCode == "recipient.not.registered", errorCode == "recipient.exempt":
		return NotEnrolled
	case errorCode == "recipient.unknown":
		return UnknownRecipient
	case errorCode == "recipient.closed":
		return Closed
	case errorCode == DuplicateCode:
		return Refused
	case strings.HasPrefix(errorCode, "memo.") || strings.HasPrefix(errorCode, "file."):
		return MessageRefused
	}
	return Refused
}

// Failure is a row of Ubehandlet: one letter (or one whole shipment) that waits for somebody.
type Failure struct {
	Org       string
	Area      Area // of the shipment; of a row of versions before, and of one about no shipment, nobody's
	Shipment  string
	Letter    LetterID // "" for a shipment that was stopped, or a dead letter that nobody can read
	Number    int      // of the letter in the list; 0 in rows of versions before, whose ids say it (Place)
	Subject   string   // of the shipment, so that a page of rows is one query
	Pages     [2]int
	Archive   string // outside Brevdue, that the row is about; "" for none
	Recipient string // masked
	Problem   Problem
	Since     time.Time // when what it is about happened: it tells one time from the next
	Shown     time.Time // when it was put into Ubehandlet; zero in rows of versions before
	Cursor    string    // of the list that it comes from: there it goes on after this row

	Message *DeadMessage // a message that is about nothing that we know; nil for all other rows

	Dismissed string    // the reason; "" while it is open
	By        string    // who dismissed it
	Closed    time.Time // when it left Ubehandlet
}

// Place is the letter's place in the list of its shipment.
func (f *Failure) Place() int {
	if f.Number > 0 {
		return f.Number
	}
	return f.Letter.Number()
}

// DeadMessage is a message that nobody could make sense of, as it came.
type DeadMessage struct {
	Queue Queue
	ID    string
	Body  string
}

// FailureKey names a row: a letter has at most one of each kind.
type FailureKey struct {
	Shipment string
	Letter   LetterID
	Message  string // id of a message that is about nothing that we know
	Code     Code
	Archive  string
}

// Key returns the key of the row.
func (f *Failure) Key() FailureKey {
	k := FailureKey{Shipment: f.Shipment, Letter: f.Letter, Code: f.Problem.Code, Archive: f.Archive}
	if f.Message != nil {
		k.Message = f.Message.ID
	}
	return k
}
