package sweep

import (
	"context"
	"errors"
	"maps"
	"slices"

	"brevdue/internal/post"
)

// letters first moves the next look at each letter, so that a sweep always gets on, then sends the jobs.
func (h *Handler) letters(ctx context.Context, letters []*post.Letter) error {
	stalled, err := h.stalled(ctx, letters)
	errs := []error{err}
	moved := map[post.LetterID]bool{}
	changed, err := h.Letters.ChangeRead(ctx, letters, func(l *post.Letter) error {
		if l.Due.IsZero() {
			return post.ErrUnchanged
		}
		if l.Due.After(h.Now()) { // it has moved on since it was put where the sweep found it
			l.IndexedAt, moved[l.ID] = l.Due, true
			return nil
		}
		moved[l.ID] = false
		return h.check(l, stalled[l.Org])
	})
	if err != nil {
		return errors.Join(append(errs, err)...)
	}
	found, still := jobsByQueue{}, map[string]bool{}
	for _, c := range changed {
		if c.Wrote && !moved[c.Letter.ID] {
			found.add(c.Letter)
			still[c.Letter.Org] = still[c.Letter.Org] || stalled[c.Letter.Org] && h.stands(c.Letter)
		}
	}
	// What has to be shown goes first: a letter that was archived is not looked at any more.
	if err := h.send(ctx, post.SendQueue.Dead(), found); err != nil {
		errs = append(errs, err)
		delete(found, post.ArchiveQueue)
	}
	delete(found, post.SendQueue.Dead())
	for _, q := range slices.Sorted(maps.Keys(found)) {
		errs = append(errs, h.send(ctx, q, found))
	}
	for _, org := range slices.Sorted(maps.Keys(still)) {
		if still[org] {
			errs = append(errs, h.Notices.Note(ctx, post.Notice{Org: org, Kind: post.QueueStands, At: h.Now()}))
		}
	}
	return errors.Join(errs...)
}

func (h *Handler) send(ctx context.Context, q post.Queue, found jobsByQueue) error {
	if len(found[q]) == 0 {
		return nil
	}
	return h.Queues.Send(ctx, q, found[q]...)
}

// check notes that the sweep has looked at a letter, and moves it on in the sweep's view.
func (h *Handler) check(l *post.Letter, stalled bool) error {
	if l.State == post.HandedOver {
		err := l.MissReceipt(h.clock())
		l.IndexedAt = l.Due
		return err
	}
	if stalled && h.stands(l) {
		l.Stall(h.clock())
	}
	l.Due = h.clock().NextCheck()
	l.IndexedAt = l.Due
	return nil
}

// stalled returns the organizations whose queue stands still: letters of theirs wait, none of those that the sweep has
// found has got on of late, and nobody has stopped them. In a long queue some always have.
func (h *Handler) stalled(ctx context.Context, letters []*post.Letter) (map[string]bool, error) {
	stalled, shipments := map[string]bool{}, map[string]bool{}
	var errs []error
	for _, l := range letters {
		if stalled[l.Org] || !h.stands(l) {
			continue
		}
		paused, asked := shipments[l.ID.Shipment()]
		if !asked {
			s, err := h.Shipments.Get(ctx, l.Org, l.ID.Shipment())
			errs = append(errs, err)
			paused = err != nil || s.Paused // whoever paused it knows that it stands
			shipments[l.ID.Shipment()] = paused
		}
		stalled[l.Org] = !paused
	}
	for _, l := range letters {
		if h.gotOn(l) {
			delete(stalled, l.Org)
		}
	}
	for _, org := range slices.Sorted(maps.Keys(stalled)) {
		if !stalled[org] {
			continue
		}
		stop, err := h.Stops.Stopped(ctx, org)
		errs = append(errs, err)
		if err != nil || stop != nil {
			delete(stalled, org)
		}
	}
	return stalled, errors.Join(errs...)
}

// stands reports whether a letter has stood in the queue for longer than it should, and waits for nothing.
func (h *Handler) stands(l *post.Letter) bool {
	if l.State != post.Queued || !l.FirstTry.IsZero() || len(l.History) == 0 || h.Now().Before(l.NotBefore) {
		return false
	}
	last := l.History[len(l.History)-1]
	return (last.What == post.WasQueued || last.What == post.WasStalled) && h.Now().Sub(last.At) >= h.Timings.CheckAfter
}

// gotOn reports whether something has happened to a letter of late, but for waiting.
func (h *Handler) gotOn(l *post.Letter) bool {
	if len(l.History) == 0 {
		return false
	}
	last := l.History[len(l.History)-1]
	return last.What != post.WasQueued && last.What != post.WasStalled && h.Now().Sub(last.At) < h.Timings.CheckAfter
}

// jobsByQueue are the jobs for letters, by queue.
type jobsByQueue map[post.Queue][]post.Job

// add decides what a letter waits for.
func (s jobsByQueue) add(l *post.Letter) {
	send := func(q post.Queue, e post.Job) { s[q] = append(s[q], e) }
	switch l.State {
	case post.Queued, post.Sending:
		if !l.WaitsForContainer() {
			send(post.SendQueue, post.Job{Org: l.Org, Letter: l.ID})
		} else if j := (post.Job{Org: l.Org, Container: l.Container}); !slices.Contains(s[post.SendQueue], j) {
			send(post.SendQueue, j)
		}
	case post.HandedOver:
		if !l.Reported {
			send(post.SendQueue.Dead(), post.Job{Org: l.Org, Letter: l.ID, Code: post.NoReceipt})
			send(post.ReceiptQueue, post.Job{Org: l.Org, Letter: l.ID})
		}
	case post.Failed:
		if !l.Reported {
			send(post.SendQueue.Dead(), post.Job{Org: l.Org, Letter: l.ID, Code: codeOf(l)})
		}
	}
	if l.State == post.Completed && l.HadTrouble() { // whoever should have closed its rows may not have come to it
		send(post.SendQueue.Dead(), post.Job{Org: l.Org, Letter: l.ID, Code: post.Refused})
	}
	if l.Doubted() {
		send(post.SendQueue.Dead(), post.Job{Org: l.Org, Letter: l.ID, Code: post.ChangedAnswer})
	}
	if !l.State.Final() && l.Begun() { // it is filed while it waits
		send(post.ArchiveQueue, post.Job{Org: l.Org, Letter: l.ID})
	}
	if !l.Archivable() {
		return
	}
	switch l.Archiving.State {
	case "":
		send(post.ArchiveQueue, post.Job{Org: l.Org, Letter: l.ID})
	case post.ArchiveFailed:
		send(post.ArchiveQueue.Dead(), post.Job{Org: l.Org, Letter: l.ID, Code: post.ArchiveFailedCode})
	}
}

// codeOf is why a letter failed; letters of older versions may have no Problem.
func codeOf(l *post.Letter) post.Code {
	if l.Problem == nil {
		return post.Unknown
	}
	return l.Problem.Code
}
