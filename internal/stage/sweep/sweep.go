// Package sweep finds work that stands still: what was meant, and no errand on a queue points at any more.
//
// Invariant: every state but the final ones has a time at which the sweep looks at it (post.Letter.Due,
// post.Shipment.Due). Sweeping twice changes nothing that sweeping once does not.
//
// every minute -> [sweep] -> errands that were lost
package sweep

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"brevdue/internal/post"
)

// Handler sweeps.
type Handler struct {
	Shipments post.Shipments
	Letters   post.Letters
	Objects   post.Objects
	Queues    post.Queues
	Notices   post.Notices
	Stops     post.Stops
	Pace      post.Pace
	Now       func() time.Time
}

// Limits of one sweep, and how long an upload may take.
const (
	lettersAtOnce   = 500
	shipmentsAtOnce = 50
	uploadWithin    = 24 * time.Hour
)

func (h *Handler) moment() post.Moment { return post.Moment{At: h.Now(), Pace: h.Pace} }

// Run sweeps once. More reports whether there is more to sweep.
func (h *Handler) Run(ctx context.Context) (more bool, err error) {
	letters, err := h.Letters.Due(ctx, h.Now(), lettersAtOnce)
	if err == nil {
		err = h.letters(ctx, letters)
	}
	errs := []error{err} // one that cannot be looked at must not hide the others
	shipments, err := h.Shipments.Due(ctx, h.Now(), shipmentsAtOnce)
	errs = append(errs, err)
	for _, s := range shipments {
		if err := h.shipment(ctx, s); err != nil {
			errs = append(errs, fmt.Errorf("shipment %s: %w", s.ID, err))
		}
	}
	return len(letters) == lettersAtOnce, errors.Join(errs...)
}

// shipment sends the errand that a shipment waits for.
func (h *Handler) shipment(ctx context.Context, s *post.Shipment) error {
	var errands []post.Errand
	queue := post.SplitQueue
	switch {
	case s.Over():
		return h.release(ctx, s)
	case s.Settled: // only its end is waited for
		return h.lookAgain(ctx, s, s.Patience(h.moment()))
	}
	switch s.State {
	case post.Uploading:
		for _, p := range s.Uploads() {
			switch has, err := h.Objects.Has(ctx, p.Key); {
			case err != nil:
				return err
			case has:
				errands = append(errands, post.Errand{Org: s.Org, Object: p.Key})
			}
		}
		if len(errands) < len(s.Uploads()) && h.Now().Sub(s.Created) > uploadWithin {
			return h.giveUp(ctx, s)
		}
	case post.Splitting:
		// Pinning it again changes nothing; the split follows because the state still is Splitting.
		errands = []post.Errand{{Org: s.Org, Object: s.Parts[0].Key}}
	case post.InSending, post.ShipmentCancelled:
		errands = []post.Errand{{Org: s.Org, Shipment: s.ID}}
	case post.Stopped:
		errands, queue = []post.Errand{{Org: s.Org, Shipment: s.ID, Code: s.Problem.Code}}, post.SplitQueue.Dead()
	}
	if len(errands) > 0 {
		if err := h.Queues.Send(ctx, queue, errands...); err != nil {
			return err
		}
	}
	return h.lookAgain(ctx, s, h.moment().Look())
}

// lookAgain says when the sweep comes back to a shipment, unless it has moved on by itself.
func (h *Handler) lookAgain(ctx context.Context, s *post.Shipment, at time.Time) error {
	_, err := h.Shipments.Change(ctx, s.ID, func(now *post.Shipment) error {
		if now.Revision != s.Revision || now.Due.IsZero() || now.Due.After(h.Now()) { // when it has moved on, at is for what it was
			return post.Unchanged
		}
		now.Due = at
		return nil
	})
	return err
}

// release gives up what was uploaded, when the shipment is over.
func (h *Handler) release(ctx context.Context, s *post.Shipment) error {
	closed := s.Created.Add(h.Pace.Upload + h.Pace.Look) // until then the links still take a file
	if s.MaySplitAgain(h.Now()) {
		closed = s.Created.Add(post.SplitAgainWithin)
	}
	if h.Now().Before(closed) {
		return h.lookAgain(ctx, s, closed)
	}
	var keys []string
	for _, p := range s.Uploads() {
		keys = append(keys, p.Key)
	}
	if err := h.Objects.Release(ctx, keys...); err != nil {
		return err
	}
	_, err := h.Shipments.Change(ctx, s.ID, func(s *post.Shipment) error {
		if s.Due.IsZero() || !s.Over() {
			return post.Unchanged
		}
		s.Due = time.Time{}
		return nil
	})
	return err
}

