// Package storetest has a Table in memory, and the contract test that every Table passes: memory, embedded, and the
// cloud's.
package storetest

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"brevdue/internal/store"
)

// Memory is a Table in memory, for tests.
type Memory struct {
	mu    sync.Mutex
	items map[store.Key]store.Item
}

// NewMemory returns an empty table.
func NewMemory() *Memory { return &Memory{items: map[store.Key]store.Item{}} }

// Get implements store.Table.
func (m *Memory) Get(_ context.Context, keys ...store.Key) ([]*store.Item, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	items := make([]*store.Item, len(keys))
	for i, k := range keys {
		if item, ok := m.items[k]; ok {
			items[i] = &item
		}
	}
	return items, nil
}

// Query implements store.Table.
func (m *Memory) Query(_ context.Context, pk, prefix, after string, limit int) ([]*store.Item, error) {
	return m.find(func(i store.Item) store.Key { return i.Key }, store.LookUp{PK: pk, Prefix: prefix, After: after, Limit: limit}), nil
}

// Look implements store.Table.
func (m *Memory) Look(_ context.Context, q store.LookUp) ([]*store.Item, error) {
	return m.find(func(i store.Item) store.Key {
		if q.Index == store.ListIndex {
			return i.List
		}
		return i.Due
	}, q), nil
}

func (m *Memory) find(key func(store.Item) store.Key, q store.LookUp) []*store.Item {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []*store.Item
	for _, item := range m.items {
		k := key(item)
		past := q.After == "" || !q.Down && k.SK > q.After || q.Down && k.SK < q.After
		if k.PK == q.PK && strings.HasPrefix(k.SK, q.Prefix) && past && (q.UpTo == "" || k.SK <= q.UpTo) {
			found = append(found, &item)
		}
	}
	slices.SortFunc(found, func(a, b *store.Item) int {
		if q.Down {
			a, b = b, a
		}
		return cmp.Compare(key(*a).SK, key(*b).SK)
	})
	return found[:min(q.Limit, len(found))]
}

// Transact implements store.Table.
func (m *Memory) Transact(_ context.Context, writes ...store.Write) error {
	if _, err := store.KeysOf(writes); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	refusal := &store.Refusal{}
	for _, w := range writes {
		old, there := m.items[w.Key()]
		if w.If == store.IfMissing && there || w.If == store.IfRevision && (!there || old.Revision != w.Was) {
			refusal.Keys = append(refusal.Keys, w.Key())
		}
	}
	if len(refusal.Keys) > 0 {
		return refusal
	}
	for _, w := range writes {
		switch {
		case w.Put != nil:
			m.items[w.Key()] = *w.Put
		case w.Delete != nil:
			delete(m.items, w.Key())
		default:
			m.add(w.Add)
		}
	}
	return nil
}

func (m *Memory) add(a *store.Item) {
	old := m.items[a.Key]
	next := store.Item{Key: a.Key, Revision: old.Revision + 1, Numbers: map[string]int64{}}
	for name, n := range old.Numbers {
		next.Numbers[name] = n
	}
	for name, n := range a.Numbers {
		next.Numbers[name] += n
	}
	m.items[a.Key] = next
}
