package store

import (
	"context"
	"fmt"
	"time"

	"brevdue/internal/post"
)

const bulksDuePK = "D#J"

func bulkKey(org, id string) Key { return Key{"J#" + org, id} }

func bulkItem(b *post.Bulk) (*Item, error) {
	var expires time.Time
	if b.Over() {
		expires = b.Ended.Add(post.BulkFor)
	}
	item, err := small(bulkKey(b.Org, b.ID), b, expires)
	item.Revision = b.Revision + 1
	item.List, item.Due = Key{"O#" + b.Org + "#J", timeSK(b.Made) + "#" + b.ID}, dueKey(bulksDuePK, b.Due, b.ID)
	return item, err
}

func bulkOf(item *Item) (*post.Bulk, error) {
	b := &post.Bulk{}
	if err := decode(item, b); err != nil {
		return nil, fmt.Errorf("bulk %s: %w", item.SK, err)
	}
	if bulkKey(b.Org, b.ID) != item.Key {
		return nil, fmt.Errorf("bulk %s: %w", item.SK, errWrongItem)
	}
	b.Revision = item.Revision
	for i := range b.Chosen { // of a version before there were rights
		if b.Chosen[i].Seen.Owner == "" && b.Chosen[i].Seen.Grants == nil {
			b.Chosen[i].Seen = post.Everything()
		}
	}
	return b, nil
}

// Bulks is the part of a Store that keeps bulks.
type Bulks struct{ *Store }

// Bulks returns the store's bulks.
func (s *Store) Bulks() Bulks { return Bulks{s} }

// Create implements post.Bulks.
func (s Bulks) Create(ctx context.Context, b *post.Bulk) error {
	item, err := bulkItem(b)
	if err != nil {
		return err
	}
	err = s.table.Transact(ctx, Write{Put: item, If: IfMissing})
	if refused(err) {
		return fmt.Errorf("bulk %s: %w", b.ID, post.ErrExists)
	}
	b.Revision = item.Revision
	return err
}

// Get implements post.Bulks.
func (s Bulks) Get(ctx context.Context, org, id string) (*post.Bulk, error) {
	items, err := s.table.Get(ctx, bulkKey(org, id))
	if err != nil || items[0] == nil {
		return nil, orNotFound(err, "bulk", id)
	}
	b, err := bulkOf(items[0])
	if err != nil {
		return nil, s.unreadable(ctx, items[0])
	}
	return b, nil
}

// Change implements post.Bulks.
func (s Bulks) Change(
	ctx context.Context,
	org, id string,
	change func(*post.Bulk) error,
) (*post.Bulk, error) {
	var b *post.Bulk
	err := again(func() (err error) {
		if b, err = s.Get(ctx, org, id); err != nil {
			return err
		}
		if err := change(b); err != nil {
			return unlessUnchanged(err)
		}
		return s.write(ctx, b)
	})
	return b, err
}

// Put implements post.Bulks.
func (s Bulks) Put(ctx context.Context, b *post.Bulk) error {
	err := s.write(ctx, b)
	if refused(err) {
		return fmt.Errorf("bulk %s: %w", b.ID, post.ErrOvertaken)
	}
	return err
}

func (s Bulks) write(ctx context.Context, b *post.Bulk) error {
	item, err := bulkItem(b)
	if err != nil {
		return err
	}
	if err := s.table.Transact(ctx, Write{Put: item, If: IfRevision, Was: b.Revision}); err != nil {
		return err
	}
	b.Revision = item.Revision
	return nil
}

// List implements post.Bulks.
func (s Bulks) List(ctx context.Context, org string, limit int) ([]*post.Bulk, error) {
	items, _, err := s.newest(ctx, "O#"+org+"#J", "", limit)
	return readable(ctx, s.Store, items, bulkOf), err
}

// Due implements post.DueBulks.
func (s Bulks) Due(ctx context.Context, by time.Time, limit int) ([]*post.Bulk, error) {
	return due(ctx, s.Store, bulksDuePK, by, limit, bulkOf)
}