// giveUp ends a shipment whose document never came.
func (h *Handler) giveUp(ctx context.Context, s *post.Shipment) error {
	_, err := h.Shipments.Change(ctx, s.ID, func(s *post.Shipment) error {
		if s.State != post.Uploading {
			return post.Unchanged
		}
		s.State, s.Settled, s.Due = post.ShipmentCancelled, true, h.moment().Look()
		return nil
	})
	return err
}

// letters first moves the next look at each letter, so that a sweep always gets on, then sends the errands.
func (h *Handler) letters(ctx context.Context, letters []*post.Letter) error {
	moved := map[post.LetterID]bool{}
	changed, err := h.Letters.ChangeRead(ctx, letters, func(l *post.Letter) error {
		if l.Due.IsZero() {
			return post.Unchanged
		}
		if l.Due.After(h.Now()) { // it has moved on since it was put where the sweep found it
			l.Looked, moved[l.ID] = l.Due, true
			return nil
		}
		moved[l.ID] = false
		if l.State == post.HandedOver {
			return l.MissReceipt(h.moment())
		}
		l.Due = h.moment().Look()
		return nil
	})
	if err != nil {
		return err
	}
	found, still := sweepings{}, map[string]bool{}
	for _, c := range changed {
		if c.Wrote && !moved[c.Letter.ID] {
			found.add(c.Letter)
			still[c.Letter.Org] = still[c.Letter.Org] || h.stands(c.Letter)
		}
	}
	var errs []error
	for _, q := range slices.Sorted(maps.Keys(found)) {
		errs = append(errs, h.Queues.Send(ctx, q, found[q]...))
	}
	for _, org := range slices.Sorted(maps.Keys(still)) {
		if still[org] {
			errs = append(errs, h.tell(ctx, org))
		}
	}
	return errors.Join(errs...)
}

// tell tells an organization that its queue stands still, unless somebody has stopped it.
func (h *Handler) tell(ctx context.Context, org string) error {
	stop, err := h.Stops.Stopped(ctx, org)
	if err != nil || stop != nil {
		return err
	}
	return h.Notices.Note(ctx, post.Notice{Org: org, Kind: post.QueueStands, At: h.Now()})
}

// stands reports whether a letter has stood in the queue for longer than it should, and waits for nothing.
func (h *Handler) stands(l *post.Letter) bool {
	if l.State != post.Queued || !l.FirstTry.IsZero() || len(l.History) == 0 {
		return false
	}
	last := l.History[len(l.History)-1]
	return last.What == post.WasQueued && h.Now().Sub(last.At) > 2*h.Pace.Look
}

// sweepings are the errands for letters, by queue.
type sweepings map[post.Queue][]post.Errand

// add decides what a letter waits for.
func (s sweepings) add(l *post.Letter) {
	send := func(q post.Queue, e post.Errand) { s[q] = append(s[q], e) }
	switch l.State {
	case post.Queued, post.Sending:
		send(post.SendQueue, post.Errand{Org: l.Org, Letter: l.ID})
	case post.HandedOver:
		if !l.Shown {
			send(post.SendQueue.Dead(), post.Errand{Org: l.Org, Letter: l.ID, Code: post.NoReceipt})
			send(post.ReceiptQueue, post.Errand{Org: l.Org, Letter: l.ID})
		}
	case post.Failed:
		if !l.Shown {
			send(post.SendQueue.Dead(), post.Errand{Org: l.Org, Letter: l.ID, Code: l.Problem.Code})
		}
	}
	if l.State != post.Completed && l.State != post.Failed {
		return
	}
	switch l.Archiving.State {
	case "":
		send(post.ArchiveQueue, post.Errand{Org: l.Org, Letter: l.ID})
	case post.ArchiveFailed:
		send(post.ArchiveQueue.Dead(), post.Errand{Org: l.Org, Letter: l.ID, Code: post.ArchiveFailedCode})
	}
}
