// Package sweep finds work that stands still: what was meant, and no job on a queue points at any more.
//
// Invariant: whatever waits for a program has a time at which the sweep looks at it (post.Letter.Due,
// post.Shipment.Due); what waits for a person only, a shipment in review, has none. Sweeping twice changes nothing that
// sweeping once does not.
//
// every minute -> [sweep] -> jobs that were lost
package sweep

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"brevdue/internal/parallel"
	"brevdue/internal/post"
)

// Handler sweeps.
type Handler struct {
	Shipments    post.Shipments
	Letters      post.AllLetters
	Objects      post.Objects
	Uploads      post.Uploads
	DueShipments post.DueShipments
	DueLetters   post.DueLetters
	DueBulks     post.DueBulks
	Bulks        post.Bulks
	Transfers    post.Transfers
	Queues       post.Queues
	Notices      post.Notices
	Stops        post.Stops
	Service      post.ServiceRecord // nil where nobody wants to know
	Timings      post.Timings
	Now          func() time.Time
}

// Limits of one sweep, and how long an upload may take.
const (
	lettersAtOnce   = 500
	shipmentsAtOnce = 50
	uploadWithin    = 24 * time.Hour
)

func (h *Handler) clock() post.Clock { return post.Clock{At: h.Now(), Timings: h.Timings} }

// Run takes a page of each kind that is due. More reports whether there is more to sweep: a page was full, and
// something of it has moved on, so that what cannot be swept just now never makes it turn round and round.
func (h *Handler) Run(ctx context.Context) (more bool, err error) {
	letters, err := h.DueLetters.Due(ctx, h.Now(), lettersAtOnce)
	more = err == nil && len(letters) == lettersAtOnce
	if err == nil {
		err = h.letters(ctx, letters)
		more = more && err == nil
	}
	errs := []error{err} // one that cannot be looked at must not hide the others
	shipments, err := h.DueShipments.Due(ctx, h.Now(), shipmentsAtOnce)
	errs = append(errs, err)
	moved := 0
	for _, s := range shipments {
		err := h.safely(ctx, s)
		if err != nil {
			errs = append(errs, fmt.Errorf("shipment %s: %w", s.ID, err))
			err = h.recheck(ctx, s, h.clock().NextCheck()) // it must not stand before the others
		}
		if err == nil {
			moved++
		}
	}
	more = more || len(shipments) == shipmentsAtOnce && moved > 0
	errs = append(errs, h.bulks(ctx), h.transfers(ctx))
	if err = errors.Join(errs...); err != nil && more { // the rest is swept at once all the same
		slog.Warn("sweep", "error", err)
		err = nil
	}
	return more, err
}

// bulksAtOnce is how many bulks a sweep looks at: the next one comes in a minute.
const bulksAtOnce = 50

