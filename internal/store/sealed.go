package store

import (
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
}

// Sealed returns a table over another one.
func Sealed(t Table, k *seal.Keys, p Packing) SealedTable { return SealedTable{t, k, p} }

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

// opened opens items. One that is damaged is broken, and holds up none of the others.
func (t SealedTable) opened(ctx context.Context, items []*Item, err error) ([]*Item, error) {
	if err != nil {
		return nil, err
	}
	for _, item := range items {
		if item == nil || !item.Sealed || item.Broken {
			continue
		}
		body, err := t.open(ctx, item)
		switch {
		case errors.Is(err, seal.ErrDamaged):
			item.Broken = true
		case err != nil:
			return nil, err
		default:
			item.Body, item.Sealed = body, false
		}
	}
	return items, nil
}

func (t SealedTable) open(ctx context.Context, item *Item) ([]byte, error) {
	form, body, err := t.keys.Open(ctx, placeOf(item.Key), item.Body)
	if err != nil || form != formPacked {
		return body, err
	}
	if t.packing.Unpack == nil {
		return nil, seal.ErrDamaged
	}
	if body, err = t.packing.Unpack(body); err != nil {
		err = errors.Join(err, seal.ErrDamaged)
	}
	return body, err
}

// Transact implements Table.
func (t SealedTable) Transact(ctx context.Context, writes ...Write) error {
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

// Sealed returns an item as it lies. What nobody owns, and what is empty, is left as it is.
func (t SealedTable) Sealed(ctx context.Context, item *Item) (*Item, error) {
	if item.Org == "" || len(item.Body) == 0 {
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
	sealed.Body, err = t.keys.Seal(ctx, item.Org, placeOf(item.Key), form, body)
	return &sealed, err
}
