package post

import (
	"context"
	"time"

	"brevdue/internal/ident"
)

// LogState (tilstand) is what the log is narrowed down to.
type LogState string

// The states that the log can be narrowed down to.
const (
	LogRunning   LogState = "running"   // something moves, or waits to be reviewed
	LogFailed    LogState = "failed"    // something of it stands in Ubehandlet
	LogDone      LogState = "done"      // it has come to its end
	LogCancelled LogState = "cancelled" // nothing of it was sent
)

// ShipmentFilter is what the log is narrowed down to; a zero field takes all.
type ShipmentFilter struct {
	From, Before time.Time // when it was made: from a moment on, and before another
	Sender       string    // CVR number
	DocumentType string
	Unit         string
	State        LogState
}

// IsZero reports whether a filter takes all.
func (f ShipmentFilter) IsZero() bool { return f == ShipmentFilter{} }

// TakesMade reports whether a filter takes a shipment by what was chosen when it was made.
func (f ShipmentFilter) TakesMade(s *Shipment) bool {
	return (f.Sender == "" || f.Sender == s.Sender.Number.Reveal()) &&
		(f.DocumentType == "" || f.DocumentType == s.Area.DocumentType) && (f.Unit == "" || f.Unit == s.Area.Unit) &&
		!s.Created.Before(f.From) && (f.Before.IsZero() || s.Created.Before(f.Before))
}

// TakesState reports whether a filter takes a shipment by how it stands. What stands in Ubehandlet is not asked here.
func (f ShipmentFilter) TakesState(s *Shipment) bool {
	switch f.State {
	case LogRunning:
		return !s.Over()
	case LogDone:
		d := s.Derived()
		return d == ShipmentCompleted || d == CompletedWithErrors
	case LogCancelled:
		return s.Derived() == ShipmentCancelled
	}
	return true
}

// LogQuery is what is searched for in the log.
type LogQuery struct {
	Text string // a number, or words of names and subjects
	ShipmentFilter
}

// LogFound is what a search of the log has found, the newest first.
type LogFound struct {
	Shipments []*Shipment // whose subject has all of the words
	Letters   []FoundLetter
	More      bool // there is more than is shown
}

// FoundLetter is a letter that a search has found.
type FoundLetter struct {
	*Letter
	Shipment *Shipment
	Name     string // in the letter; "" where it was not read
	Filed    bool   // it lies in its case
}

// LogReading searches what was sent. It finds only what the caller may open, and writes down that somebody has asked.
type LogReading interface {
	SearchLog(ctx context.Context, who Caller, q LogQuery) (*LogFound, error)
	// OtherwiseNamed reports whether a number has had letters, and none of them to somebody who shares a word of their
	// name with the one in a letter. It says nothing else of who that was.
	OtherwiseNamed(ctx context.Context, org string, n ident.Number, name string) (bool, error)
}
