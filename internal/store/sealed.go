package store

import (
	"cmp"
	"context"
	"errors"

	"brevdue/internal/seal"
)

// Packing makes large bodies smaller before they are sealed: afterwards nothing does.
type Packing struct {
	From         int // the shortest body that is packed; 0 for none
	Pack, Unpack func([]byte) ([]byte, error)
}

// formPacked is the form of a body that was packed before it was sealed.
const formPacked seal.Form = 2

// SealedTable is a Table whose bodies lie sealed in the one below. Bodies that are nobody's stay as they are, and so
// does, until it is written again, what a version before has written.
type SealedTable struct {
	Table
	keys    *seal.Keys
	packing Packing
	openly  bool
}

// Sealed returns a table over another one.
func Sealed(t Table, k *seal.Keys, p Packing) SealedTable { return SealedTable{t, k, p, false} }

// Openly returns the table as one that reads what is sealed, and seals nothing: while a version before is at work
// beside it, which could not read it.
func (t SealedTable) Openly() SealedTable {
	t.openly = true
	return t
}

// placeOf is where an item lies.
func placeOf(k Key) string { return "item\x00" + k.PK + "\x00" + k.SK }

// Get implements Table.
func (t SealedTable) Get(ctx context.Context, keys ...Key) ([]*Item, error) {
	items, err := t.Table.Get(ctx, keys...)
	return t.opened(ctx, items, err)
}

// Query implements Table.
func (t SealedTable) Query(ctx context.Context, pk, prefix, after string, limit int) ([]*Item, error) {
	items, err := t.Table.Query(ctx, pk, prefix, after, limit)
	return t.opened(ctx, items, err)
}

// QueryIndex implements Table.
func (t SealedTable) QueryIndex(ctx context.Context, q IndexQuery) ([]*Item, error) {
	items, err := t.Table.QueryIndex(ctx, q)
	return t.opened(ctx, items, err)
}

// opened opens items. One that is damaged, or whose organization's key is, is broken, and holds up none of the
// others.
func (t SealedTable) opened(ctx context.Context, items []*Item, err error) ([]*Item, error) {
	if err != nil {
		return nil, err
	}
	for _, item := range items {
		if item == nil || !item.Sealed || item.Broken {
			continue
		}
		org, body, err := t.open(ctx, item)
		switch {
		case errors.Is(err, seal.ErrDamaged),
			errors.Is(err, seal.ErrWrongKey) && t.keys.Check(ctx, Installation) == nil:
			item.Broken = true
		case err != nil:
			return nil, err
		default:
			item.Body, item.Sealed, item.Org = body, false, org
		}
	}
	return items, nil
}

func (t SealedTable) open(ctx context.Context, item *Item) (org string, body []byte, err error) {
	is, err := t.keys.Open(ctx, placeOf(item.Key), item.Body)
	if err != nil || is.Form != formPacked {
		return is.Org, is.Text, err
	}
	if t.packing.Unpack == nil {
		return is.Org, nil, seal.ErrDamaged
	}
	if body, err = t.packing.Unpack(is.Text); err != nil {
		err = errors.Join(err, seal.ErrDamaged)
	}
	return is.Org, body, err
}

// Transact implements Table.
func (t SealedTable) Transact(ctx context.Context, writes ...Write) error {
	if t.openly {
		return t.Table.Transact(ctx, writes...)
	}
	sealed := make([]Write, len(writes))
	for i, w := range writes {
		if sealed[i] = w; w.Put == nil {
			continue
		}
		item, err := t.Sealed(ctx, w.Put)
		if err != nil {
			return err
		}
		sealed[i].Put = item
	}
	return t.Table.Transact(ctx, sealed...)
}

// Sealed returns an item as it lies. What anybody may read, and what is empty, is left as it is; what does not say
// whose it is gets the key that its place tells of.
func (t SealedTable) Sealed(ctx context.Context, item *Item) (*Item, error) {
	if item.Sealed || len(item.Body) == 0 || string(item.Body) == "{}" {
		return item, nil
	}
	org := cmp.Or(item.Org, ownerOf(item.Key, nil))
	if org == "" {
		return item, nil
	}
	form, body, err := seal.Plain, item.Body, error(nil)
	if t.packing.From > 0 && len(body) >= t.packing.From {
		form = formPacked
		if body, err = t.packing.Pack(body); err != nil {
			return nil, err
		}
	}
	sealed := *item
	sealed.Sealed = true
	sealed.Body, err = t.keys.Seal(ctx, org, placeOf(item.Key), form, body)
	return &sealed, err
}
