package simulation

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"brevdue/internal/post"
)

// plant is a bug that is put in, to see that a run finds it.
type plant struct {
	property int    // that it breaks
	what     string // in words
	put      func(w *world, h *hands)
}

// plants are one for each property at least. They stand in front of the ports, so that the stages are as they are.
var plants = map[string]plant{
	"new-uuid": {1, "a new UUID for each attempt", func(w *world, h *hands) {
		h.send.Letters = changing{h.send.Letters, func(l *post.Letter) {
			if m := l.Current(); m != nil && l.State == post.Sending && l.Tries > 1 && m.Accepted.IsZero() && !strings.HasPrefix(m.UUID, "again") {
				m.UUID, m.Posts = "again-"+w.newID()+w.newID(), 1
			}
		}}
	}},
	"never-asks": {1, "after a refusal that may not have been one, a new message is sent without asking", func(_ *world, h *hands) {
		h.remedies.Letters = changing{h.remedies.Letters, func(l *post.Letter) {
			if l.State == post.Queued && len(l.Messages) == 1 {
				l.Messages = append(l.Messages, post.Message{UUID: post.MakeUUID(key, l.ID, 1), Created: l.Current().Created})
			}
		}}
	}},
	"neighbour": {2, "now and then the document of the letter before is sent", func(w *world, h *hands) {
		h.send.Objects = neighbour{h.send.Objects, w}
	}},
	"tick-on-timeout": {3, "a time-out counts as handed over", func(_ *world, h *hands) { h.send.Channel = hopeful{h.send.Channel} }},
	"late-status": {3, "a receipt of another kind gives two ticks", func(_ *world, h *hands) {
		h.receipt.Letters = changing{h.receipt.Letters, func(l *post.Letter) {
			if n := len(l.Receipts); n > 0 && l.Receipts[n-1].Status == post.ReceiptReceived {
				l.State = post.Completed
			}
		}}
	}},
	"archived-early": {4, "a letter is archived when its record could not be stored", func(_ *world, h *hands) { h.archive.Objects = forgetful{h.archive.Objects} }},
	"late-overwrites": {5, "a late refusal overwrites a completed letter", func(_ *world, h *hands) {
		h.receipt.Letters = changing{h.receipt.Letters, func(l *post.Letter) {
			if n := len(l.Receipts); l.State == post.Completed && n > 0 && l.Receipts[n-1].Status == post.ReceiptInvalid {
				l.State, l.Problem = post.Failed, &post.Problem{Code: post.Refused}
			}
		}}
	}},
	"short-history": {5, "the history keeps its last five lines", func(_ *world, h *hands) {
		h.send.Letters = changing{h.send.Letters, func(l *post.Letter) { l.History = l.History[max(0, len(l.History)-5):] }}
	}},
	"uncounted": {6, "a letter is changed and its count is not", func(w *world, _ *hands) { w.uncounted = true }},
	"person-in-message": {7, "an errand carries the recipient's number", func(w *world, h *hands) {
		h.sweep.Queues = naming{h.sweep.Queues, w}
	}},
	"old-copy": {8, "the sender trusts an old copy of a letter that was cancelled", func(_ *world, h *hands) { h.send.Letters = trusting{h.send.Letters, map[post.LetterID]bool{}} }},
	"nobody-sweeps": {9, "a letter whose sender died is never looked at again", func(_ *world, h *hands) {
		h.sweep.Letters = blind{h.sweep.Letters}
	}},
	"row-lost": {9, "a dead letter is done before its row stands", func(_ *world, h *hands) {
		h.unhandled.Failures = sloppy{h.unhandled.Failures}
	}},
	"receipt-removed-first": {9, "a receipt is deleted at Digital Post before it is stored", func(_ *world, h *hands) { h.receipt.Channel = hasty{h.receipt.Channel} }},
	"error-is-final":        {10, "an error answer is treated as final", func(_ *world, h *hands) { h.send.Channel = final{h.send.Channel} }},
	"stuck-replay": {10, "a replay forgets its errand and when to look", func(_ *world, h *hands) {
		h.remedies.Letters = changing{h.remedies.Letters, func(l *post.Letter) {
			if l.State == post.Queued {
				l.State = post.Failed
				l.Problem = &post.Problem{Code: post.Unknown}
			}
		}}
	}},
}

// changing changes letters once more after each change.
type changing struct {
	post.Letters
	also func(*post.Letter)
}

func (c changing) with(change func(*post.Letter) error) func(*post.Letter) error {
	return func(l *post.Letter) error {
		err := change(l)
		if err == nil || errors.Is(err, post.Unchanged) {
			before := l.State
			c.also(l)
			if before != l.State {
				return nil
			}
		}
		return err
	}
}

