// Package receipt takes business receipts in: pulled from Digital Post, or pushed by it.
//
// Invariant: a receipt is deleted at Digital Post only after it is stored here; one that belongs to no letter is kept
// too. A letter has two ticks only with a receipt that names the UUID which was stored for it.
//
// Digital Post's receipts -> [receipt] -> second tick, or a failure
package receipt

import (
	"context"
	"errors"
	"hash/fnv"
	"log/slog"
	"slices"
	"time"

	"brevdue/internal/keys"
	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/workflow"
)

// Handler takes receipts.
type Handler struct {
	Letters  post.AllLetters
	Failures post.Failures
	Orphans  post.OrphanReceipts
	Queues   post.Queues
	Channel  post.Channel
	UUIDKey  []byte // to know a message again that the table does not, since it came out of a backup
	Timings  post.Timings
	Runner   parallel.Runner
	Now      func() time.Time

	Legal        post.LegalChannel
	LegalNotices post.LegalNotices

	Breakers    post.Breakers // nil where others look whether Digital Post answers
	Notices     post.Notices
	Environment post.Environment
}

// pullLimit is how many receipts are fetched at a time.
const pullLimit = 500

// Pull fetches receipts, stores them, and only then deletes them at Digital Post. More reports whether there may be
// others: the page was full, or one of them moved a letter on, and others come while it is stored. What
// was known before, as when Digital Post goes on showing what was deleted, is no reason to ask again at once.
func (h *Handler) Pull(ctx context.Context) (more bool, err error) {
	receipts, err := h.Channel.Receipts(ctx, pullLimit)
	if err != nil {
		return false, err
	}
	if err := h.answered(ctx); err != nil || len(receipts) == 0 {
		return false, err
	}
	news, err := h.takeParts(ctx, receipts)
	if err != nil {
		return false, err
	}
	ids := make([]string, len(receipts))
	for i, r := range receipts {
		ids[i] = r.ID
	}
	return news || len(receipts) >= pullLimit, h.Channel.RemoveReceipts(ctx, ids)
}

// answered closes a breaker that no letter tries any more: Digital Post has answered here.
func (h *Handler) answered(ctx context.Context) error {
	if h.Breakers == nil {
		return nil
	}
	now := post.Clock{At: h.Now(), Timings: h.Timings}
	idle := func(b *post.Breaker) bool { return b.Idle(now) }
	return workflow.CloseBreaker(ctx, h.Breakers, h.Notices, h.Environment, now.At, idle)
}

// partSize is how many receipts are taken in one transaction; the parts of a pull are taken at the same time.
const partSize = 50

// takeParts takes the receipts of one letter in one part, so that their order is kept, and reports whether one of them
// moved a letter on.
func (h *Handler) takeParts(ctx context.Context, receipts []post.Receipt) (news bool, err error) {
	parts := make([][]post.Receipt, (len(receipts)+partSize-1)/partSize)
	for _, r := range receipts {
		n := fnv.New32a()
		_, _ = n.Write([]byte(r.MessageID)) // never fails
		i := int(n.Sum32()) % len(parts)
		parts[i] = append(parts[i], r)
	}
	moved := make([]bool, len(parts))
	err = h.Runner.Run(ctx, len(parts), 0, func(i int) (err error) {
		moved[i], err = h.take(ctx, parts[i])
		return err
	})
	return slices.Contains(moved, true), err
}

// Take stores receipts in their letters and moves the letters on.
func (h *Handler) Take(ctx context.Context, receipts []post.Receipt) error {
	_, err := h.take(ctx, receipts)
	return err
}

// take is Take; it reports whether a letter moved on. A letter that was not there and is, is taken again.
func (h *Handler) take(ctx context.Context, receipts []post.Receipt) (moved bool, err error) {
	moved, err = h.takeOnce(ctx, receipts)
	if !errors.Is(err, post.ErrExists) {
		return moved, err
	}
	more, err := h.takeOnce(ctx, receipts)
	return moved || more, err
}

