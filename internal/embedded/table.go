package embedded

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"strings"

	"brevdue/internal/post"
	"brevdue/internal/store"
	"brevdue/internal/wal"
)

const (
	itemsBucket = "items"
	listBucket  = "list"
	dueBucket   = "due"
)

// table implements store.Table on the file: a bucket of items by partition and sort key, and a bucket per index
// whose values are the keys of items. Bodies lie in it as they are given: Table seals them.
type table struct{ backend *Backend }

// Table returns the table.
func (h *Backend) Table() store.Table { return store.Sealed(table{h}, h.sealing, store.Packing{}) }

func rawKey(k store.Key) string { return k.PK + "\x00" + k.SK }

func keyOf(raw string) store.Key {
	pk, sk, _ := strings.Cut(raw, "\x00")
	return store.Key{PK: pk, SK: sk}
}

// itemOf reads an item. One whose head cannot be read is a broken one, and holds up none of the others.
func itemOf(raw string, value []byte) *store.Item {
	item, body := headOf(raw, value)
	item.Body = bytes.Clone(body)
	return item
}

// headOf reads an item without its body, which is valid as long as the value is. Of a broken one all is body.
func headOf(raw string, value []byte) (item *store.Item, body []byte) {
	var r record
	head, body, _ := bytes.Cut(value, []byte{'\n'})
	if r.read(head) != nil {
		return &store.Item{Key: keyOf(raw), Broken: true}, value
	}
	return &store.Item{
		Key:      keyOf(raw),
		Revision: r.Revision,
		List:     r.List,
		Due:      r.Due,
		Numbers:  r.Numbers,
		Expires:  r.Expires,
		Sealed:   r.Sealed,
	}, body
}

// Get implements store.Table.
func (t table) Get(_ context.Context, keys ...store.Key) ([]*store.Item, error) {
	items := make([]*store.Item, len(keys))
	err := t.backend.file.View(func(tx *wal.Tx) error {
		for i, k := range keys {
			raw := rawKey(k)
			if v := tx.Get(itemsBucket, raw); v != nil {
				items[i] = itemOf(raw, v)
			}
		}
		return nil
	})
	return items, err
}

// Query implements store.Table.
func (t table) Query(_ context.Context, pk, prefix, after string, limit int) ([]*store.Item, error) {
	var items []*store.Item
	err := t.backend.file.View(func(tx *wal.Tx) error {
		start := rawKey(store.Key{PK: pk, SK: prefix})
		from := max(start, rawKey(store.Key{PK: pk, SK: after}))
		for k, v := range tx.Up(itemsBucket, from) {
			if !strings.HasPrefix(k, start) || len(items) >= limit {
				break
			}
			if after != "" && k == from && keyOf(k).SK == after {
				continue
			}
			items = append(items, itemOf(k, v))
		}
		return nil
	})
	return items, err
}

// QueryIndex implements store.Table.
func (t table) QueryIndex(_ context.Context, q store.IndexQuery) ([]*store.Item, error) {
	var items []*store.Item
	err := t.backend.file.View(func(tx *wal.Tx) error {
		for place, raw := range placesOf(tx, q) {
			if len(items) >= q.Limit {
				break
			}
			v := tx.Get(itemsBucket, string(raw))
			if v == nil { // an entry of nothing
				continue
			}
			item := itemOf(string(raw), v)
			if item.Broken {
				findPlaces(tx, item)
			}
			// What a damaged item says itself of its place could lead whoever reads on back again.
			if q.Index == dueBucket {
				item.Due = keyOf(place)
			} else {
				item.List = keyOf(place)
			}
			items = append(items, item)
		}
		return nil
	})
	return items, err
}

