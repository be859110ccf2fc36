package split

import (
	"context"
	"errors"

	"brevdue/internal/post"
	"brevdue/internal/texts"
	"brevdue/internal/workflow"
)

// fanOut queues the letters of a shipment that may leave, or cancels those of one that may not. It is repeatable.
func (h *Handler) fanOut(ctx context.Context, id string) error {
	s, err := h.Shipments.GetAny(ctx, id)
	if err != nil {
		return err
	}
	if s.State == post.Rehearsing {
		return h.rehearse(ctx, s)
	}
	if s.State == post.InSending && s.Drafted && !s.Written {
		if err := h.freeze(ctx, s); err != nil {
			return err
		}
	}
	if s, err = h.release(ctx, s); err != nil {
		return err
	}
	asked, err := workflow.MayHaveLeft(ctx, h.Restored, s)
	if err != nil {
		return err
	}
	switch {
	case s.State == post.SplitRefused: // it is over once its row stands in Ubehandlet
		return h.cancelRest(ctx, s)
	case s.State == post.ShipmentCancelled, s.State == post.InSending && s.Cancels > 0 && !asked:
		err = h.cancelRest(ctx, s)
	case s.State == post.InSending && s.HasLetters() && !s.Waiting:
		// a letter that may have left is asked about by its sender, also when it was cancelled
		err = h.queueAll(ctx, s)
	default:
		return nil
	}
	if err != nil {
		return err
	}
	round := s.Sends
	s, err = h.Shipments.Change(ctx, s.Org, id, func(s *post.Shipment) error {
		if s.FannedOut || s.Waiting || s.Sends != round || s.State == post.InReview {
			return post.ErrUnchanged
		}
		s.FannedOut, s.Due = true, h.clock().NextCheck()
		return nil
	})
	if err != nil || !s.FannedOut || !s.Drafted {
		return err
	}
	return h.removeDraft(ctx, s)
}

// removeDraft removes what nobody corrects any more: corrections, remarks, and what was read of the document.
func (h *Handler) removeDraft(ctx context.Context, s *post.Shipment) error {
	if s.Facts.Key != "" {
		if err := h.Objects.Release(ctx, s.Facts.Key); err != nil {
			return err
		}
	}
	return h.Drafts.RemoveDraft(ctx, s)
}

// release ends the undo window of a shipment whose letters are all there, or says when the sweep comes back for it.
func (h *Handler) release(ctx context.Context, s *post.Shipment) (*post.Shipment, error) {
	asked, may, err := h.mayStill(ctx, s)
	if err == nil && !may {
		did := post.Caller{Org: s.Org}.Did(post.ActUndo, s.ID, "", texts.Of(post.LostRight.Text))
		held := post.Notice{Org: s.Org, Kind: post.ShipmentHeld, About: s.ID, At: h.Now()}
		err = errors.Join(h.Audit.Record(ctx, did), h.Notices.Note(ctx, held))
	}
	if err != nil {
		return nil, err
	}
	round := s.Sends
	return h.Shipments.Change(ctx, s.Org, s.ID, func(s *post.Shipment) error {
		if s.State != post.InSending || !s.Waiting || !s.Written {
			return post.ErrUnchanged
		}
		if !may && s.Sends == round && s.Cancels == 0 {
			s.Findings = append(s.Findings, post.LostRight)
			return s.Undo()
		}
		next := s.SendAfter
		switch {
		case s.Paused:
			next = h.clock().NextCheck()
		case h.Now().Before(next):
		case s.SentBy == "" || asked && s.Sends == round:
			return s.Release(h.Now())
		default: // its time has come since it was read: the sweep comes at once
			next = h.Now()
		}
		if s.Due.Equal(next) {
			return post.ErrUnchanged
		}
		s.Due = next
		return nil
	})
}

// mayStill reports whether those who have sent and approved a shipment may do so when its time has come (practice.md
// C5): it is taken back where they may not. Before that nobody is asked.
func (h *Handler) mayStill(ctx context.Context, s *post.Shipment) (asked, may bool, err error) {
	if s.State != post.InSending || !s.Waiting {
		return false, true, nil
	}
	if s, err = h.Shipments.Get(ctx, s.Org, s.ID); err != nil { // freeze has written it since
		return false, false, err
	}
	if due := *s; due.Release(h.Now()) != nil || !s.Written || s.SentBy == "" {
		return false, true, nil
	}
	may, err = h.RightsNow.MayNow(ctx, s.Org, s.SentBy, post.RightSend, s.Area)
	if err == nil && may && s.ApprovedBy != "" {
		may, err = h.RightsNow.MayNow(ctx, s.Org, s.ApprovedBy, post.RightApprove, s.Area)
	}
	return true, may, err
}

// partitionsQueued is how many partitions of letters are queued at the same time.
const partitionsQueued = 4

func (h *Handler) queueAll(ctx context.Context, s *post.Shipment) error {
	switch mass, err := h.byContainer(ctx, s); {
	case err != nil:
		return err
	case mass:
		return h.queueContainers(ctx, s)
	}
	return h.Runner.Run(ctx, s.Partitions(), partitionsQueued, func(i int) error {
		return h.Runner.Retry(ctx, func() error {
			return workflow.OfPartition(ctx, h.Lists, s, i, func(some []*post.Letter) error {
				return h.queue(ctx, some, "")
			})
		})
	})
}

// queue writes the intent first and the jobs after; what is lost between is found by the sweep. Letters that leave in a
// container have one job together.
func (h *Handler) queue(ctx context.Context, page []*post.Letter, container string) error {
	changed, err := h.Letters.ChangeRead(ctx, page, func(l *post.Letter) error {
		err := l.Queue(h.clock())
		if err == nil && l.State == post.Queued {
			l.Container = container
		}
		return err
	})
	if err != nil {
		return err
	}
	var begun, failed []*post.Letter
	for _, c := range changed {
		switch {
		case c.Err != nil:
			return c.Err
		case !c.Wrote:
		case c.Letter.State == post.Failed:
			failed = append(failed, c.Letter)
		default:
			begun = append(begun, c.Letter)
		}
	}
	if err := workflow.QueueBegun(ctx, h.Queues, begun...); err != nil {
		return err
	}
	return workflow.QueueAfterEnd(ctx, h.Queues, failed)
}
