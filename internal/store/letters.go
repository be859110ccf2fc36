package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"brevdue/internal/post"
)

// createLetters writes letters in one transaction. Where some are there already, for a split is run again, the others are
// written.
func (s *Store) createLetters(ctx context.Context, letters []*post.Letter) error {
	for n := 0; ; n++ {
		c := counting{}
		var writes []Write
		for _, l := range letters {
			item, err := s.letterItem(l)
			if err != nil {
				return err
			}
			writes = append(writes, Write{Put: item, If: IfMissing})
			c.add(l, 1)
		}
		err := s.table.Transact(ctx, append(writes, c.writes()...)...)
		if !refused(err) || n == tries {
			return err
		}
		if letters, err = s.missing(ctx, letters); err != nil || len(letters) == 0 {
			return err
		}
	}
}

// missing returns the letters that are not there. One that has the place must be the one that was to be written: a split
// that is run again must not mix two plans.
func (s *Store) missing(ctx context.Context, letters []*post.Letter) ([]*post.Letter, error) {
	keys := make([]Key, len(letters))
	for i, l := range letters {
		var err error
		if keys[i], err = letterKey(l.ID); err != nil {
			return nil, err
		}
	}
	items, err := s.table.Get(ctx, keys...)
	if err != nil {
		return nil, err
	}
	var missing []*post.Letter
	for i, l := range letters {
		if items[i] == nil {
			missing = append(missing, l)
			continue
		}
		known, err := letterOf(items[i])
		if err == nil && (known.ID != l.ID || known.Recipient != l.Recipient && len(known.Corrections) == 0) {
			err = fmt.Errorf("letter %s: another letter has its place", l.ID)
		}
		if err != nil {
			return nil, err
		}
	}
	return missing, nil
}

// batch is how many letters one transaction changes: eleven items or more with the counter, below TransactLimit.
const batch = 50

func eachBatch[T any](all []T, do func([]T) error) error {
	for len(all) > 0 {
		n := min(batch, len(all))
		if err := do(all[:n]); err != nil {
			return err
		}
		all = all[n:]
	}
	return nil
}

// Letters is the part of a Store that keeps letters.
type Letters struct{ *Store }

// Letters returns the store's letters.
func (s *Store) Letters() Letters { return Letters{s} }

// Create implements post.Letters.
func (s Letters) Create(ctx context.Context, letters []*post.Letter) error {
	return eachBatch(letters, func(some []*post.Letter) error { return s.createLetters(ctx, some) })
}

// Get implements post.Letters.
func (s Letters) Get(ctx context.Context, id post.LetterID) (*post.Letter, error) {
	letters, err := s.Read(ctx, id)
	if err != nil {
		return nil, err
	}
	if letters[0] == nil {
		return nil, fmt.Errorf("letter %s: %w", id, post.ErrNotFound)
	}
	return letters[0], nil
}

// Read implements post.Letters. A letter whose id differs in its pages is not there.
func (s Letters) Read(ctx context.Context, ids ...post.LetterID) ([]*post.Letter, error) {
	letters := make([]*post.Letter, len(ids))
	var keys []Key
	var missing []int
	for i, id := range ids {
		k, err := letterKey(id)
		if err != nil {
			return nil, fmt.Errorf("letter %q: %w", id, err)
		}
		if letters[i] = s.memory.recall(id); letters[i] == nil {
			keys, missing = append(keys, k), append(missing, i)
		}
	}
	if len(keys) == 0 {
		return letters, nil
	}
	items, err := s.table.Get(ctx, keys...)
	if err != nil {
		return nil, err
	}
	for n, item := range items {
		if item == nil {
			continue
		}
		l, err := letterOf(item)
		if err != nil {
			return nil, err
		}
		if i := missing[n]; l.ID == ids[i] {
			letters[i] = l
		}
	}
	return letters, nil
}

