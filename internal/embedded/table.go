package embedded

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"go.etcd.io/bbolt"

	"brevdue/internal/post"
	"brevdue/internal/store"
)

const (
	itemsBucket = "items"
	listBucket  = "list"
	dueBucket   = "due"
)

// record is an item in the file, as JSON. Its body stands behind it, after a line break, as the store gave it.
type record struct {
	Revision int64            `json:"r"`
	List     store.Key        `json:"l,omitzero"`
	Due      store.Key        `json:"d,omitzero"`
	Numbers  map[string]int64 `json:"n,omitempty"`
	Expires  int64            `json:"e,omitempty"`
}

// Table implements store.Table on the file: a bucket of items by partition and sort key, and a bucket per index
// whose values are the keys of items.
type Table struct{ backend *Backend }

// Table returns the table.
func (h *Backend) Table() Table { return Table{h} }

func rawKey(k store.Key) []byte { return []byte(k.PK + "\x00" + k.SK) }

func keyOf(raw []byte) store.Key {
	pk, sk, _ := bytes.Cut(raw, []byte{0})
	return store.Key{PK: string(pk), SK: string(sk)}
}

// itemOf reads an item. One whose head cannot be read is a broken one, and holds up none of the others.
func itemOf(raw, value []byte) *store.Item {
	var r record
	head, body, _ := bytes.Cut(value, []byte{'\n'})
	if json.Unmarshal(head, &r) != nil {
		return &store.Item{Key: keyOf(raw), Body: bytes.Clone(value), Broken: true}
	}
	return &store.Item{
		Key:      keyOf(raw),
		Revision: r.Revision,
		Body:     bytes.Clone(body),
		List:     r.List,
		Due:      r.Due,
		Numbers:  r.Numbers,
		Expires:  r.Expires,
	}
}

// Get implements store.Table.
func (t Table) Get(_ context.Context, keys ...store.Key) ([]*store.Item, error) {
	items := make([]*store.Item, len(keys))
	err := t.backend.file.View(func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte(itemsBucket))
		for i, k := range keys {
			raw := rawKey(k)
			if v := b.Get(raw); v != nil {
				items[i] = itemOf(raw, v)
			}
		}
		return nil
	})
	return items, err
}

// Query implements store.Table.
func (t Table) Query(_ context.Context, pk, prefix, after string, limit int) ([]*store.Item, error) {
	var items []*store.Item
	err := t.backend.file.View(func(tx *bbolt.Tx) error {
		start := rawKey(store.Key{PK: pk, SK: prefix})
		c := tx.Bucket([]byte(itemsBucket)).Cursor()
		from := max(string(start), string(rawKey(store.Key{PK: pk, SK: after})))
		for k, v := c.Seek([]byte(from)); k != nil && bytes.HasPrefix(k, start) && len(items) < limit; k, v = c.Next() {
			if after != "" && string(k) == from && keyOf(k).SK == after {
				continue
			}
			items = append(items, itemOf(k, v))
		}
		return nil
	})
	return items, err
}

// QueryIndex implements store.Table.
func (t Table) QueryIndex(_ context.Context, q store.IndexQuery) ([]*store.Item, error) {
	var items []*store.Item
	err := t.backend.file.View(func(tx *bbolt.Tx) error {
		all := tx.Bucket([]byte(itemsBucket))
		w := newWalk(tx.Bucket([]byte(q.Index)).Cursor(), q)
		for raw := w.first(); raw != nil && len(items) < q.Limit; raw = w.next() {
			v := all.Get(raw)
			if v == nil { // an entry of nothing
				continue
			}
			item := itemOf(raw, v)
			if item.Broken {
				findPlaces(tx, item, raw)
			}
			w.place(item)
			items = append(items, item)
		}
		return nil
	})
	return items, err
}

// walk goes over a part of an index, up or down.
type walk struct {
	cursor *bbolt.Cursor
	q      store.IndexQuery
	prefix []byte
	at     []byte
}

func newWalk(c *bbolt.Cursor, q store.IndexQuery) *walk {
	return &walk{cursor: c, q: q, prefix: rawKey(store.Key{PK: q.PK, SK: q.Prefix})}
}

