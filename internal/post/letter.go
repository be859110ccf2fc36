package post

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/sentence"
)

// Letter (brev) is one document for one recipient.
type Letter struct {
	ID          LetterID
	Org         string
	Number      int               // its place in the list, from 1 on, for people only
	Round       int               // of its shipment's Sends; 0 where the split wrote it at once
	First, Last int               // pages of the uploaded document, counted from 1
	Recipient   ident.Number      // zero when there is none
	Reviewed    Enrollment        // of the recipient, as the review knew it; "" where nobody was looked up
	Unit        string            // P-number of the recipient's unit that it is for; "" for none
	Subject     string            // where a person has given it one of its own; "" for the shipment's
	Corrections []Corrected       // what it was before a person set it right
	Secret      Secret            // the key of its own files; "" for a letter of a version before
	Document    Object            // its PDF
	Unfit       sentence.Sentence // why the PDF must go to nobody; "" where it may
	Remaining   []string          // marks (MarkOf) of numbers left in it, of a shipment whose numbers are removed
	State       LetterState
	Problem     *Problem // why it is Failed, or held back
	Reported    bool     // its failure stands, or has stood, in Ubehandlet

	Notified  time.Time // when its recipient was legally notified (forkyndt); zero while nobody knows that
	Container string    // that it leaves, or has left, in; "" for one that goes by itself
	Messages  []Message // as sent to Digital Post; the last is the current one
	Receipts  []Receipt
	Tries     int       // attempts since it was queued
	NotBefore time.Time // the day on which it leaves, where a person has chosen one
	Lease     time.Time // until then somebody tries, or it waits for another try
	FirstTry  time.Time // start of the deadline for temporary failures
	Archiving Archiving
	Cancels   int    // of its shipment, when a person sent it again: it leaves in spite of them
	Doubt     *Doubt // nil for nearly all
	History   []Event

	Due       time.Time // when the sweep looks at it; zero when nothing is open
	IndexedAt time.Time // where it stands in the sweep's index: never after Due, earlier where moving it cost a write
	Revision  int64
}

// LetterState is where a letter stands.
type LetterState string

// The states of a letter, in order.
const (
	Created    LetterState = "Created"
	Queued     LetterState = "Queued"
	Sending    LetterState = "Sending"
	HandedOver LetterState = "HandedOver" // one tick: Digital Post has taken it
	Completed  LetterState = "Completed"  // two ticks: the receipt is here
	Failed     LetterState = "Failed"
	Dismissed  LetterState = "Dismissed" // it failed, and a person has handled it in another way (håndteret)
	Cancelled  LetterState = "Cancelled"
)

var rank = map[LetterState]int{Created: 1, Queued: 2, Sending: 3, HandedOver: 4, Completed: 5}

// Final reports whether nothing more happens by itself.
func (s LetterState) Final() bool { return s == Completed || s.NotSent() || s == Cancelled }

// NotSent reports whether a letter has failed, whether or not somebody has handled that. A replay leads back from both.
func (s LetterState) NotSent() bool { return s == Failed || s == Dismissed }

// LetterID names a letter for good: the shipment, the pages, and an ordinal that tells letters of the same pages apart.
// Whoever sends a draft again, after Undo or in a table that came out of a backup, makes the same ids, and so the same
// UUIDs. It travels as messageID, so it is at most 30 characters of [A-Za-z0-9._~-] (digital-post.md 1.3), and a
// receipt finds its letter without an index.
//
// Shipments of before keep theirs: the shipment, the version of the split, the place in the list and the pages.
type LetterID string

// DraftLetterID makes the id of a letter from what does not change.
func DraftLetterID(shipment string, first, last, ordinal int) LetterID {
	return LetterID(fmt.Sprintf("%s.0.%s.%s.%s", shipment, base36(first), base36(last-first), base36(ordinal)))
}

// NewLetterID makes the id of a letter as versions before this one did.
func NewLetterID(shipment string, version, number, first, last int) LetterID {
	return LetterID(fmt.Sprintf("%s.%s.%s.%s.%s", shipment,
		base36(version), base36(number), base36(first), base36(last-first)))
}

func base36(n int) string { return strconv.FormatInt(int64(n), 36) }

