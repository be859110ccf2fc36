package simulation

import (
	"context"
	"errors"
	"slices"
	"time"

	"brevdue/internal/post"
)

// changing changes letters once more after each change.
type changing struct {
	post.AllLetters
	also func(*post.Letter)
}

func (c changing) with(change func(*post.Letter) error) func(*post.Letter) error {
	return func(l *post.Letter) error {
		err := change(l)
		if err == nil || errors.Is(err, post.ErrUnchanged) {
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
func (c changing) Change(ctx context.Context, org string, ids []post.LetterID,
	change func(*post.Letter) error) ([]post.Changed, error) {
	return c.AllLetters.Change(ctx, org, ids, c.with(change))
}

// ChangeAny implements post.AllLetters.
func (c changing) ChangeAny(ctx context.Context, ids []post.LetterID,
	change func(*post.Letter) error) ([]post.Changed, error) {
	return c.AllLetters.ChangeAny(ctx, ids, c.with(change))
}

// ChangeRead implements post.AllLetters.
func (c changing) ChangeRead(ctx context.Context, letters []*post.Letter,
	change func(*post.Letter) error) ([]post.Changed, error) {
	return c.AllLetters.ChangeRead(ctx, letters, c.with(change))
}

// all returns an organization's letters as the store's letters that they are.
func all(letters post.Letters) post.AllLetters { return letters.(post.AllLetters) }

// trusting takes a letter that was cancelled for one that is queued.
type trusting struct {
	post.AllLetters
	old map[post.LetterID]bool
}

// ChangeRead implements post.AllLetters: what became of an old copy is not written down.
func (t trusting) ChangeRead(ctx context.Context, letters []*post.Letter,
	change func(*post.Letter) error) ([]post.Changed, error) {
	letters = slices.DeleteFunc(slices.Clone(letters), func(l *post.Letter) bool { return t.old[l.ID] })
	return t.AllLetters.ChangeRead(ctx, letters, change)
}

// ChangeAny implements post.AllLetters.
func (t trusting) ChangeAny(ctx context.Context, ids []post.LetterID,
	change func(*post.Letter) error) ([]post.Changed, error) {
	all, err := t.AllLetters.ChangeAny(ctx, ids, change)
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

// blind does not see what is being sent.
type blind struct{ post.DueLetters }

// Due implements post.DueLetters.
func (b blind) Due(ctx context.Context, by time.Time, limit int) ([]*post.Letter, error) {
	letters, err := b.DueLetters.Due(ctx, by, limit)
	return slices.DeleteFunc(letters, func(l *post.Letter) bool { return l.State == post.Sending }), err
}

// altering changes letters once more after each change, and knows what they were.
type altering struct {
	post.AllLetters
	also func(was, l *post.Letter) bool // whether it changes anything
}

func (c altering) with(change func(*post.Letter) error) func(*post.Letter) error {
	return func(l *post.Letter) error {
		was := *l
		was.Messages, was.History = slices.Clone(l.Messages), slices.Clone(l.History)
		err := change(l)
		if (err == nil || errors.Is(err, post.ErrUnchanged)) && c.also(&was, l) {
			return nil
		}
		return err
	}
}

// Change implements post.Letters.
func (c altering) Change(ctx context.Context, org string, ids []post.LetterID,
	change func(*post.Letter) error) ([]post.Changed, error) {
	return c.AllLetters.Change(ctx, org, ids, c.with(change))
}

// ChangeAny implements post.AllLetters.
func (c altering) ChangeAny(ctx context.Context, ids []post.LetterID,
	change func(*post.Letter) error) ([]post.Changed, error) {
	return c.AllLetters.ChangeAny(ctx, ids, c.with(change))
}

// ChangeRead implements post.AllLetters.
func (c altering) ChangeRead(ctx context.Context, letters []*post.Letter,
	change func(*post.Letter) error) ([]post.Changed, error) {
	return c.AllLetters.ChangeRead(ctx, letters, c.with(change))
}

// unleased minds no lease.
type unleased struct{ post.AllLetters }

func (unleased) with(change func(*post.Letter) error) func(*post.Letter) error {
	return func(l *post.Letter) error {
		l.Lease = time.Time{}
		return change(l)
	}
}

// Change implements post.Letters.
func (u unleased) Change(ctx context.Context, org string, ids []post.LetterID,
	change func(*post.Letter) error) ([]post.Changed, error) {
	return u.AllLetters.Change(ctx, org, ids, u.with(change))
}

// ChangeAny implements post.AllLetters.
func (u unleased) ChangeAny(ctx context.Context, ids []post.LetterID,
	change func(*post.Letter) error) ([]post.Changed, error) {
	return u.AllLetters.ChangeAny(ctx, ids, u.with(change))
}

// receiptless reads letters without their receipts.
type receiptless struct{ post.AllLetters }

// ReadAny implements post.AllLetters.
func (r receiptless) ReadAny(ctx context.Context, ids ...post.LetterID) ([]*post.Letter, error) {
	letters, err := r.AllLetters.ReadAny(ctx, ids...)
	for _, l := range letters {
		if l != nil {
			l.Receipts = nil
		}
	}
	return letters, err
}

// ChangeRead implements post.AllLetters: what is written has them still.
func (r receiptless) ChangeRead(ctx context.Context, letters []*post.Letter,
	change func(*post.Letter) error) ([]post.Changed, error) {
	return r.AllLetters.ChangeAny(ctx, post.IDs(letters), change)
}

// anyEdition takes a record of before for the one that is due.
type anyEdition struct{ post.AllLetters }

// ChangeRead implements post.AllLetters.
func (e anyEdition) ChangeRead(ctx context.Context, letters []*post.Letter,
	change func(*post.Letter) error) ([]post.Changed, error) {
	edition, receipts := map[post.LetterID]int{}, map[post.LetterID]int{}
	for _, l := range letters {
		edition[l.ID], receipts[l.ID] = l.Archiving.Edition, len(l.Receipts)
	}
	return e.AllLetters.ChangeRead(ctx, letters, func(l *post.Letter) error {
		all := l.Receipts
		l.Archiving.Edition, l.Receipts = edition[l.ID], all[:min(receipts[l.ID], len(all))]
		defer func() { l.Receipts = all }()
		return change(l)
	})
}

// reviving queues a letter that was cancelled meanwhile.
type reviving struct{ post.AllLetters }

// ChangeRead implements post.AllLetters.
func (r reviving) ChangeRead(ctx context.Context, letters []*post.Letter,
	change func(*post.Letter) error) ([]post.Changed, error) {
	return r.AllLetters.ChangeRead(ctx, letters, func(l *post.Letter) error {
		if l.State == post.Cancelled {
			l.State = post.Created
		}
		return change(l)
	})
}
