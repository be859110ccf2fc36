package post

import (
	"context"
	"time"
)

// FailureFilter chooses rows of Ubehandlet; empty fields choose all.
type FailureFilter struct {
	Seen     Sight    `json:"seen,omitzero"`
	Shipment string   `json:"shipment,omitempty"`
	Letter   LetterID `json:"letter,omitempty"`
	Message  string   `json:"message,omitempty"` // id of a message that is about nothing that we know
	Code     Code     `json:"code,omitempty"`
	Archive  string   `json:"archive,omitempty"` // that rows are about: outside Brevdue, or BuiltInArchive
}

// Failures stores the rows of Ubehandlet.
type Failures interface {
	// Put shows a row. One that is open since the same moment stays as it is, and one that a person has dismissed
	// since the same moment stays closed; any other one is opened anew. A row that says what has become of a letter is
	// written only while the letter is as it was read, else ErrOvertaken; nil is for a row of anything else.
	Put(ctx context.Context, f *Failure, of *Letter) error
	// List returns open rows of an organization, by code and age.
	List(ctx context.Context, org string, filter FailureFilter, cursor string, limit int) ([]*Failure, string, error)
	// Close takes a row out of Ubehandlet: dismissed with a reason, or solved (""). A row that has come anew since
	// the given one was read stays.
	Close(ctx context.Context, f *Failure, reason, by string, at time.Time) error
}

// EveryRow is the filter of the service itself: it chooses all rows, whoever's they are.
func EveryRow() FailureFilter { return FailureFilter{Seen: Everything()} }