// Place is what a LetterID says of where the letter is kept.
type Place struct {
	Shipment string
	Version  int // of the split that wrote it; 0 for a letter of a draft
	Number   int // in the list, counted from 1; of a letter of a draft its first page
	Ordinal  int
}

// ErrNoLetterID means that a text is not one of our letter ids.
var ErrNoLetterID = errors.New("not the id of a letter")

// Place takes the id apart.
func (id LetterID) Place() (Place, error) {
	shipment, rest, _ := strings.Cut(string(id), ".")
	v, rest, _ := strings.Cut(rest, ".")
	n, pages, _ := strings.Cut(rest, ".")
	if strings.Count(pages, ".") != 1 || !validShipmentID(shipment) || len(id) > 30 {
		return Place{}, ErrNoLetterID
	}
	_, last, _ := strings.Cut(pages, ".")
	version, err1 := strconv.ParseInt(v, 36, 32)
	number, err2 := strconv.ParseInt(n, 36, 32)
	ordinal, err3 := strconv.ParseInt(last, 36, 32)
	if err1 != nil || err2 != nil || err3 != nil || version < 0 || number < 1 || ordinal < 0 {
		return Place{}, ErrNoLetterID
	}
	if version > 0 { // these end with their number of pages
		ordinal = 0
	}
	return Place{shipment, int(version), int(number), int(ordinal)}, nil
}

func validShipmentID(s string) bool {
	if len(s) != 12 {
		return false
	}
	for _, r := range s {
		if (r < '0' || r > '9') && (r < 'a' || r > 'z') {
			return false
		}
	}
	return true
}

// Shipment returns the id of the shipment that the letter belongs to.
func (id LetterID) Shipment() string {
	shipment, _, _ := strings.Cut(string(id), ".")
	return shipment
}

// Number returns the letter's place in the list, where the id says it: of a shipment of before. Else it is 0.
func (id LetterID) Number() int {
	if p, _ := id.Place(); p.Version > 0 {
		return p.Number
	}
	return 0
}

// Event is one line of a letter's history.
type Event struct {
	At   time.Time `json:"at"`
	What EventCode `json:"what"`
	Note string    `json:"note,omitempty"` // a code, an id, a user name or a reason: never a person's number
}

// EventCode names what happened to a letter.
type EventCode string

// What happens to letters.
const (
	WasSplit        EventCode = "split"
	WasAddressed    EventCode = "addressed" // a person has typed its recipient in the review
	WasQueued       EventCode = "queued"
	WasTried        EventCode = "tried"
	WasHandedOver   EventCode = "handed-over"
	WasFound        EventCode = "found" // Digital Post was asked, and had it
	WasRescheduled  EventCode = "put-off"
	WasStalled      EventCode = "queue-stalled" // nothing happened for too long; it was put back on its queue
	WasCompleted    EventCode = "completed"
	WasRefused      EventCode = "refused"
	WasFailed       EventCode = "failed"
	WasCancelled    EventCode = "cancelled"
	WasArchived     EventCode = "archived"
	ArchivingFailed EventCode = "archive-failed"
	WasReplayed     EventCode = "replayed"
	WasDismissed    EventCode = "dismissed"
	RowDismissed    EventCode = "row-dismissed" // another row of a letter that failed, as for its archiving
	WasCorrected    EventCode = "corrected"     // recipient or subject
	WasAsked        EventCode = "asked"
	ArchivedAgain   EventCode = "archive-again" // archiving that failed is tried again
	ReceiptMissing  EventCode = "receipt-missing"
	LateDelivery    EventCode = "late-delivery" // of the message of before a correction
	LateRefusal     EventCode = "late-refusal"  // after COMPLETED: noted, and nothing else

	WasLegallyNotified EventCode = "legally-notified" // forkyndt, by Digital Post's own event
	WasNotLookedUp     EventCode = "not-looked-up"    // again: the register was silent when it left

	ContainerWasRefused EventCode = "container-refused" // whole: the letter goes on by itself
)

// Note adds a line to the history.
func (l *Letter) Note(at time.Time, what EventCode, note string) {
	l.History = append(l.History, Event{at, what, note})
}

