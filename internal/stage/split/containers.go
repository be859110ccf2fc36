package split

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"brevdue/internal/message"
	"brevdue/internal/post"
	"brevdue/internal/workflow"
)

// byContainer reports whether letters of a shipment go to Digital Post in containers. Those of a table that came out of
// a backup go one by one, for each is asked about; and those that are delivered later, for their receipts, by which a
// container that was rejected in its midst is noticed, come months after.
func (h *Handler) byContainer(ctx context.Context, s *post.Shipment) (bool, error) {
	if h.MassFrom == 0 || s.Letters < h.MassFrom || !s.Drafted || s.Options.DeliverOn != "" {
		return false, nil
	}
	if h.Restored == nil {
		return true, nil
	}
	r, err := h.Restored.Restored(ctx)
	return !r.From(s), err
}

// queueContainers writes the containers of a shipment first, then queues their letters, then their jobs. Whoever does
// it again finds the containers that are there.
func (h *Handler) queueContainers(ctx context.Context, s *post.Shipment) error {
	var sendable, others []*post.Letter
	err := workflow.EachPage(ctx, h.Lists, s, func(some []*post.Letter) error {
		for _, l := range some {
			if l.Problem == nil && l.Round == s.Sends {
				sendable = append(sendable, l)
			} else {
				others = append(others, l)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(sendable) < h.MassFrom {
		others = append(others, sendable...)
		sendable = nil
	}
	if err := h.queueEach(ctx, others, ""); err != nil {
		return err
	}
	for n, letters := range h.containersOf(s, sendable) {
		c := &post.Container{
			ID: fmt.Sprintf("%s.%d.%d", s.ID, s.Sends, n+1), Org: s.Org, Shipment: s.ID, Letters: post.IDs(letters),
		}
		if err := h.queueContainer(ctx, c, letters); err != nil {
			return err
		}
	}
	return nil
}

func (h *Handler) queueContainer(ctx context.Context, c *post.Container, letters []*post.Letter) error {
	if err := h.Containers.CreateContainer(ctx, c); err != nil {
		return err
	}
	// Whoever was here before may have parted the letters in another way: what it wrote holds, and the others go by
	// themselves.
	stored, err := h.Containers.Container(ctx, c.Org, c.ID)
	if err != nil {
		return err
	}
	var within, others []*post.Letter
	for _, l := range letters {
		if stored.Holds(l.ID) {
			within = append(within, l)
		} else {
			others = append(others, l)
		}
	}
	if err := errors.Join(h.queueEach(ctx, others, ""), h.queueEach(ctx, within, c.ID)); err != nil {
		return err
	}
	return h.Queues.Send(ctx, post.SendQueue, post.Job{Org: c.Org, Container: c.ID})
}

func (h *Handler) queueEach(ctx context.Context, letters []*post.Letter, container string) error {
	for some := range slices.Chunk(letters, lettersAtOnce) {
		if err := h.queue(ctx, some, container); err != nil {
			return err
		}
	}
	return nil
}

// containersOf parts letters into containers.
func (h *Handler) containersOf(s *post.Shipment, letters []*post.Letter) (parts [][]*post.Letter) {
	most, bytes := cmp.Or(h.MassMost, post.ContainerLetters), int64(0)
	for _, l := range letters {
		size := message.Size(s, l.Document.Size)
		last := len(parts) - 1
		if last < 0 || len(parts[last]) == most || bytes+size > post.ContainerBytes {
			parts, bytes, last = append(parts, nil), 0, last+1
		}
		parts[last], bytes = append(parts[last], l), bytes+size
	}
	return parts
}
