package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"brevdue/internal/post"
)

// createLetters writes letters in one transaction. Where some are there already, for a Send is taken up again, the
// others are written. A check of the header is in each: nobody writes letters of a Send that was undone meanwhile.
func (s *Store) createLetters(ctx context.Context, sh *post.Shipment, letters []*post.Letter) error {
	header := shipmentKey(sh.ID)
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
		writes = append(writes, c.writes()...)
		if sh.Drafted {
			writes = append(writes, Write{Check: &header, If: IfRevision, Was: sh.Revision})
		}
		err := s.table.Transact(ctx, writes...)
		if refusedFor(err, header) {
			return fmt.Errorf("shipment %s: %w", sh.ID, post.ErrOvertaken)
		}
		if !refused(err) || n == tries {
			return err
		}
		if letters, err = s.missing(ctx, letters); err != nil || len(letters) == 0 {
			return err
		}
	}
}

// missing returns the letters that are not there. One that has the place must be the one that was to be written: a
// split that is run again must not mix two plans. Its key and its file are those that are there.
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
		known, err := s.letterOf(items[i])
		if err == nil {
			l.Secret, l.Document, l.Number = known.Secret, known.Document, known.Number
		}
		if err == nil && (known.ID != l.ID || known.Round != l.Round ||
			known.Recipient != l.Recipient && len(known.Corrections) == 0) {
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
func (s Letters) Create(ctx context.Context, sh *post.Shipment, letters []*post.Letter) error {
	return eachBatch(letters, func(some []*post.Letter) error { return s.createLetters(ctx, sh, some) })
}

// RemoveUndone implements post.NewLetters.
func (s Letters) RemoveUndone(ctx context.Context, sh *post.Shipment, letters []*post.Letter) error {
	header := shipmentKey(sh.ID)
	return eachBatch(letters, func(some []*post.Letter) error {
		c := counting{}
		writes := []Write{{Check: &header, If: IfRevision, Was: sh.Revision}}
		for _, l := range some {
			k, err := letterKey(l.ID)
			if err != nil {
				return err
			}
			c.add(l, -1)
			if !l.MayHaveLeft() {
				writes = append(writes, Write{Delete: &k, If: IfRevision, Was: l.Revision})
				continue
			}
			own := l.Clone()
			own.TakeOver(sh.Sends, sh.SentAt)
			item, err := s.letterItem(own)
			if err != nil {
				return err
			}
			writes = append(writes, Write{Put: item, If: IfRevision, Was: l.Revision})
			c.add(own, 1)
		}
		s.memory.forget(post.IDs(some))
		err := s.table.Transact(ctx, append(writes, c.writes()...)...)
		if refused(err) {
			return fmt.Errorf("shipment %s: %w", sh.ID, post.ErrOvertaken)
		}
		return err
	})
}

// Get implements post.Letters.
func (s Letters) Get(ctx context.Context, org string, id post.LetterID) (*post.Letter, error) {
	return s.getOf(ctx, only(org), id)
}

// GetAny implements post.AllLetters.
func (s Letters) GetAny(ctx context.Context, id post.LetterID) (*post.Letter, error) {
	return s.getOf(ctx, everybody, id)
}

func (s Letters) getOf(ctx context.Context, of owner, id post.LetterID) (*post.Letter, error) {
	letters, errs, err := s.readEach(ctx, of, []post.LetterID{id})
	if err = errors.Join(append(errs, err)...); err != nil {
		return nil, err
	}
	if letters[0] == nil {
		return nil, fmt.Errorf("letter %s: %w", id, post.ErrNotFound)
	}
	return letters[0], nil
}

// ReadAny implements post.AllLetters. A letter whose id differs in its pages is not there.
func (s Letters) ReadAny(ctx context.Context, ids ...post.LetterID) ([]*post.Letter, error) {
	letters, errs, err := s.readEach(ctx, everybody, ids)
	return letters, errors.Join(append(errs, err)...)
}

// readEach reads letters, nil where their owner has none. One that cannot be read has an error of its own.
func (s Letters) readEach(
	ctx context.Context,
	of owner,
	ids []post.LetterID,
) (letters []*post.Letter, errs []error, err error) {
	letters, errs, err = s.readAll(ctx, ids)
	for i, l := range letters {
		if l != nil && !of.owns(l.Org) {
			letters[i] = nil
		}
	}
	return letters, errs, err
}

func (s Letters) readAll(ctx context.Context, ids []post.LetterID) (letters []*post.Letter, errs []error, err error) {
	letters, errs = make([]*post.Letter, len(ids)), make([]error, len(ids))
	var keys []Key
	var missing []int
	for i, id := range ids {
		k, err := letterKey(id)
		if err != nil {
			return nil, nil, fmt.Errorf("letter %q: %w", id, err)
		}
		if letters[i] = s.memory.recall(id); letters[i] == nil {
			keys, missing = append(keys, k), append(missing, i)
		}
	}
	if len(keys) == 0 {
		return letters, errs, nil
	}
	items, err := s.table.Get(ctx, keys...)
	if err != nil {
		return nil, nil, err
	}
	for n, item := range items {
		if item == nil {
			continue
		}
		i := missing[n]
		switch l, err := s.letterOf(item); {
		case err != nil:
			errs[i] = s.unreadable(ctx, item)
		case l.ID == ids[i]:
			letters[i] = l
		}
	}
	return letters, errs, nil
}

// Due implements post.Letters.
func (s Letters) Due(ctx context.Context, by time.Time, limit int) ([]*post.Letter, error) {
	var letters []*post.Letter
	for i := 0; i < spread && len(letters) < limit; i++ {
		some, err := due(ctx, s.Store, duePartition(i), by, limit-len(letters), s.letterOf)
		if err != nil {
			return nil, err
		}
		letters = append(letters, some...)
	}
	return letters, nil
}

// Change implements post.Letters.
func (s Letters) Change(
	ctx context.Context,
	org string,
	ids []post.LetterID,
	change func(*post.Letter) error,
) ([]post.Changed, error) {
	return s.changeOf(ctx, only(org), ids, change)
}

// ChangeAny implements post.AllLetters.
func (s Letters) ChangeAny(
	ctx context.Context,
	ids []post.LetterID,
	change func(*post.Letter) error,
) ([]post.Changed, error) {
	return s.changeOf(ctx, everybody, ids, change)
}

func (s Letters) changeOf(
	ctx context.Context,
	of owner,
	ids []post.LetterID,
	change func(*post.Letter) error,
) ([]post.Changed, error) {
	var all []post.Changed
	err := eachBatch(ids, func(some []post.LetterID) error {
		letters, errs, err := s.readEach(ctx, of, some)
		if err != nil {
			return err
		}
		changed, err := s.changeAtOnce(ctx, some, letters, errs, change)
		if refused(err) {
			changed, err = s.changeOneByOne(ctx, of, some, change)
		}
		all = append(all, changed...)
		return err
	})
	return all, err
}

// ChangeRead implements post.AllLetters. The revisions of the letters stand for what was read.
func (s Letters) ChangeRead(
	ctx context.Context,
	letters []*post.Letter,
	change func(*post.Letter) error,
) ([]post.Changed, error) {
	var all []post.Changed
	err := eachBatch(letters, func(some []*post.Letter) error {
		copies := make([]*post.Letter, len(some))
		for i, l := range some {
			copies[i] = l.Clone()
		}
		changed, err := s.changeAtOnce(ctx, post.IDs(some), copies, make([]error, len(some)), change)
		if refused(err) {
			changed, err = s.changeOneByOne(ctx, everybody, post.IDs(some), change)
		}
		all = append(all, changed...)
		return err
	})
	return all, err
}

// changeOneByOne changes each letter in a transaction of its own, when together they were refused: one letter that
// others keep changing does not hold up the rest.
func (s Letters) changeOneByOne(
	ctx context.Context,
	of owner,
	ids []post.LetterID,
	change func(*post.Letter) error,
) ([]post.Changed, error) {
	all := make([]post.Changed, 0, len(ids))
	for _, id := range ids {
		err := again(func() error {
			letters, errs, err := s.readEach(ctx, of, []post.LetterID{id})
			if err != nil {
				return err
			}
			changed, err := s.changeAtOnce(ctx, []post.LetterID{id}, letters, errs, change)
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

// changeAtOnce changes letters, nil where there is none, in one transaction. errs say why one could not be read.
func (s Letters) changeAtOnce(ctx context.Context, ids []post.LetterID, letters []*post.Letter, errs []error,
	change func(*post.Letter) error) ([]post.Changed, error) {
	changed := make([]post.Changed, len(ids))
	c := counting{}
	var writes []Write
	for i, l := range letters {
		changed[i].Letter = l
		if l == nil {
			changed[i].Err = cmp.Or(errs[i], fmt.Errorf("letter %s: %w", ids[i], post.ErrNotFound))
			continue
		}
		before := *l
		before.Messages = slices.Clone(l.Messages) // what is changed of them is changed in place
		if err := change(l); err != nil {
			if !errors.Is(err, post.ErrUnchanged) {
				changed[i].Err = err
			}
			continue
		}
		item, err := s.letterItem(l)
		if err != nil {
			return nil, err
		}
		writes = append(writes, Write{Put: item, If: IfRevision, Was: l.Revision})
		writes = reopened(&before, l, writes)
		c.add(&before, -1)
		c.add(l, 1)
		changed[i].Wrote = true
		l.Revision++
	}
	if len(writes) == 0 {
		return changed, nil
	}
	if writes = append(writes, c.writes()...); len(writes) > TransactLimit { // of many shipments: one by one
		return changed, &Refusal{}
	}
	if err := s.table.Transact(ctx, writes...); err != nil {
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
