package post

import (
	"context"
	"io"
	"time"
)

// Outgoing is a message on its way to Digital Post.
type Outgoing struct {
	Org    string // who sends
	Way    string // by which of its connections; see Ways
	UUID   string
	Length int64
	Body   func() io.Reader // may be asked for again
}

// Answer is what Digital Post said to an attempt.
type Answer struct {
	Accepted     bool
	Transmission string
	Duplicate    bool     // refused because the UUID is known
	Refused      *Problem // refused for good
}

// Channel is the way to Digital Post. An error means that nobody knows whether the letter arrived, or that it did
// not: try later, and ask first.
type Channel interface {
	Send(ctx context.Context, m Outgoing) (Answer, error)
	// Find asks whether Digital Post has taken in an organization's message since then.
	Find(ctx context.Context, org, uuid string, since time.Time) (bool, error)
	// Receipts returns waiting business receipts, oldest first; they stay there until they are removed.
	Receipts(ctx context.Context, limit int) ([]Receipt, error)
	RemoveReceipts(ctx context.Context, ids []string) error
}

// Ways says by which connection an organization's letters leave now: the system of its own, "" for that of the
// installation. A message whose answer is not known goes on by the one that it left by: only there it is refused as
// known when the question came too early.
type Ways interface {
	Way(ctx context.Context, org string) (string, error)
}

// NoChannel is the way to Digital Post when there is none: every question is answered with why.
type NoChannel struct{ Why error }

// Send implements Channel.
func (c NoChannel) Send(context.Context, Outgoing) (Answer, error) { return Answer{}, c.Why }

// Find implements Channel.
func (c NoChannel) Find(context.Context, string, string, time.Time) (bool, error) {
	return false, c.Why
}

// Receipts implements Channel.
func (c NoChannel) Receipts(context.Context, int) ([]Receipt, error) { return nil, c.Why }

// RemoveReceipts implements Channel.
func (c NoChannel) RemoveReceipts(context.Context, []string) error { return c.Why }
