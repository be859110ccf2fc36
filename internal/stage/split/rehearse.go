package split

import (
	"context"
	"errors"
	"time"

	"brevdue/internal/message"
	"brevdue/internal/post"
	"brevdue/internal/splitter"
	"brevdue/internal/workflow"
)

// rehearsed is the UUID of messages that are never posted.
const rehearsed = "00000000-0000-4000-8000-000000000000"

// rehearse cuts the letters of a shipment, puts each into its message, and holds that against all rules. It stores
// nothing but what came of it: no letter, no file, no count.
func (h *Handler) rehearse(ctx context.Context, s *post.Shipment) error {
	s, err := h.Shipments.Change(ctx, s.Org, s.ID, func(now *post.Shipment) error {
		if now.State != post.Rehearsing || now.Due.After(h.clock().NextCheck()) { // somebody is at it
			return post.ErrUnchanged
		}
		now.Due = h.whenWritten(now).Add(time.Second)
		return nil
	})
	if err != nil || s.State != post.Rehearsing {
		return err
	}
	data, done, err := h.Objects.Open(ctx, s.Parts[0].Object)
	if err != nil {
		return err
	}
	defer done()
	plan, err := h.plan(ctx, s, data, nil)
	if p := problemOf(err); p != nil {
		return h.endRehearsal(ctx, s, post.Rehearsal{Held: []post.HeldBack{{Code: p.Code, Letters: s.Letters}}})
	}
	if err != nil {
		return err
	}
	r, err := h.rehearsalOf(ctx, s, plan)
	if err != nil {
		return err
	}
	return h.endRehearsal(ctx, s, r)
}

func (h *Handler) endRehearsal(ctx context.Context, s *post.Shipment, r post.Rehearsal) error {
	s, err := h.Shipments.Change(ctx, s.Org, s.ID, func(s *post.Shipment) error { return s.EndRehearsal(r, h.clock()) })
	if err != nil {
		return err
	}
	return h.removeDraft(ctx, s)
}

// rehearsalOf says what would have become of each letter of a plan.
func (h *Handler) rehearsalOf(ctx context.Context, s *post.Shipment, plan *splitter.Plan) (post.Rehearsal, error) {
	var r post.Rehearsal
	w := &writer{h: h, s: s, plan: plan}
	if len(s.TypedRecipients) == 0 {
		w.cutter = plan.Cutter()
	}
	for i := range plan.Segments {
		if err := ctx.Err(); err != nil {
			return r, err
		}
		l := w.letter(i)
		if l.State == post.Cancelled {
			r.Dropped++
			continue
		}
		if err := w.try(ctx, l, plan.Segments[i]); err != nil {
			return r, err
		}
		if l.Problem != nil {
			r.Hold(l.Problem.Code, 1)
			continue
		}
		r.Leave++
	}
	why, err := h.held(ctx, s, len(plan.Segments), workflow.Uncounted{DayCounts: h.Days})
	if err != nil {
		return r, err
	}
	r.Approval, r.OverLimit = errors.Is(why, post.ErrNeedsApproval), errors.Is(why, post.ErrDailyLimit)
	if mass, err := h.byContainer(ctx, s); err != nil || !mass || r.Leave < h.MassFrom {
		return r, err
	}
	r.Containers = r.Leave
	return r, nil
}

// try cuts a letter and puts it into its message. What is wrong with it is its problem.
func (w *writer) try(ctx context.Context, l *post.Letter, segment splitter.Segment) error {
	l.Document = w.s.Parts[0].Object
	if w.cutter != nil {
		content, err := w.cut(ctx, l, segment)
		if p := problemOf(errors.Join(err, w.plan.Spend(len(content)))); p != nil {
			l.Problem = p
			return nil
		}
		if err != nil {
			return err
		}
		l.Document = post.Object{Size: int64(len(content)), SHA256: sumOf(content)}
	}
	if w.check(l); l.Problem != nil {
		return nil
	}
	if err := message.Make(w.s, l, &post.Message{UUID: rehearsed, Created: w.h.Now()}).Check(); err != nil {
		l.Problem = &post.Problem{Code: post.MessageRefused, Detail: err.Error()}
	}
	return nil
}
