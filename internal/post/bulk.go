package post

import (
	"context"
	"time"
)

// BulkKind is what is done with the rows of a bulk.
type BulkKind string

// The kinds.
const (
	BulkReplay  BulkKind = "replay"
	BulkDismiss BulkKind = "dismiss"
)

// BulkRows is how many rows of Ubehandlet are done while somebody waits for the answer. More are done in the
// background.
const BulkRows = 50

// Bulk (samlet behandling) is a remedy for all rows of Ubehandlet that filters choose, with its progress and its
// result. Each row is done by itself, and twice is once.
type Bulk struct {
	ID     string          `json:"id"` // "" for one that was done at once
	Org    string          `json:"org"`
	Kind   BulkKind        `json:"kind"`
	Chosen []FailureFilter `json:"chosen"` // one after the other; a row that several choose is done once
	How    Replay          `json:"how"`    // of a replay
	Reason string          `json:"reason,omitempty"`
	By     Caller          `json:"by"`
	ByKind ActorKind       `json:"byKind"` // how By came in
	Made   time.Time       `json:"made"`
	Began  time.Time       `json:"began,omitzero"` // the first of its rows

	Total     int      `json:"total"` // rows that stood there when it was pressed
	Done      int      `json:"done"`
	Replayed  Replayed `json:"replayed"`
	Dismissed int      `json:"dismissed"`
	Left      int      `json:"left"` // rows whose turn has come, and that could not be done: they stand there still

	At      int            `json:"at"`               // the filter that is being done
	Cursor  string         `json:"cursor,omitempty"` // in its rows
	Cancels map[string]int `json:"cancels"`          // of the rows' shipments, as they were when it was pressed

	Ended    time.Time `json:"ended,omitzero"`
	Problem  *Problem  `json:"problem,omitempty"` // why it ended before its last row; nil when all were done
	Lease    time.Time `json:"lease,omitzero"`    // until then one function works on it
	Due      time.Time `json:"due,omitzero"`      // when the sweep looks at it
	Revision int64     `json:"-"`
}

// Over reports whether nothing is done any more.
func (b *Bulk) Over() bool { return !b.Ended.IsZero() }

// Missing is how many rows were not there any more when their turn came: somebody else had handled them, or they were
// done by a function that died before it could count them, or their letters have failed anew.
func (b *Bulk) Missing() int {
	if !b.Over() || b.Problem != nil {
		return 0
	}
	return max(0, b.Total-b.Done)
}

// End ends a bulk; with a problem before its last row.
func (b *Bulk) End(at time.Time, p *Problem) {
	b.Ended, b.Problem, b.Due, b.Lease = at, p, time.Time{}, time.Time{}
	if p != nil {
		p.At = at
	}
}

// Take claims a bulk for one function, as long as no other one works on it.
func (b *Bulk) Take(at, until time.Time) error {
	if b.Over() || b.Lease.After(at) {
		return ErrUnchanged
	}
	if b.Began.IsZero() {
		b.Began = at
	}
	b.Hold(until)
	return nil
}

// Hold keeps a bulk for whoever works on it. The sweep does not look at it before.
func (b *Bulk) Hold(until time.Time) { b.Lease, b.Due = until, until }

// BulkFor is for how long a bulk, which has ended, is kept.
const BulkFor = 30 * 24 * time.Hour

// Bulks stores bulks.
type Bulks interface {
	Create(ctx context.Context, b *Bulk) error
	// Get returns one; another organization's is ErrNotFound.
	Get(ctx context.Context, org, id string) (*Bulk, error)
	// Change reads, changes and writes; a concurrent change makes it start again.
	Change(ctx context.Context, org, id string, change func(*Bulk) error) (*Bulk, error)
	// Put writes one as long as it is as it was read, else ErrOvertaken.
	Put(ctx context.Context, b *Bulk) error
	// List returns an organization's, newest first.
	List(ctx context.Context, org string, limit int) ([]*Bulk, error)
}

// DueBulks finds the bulks that the sweep looks at, across organizations.
type DueBulks interface {
	// Due returns bulks that should have moved on by then.
	Due(ctx context.Context, by time.Time, limit int) ([]*Bulk, error)
}