// bulks first moves the next look at each bulk that should have moved on, then sends its job again.
func (h *Handler) bulks(ctx context.Context) error {
	bulks, err := h.DueBulks.Due(ctx, h.Now(), bulksAtOnce)
	errs := []error{err}
	for _, b := range bulks {
		now, err := h.Bulks.Change(ctx, b.Org, b.ID, func(b *post.Bulk) error {
			if b.Over() || b.Due.After(h.Now()) {
				return post.ErrUnchanged
			}
			b.Due = h.clock().NextCheck()
			return nil
		})
		if err == nil && !now.Over() {
			err = h.Queues.Send(ctx, post.BulkQueue, post.Job{Org: b.Org, Bulk: b.ID})
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// safely sweeps a shipment; one that panics holds up none of the others.
func (h *Handler) safely(ctx context.Context, s *post.Shipment) (err error) {
	defer parallel.Recover(&err)
	return h.shipment(ctx, s)
}

// shipment sends the job that a shipment waits for.
func (h *Handler) shipment(ctx context.Context, s *post.Shipment) error {
	var jobs []post.Job
	queue := post.SplitQueue
	switch {
	case s.Over():
		return h.disposeUploads(ctx, s)
	case s.FannedOut: // only its end is waited for
		return h.recheck(ctx, s, s.NextCheckAt(h.clock()))
	}
	switch s.State {
	case post.Uploading:
		for _, p := range s.Uploads() {
			switch has, err := h.Uploads.Has(ctx, p.Key); {
			case err != nil:
				return err
			case has:
				jobs = append(jobs, post.Job{Org: s.Org, Object: p.Key})
			}
		}
		if len(jobs) < len(s.Uploads()) && h.Now().Sub(s.Created) > uploadWithin {
			return h.cancelAbandoned(ctx, s)
		}
	case post.Splitting:
		// Pinning it again changes nothing; the split follows because the state still is Splitting.
		jobs = []post.Job{{Org: s.Org, Object: s.Parts[0].Key}}
	case post.InSending, post.ShipmentCancelled, post.Rehearsing:
		jobs = []post.Job{{Org: s.Org, Shipment: s.ID}}
	case post.SplitRefused:
		jobs, queue = []post.Job{{Org: s.Org, Shipment: s.ID, Code: s.Problem.Code}}, post.SplitQueue.Dead()
	}
	if len(jobs) > 0 {
		if err := h.Queues.Send(ctx, queue, jobs...); err != nil {
			return err
		}
	}
	return h.recheck(ctx, s, h.clock().NextCheck())
}

// recheck says when the sweep comes back to a shipment, unless it has moved on by itself.
func (h *Handler) recheck(ctx context.Context, s *post.Shipment, at time.Time) error {
	_, err := h.Shipments.Change(ctx, s.Org, s.ID, func(now *post.Shipment) error {
		movedOn := now.Revision != s.Revision || now.Due.IsZero() || now.Due.After(h.Now())
		if movedOn { // at is for what it was
			return post.ErrUnchanged
		}
		now.Due = at
		return nil
	})
	return err
}

// disposeUploads removes what was uploaded, when the shipment is over.
func (h *Handler) disposeUploads(ctx context.Context, s *post.Shipment) error {
	if s.State == post.InSending && h.Service != nil {
		err := h.Service.PutService(ctx, post.ShipmentService{Shipment: s.ID, Sent: later(s.SentAt, s.SendAfter),
			Letters: s.Counts.Accepted(), Prompt: s.Counts.Prompt})
		if err != nil {
			return err
		}
	}
	closed := s.Created.Add(h.Timings.Upload + h.Timings.CheckAfter) // until then the links still take a file
	if s.MaySplitAgain(h.Now()) {
		closed = s.Created.Add(post.SplitAgainWithin)
	}
	if h.Now().Before(closed) {
		return h.recheck(ctx, s, closed)
	}
	var keys []string
	for _, p := range s.Uploads() {
		keys = append(keys, p.Key)
	}
	if err := h.Objects.Release(ctx, keys...); err != nil {
		return err
	}
	if s.State == post.InSending { // nothing of a rehearsal, or of what was cancelled before, is told
		if err := h.Notices.Note(ctx, s.Ended(h.Now())); err != nil {
			return err
		}
	}
	_, err := h.Shipments.Change(ctx, s.Org, s.ID, func(s *post.Shipment) error {
		if s.Due.IsZero() || !s.Over() {
			return post.ErrUnchanged
		}
		s.Due = time.Time{}
		return nil
	})
	return err
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// cancelAbandoned ends a shipment whose document never came.
func (h *Handler) cancelAbandoned(ctx context.Context, s *post.Shipment) error {
	_, err := h.Shipments.Change(ctx, s.Org, s.ID, func(s *post.Shipment) error {
		if s.State != post.Uploading {
			return post.ErrUnchanged
		}
		s.State, s.FannedOut, s.Due = post.ShipmentCancelled, true, h.clock().NextCheck()
		return nil
	})
	return err
}
