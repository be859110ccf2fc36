package post

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/sentence"
)

// Enrollment (tilmelding) says whether somebody can receive Digital Post (digital-post.md 4.2,
// publicRegistrationStatus).
type Enrollment string

// What the contact register says. Unlisted is a number that it does not have.
const (
	Registered  Enrollment = "registered"
	Exempt      Enrollment = "exempt"
	NoMailbox   Enrollment = "closed" // deceased, or a company that is gone
	Unlisted    Enrollment = "unknown"
	NotLookedUp Enrollment = "not-looked-up"
)

// LookUp is what the contact register says of a shipment's recipients while it is reviewed. It is a job of the send
// function: only that has the certificate. It is kept sealed, for a day, and holds nothing back: Digital Post decides.
type LookUp struct {
	Org      string
	Shipment string
	Numbers  []ident.Number // that are looked up, each once, by Number.Key
	Made     time.Time
	Ended    time.Time
	Problem  string                // why nobody was looked up; "" where somebody was
	Asked    int                   // numbers that were looked up
	Others   map[string]Enrollment // of these, by Number.Key, those that are not registered
}

// Why nobody was looked up.
const (
	LookUpNoRegister = "no-register" // there is no bulk look-up (404), or no right to it
	LookUpNoAnswer   = "no-answer"
	LookUpTooMany    = "too-many" // more than LookUpMost
)

// LookUpFor is for how long an answer of the register is shown, and LookUpWithin for how long it is waited for: after
// that the job is lost.
const (
	LookUpFor    = 24 * time.Hour
	LookUpWithin = 10 * time.Minute
)

// LookUpAtOnce is how many numbers are looked up in one request, and LookUpMost how many in one look-up: it is one item
// of the table, and takes a minute at most.
const (
	LookUpAtOnce = 500
	LookUpMost   = 20_000
)

// ErrNoRegister means that Digital Post offers no bulk look-up.
var ErrNoRegister = errors.New("no bulk look-up")

// Of returns what is known of a number at a moment. What was asked about as long ago as a day is not known, nor is a
// number that was corrected since.
func (l *LookUp) Of(n ident.Number, at time.Time) Enrollment {
	if l == nil || l.Ended.IsZero() || l.Problem != "" || at.Sub(l.Ended) > LookUpFor {
		return NotLookedUp
	}
	if _, asked := slices.BinarySearchFunc(l.Numbers, n, CompareNumbers); !asked {
		return NotLookedUp
	}
	if e, ok := l.Others[n.Key()]; ok {
		return e
	}
	return Registered
}

// Reviewed is what a review knows of a number, which is asked about again when its letter leaves; "" for nothing.
func (l *LookUp) Reviewed(n ident.Number, at time.Time) Enrollment {
	if e := l.Of(n, at); e != NotLookedUp {
		return e
	}
	return ""
}

// HoldChanged holds a letter back, right before it would have left, whose recipient is not enrolled any more as in the
// review (practice.md C5): a person decides. Where somebody else has begun it since, it may have left by now.
func (l *Letter) HoldChanged(now Clock, uuid string, lease time.Time, is Enrollment) error {
	mine := l.Lease.Equal(lease)
	if err := l.UndoAttempt(now, uuid, lease); err != nil || !mine {
		return err
	}
	return l.Fail(now, Problem{Code: EnrollmentChanged, Text: changedTo[is]})
}

// changedTo say what the register says now.
var changedTo = map[Enrollment]sentence.Sentence{
	Registered: `§["enrollment-is-registered"]`,
	Exempt:     `§["enrollment-is-exempt"]`,
	NoMailbox:  `§["enrollment-is-closed"]`,
	Unlisted:   `§["enrollment-is-unknown"]`,
}

// NoteNotLookedUp notes once that the register did not answer when a letter left.
func (l *Letter) NoteNotLookedUp(at time.Time) {
	if l.Reviewed != "" {
		l.Reviewed = ""
		l.Note(at, WasNotLookedUp, "")
	}
}

// Asking reports whether the register is being asked.
func (l *LookUp) Asking(at time.Time) bool {
	return l != nil && l.Ended.IsZero() && at.Sub(l.Made) < LookUpWithin
}

// Trouble returns why nobody was looked up where the register is not being asked; "" for no reason.
func (l *LookUp) Trouble() string {
	switch {
	case l == nil:
		return ""
	case l.Ended.IsZero():
		return LookUpNoAnswer
	}
	return l.Problem
}

// Count counts the recipients of letters by what is known of them, each once.
func (l *LookUp) Count(letters []*Letter, at time.Time) map[Enrollment]int {
	count := map[Enrollment]int{}
	seen := map[ident.Number]bool{}
	for _, letter := range letters {
		if n := letter.Recipient; !n.IsZero() && !seen[n] {
			seen[n] = true
			count[l.Of(n, at)]++
		}
	}
	return count
}

// Totals counts all that were asked about by what is known of them.
func (l *LookUp) Totals(at time.Time) map[Enrollment]int {
	count := map[Enrollment]int{}
	for _, n := range l.Numbers {
		count[l.Of(n, at)]++
	}
	return count
}

// CompareNumbers orders numbers by their keys.
func CompareNumbers(a, b ident.Number) int { return strings.Compare(a.Key(), b.Key()) }

// LookUps stores look-ups.
type LookUps interface {
	PutLookUp(ctx context.Context, l *LookUp) error
	// LookUp returns that of a shipment; nil where there is none any more.
	LookUp(ctx context.Context, org, shipment string) (*LookUp, error)
}

// Register is the contact register, many numbers at a time. A number never stands in an address (practice.md C11).
type Register interface {
	// Enrollments returns what it says of numbers, by Number.Key; Unlisted for those that it does not have.
	Enrollments(ctx context.Context, org string, numbers []ident.Number) (map[string]Enrollment, error)
}

// LookUpCommands ask the register about a shipment in review.
type LookUpCommands interface {
	LookUpRecipients(ctx context.Context, who Caller, id string) error
}
