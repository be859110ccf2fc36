package split

import (
	"context"

	"brevdue/internal/post"
)

// fanOut queues the letters of a shipment that may leave, or cancels those of one that may not. It is repeatable.
func (h *Handler) fanOut(ctx context.Context, id string) error {
	s, err := h.Shipments.Get(ctx, id)
	if err != nil {
		return err
	}
	switch s.State {
	case post.ShipmentCancelled, post.Stopped:
		err = h.cancelRest(ctx, s)
	case post.InSending:
		err = h.queueAll(ctx, s)
	default:
		return nil
	}
	if err != nil {
		return err
	}
	_, err = h.Shipments.Change(ctx, id, func(s *post.Shipment) error {
		if s.Settled {
			return post.Unchanged
		}
		s.Settled, s.Due = true, h.moment().Look()
		return nil
	})
	return err
}

// pagesQueued is how many pages of letters are queued at the same time.
const pagesQueued = 4

func (h *Handler) queueAll(ctx context.Context, s *post.Shipment) error {
	return post.Together(ctx, (s.Letters+together-1)/together, pagesQueued, func(i int) error {
		return post.Persist(ctx, func() error {
			page, err := h.Letters.Page(ctx, s.ID, s.Version, i*together+1, together)
			if err != nil {
				return err
			}
			return h.queue(ctx, page)
		})
	})
}

// queue writes the intent first and the errands after; what is lost between is found by the sweep.
func (h *Handler) queue(ctx context.Context, page []*post.Letter) error {
	changed, err := h.Letters.ChangeRead(ctx, page, func(l *post.Letter) error { return l.Queue(h.moment()) })
	if err != nil {
		return err
	}
	var send []post.Errand
	var failed []*post.Letter
	for _, c := range changed {
		switch {
		case c.Err != nil:
			return c.Err
		case !c.Wrote:
		case c.Letter.State == post.Failed:
			failed = append(failed, c.Letter)
		default:
			send = append(send, post.Errand{Org: c.Letter.Org, Letter: c.Letter.ID})
		}
	}
	if len(send) > 0 {
		if err := h.Queues.Send(ctx, post.SendQueue, send...); err != nil {
			return err
		}
	}
	return post.AfterEnd(ctx, h.Queues, failed)
}