func (h *Handler) takeOnce(ctx context.Context, receipts []post.Receipt) (moved bool, err error) {
	byLetter := map[post.LetterID][]post.Receipt{}
	var ids []post.LetterID
	for _, r := range receipts {
		if _, err := r.MessageID.Place(); err != nil {
			if err := h.keepOrphan(ctx, r, err); err != nil {
				return false, err
			}
			continue
		}
		if byLetter[r.MessageID] == nil {
			ids = append(ids, r.MessageID)
		}
		byLetter[r.MessageID] = append(byLetter[r.MessageID], r)
	}
	orphans := map[post.LetterID][]post.Receipt{}
	now := post.Clock{At: h.Now(), Timings: h.Timings}
	changed, err := h.Letters.ChangeAny(ctx, ids, func(l *post.Letter) error {
		orphans[l.ID] = nil
		for _, r := range byLetter[l.ID] {
			if l.Foreign(r) {
				continue
			}
			l.RestoreMessage(keys.UUIDs(h.UUIDKey), r, now)
		}
		return takeAll(l, byLetter[l.ID], now, orphans)
	})
	if err != nil {
		return false, err
	}
	moved = slices.ContainsFunc(changed, func(c post.Changed) bool { return c.Wrote })
	return moved, h.follow(ctx, ids, changed, byLetter, orphans)
}

func takeAll(l *post.Letter, receipts []post.Receipt, now post.Clock, orphans map[post.LetterID][]post.Receipt) error {
	result := error(post.ErrUnchanged)
	for _, r := range receipts {
		if l.Foreign(r) {
			orphans[l.ID] = append(orphans[l.ID], r)
			continue
		}
		switch err := l.Take(r, now); {
		case errors.Is(err, post.ErrOrphanReceipt):
			orphans[l.ID] = append(orphans[l.ID], r)
		case err == nil:
			result = nil
		case !errors.Is(err, post.ErrUnchanged):
			return err
		}
	}
	return result
}

// follow keeps orphan receipts, closes rows that solved themselves, and sends on what came to an end. A letter that has
// come meanwhile (post.ErrExists) holds up none of the others.
func (h *Handler) follow(
	ctx context.Context,
	ids []post.LetterID,
	changed []post.Changed,
	byLetter, orphans map[post.LetterID][]post.Receipt,
) error {
	var ended []*post.Letter
	var come error
	for i, c := range changed {
		switch err := h.followOne(ctx, c, byLetter[ids[i]], orphans[ids[i]]); {
		case errors.Is(err, post.ErrExists):
			come = err
			continue
		case err != nil:
			return err
		}
		if c.Err == nil && c.Wrote && (c.Letter.State.Final() || c.Letter.Doubted()) {
			ended = append(ended, c.Letter)
		}
	}
	return errors.Join(come, workflow.QueueAfterEnd(ctx, h.Queues, ended))
}

// followOne keeps the receipts of one letter that are nobody's, and closes its rows.
func (h *Handler) followOne(ctx context.Context, c post.Changed, all, orphans []post.Receipt) error {
	why := error(post.ErrOrphanReceipt)
	if errors.Is(c.Err, post.ErrNotFound) || errors.Is(c.Err, post.ErrUnreadable) { // others must not wait for it
		why, orphans = c.Err, all
	} else if c.Err != nil {
		return c.Err
	}
	for _, r := range orphans {
		if c.Err == nil && c.Letter.Foreign(r) {
			why = post.ErrOtherOrganization
		}
		if err := h.keepOrphan(ctx, r, why); err != nil {
			return err
		}
	}
	// Also when nothing was written: an earlier try may have died before this.
	if c.Err == nil && (c.Letter.State == post.Completed && c.Letter.HadTrouble() || c.Letter.Doubted()) {
		return workflow.CloseRows(ctx, h.Letters, h.Failures, c.Letter.ID, c.Letter.Org,
			post.Clock{At: h.Now(), Timings: h.Timings})
	}
	return nil
}

func (h *Handler) keepOrphan(ctx context.Context, r post.Receipt, why error) error {
	slog.Warn("a receipt belongs to no letter", "sha256", r.SHA256, "error", why)
	r.Received = h.Now()
	return h.Orphans.Keep(ctx, r, why)
}