// Dismissal returns what was noted when somebody took the letter's failure out of Ubehandlet: who, and why. It is ""
// for a letter that has not failed, or that has gone on since.
func (l *Letter) Dismissal() string {
	if !l.State.NotSent() {
		return ""
	}
	dismissed := ""
	for _, e := range l.History {
		switch e.What {
		case WasDismissed:
			dismissed = e.Note
		case WasFailed, WasReplayed, WasCorrected, WasFound:
			dismissed = ""
		}
	}
	return dismissed
}

// ErrInvalidTransition means that a state would have moved back on the normal way of a letter.
var ErrInvalidTransition = errors.New("a letter's state does not move back on its way")

// advance moves a letter along its normal way, and refuses to move it back. Replay and late receipts set the state
// themselves.
func (l *Letter) advance(to LetterState) error {
	if rank[l.State] == 0 || rank[to] <= rank[l.State] {
		return fmt.Errorf("letter %s from %s to %s: %w", l.ID, l.State, to, ErrInvalidTransition)
	}
	l.State = to
	return nil
}

// Queue makes a letter ready to leave. One that was held back fails instead, with the reason.
func (l *Letter) Queue(now Clock) error {
	if l.State != Created {
		return ErrUnchanged
	}
	if l.Problem != nil {
		return l.Fail(now, *l.Problem)
	}
	l.Due = now.NextCheck()
	l.Note(now.At, WasQueued, "")
	return l.advance(Queued)
}

// Stall notes, once for each time that a letter is queued, that it stood still and is put back on its queue.
func (l *Letter) Stall(now Clock) {
	if n := len(l.History); n == 0 || l.History[n-1].What != WasStalled {
		l.Note(now.At, WasStalled, "")
	}
}

// Fail ends a letter that has not completed. It stays due until its row stands in Ubehandlet and it is archived.
func (l *Letter) Fail(now Clock, p Problem) error {
	if l.State.Final() {
		return ErrUnchanged
	}
	l.fail(now, p)
	return nil
}

func (l *Letter) fail(now Clock, p Problem) {
	p.At = now.At
	l.State, l.Problem, l.Reported, l.Due = Failed, &p, false, now.NextCheck()
	l.archiveAnew()
	l.Note(now.At, WasFailed, string(p.Code))
}

// FailDamaged ends a letter whose file is missing, or is not what was stored: it is never sent.
func (l *Letter) FailDamaged(now Clock, uuid string) error {
	if current := l.Current(); l.State != Sending || current == nil || current.UUID != uuid {
		return ErrUnchanged
	}
	return l.Fail(now, Problem{Code: Unknown, Detail: string(l.ID), Text: sentence.Of("letter-file-damaged")})
}

// Report notes that the letter's failure, or its missing receipt, stands in Ubehandlet.
func (l *Letter) Report() error {
	if !l.State.NotSent() && l.State != HandedOver || l.Reported {
		return ErrUnchanged
	}
	l.Reported = true
	l.clearDueIfDone()
	return nil
}

// clearDueIfDone clears Due when nothing is left to do for the letter, so that the sweep does not look at it again.
func (l *Letter) clearDueIfDone() {
	shown := l.State != Failed || l.Reported
	archived := l.Archiving.State == Archived || l.Archiving.State == Unfiled ||
		l.Archiving.State == ArchiveFailed && l.Archiving.Reported
	if !l.Doubted() && l.State.Final() && (archived && shown || !l.Archivable()) {
		l.Due = time.Time{}
	}
}

// CloseTrouble notes that the rows of a letter that completed after a failure are closed.
func (l *Letter) CloseTrouble() error {
	due := l.Due
	if l.State == Completed {
		l.clearDueIfDone()
	}
	if l.Due.Equal(due) {
		return ErrUnchanged
	}
	return nil
}

// Clone returns a letter of its own.
func (l *Letter) Clone() *Letter {
	c := *l
	c.Detach()
	return &c
}

// Detach gives a copied letter its own of what a change may change in place.
func (l *Letter) Detach() {
	l.Messages, l.Receipts, l.History = slices.Clone(l.Messages), slices.Clone(l.Receipts), slices.Clone(l.History)
	l.Corrections, l.Remaining = slices.Clone(l.Corrections), slices.Clone(l.Remaining)
	if l.Problem != nil {
		p := *l.Problem
		l.Problem = &p
	}
	if l.Doubt != nil {
		d := *l.Doubt
		l.Doubt = &d
	}
}
