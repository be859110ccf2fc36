package send

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"brevdue/internal/post"
)

// gate decides for one batch whether its letters may be tried, and gathers what Digital Post said to those that were.
type gate struct {
	h     *Handler
	known *post.Breaker // as it was at first
	until time.Time     // it is open, and the next try is then
	stops map[string]*post.Stop
	held  map[string]bool // organizations whose letters wait for Digital Post

	mu      sync.Mutex
	answers int
	errors  int
	refused map[string]bool // organizations that may not send
}

// gate asks the breaker. Of the batches that come when an open one may be tried, one gets through.
func (h *Handler) gate(ctx context.Context) (*gate, error) {
	g := &gate{h: h, stops: map[string]*post.Stop{}, held: map[string]bool{}, refused: map[string]bool{}}
	b, err := h.Breakers.Breaker(ctx, h.Environment)
	if g.known = b; err != nil || !b.Open {
		return g, err
	}
	claimed := false
	if b.MayTry(h.Now()) {
		b, err = h.Breakers.ChangeBreaker(ctx, h.Environment, func(b *post.Breaker) error {
			err := b.Probe(h.moment())
			claimed = err == nil
			return err
		})
	}
	if err == nil && b.Open && !claimed {
		wait := h.Pace.BackOffFrom // spread, so that not all come back at once
		g.until = b.Next.Add(time.Duration(h.Jitter() * float64(wait)))
	}
	return g, err
}

// closed returns until when a letter of an organization has to wait; the zero time when it may go. person means that
// somebody has to open the way.
func (g *gate) closed(ctx context.Context, org string) (until time.Time, person bool, err error) {
	stop, asked := g.stops[org]
	if !asked {
		if stop, err = g.h.Stops.Stopped(ctx, org); err != nil {
			return time.Time{}, false, err
		}
		g.stops[org] = stop
	}
	if stop != nil {
		return g.h.moment().Look(), true, nil
	}
	g.held[org] = !g.until.IsZero()
	return g.until, false, nil
}

// heard counts an answer, or that there was none.
func (g *gate) heard(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err != nil {
		g.errors++
	} else {
		g.answers++
	}
}

// refuses notes that Digital Post does not let an organization send.
func (g *gate) refuses(org string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.refused[org] = true
}

// tell tells all copies what Digital Post said to the batch.
func (g *gate) tell(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	var errs []error
	for org := range g.refused {
		slog.Error("stopped", "org", org, "reason", "Digital Post does not let it send")
		errs = append(errs, g.h.Audit.Record(ctx, post.Caller{Org: org}.Did(post.ActStop, "", "", string(post.NotAllowed))))
		errs = append(errs, g.h.Stops.Stop(ctx, org, post.Stop{At: g.h.Now(), Code: post.NotAllowed}),
			g.h.Notices.Note(ctx, post.Notice{Org: org, Kind: post.SendingStopped, At: g.h.Now()}))
	}
	for org, held := range g.held {
		if held {
			errs = append(errs, g.h.Notices.Note(ctx, post.Notice{Org: org, Kind: post.DigitalPostDown, At: g.h.Now()}))
		}
	}
	if g.answers+g.errors == 0 || g.answers > 0 && g.known.Failures == 0 && !g.known.Open { // nothing new
		return errors.Join(errs...)
	}
	if g.answers > 0 && g.known.Open { // first: who was told that it is down is told before that is forgotten
		if err := g.h.Notices.NoteToAll(ctx, post.DigitalPostDown, post.DigitalPostUp, g.h.Now()); err != nil {
			return errors.Join(append(errs, err)...)
		}
	}
	opened := false
	b, err := g.h.Breakers.ChangeBreaker(ctx, g.h.Environment, func(b *post.Breaker) error {
		if g.answers > 0 {
			return b.Answered()
		}
		was := b.Open
		err := b.Failed(g.h.moment(), g.h.Jitter())
		opened = b.Open && !was
		return err
	})
	if opened {
		slog.Error("circuit open", "environment", b.Environment, "next", b.Next)
	}
	return errors.Join(append(errs, err)...)
}
