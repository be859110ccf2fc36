package store

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"brevdue/internal/post"
)

// tries is how often a change starts again when another one was faster.
const tries = 20

// again does something anew as long as another one was faster.
func again(do func() error) error {
	for n := 0; ; n++ {
		if err := do(); !refused(err) || n == tries {
			return err
		}
	}
}

// change reads an item, nil where there is none, and writes what becomes of it; post.Unchanged is for nothing to write.
func (s *Store) change(ctx context.Context, k Key, become func(old *Item) (*Item, error)) error {
	return again(func() error {
		items, err := s.table.Get(ctx, k)
		if err != nil {
			return err
		}
		next, err := become(items[0])
		if err != nil {
			return unlessUnchanged(err)
		}
		return s.table.Transact(ctx, inPlaceOf(items[0], next))
	})
}

// inPlaceOf writes an item where an old one was read, nil for none.
func inPlaceOf(old, next *Item) Write {
	if old == nil {
		next.Revision = 1
		return Write{Put: next, If: IfMissing}
	}
	next.Revision = old.Revision + 1
	return Write{Put: next, If: IfRevision, Was: old.Revision}
}

// small returns a small item of one word.
func small(k Key, body any, expires time.Time) (*Item, error) {
	b, err := json.Marshal(body)
	item := &Item{Key: k, Revision: 1, Body: b, Org: ownerOf(k, body)}
	if !expires.IsZero() {
		item.Expires = expires.Unix()
	}
	return item, err
}

// read reads the body of an item; of none it reads nothing.
func read(item *Item, body any) error {
	if item == nil {
		return nil
	}
	return decode(item, body)
}

// put writes a small item of one word, whatever was there; with IfMissing it leaves what is there.
func (s *Store) put(ctx context.Context, k Key, body any, expires time.Time, when Condition) error {
	item, err := small(k, body, expires)
	if err != nil {
		return err
	}
	return s.table.Transact(ctx, Write{Put: item, If: when})
}

// putBeside writes a small item that lies beside a shipment.
func (s *Store) putBeside(ctx context.Context, sh *post.Shipment, k Key, body any) error {
	item, err := small(k, body, time.Time{})
	if err != nil {
		return err
	}
	item.Org = sh.Org
	return s.table.Transact(ctx, Write{Put: item})
}

// get reads a small item and reports whether it is there.
func (s *Store) get(ctx context.Context, k Key, body any) (bool, error) {
	items, err := s.table.Get(ctx, k)
	if err != nil {
		return false, err
	}
	return items[0] != nil, read(items[0], body)
}

func unlessUnchanged(err error) error {
	if errors.Is(err, post.ErrUnchanged) {
		return nil
	}
	return err
}

func unlessRefused(err error) error {
	if refused(err) {
		return nil
	}
	return err
}
