package split

import (
	"context"
	"fmt"
	"slices"

	"brevdue/internal/message"
	"brevdue/internal/post"
	"brevdue/internal/workflow"
)

// byContainer reports whether letters of a shipment go to Digital Post in containers. Those of a table that came out of
// a backup go one by one: each is asked about.
func (h *Handler) byContainer(ctx context.Context, s *post.Shipment) (bool, error) {
	if h.MassFrom == 0 || s.Letters < h.MassFrom || !s.Drafted {
		return false, nil
	}
	if h.Restored == nil {
		return true, nil
	}
	r, err := h.Restored.Restored(ctx)
	return !r.From(s), err
}

// queueContainers writes the containers of a shipment first, then queues their letters, then their jobs. Whoever does
// it again makes the same containers: they follow from the letters of the Send, whatever has become of these since.
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
	for some := range slices.Chunk(others, lettersAtOnce) {
		if err := h.queue(ctx, some, ""); err != nil {
			return err
		}
	}
	for n, letters := range containersOf(s, sendable) {
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
	for some := range slices.Chunk(letters, lettersAtOnce) {
		if err := h.queue(ctx, some, c.ID); err != nil {
			return err
		}
	}
	return h.Queues.Send(ctx, post.SendQueue, post.Job{Org: c.Org, Container: c.ID})
}

// containersOf parts letters into containers.
func containersOf(s *post.Shipment, letters []*post.Letter) (parts [][]*post.Letter) {
	bytes := int64(0)
	for _, l := range letters {
		size := message.Size(s, l.Document.Size)
		last := len(parts) - 1
		if last < 0 || len(parts[last]) == post.ContainerLetters || bytes+size > post.ContainerBytes {
			parts, bytes, last = append(parts, nil), 0, last+1
		}
		parts[last], bytes = append(parts[last], l), bytes+size
	}
	return parts
}
