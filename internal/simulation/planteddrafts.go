package simulation

import (
	"context"
	"errors"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/splitter"
)

var plantedDrafts = map[string]plantedBug{
	"shared-id": {2, "two recipients of one page range share an id", func(_ *world, h *worker) {
		plan, replan := h.split.Split, h.split.Replan
		without := func(p *splitter.Plan, err error) (*splitter.Plan, error) {
			for i := range p.Segments {
				p.Segments[i].Ordinal = 0
			}
			return p, err
		}
		h.split.Split = func(ctx context.Context, data []byte, o splitter.Options) (*splitter.Plan, error) {
			return without(plan(ctx, data, o))
		}
		h.split.Replan = func(facts []byte, o splitter.Options) (*splitter.Plan, error) {
			return without(replan(facts, o))
		}
	}},
	"undo-late": {8, "a Send is taken back after the first attempt", func(_ *world, h *worker) {
		stored := h.commands.Shipments.(post.AllShipments)
		h.commands.Shipments = changingShipments{stored, func(was, s *post.Shipment, err error) error {
			if errors.Is(err, post.ErrTooLate) && s.Written {
				s.Waiting = true
				return s.Undo()
			}
			return err
		}}
	}},
	"old-send": {8, "a job of a Send that waits, or was undone, sends its letters", func(_ *world, h *worker) {
		h.split.Shipments = overhasty{h.split.Shipments}
		h.send.Clearances = clearances{h.send.Clearances, func(c *post.Clearance) { c.Unreleased = false }}
	}},
	"early": {8, "a Send that was planned leaves at the first look", func(_ *world, h *worker) {
		h.split.Shipments = changingShipments{h.split.Shipments, func(was, s *post.Shipment, err error) error {
			if s.Waiting && s.Written && s.State == post.InSending {
				s.Waiting = false
				return nil
			}
			return err
		}}
	}},
	"pause-ignored": {8, "a pause is not asked about", func(_ *world, h *worker) {
		h.send.Clearances = clearances{h.send.Clearances, func(c *post.Clearance) { c.Paused = false }}
	}},
	"undone-kept": {10, "the letters of an undone Send are not removed before the next", func(_ *world, h *worker) {
		h.split.NewLetters = keeping{h.split.NewLetters}
	}},
	"same-revision": {6, "letters of a later Send begin at the revision of those before", func(_ *world, h *worker) {
		h.split.NewLetters = fromTheStart{h.split.NewLetters}
	}},
	"edit-unseen": {6, "a correction of a draft that was seen otherwise is made", func(_ *world, h *worker) {
		h.commands.Drafts = insisting{h.commands.Drafts, h.commands.Shipments}
	}},
	"edit-late": {6, "a correction is noted after its draft was sent", func(_ *world, h *worker) {
		h.commands.Drafts = lateEdits{h.commands.Drafts}
	}},
	"freeze-unswept": {9, "a Send whose writer died is never taken up", func(_ *world, h *worker) {
		h.sweep.DueShipments = blindToSends{h.sweep.DueShipments}
	}},
}

// changingShipments changes shipments once more after each change.
type changingShipments struct {
	post.AllShipments
	also func(was, is *post.Shipment, err error) error
}

// Change implements post.Shipments.
func (c changingShipments) Change(
	ctx context.Context,
	org, id string,
	change func(*post.Shipment) error,
) (*post.Shipment, error) {
	return c.AllShipments.Change(ctx, org, id, func(s *post.Shipment) error {
		was := *s
		return c.also(&was, s, change(s))
	})
}

// overhasty takes every Send for one that may leave.
type overhasty struct{ post.AllShipments }

// GetAny implements post.AllShipments.
func (r overhasty) GetAny(ctx context.Context, id string) (*post.Shipment, error) {
	s, err := r.AllShipments.GetAny(ctx, id)
	if err == nil && s.Drafted && s.Sends > 0 && s.State == post.InReview {
		s.State, s.Written = post.InSending, true
	}
	return s, err
}

// Change implements post.Shipments.
func (r overhasty) Change(
	ctx context.Context,
	org, id string,
	change func(*post.Shipment) error,
) (*post.Shipment, error) {
	s, err := r.AllShipments.Change(ctx, org, id, change)
	if err == nil && s.Drafted && s.Written && s.Waiting {
		s.Waiting = false
	}
	return s, err
}

// keeping removes no letters.
type keeping struct{ post.NewLetters }

// RemoveUndone implements post.NewLetters.
func (keeping) RemoveUndone(context.Context, *post.Shipment, []*post.Letter) error { return nil }

// fromTheStart writes letters as if there had been none before.
type fromTheStart struct{ post.NewLetters }

// Create implements post.NewLetters.
func (f fromTheStart) Create(ctx context.Context, s *post.Shipment, letters []*post.Letter) error {
	for _, l := range letters {
		l.Revision = 0
	}
	return f.NewLetters.Create(ctx, s, letters)
}

// insisting adds a correction to a draft as it is by now.
type insisting struct {
	post.Drafts
	shipments post.Shipments
}

// AddEdit implements post.Drafts.
func (i insisting) AddEdit(ctx context.Context, s *post.Shipment, e post.Edit) error {
	err := i.Drafts.AddEdit(ctx, s, e)
	for n := 0; n < 3 && errors.Is(err, post.ErrOvertaken); n++ {
		now, readErr := i.shipments.Get(ctx, s.Org, s.ID)
		if readErr != nil || now.State != post.InReview {
			return err
		}
		err = i.Drafts.AddEdit(ctx, now, e)
	}
	return err
}

// lateEdits notes corrections without asking whether the draft still is one.
type lateEdits struct{ post.Drafts }

// AddEdit implements post.Drafts.
func (l lateEdits) AddEdit(ctx context.Context, s *post.Shipment, e post.Edit) error {
	return l.Drafts.PutEdits(ctx, s, append(s.Edits[:len(s.Edits):len(s.Edits)], e))
}

// blindToSends does not find shipments whose letters are being written.
type blindToSends struct{ post.DueShipments }

// Due implements post.DueShipments.
func (b blindToSends) Due(ctx context.Context, by time.Time, limit int) ([]*post.Shipment, error) {
	all, err := b.DueShipments.Due(ctx, by, limit)
	var seen []*post.Shipment
	for _, s := range all {
		if s.State != post.InSending || !s.Drafted || s.Written {
			seen = append(seen, s)
		}
	}
	return seen, err
}
