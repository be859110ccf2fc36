package post

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Breaker is what all copies of the sender know together about the way to one Digital Post. While it is open, letters
// wait without being tried, but for one batch now and then.
type Breaker struct {
	Environment  Environment
	Failures     int       // signs in a row that nobody answers
	Failing      []string  // recipients (Person) whose letters are among these signs
	Since        time.Time // when the first of them was
	Open         bool
	Next         time.Time // when one batch is tried, while it is open
	OpenFailures int       // failed tries since it opened, with the one that opened it; the wait grows with it
}

// BreakAfter is how many signs in a row open the breaker.
const BreakAfter = 5

// ErrNoConnection means that Digital Post could not be reached at all, whatever was to be said to it.
var ErrNoConnection = errors.New("no connection to Digital Post")

// Silence is what nobody answered in one batch.
type Silence struct {
	Recipients   []string // whose letters they were (Person)
	NoConnection bool     // not even a connection was made
}

// Breakers keeps the breakers, one for each Digital Post.
type Breakers interface {
	Breaker(ctx context.Context, e Environment) (*Breaker, error)
	ChangeBreaker(ctx context.Context, e Environment, change func(*Breaker) error) (*Breaker, error)
}

// MayTry reports whether a batch may be tried, or has to wait until Next.
func (b *Breaker) MayTry(at time.Time) bool { return !b.Open || !at.Before(b.Next) }

// Probe claims the one try of an open breaker: until it is over nobody else tries.
func (b *Breaker) Probe(now Clock) error {
	if !b.Open || now.At.Before(b.Next) {
		return ErrUnchanged
	}
	b.Next = now.At.Add(3 * now.Timings.Call)
	return nil
}

// Failed notes a batch that nobody answered, and opens the breaker when there were too many. A letter that Digital Post
// never answers says nothing about the others: a batch is a sign only where it is about one more recipient than the
// batches before, or where there was no connection.
func (b *Breaker) Failed(now Clock, s Silence, jitter float64) error {
	another := slices.IndexFunc(s.Recipients, func(who string) bool { return !slices.Contains(b.Failing, who) })
	switch {
	case b.Open: // what was tried is enough of a sign
	case s.NoConnection:
		b.Failures++
	case another >= 0:
		b.Failing = append(b.Failing, s.Recipients[another])
		b.Failures++
	default:
		return ErrUnchanged
	}
	if b.Failures == 1 && !b.Open {
		b.Since = now.At
	}
	if b.Failures < BreakAfter {
		return nil
	}
	b.Open = true
	b.OpenFailures++
	b.Next = now.At.Add(now.Timings.BackOff(b.OpenFailures, jitter))
	return nil
}

// Answered notes that Digital Post answered.
func (b *Breaker) Answered() error {
	if b.Failures == 0 && !b.Open {
		return ErrUnchanged
	}
	*b = Breaker{Environment: b.Environment}
	return nil
}

// Idle reports whether the breaker is open and nobody tries any more: no letter waits that could show whether Digital
// Post answers.
func (b *Breaker) Idle(now Clock) bool {
	return b.Open && now.At.After(b.Next.Add(now.Timings.BackOffFrom+2*now.Timings.Sweep))
}

// Stop (stop) halts all sending of an organization.
type Stop struct {
	At     time.Time
	By     string // user name, or the name of the API key; "" for Brevdue itself
	Reason string
	Code   Code // why Brevdue stopped it by itself
}

// Stops keeps which organizations are stopped.
type Stops interface {
	// Stopped returns the stop of an organization, or nil.
	Stopped(ctx context.Context, org string) (*Stop, error)
	// Stop stops an organization's sending. One that is stopped already stays as it is, and so does its reason; only a
	// person's stop takes the place of one that Brevdue made by itself.
	Stop(ctx context.Context, org string, s Stop) error
	Start(ctx context.Context, org string) error
}

// UndoAttempt takes an attempt back that was begun with lease and not made, since its organization was stopped
// meanwhile. Where somebody else has begun the letter since it goes on by their attempt.
func (l *Letter) UndoAttempt(now Clock, uuid string, lease time.Time) error {
	m := l.Current()
	if l.State != Sending || m == nil || m.UUID != uuid {
		return ErrUnchanged
	}
	m.Attempts--
	l.Tries--
	if !l.Lease.Equal(lease) {
		return nil
	}
	l.FirstTry, l.Due, l.Lease = time.Time{}, now.NextCheck(), now.NextCheck()
	return nil
}

// Defer lets a letter wait without a try: the way is closed, or its organization is stopped. While it waits for Digital
// Post its deadline runs, while it waits for a person it does not.
func (l *Letter) Defer(now Clock, until time.Time, person bool) error {
	if l.State != Queued && (l.State != Sending || l.Lease.After(now.At)) || now.At.Before(l.NotBefore) {
		return ErrUnchanged
	}
	switch {
	case person:
		l.FirstTry = time.Time{}
	case l.FirstTry.IsZero():
		l.FirstTry = now.At
	case now.At.Sub(l.FirstTry) >= now.Timings.RetryFor:
		return l.Fail(now, Problem{Code: l.silenceCode()})
	}
	l.Due = until
	if l.State == Sending {
		l.Lease = until
	}
	return nil
}