// placesOf goes over a part of an index, up or down: places, and the keys of what stands there.
func placesOf(tx *wal.Tx, q store.IndexQuery) iter.Seq2[string, []byte] {
	prefix := rawKey(store.Key{PK: q.PK, SK: q.Prefix})
	after := rawKey(store.Key{PK: q.PK, SK: q.After})
	var all iter.Seq2[string, []byte]
	switch {
	case q.Down && q.After == "":
		all = tx.Down(string(q.Index), prefix+"\xff")
	case q.Down:
		all = tx.Down(string(q.Index), after)
	case q.After == "":
		all = tx.Up(string(q.Index), prefix)
	default:
		all = tx.Up(string(q.Index), after)
	}
	return func(yield func(string, []byte) bool) {
		for place, raw := range all {
			if !q.Down && q.After != "" && place == after {
				continue
			}
			if !strings.HasPrefix(place, prefix) || q.UpTo != "" && keyOf(place).SK > q.UpTo || !yield(place, raw) {
				return
			}
		}
	}
}

// findPlaces looks through the indexes for a broken item, which does not say itself where it stands: it is rare.
func findPlaces(tx *wal.Tx, item *store.Item) {
	raw := rawKey(item.Key)
	for name, place := range map[string]*store.Key{listBucket: &item.List, dueBucket: &item.Due} {
		for k, v := range tx.Up(name, "") {
			if string(v) == raw {
				*place = keyOf(k)
				break
			}
		}
	}
}

// Transact implements store.Table.
func (t table) Transact(ctx context.Context, writes ...store.Write) error {
	if _, err := store.KeysOf(writes); err != nil {
		return err
	}
	return t.backend.met(t.backend.file.Update(ctx, func(tx *wal.Tx) error {
		old := make([]*store.Item, len(writes))
		refusal := &store.Refusal{}
		for i, w := range writes {
			raw := rawKey(w.Key())
			if v := tx.Get(itemsBucket, raw); v != nil {
				if old[i], _ = headOf(raw, v); old[i].Broken {
					findPlaces(tx, old[i])
					if w.Add != nil { // what was counted there would be lost
						return fmt.Errorf("counter %q: %w", raw, post.ErrUnreadable)
					}
				}
			}
			if !holds(w, old[i]) {
				refusal.Keys = append(refusal.Keys, w.Key())
			}
		}
		if len(refusal.Keys) > 0 {
			return refusal
		}
		return writeAll(tx, writes, old)
	}))
}

func holds(w store.Write, old *store.Item) bool {
	switch w.If {
	case store.IfMissing:
		return old == nil
	case store.IfRevision:
		return old != nil && old.Revision == w.Was
	}
	return true
}

func writeAll(tx *wal.Tx, writes []store.Write, old []*store.Item) error {
	for i, w := range writes {
		var next *store.Item
		switch {
		case w.Check != nil:
			continue
		case w.Put != nil:
			next = w.Put
		case w.Add != nil:
			next = store.Sum(w.Add, old[i])
		}
		if err := writeOne(tx, w.Key(), next, old[i]); err != nil {
			return err
		}
	}
	return nil
}

// writeOne writes or deletes an item and keeps its indexes.
func writeOne(tx *wal.Tx, k store.Key, next, old *store.Item) error {
	raw := rawKey(k)
	if next == nil {
		tx.Delete(itemsBucket, raw)
		next = &store.Item{}
	} else {
		value := make([]byte, 0, headRoom+len(next.Body))
		value, err := record{
			next.Revision,
			next.List,
			next.Due,
			next.Numbers,
			next.Expires,
			next.Sealed,
		}.appendTo(
			value,
		)
		if err != nil {
			return err
		}
		tx.Put(itemsBucket, raw, append(append(value, '\n'), next.Body...))
	}
	if old == nil {
		old = &store.Item{}
	}
	moveIndex(tx, listBucket, raw, old.List, next.List)
	moveIndex(tx, dueBucket, raw, old.Due, next.Due)
	return nil
}

func moveIndex(tx *wal.Tx, index, raw string, from, to store.Key) {
	if from == to {
		return
	}
	if from != (store.Key{}) {
		tx.Delete(index, rawKey(from))
	}
	if to != (store.Key{}) {
		tx.Put(index, rawKey(to), []byte(raw))
	}
}
