package post

import (
	"context"
	"time"
)

// Breaker is what all copies of the sender know together about the way to one Digital Post. While it is open, letters
// wait without being tried, but for one batch now and then.
type Breaker struct {
	Environment Environment
	Failures    int       // batches in a row that nobody answered
	Since       time.Time // when the first of them was
	Open        bool
	Next        time.Time // when one batch is tried, while it is open
	Probes      int       // since it opened
}

// BreakAfter is how many batches in a row fail before the breaker opens.
const BreakAfter = 5

// Breakers keeps the breakers, one for each Digital Post.
type Breakers interface {
	Breaker(ctx context.Context, e Environment) (*Breaker, error)
	ChangeBreaker(ctx context.Context, e Environment, change func(*Breaker) error) (*Breaker, error)
}

// MayTry reports whether a batch may be tried, or has to wait until Next.
func (b *Breaker) MayTry(at time.Time) bool { return !b.Open || !at.Before(b.Next) }

// Probe claims the one try of an open breaker: until it is over nobody else tries.
func (b *Breaker) Probe(now Moment) error {
	if !b.Open || now.At.Before(b.Next) {
		return Unchanged
	}
	b.Next = now.At.Add(3 * now.Pace.Call)
	return nil
}

// Failed notes a batch that nobody answered, and opens the breaker when there were too many.
func (b *Breaker) Failed(now Moment, jitter float64) error {
	if b.Failures == 0 {
		b.Since = now.At
	}
	if b.Failures++; b.Failures < BreakAfter {
		return nil
	}
	b.Open = true
	b.Probes++
	b.Next = now.At.Add(now.Pace.BackOff(b.Probes, jitter))
	return nil
}

// Answered notes that Digital Post answered.
func (b *Breaker) Answered() error {
	if b.Failures == 0 && !b.Open {
		return Unchanged
	}
	b.Failures, b.Open, b.Probes, b.Next, b.Since = 0, false, 0, time.Time{}, time.Time{}
	return nil
}

// Stop (stop) is that nothing of an organization may leave.
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

// StepBack takes an attempt back that was counted and not made, since its organization was stopped meanwhile.
func (l *Letter) StepBack(now Moment, uuid string) error {
	m := l.Current()
	if l.State != Sending || m == nil || m.UUID != uuid {
		return Unchanged
	}
	m.Posts--
	l.Tries--
	l.FirstTry, l.Due, l.Lease = time.Time{}, now.Look(), now.Look()
	return nil
}

// Hold lets a letter wait without a try: the way is closed, or its organization is stopped. While it waits for Digital
// Post its deadline runs, while it waits for a person it does not.
func (l *Letter) Hold(now Moment, until time.Time, person bool) error {
	if l.State != Queued && (l.State != Sending || l.Lease.After(now.At)) || now.At.Before(l.NotBefore) {
		return Unchanged
	}
	switch {
	case person:
		l.FirstTry = time.Time{}
	case l.FirstTry.IsZero():
		l.FirstTry = now.At
	case now.At.Sub(l.FirstTry) >= now.Pace.RetryFor:
		return l.Fail(now, Problem{Code: ChannelDown})
	}
	l.Due = until
	if l.State == Sending {
		l.Lease = until
	}
	return nil
}
