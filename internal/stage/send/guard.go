package send

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"brevdue/internal/keys"
	"brevdue/internal/post"
	"brevdue/internal/workflow"
)

// batchGuard decides for one batch whether its letters may be tried, by the circuit breaker and the organizations'
// stops, and gathers what Digital Post answered to those that were.
type batchGuard struct {
	h       *Handler
	breaker *post.Breaker             // as it was at first
	until   time.Time                 // it is open, and the next try is then
	known   map[string]post.Clearance // by organization and shipment
	held    map[string]bool           // organizations whose letters wait for Digital Post

	mu      sync.Mutex
	answers int
	errors  int
	silence post.Silence
	refused map[string]bool // organizations that may not send

	asked       map[string][]string        // UUIDs of letters whose container was not answered, by container
	inContainer map[string]map[string]bool // which of them Digital Post has
	unseen      error                      // why that could not be asked

	enrolled map[post.LetterID]post.Enrollment // what the register says now of recipients that were looked up before

	restored post.Restored
	checks   sharedReads // at the last moment
}

// guard reads the circuit breaker. When an open one may be tried again, exactly one batch gets through.
func (h *Handler) guard(ctx context.Context) (*batchGuard, error) {
	guard := &batchGuard{
		h: h, known: map[string]post.Clearance{}, held: map[string]bool{}, refused: map[string]bool{},
		asked: map[string][]string{}, inContainer: map[string]map[string]bool{},
	}
	b, err := h.Breakers.Breaker(ctx, h.Environment)
	if guard.breaker = b; err != nil || !b.Open {
		return guard, err
	}
	claimed := false
	if b.MayTry(h.Now()) {
		b, err = h.Breakers.ChangeBreaker(ctx, h.Environment, func(b *post.Breaker) error {
			err := b.Probe(h.clock())
			claimed = err == nil
			return err
		})
	}
	if err == nil && b.Open && !claimed {
		wait := h.Timings.BackOffFrom // spread, so that not all come back at once
		guard.until = b.Next.Add(time.Duration(h.Jitter() * float64(wait)))
	}
	return guard, err
}

// waitUntil returns until when a letter has to wait; the zero time when it may go. person means that somebody has to
// open the way: the organization was stopped, or the shipment was paused.
func (guard *batchGuard) waitUntil(
	ctx context.Context,
	org, shipment string,
) (until time.Time, person bool, err error) {
	c, asked := guard.known[org+" "+shipment]
	if !asked {
		if c, err = guard.h.Clearances.Clearance(ctx, org, shipment); err != nil {
			return time.Time{}, false, err
		}
		guard.known[org+" "+shipment] = c
	}
	if c.Stop != nil || c.Paused || c.Unreleased {
		return guard.h.clock().NextCheck(), true, nil
	}
	guard.held[org] = !guard.until.IsZero()
	return guard.until, false, nil
}

// record counts an answer about a letter, or that there was none.
func (guard *batchGuard) record(l *post.Letter, err error) {
	guard.mu.Lock()
	defer guard.mu.Unlock()
	if post.OwnFault(err) != "" { // that says nothing about Digital Post
		return
	}
	if err == nil {
		guard.answers++
		return
	}
	// What does not answer by an organization's own system says little about Digital Post, and holds up nobody else.
	if m := l.Current(); m != nil && m.Way != "" {
		return
	}
	guard.errors++
	guard.silence.NoConnection = guard.silence.NoConnection || errors.Is(err, post.ErrNoConnection)
	who := keys.Person(guard.h.UUIDKey, "", l.Recipient.Key()) // whoever sends to them
	guard.silence.Recipients = append(guard.silence.Recipients, who)
}

// refuses notes that Digital Post does not let an organization send.
func (guard *batchGuard) refuses(org string) {
	guard.mu.Lock()
	defer guard.mu.Unlock()
	guard.refused[org] = true
}

// publish stores for all copies what Digital Post said to the batch: breaker, stops, notices and audit log.
func (guard *batchGuard) publish(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	var errs []error
	for org := range guard.refused {
		slog.Error("stopped", "org", org, "reason", "Digital Post does not let it send")
		errs = append(
			errs,
			guard.h.Audit.Record(ctx, post.Caller{Org: org}.Did(post.ActStop, "", "", string(post.NotAllowed))),
		)
		errs = append(errs, guard.h.Stops.Stop(ctx, org, post.Stop{At: guard.h.Now(), Code: post.NotAllowed}),
			guard.h.Notices.Note(ctx, post.Notice{Org: org, Kind: post.SendingStopped, At: guard.h.Now()}))
	}
	for org, held := range guard.held {
		if held {
			down := post.Notice{Org: org, Kind: post.DigitalPostDown, At: guard.h.Now()}
			errs = append(errs, guard.h.Notices.Note(ctx, down))
		}
	}
	healthy := guard.breaker.Failures == 0 && !guard.breaker.Open
	if guard.answers+guard.errors == 0 || guard.answers > 0 && healthy { // nothing new
		return errors.Join(errs...)
	}
	if guard.answers > 0 {
		always := func(*post.Breaker) bool { return true }
		err := workflow.CloseBreaker(ctx, guard.h.Breakers, guard.h.Notices, guard.h.Environment, guard.h.Now(), always)
		return errors.Join(append(errs, err)...)
	}
	opened := false
	b, err := guard.h.Breakers.ChangeBreaker(ctx, guard.h.Environment, func(b *post.Breaker) error {
		was := b.Open
		err := b.Failed(guard.h.clock(), guard.silence, guard.h.Jitter())
		opened = b.Open && !was
		return err
	})
	if opened {
		slog.Error("circuit open", "environment", b.Environment, "next", b.Next)
	}
	return errors.Join(append(errs, err)...)
}