// Page implements post.Letters.
func (s Letters) Page(ctx context.Context, shipment string, version, from, limit int) ([]*post.Letter, error) {
	var letters []*post.Letter
	for number := max(from, 1); len(letters) < limit; {
		items, err := s.table.Query(ctx, letterPK(shipment, version, number), "", letterSK(number-1), limit-len(letters))
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			l, err := letterOf(item)
			if err != nil {
				return nil, err
			}
			letters = append(letters, l)
		}
		next := (number/hundred + 1) * hundred
		if len(letters) < limit && (len(letters) == 0 || letters[len(letters)-1].ID.Number() != next-1) {
			return letters, nil
		}
		number = next
	}
	return letters, nil
}

// Due implements post.Letters.
func (s Letters) Due(ctx context.Context, by time.Time, limit int) ([]*post.Letter, error) {
	var letters []*post.Letter
	for i := 0; i < spread && len(letters) < limit; i++ {
		items, err := s.table.Look(ctx, LookUp{Index: DueIndex, PK: duePartition(i), UpTo: timeSK(by) + "~", Limit: limit - len(letters)})
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			l, err := letterOf(item)
			if err != nil {
				return nil, err
			}
			letters = append(letters, l)
		}
	}
	return letters, nil
}

// Change implements post.Letters.
func (s Letters) Change(ctx context.Context, ids []post.LetterID, change func(*post.Letter) error) ([]post.Changed, error) {
	var all []post.Changed
	err := eachBatch(ids, func(some []post.LetterID) error {
		letters, err := s.Read(ctx, some...)
		if err != nil {
			return err
		}
		changed, err := s.changeTogether(ctx, some, letters, change)
		if refused(err) {
			changed, err = s.changeOneByOne(ctx, some, change)
		}
		all = append(all, changed...)
		return err
	})
	return all, err
}

// ChangeRead implements post.Letters. The revisions of the letters stand for what was read.
func (s Letters) ChangeRead(ctx context.Context, letters []*post.Letter, change func(*post.Letter) error) ([]post.Changed, error) {
	var all []post.Changed
	err := eachBatch(letters, func(some []*post.Letter) error {
		copies := make([]*post.Letter, len(some))
		for i, l := range some {
			copies[i] = clone(l)
		}
		changed, err := s.changeTogether(ctx, post.IDs(some), copies, change)
		if refused(err) {
			changed, err = s.changeOneByOne(ctx, post.IDs(some), change)
		}
		all = append(all, changed...)
		return err
	})
	return all, err
}

func (s Letters) changeOneByOne(ctx context.Context, ids []post.LetterID, change func(*post.Letter) error) ([]post.Changed, error) {
	all := make([]post.Changed, 0, len(ids))
	for _, id := range ids {
		err := again(func() error {
			letters, err := s.Read(ctx, id)
			if err != nil {
				return err
			}
			changed, err := s.changeTogether(ctx, []post.LetterID{id}, letters, change)
			if err == nil {
				all = append(all, changed...)
			}
			return err
		})
		if err != nil {
			return all, fmt.Errorf("letter %s: %w", id, err)
		}
	}
	return all, nil
}

// changeTogether changes letters, nil where there is none, in one transaction.
func (s Letters) changeTogether(ctx context.Context, ids []post.LetterID, letters []*post.Letter, change func(*post.Letter) error) ([]post.Changed, error) {
	changed := make([]post.Changed, len(ids))
	c := counting{}
	var writes []Write
	for i, l := range letters {
		changed[i].Letter = l
		if l == nil {
			changed[i].Err = fmt.Errorf("letter %s: %w", ids[i], post.ErrNotFound)
			continue
		}
		before := *l
		if err := change(l); err != nil {
			if !errors.Is(err, post.Unchanged) {
				changed[i].Err = err
			}
			continue
		}
		item, err := s.letterItem(l)
		if err != nil {
			return nil, err
		}
		writes = append(writes, Write{Put: item, If: IfRevision, Was: l.Revision})
		c.add(&before, -1)
		c.add(l, 1)
		changed[i].Wrote = true
		l.Revision++
	}
	if len(writes) == 0 {
		return changed, nil
	}
	if err := s.table.Transact(ctx, append(writes, c.writes()...)...); err != nil {
		s.memory.forget(ids)
		return changed, err
	}
	for _, k := range changed {
		if k.Wrote {
			s.memory.remember(k.Letter)
		}
	}
	return changed, nil
}
