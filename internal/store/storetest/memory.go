// Package storetest has a Table in memory, and the contract test that every Table passes: memory, embedded, and the
// cloud's.
package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"brevdue/internal/store"
)

// Memory is a Table in memory, for tests. Its lists are sorted, so that a simulation can ask it often.
type Memory struct {
	mu    sync.Mutex
	items map[store.Key]*store.Item
	lists map[list][]entry
}

// list is a partition of the table or of an index.
type list struct {
	index store.Index // "" for the table itself
	pk    string
}

type entry struct {
	sk   string
	item store.Key
}

// NewMemory returns an empty table.
func NewMemory() *Memory {
	return &Memory{items: map[store.Key]*store.Item{}, lists: map[list][]entry{}}
}

// Get implements store.Table.
func (m *Memory) Get(_ context.Context, keys ...store.Key) ([]*store.Item, error) {
	if len(keys) > 100 {
		return nil, fmt.Errorf("%d keys: at most 100", len(keys))
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	items := make([]*store.Item, len(keys))
	for i, k := range keys {
		if item := m.items[k]; item != nil {
			items[i] = given(item)
		}
	}
	return items, nil
}

// given is what a caller gets: it may do with it what it likes.
func given(item *store.Item) *store.Item {
	own := *item
	return &own
}

// Query implements store.Table.
func (m *Memory) Query(_ context.Context, pk, prefix, after string, limit int) ([]*store.Item, error) {
	return m.find(store.IndexQuery{PK: pk, Prefix: prefix, After: after, Limit: limit}), nil
}

// QueryIndex implements store.Table.
func (m *Memory) QueryIndex(_ context.Context, q store.IndexQuery) ([]*store.Item, error) {
	return m.find(q), nil
}

func (m *Memory) find(q store.IndexQuery) []*store.Item {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := m.lists[list{q.Index, q.PK}]
	from, _ := place(all, q.Prefix)
	to, _ := slices.BinarySearchFunc(all, q.Prefix, func(e entry, prefix string) int {
		if e.sk < prefix || strings.HasPrefix(e.sk, prefix) {
			return -1
		}
		return 1
	})
	if all = all[from:to]; q.UpTo != "" {
		n, there := place(all, q.UpTo)
		if there {
			n++
		}
		all = all[:n]
	}
	if q.After != "" {
		n, there := place(all, q.After)
		switch {
		case q.Down:
			all = all[:n]
		case there:
			all = all[n+1:]
		default:
			all = all[n:]
		}
	}
	var found []*store.Item
	for i := range all[:min(q.Limit, len(all))] {
		if q.Down {
			i = len(all) - 1 - i
		}
		found = append(found, given(m.items[all[i].item]))
	}
	return found
}

func place(all []entry, sk string) (int, bool) {
	return slices.BinarySearchFunc(all, sk, func(e entry, sk string) int { return strings.Compare(e.sk, sk) })
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
		old := m.items[w.Key()]
		if w.If == store.IfMissing && old != nil || w.If == store.IfRevision && (old == nil || old.Revision != w.Was) {
			refusal.Keys = append(refusal.Keys, w.Key())
		}
	}
	if len(refusal.Keys) > 0 {
		return refusal
	}
	for _, w := range writes {
		switch {
		case w.Put != nil:
			m.put(w.Key(), given(w.Put))
		case w.Delete != nil:
			m.put(w.Key(), nil)
		case w.Add != nil:
			m.put(w.Key(), store.Sum(w.Add, m.items[w.Key()]))
		}
	}
	return nil
}

// put writes an item, or takes it away with nil, and keeps its lists.
func (m *Memory) put(k store.Key, next *store.Item) {
	old := m.items[k]
	for _, index := range []store.Index{"", store.ListIndex, store.DueIndex} {
		from, to := listed(index, old), listed(index, next)
		if from == to {
			continue
		}
		if from != (store.Key{}) {
			l := list{index, from.PK}
			if n, there := place(m.lists[l], from.SK); there {
				m.lists[l] = slices.Delete(m.lists[l], n, n+1)
			}
		}
		if to != (store.Key{}) {
			l := list{index, to.PK}
			n, _ := place(m.lists[l], to.SK)
			m.lists[l] = slices.Insert(m.lists[l], n, entry{to.SK, k})
		}
	}
	if next == nil {
		delete(m.items, k)
		return
	}
	m.items[k] = next
}

// listed is where an item stands in a list.
func listed(index store.Index, item *store.Item) store.Key {
	switch {
	case item == nil:
		return store.Key{}
	case index == store.ListIndex:
		return item.List
	case index == store.DueIndex:
		return item.Due
	}
	return item.Key
}

// Load puts an item as it is, whatever was there.
func (m *Memory) Load(item *store.Item) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.put(item.Key, item)
}

// First returns the first sort key of an index's partition, "" when it is empty.
func (m *Memory) First(index store.Index, pk string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if all := m.lists[list{index, pk}]; len(all) > 0 {
		return all[0].sk
	}
	return ""
}

// Items returns all items, sorted by key.
func (m *Memory) Items() []*store.Item {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := make([]*store.Item, 0, len(m.items))
	for _, item := range m.items {
		all = append(all, given(item))
	}
	slices.SortFunc(all, func(a, b *store.Item) int {
		return strings.Compare(a.PK+"\x00"+a.SK, b.PK+"\x00"+b.SK)
	})
	return all
}
