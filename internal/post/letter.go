package post

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"brevdue/internal/ident"
)

// Letter (brev) is one document for one recipient.
type Letter struct {
	ID          LetterID
	Org         string
	First, Last int          // pages of the uploaded document, counted from 1
	Recipient   ident.Number // zero when there is none
	Subject     string       // where a person has given it one of its own; "" for the shipment's
	Corrections []Corrected  // what it was before a person set it right
	Document    Object       // its PDF
	State       LetterState
	Problem     *Problem // why it is Failed, or held back
	Shown       bool     // its failure stands, or has stood, in Ubehandlet

	Messages  []Message // as sent to Digital Post; the last is the current one
	Receipts  []Receipt
	Tries     int       // attempts since it was queued
	NotBefore time.Time // the day on which it leaves, where a person has chosen one
	Lease     time.Time // until then somebody tries, or it waits for another try
	FirstTry  time.Time // start of the deadline for temporary failures
	Archiving Archiving
	History   []Event

	Due      time.Time // when the sweep looks at it; zero when nothing is open
	Looked   time.Time // when the sweep will look in fact: never after Due, earlier where moving it was not worth a write
	Revision int64
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
	Cancelled  LetterState = "Cancelled"
)

var rank = map[LetterState]int{Created: 1, Queued: 2, Sending: 3, HandedOver: 4, Completed: 5}

// Final reports whether nothing more happens by itself.
func (s LetterState) Final() bool { return s == Completed || s == Failed || s == Cancelled }

// LetterID names a letter for good: the shipment, the version of the split, the place in the list and the pages. It
// travels as messageID, so it is at most 30 characters of [A-Za-z0-9._~-] (digital-post.md 1.3), and a receipt finds
// its letter without an index.
type LetterID string

// NewLetterID makes the id of a letter from what does not change.
func NewLetterID(shipment string, version, number, first, last int) LetterID {
	return LetterID(fmt.Sprintf("%s.%s.%s.%s.%s", shipment,
		base36(version), base36(number), base36(first), base36(last-first)))
}

func base36(n int) string { return strconv.FormatInt(int64(n), 36) }

// Place is what a LetterID says.
type Place struct {
	Shipment string
	Version  int
	Number   int // in the list, counted from 1
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
	version, err1 := strconv.ParseInt(v, 36, 32)
	number, err2 := strconv.ParseInt(n, 36, 32)
	if err1 != nil || err2 != nil || version < 1 || number < 1 {
		return Place{}, ErrNoLetterID
	}
	return Place{shipment, int(version), int(number)}, nil
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

// Number returns the letter's place in the list.
func (id LetterID) Number() int {
	p, _ := id.Place()
	return p.Number
}

// Event is one line of a letter's history.
type Event struct {
	At   time.Time `json:"at"`
	What EventCode `json:"what"`
	Note string    `json:"note,omitempty"` // a code, an id, a user name: never a person's number
}

// EventCode names what happened to a letter.
type EventCode string

// What happens to letters.
const (
	WasSplit        EventCode = "split"
	WasQueued       EventCode = "queued"
	WasTried        EventCode = "tried"
	WasHandedOver   EventCode = "handed-over"
	WasFound        EventCode = "found" // Digital Post was asked, and had it
	WasPutOff       EventCode = "put-off"
	WasCompleted    EventCode = "completed"
	WasRefused      EventCode = "refused"
	WasFailed       EventCode = "failed"
	WasCancelled    EventCode = "cancelled"
	WasArchived     EventCode = "archived"
	ArchivingFailed EventCode = "archive-failed"
	WasReplayed     EventCode = "replayed"
	WasDismissed    EventCode = "dismissed"
	WasCorrected    EventCode = "corrected" // recipient or subject
	WasAsked        EventCode = "asked"
	ReceiptMissing  EventCode = "receipt-missing"
	LateDelivery    EventCode = "late-delivery" // of the message of before a correction
	LateRefusal     EventCode = "late-refusal"  // after COMPLETED: noted, and nothing else
)

// Note adds a line to the history.
func (l *Letter) Note(at time.Time, what EventCode, note string) {
	l.History = append(l.History, Event{at, what, note})
}

// ErrNotUp means that a state would have moved back.
var ErrNotUp = errors.New("a letter's state only moves up")

// advance moves the state up.
func (l *Letter) advance(to LetterState) error {
	if rank[l.State] == 0 || rank[to] <= rank[l.State] {
		return fmt.Errorf("letter %s from %s to %s: %w", l.ID, l.State, to, ErrNotUp)
	}
	l.State = to
	return nil
}

// Queue makes a letter ready to leave. One that was held back fails instead, with the reason.
func (l *Letter) Queue(m Moment) error {
	if l.State != Created {
		return Unchanged
	}
	if l.Problem != nil {
		return l.Fail(m, *l.Problem)
	}
	l.Due = m.Look()
	l.Note(m.At, WasQueued, "")
	return l.advance(Queued)
}

// Cancel stops a letter that has not left. One that may have left stays as it is.
func (l *Letter) Cancel(at time.Time, by string) error {
	if m := l.Current(); l.State != Created && l.State != Queued || m != nil && (m.Unanswered() || !m.Accepted.IsZero()) {
		return Unchanged
	}
	l.State, l.Due = Cancelled, time.Time{}
	l.Note(at, WasCancelled, by)
	return nil
}

// Fail ends a letter that has not completed. It stays due until its row stands in Ubehandlet and it is archived.
func (l *Letter) Fail(m Moment, p Problem) error {
	if l.State.Final() {
		return Unchanged
	}
	p.At = m.At
	l.State, l.Problem, l.Shown, l.Due = Failed, &p, false, m.Look()
	l.Archiving.again()
	l.Note(m.At, WasFailed, string(p.Code))
	return nil
}

// Show notes that the letter's failure, or its missing receipt, stands in Ubehandlet.
func (l *Letter) Show() error {
	if l.State != Failed && l.State != HandedOver || l.Shown {
		return Unchanged
	}
	l.Shown = true
	l.settle()
	return nil
}

// settle takes a letter out of the sweep's view when nothing is left to do for it.
func (l *Letter) settle() {
	shown := l.State != Failed || l.Shown
	archived := l.Archiving.State == Archived || l.Archiving.State == ArchiveFailed && l.Archiving.Shown
	if l.State == Cancelled || l.State.Final() && archived && shown {
		l.Due = time.Time{}
	}
}