func (w *walk) first() []byte {
	from := w.prefix
	if w.q.After != "" {
		from = rawKey(store.Key{PK: w.q.PK, SK: w.q.After})
	}
	if w.q.Down {
		if w.q.After == "" {
			from = append(bytes.Clone(w.prefix), 0xff)
		}
		if k, _ := w.cursor.Seek(from); k == nil {
			return w.take(w.cursor.Last())
		}
		return w.take(w.cursor.Prev())
	}
	k, v := w.cursor.Seek(from)
	if w.q.After != "" && bytes.Equal(k, from) {
		k, v = w.cursor.Next()
	}
	return w.take(k, v)
}

func (w *walk) next() []byte {
	if w.q.Down {
		return w.take(w.cursor.Prev())
	}
	return w.take(w.cursor.Next())
}

// take returns the key of the item, or nil past the end.
func (w *walk) take(k, v []byte) []byte {
	if k == nil || !bytes.HasPrefix(k, w.prefix) || w.q.UpTo != "" && keyOf(k).SK > w.q.UpTo {
		return nil
	}
	w.at = k
	return v
}

// place notes where the index has the item. What a damaged item says itself could lead whoever reads on back again.
func (w *walk) place(item *store.Item) {
	if w.q.Index == dueBucket {
		item.Due = keyOf(w.at)
	} else {
		item.List = keyOf(w.at)
	}
}

// findPlaces looks through the indexes for a broken item, which does not say itself where it stands: it is rare.
func findPlaces(tx *bbolt.Tx, item *store.Item, raw []byte) {
	for name, place := range map[string]*store.Key{listBucket: &item.List, dueBucket: &item.Due} {
		c := tx.Bucket([]byte(name)).Cursor()
		for k, v := c.First(); k != nil; k, v = c.Next() {
			if bytes.Equal(v, raw) {
				*place = keyOf(k)
				break
			}
		}
	}
}

// Transact implements store.Table.
func (t Table) Transact(ctx context.Context, writes ...store.Write) error {
	if _, err := store.KeysOf(writes); err != nil {
		return err
	}
	return t.backend.met(t.backend.file.Update(ctx, func(tx *bbolt.Tx) (func() error, error) {
		items := tx.Bucket([]byte(itemsBucket))
		old := make([]*store.Item, len(writes))
		refusal := &store.Refusal{}
		for i, w := range writes {
			raw := rawKey(w.Key())
			if v := items.Get(raw); v != nil {
				if old[i] = itemOf(raw, v); old[i].Broken {
					findPlaces(tx, old[i], raw)
					if w.Add != nil { // what was counted there would be lost
						return nil, fmt.Errorf("counter %q: %w", raw, post.ErrUnreadable)
					}
				}
			}
			if !holds(w, old[i]) {
				refusal.Keys = append(refusal.Keys, w.Key())
			}
		}
		if len(refusal.Keys) > 0 {
			return nil, refusal
		}
		return func() error { return writeAll(tx, items, writes, old) }, nil
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

func writeAll(tx *bbolt.Tx, items *bbolt.Bucket, writes []store.Write, old []*store.Item) error {
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
		if err := writeOne(tx, items, w.Key(), next, old[i]); err != nil {
			return err
		}
	}
	return nil
}

// writeOne writes or deletes an item and keeps its indexes.
func writeOne(tx *bbolt.Tx, items *bbolt.Bucket, k store.Key, next, old *store.Item) error {
	raw := rawKey(k)
	if next == nil {
		if err := items.Delete(raw); err != nil {
			return err
		}
		next = &store.Item{}
	} else {
		value, err := json.Marshal(record{next.Revision, next.List, next.Due, next.Numbers, next.Expires})
		if err != nil {
			return err
		}
		value = append(append(value, '\n'), next.Body...)
		if err := items.Put(raw, value); err != nil {
			return err
		}
	}
	if old == nil {
		old = &store.Item{}
	}
	if err := moveIndex(tx.Bucket([]byte(listBucket)), raw, old.List, next.List); err != nil {
		return err
	}
	return moveIndex(tx.Bucket([]byte(dueBucket)), raw, old.Due, next.Due)
}

func moveIndex(index *bbolt.Bucket, raw []byte, from, to store.Key) error {
	if from == to {
		return nil
	}
	if from != (store.Key{}) {
		if err := index.Delete(rawKey(from)); err != nil {
			return err
		}
	}
	if to == (store.Key{}) {
		return nil
	}
	return index.Put(rawKey(to), raw)
}