// Change implements post.Letters.
func (c changing) Change(ctx context.Context, ids []post.LetterID, change func(*post.Letter) error) ([]post.Changed, error) {
	return c.Letters.Change(ctx, ids, c.with(change))
}

// ChangeRead implements post.Letters.
func (c changing) ChangeRead(ctx context.Context, letters []*post.Letter, change func(*post.Letter) error) ([]post.Changed, error) {
	return c.Letters.ChangeRead(ctx, letters, c.with(change))
}

// trusting takes a letter that was cancelled for one that is queued.
type trusting struct {
	post.Letters
	old map[post.LetterID]bool
}

// ChangeRead implements post.Letters: what became of an old copy is not written down.
func (t trusting) ChangeRead(ctx context.Context, letters []*post.Letter, change func(*post.Letter) error) ([]post.Changed, error) {
	letters = slices.DeleteFunc(slices.Clone(letters), func(l *post.Letter) bool { return t.old[l.ID] })
	return t.Letters.ChangeRead(ctx, letters, change)
}

// Change implements post.Letters.
func (t trusting) Change(ctx context.Context, ids []post.LetterID, change func(*post.Letter) error) ([]post.Changed, error) {
	all, err := t.Letters.Change(ctx, ids, change)
	for i, c := range all {
		if c.Letter != nil && c.Letter.State == post.Cancelled {
			old := *c.Letter
			old.State = post.Queued
			if change(&old) == nil {
				all[i] = post.Changed{Letter: &old, Wrote: true}
				t.old[old.ID] = true
			}
		}
	}
	return all, err
}

// neighbour opens another document now and then.
type neighbour struct {
	post.Objects
	w *world
}

// Open implements post.Objects.
func (n neighbour) Open(ctx context.Context, o post.Object) ([]byte, func(), error) {
	content, done, err := n.Objects.Open(ctx, o)
	if err == nil && n.w.rng.IntN(500) == 0 {
		content = n.w.document.pieces[0].pdf
	}
	return content, done, err
}

// hopeful takes an error for a yes.
type hopeful struct{ post.Channel }

// Send implements post.Channel.
func (c hopeful) Send(ctx context.Context, m post.Outgoing) (post.Answer, error) {
	answer, err := c.Channel.Send(ctx, m)
	if err != nil {
		return post.Answer{Accepted: true}, nil
	}
	return answer, nil
}

// final takes an error for a refusal.
type final struct{ post.Channel }

// Send implements post.Channel.
func (c final) Send(ctx context.Context, m post.Outgoing) (post.Answer, error) {
	answer, err := c.Channel.Send(ctx, m)
	if err != nil {
		return post.Answer{Refused: &post.Problem{Code: post.NotEnrolled}}, nil
	}
	return answer, nil
}

// hasty deletes receipts when it fetches them.
type hasty struct{ post.Channel }

// Receipts implements post.Channel.
func (c hasty) Receipts(ctx context.Context, limit int) ([]post.Receipt, error) {
	all, err := c.Channel.Receipts(ctx, limit)
	ids := make([]string, len(all))
	for i, r := range all {
		ids[i] = r.ID
	}
	if len(ids) > 0 {
		err = errors.Join(err, c.RemoveReceipts(ctx, ids))
	}
	return all, err
}

// forgetful does not mind that a record was not stored.
type forgetful struct{ post.Objects }

// Put implements post.Objects.
func (f forgetful) Put(ctx context.Context, files ...post.File) ([]post.Object, error) {
	objects, err := f.Objects.Put(ctx, files...)
	if err != nil {
		return make([]post.Object, len(files)), nil
	}
	return objects, nil
}

// naming writes people into messages.
type naming struct {
	post.Queues
	w *world
}

// Send implements post.Queues.
func (n naming) Send(ctx context.Context, q post.Queue, errands ...post.Errand) error {
	errands = slices.Clone(errands)
	for i, e := range errands {
		if l := n.w.known[e.Letter]; l != nil && !l.Recipient.IsZero() {
			errands[i].Org = l.Recipient.Reveal()
		}
	}
	return n.Queues.Send(ctx, q, errands...)
}

// blind does not see what is being sent.
type blind struct{ post.Letters }

// Due implements post.Letters.
func (b blind) Due(ctx context.Context, by time.Time, limit int) ([]*post.Letter, error) {
	letters, err := b.Letters.Due(ctx, by, limit)
	return slices.DeleteFunc(letters, func(l *post.Letter) bool { return l.State == post.Sending }), err
}

// sloppy does not mind that a row could not be put.
type sloppy struct{ post.Failures }

// Put implements post.Failures.
func (s sloppy) Put(ctx context.Context, f *post.Failure) error {
	_ = s.Failures.Put(ctx, f)
	return nil
}
