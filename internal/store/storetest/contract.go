package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"brevdue/internal/store"
)

// Table is the contract of store.Table.
func Table(t *testing.T, open func(t *testing.T) store.Table) {
	t.Run("conditions", func(t *testing.T) { conditions(t, open(t)) })
	t.Run("all or none", func(t *testing.T) { allOrNone(t, open(t)) })
	t.Run("order and cursors", func(t *testing.T) { order(t, open(t)) })
	t.Run("indexes", func(t *testing.T) { indexes(t, open(t)) })
	t.Run("counters under contention", func(t *testing.T) { counters(t, open(t)) })
	t.Run("one winner", func(t *testing.T) { oneWinner(t, open(t)) })
	t.Run("one bad item", func(t *testing.T) { unreadable(t, open) })
}

func put(k store.Key, revision int64, body string) *store.Item {
	return &store.Item{Key: k, Revision: revision, Body: []byte(body)}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refused(t *testing.T, err error, keys ...store.Key) {
	t.Helper()
	var r *store.Refusal
	if !errors.As(err, &r) || fmt.Sprint(r.Keys) != fmt.Sprint(keys) {
		t.Fatalf("got %v, want a refusal of %v", err, keys)
	}
}

func conditions(t *testing.T, table store.Table) {
	ctx, k := context.Background(), store.Key{PK: "a", SK: "1"}
	must(t, table.Transact(ctx, store.Write{Put: put(k, 1, `"one"`), If: store.IfMissing}))
	refused(t, table.Transact(ctx, store.Write{Put: put(k, 1, `"two"`), If: store.IfMissing}), k)
	refused(t, table.Transact(ctx, store.Write{Put: put(k, 3, `"two"`), If: store.IfRevision, Was: 2}), k)
	must(t, table.Transact(ctx, store.Write{Put: put(k, 2, `"two"`), If: store.IfRevision, Was: 1}))
	other := store.Key{PK: "a", SK: "2"}
	refused(t, table.Transact(ctx, store.Write{Put: put(other, 2, `0`), If: store.IfRevision, Was: 1}), other)
	items, err := table.Get(ctx, k, other)
	must(t, err)
	if items[0] == nil || string(items[0].Body) != `"two"` || items[0].Revision != 2 || items[1] != nil {
		t.Errorf("got %+v", items)
	}
	check := func(was int64) store.Write { return store.Write{Check: &k, If: store.IfRevision, Was: was} }
	refused(t, table.Transact(ctx, check(1), store.Write{Put: put(other, 1, `0`), If: store.IfMissing}), k)
	must(t, table.Transact(ctx, check(2), store.Write{Put: put(other, 1, `0`), If: store.IfMissing}))
	refused(t, table.Transact(ctx, check(2), store.Write{Put: put(other, 1, `0`), If: store.IfMissing}), other)
	if items, err = table.Get(ctx, k); err != nil || items[0] == nil || items[0].Revision != 2 {
		t.Errorf("after a check: %+v, %v", items[0], err)
	}
	must(t, table.Transact(ctx, store.Write{Delete: &k}))
	if items, err = table.Get(ctx, k); err != nil || items[0] != nil {
		t.Errorf("after delete: %+v, %v", items[0], err)
	}
}

func allOrNone(t *testing.T, table store.Table) {
	ctx := context.Background()
	a, b := store.Key{PK: "a", SK: "1"}, store.Key{PK: "b", SK: "1"}
	must(t, table.Transact(ctx, store.Write{Put: put(b, 1, `1`)}))
	err := table.Transact(
		ctx,
		store.Write{Put: put(a, 1, `1`), If: store.IfMissing},
		store.Write{Put: put(b, 1, `2`), If: store.IfMissing},
	)
	refused(t, err, b)
	items, err := table.Get(ctx, a, b)
	must(t, err)
	if items[0] != nil || string(items[1].Body) != `1` {
		t.Errorf("a refused transaction left %+v", items)
	}
	if err := table.Transact(ctx, store.Write{Put: put(a, 1, `1`)}, store.Write{Delete: &a}); err == nil {
		t.Error("a key was written twice in one transaction")
	}
	many := make([]store.Write, store.TransactLimit+1)
	for i := range many {
		many[i] = store.Write{Put: put(store.Key{PK: "m", SK: fmt.Sprint(i)}, 1, `1`)}
	}
	if err := table.Transact(ctx, many...); err == nil {
		t.Error("too many writes were taken")
	}
}

func sks(items []*store.Item, key func(*store.Item) store.Key) string {
	var out []string
	for _, i := range items {
		out = append(out, key(i).SK)
	}
	return strings.Join(out, " ")
}

func order(t *testing.T, table store.Table) {
	ctx := context.Background()
	for _, sk := range []string{"b1", "a2", "b10", "a1", "b2", "c"} {
		must(
			t,
			table.Transact(
				ctx,
				store.Write{Put: put(store.Key{PK: "p", SK: sk}, 1, `1`)},
				store.Write{Put: put(store.Key{PK: "pp", SK: sk}, 1, `1`)},
			),
		)
	}
	for _, c := range []struct {
		prefix, after string
		limit         int
		want          string
	}{
		{"", "", 10, "a1 a2 b1 b10 b2 c"}, {"b", "", 10, "b1 b10 b2"}, {"b", "b1", 10, "b10 b2"}, {"b", "b10", 1, "b2"},
		{"", "a2", 2, "b1 b10"}, {"b", "a", 10, "b1 b10 b2"}, {"x", "", 10, ""}, {"", "c", 10, ""}, {"b", "b11", 10,
			"b2"},
	} {
		items, err := table.Query(ctx, "p", c.prefix, c.after, c.limit)
		must(t, err)
		if got := sks(items, func(i *store.Item) store.Key { return i.Key }); got != c.want {
			t.Errorf("Query %q after %q: %s, want %s", c.prefix, c.after, got, c.want)
		}
	}
}

func indexes(t *testing.T, table store.Table) {
	ctx := context.Background()
	for i, sk := range []string{"3", "1", "5", "2", "4"} {
		item := put(store.Key{PK: "p", SK: fmt.Sprint(i)}, 1, `1`)
		item.List, item.Due = store.Key{PK: "l", SK: sk}, store.Key{PK: "d", SK: sk}
		must(t, table.Transact(ctx, store.Write{Put: item}))
	}
	look := func(q store.IndexQuery) string {
		q.Limit = max(q.Limit, 1)
		items, err := table.QueryIndex(ctx, q)
		must(t, err)
		return sks(items, func(i *store.Item) store.Key { return i.List })
	}
	for _, c := range []struct {
		q    store.IndexQuery
		want string
	}{
		{store.IndexQuery{Index: store.ListIndex, PK: "l", Limit: 9}, "1 2 3 4 5"},
		{store.IndexQuery{Index: store.ListIndex, PK: "l", Down: true, Limit: 9}, "5 4 3 2 1"},
		{store.IndexQuery{Index: store.ListIndex, PK: "l", After: "2", Limit: 2}, "3 4"},
		{store.IndexQuery{Index: store.ListIndex, PK: "l", After: "4", Down: true, Limit: 2}, "3 2"},
		{store.IndexQuery{Index: store.ListIndex, PK: "l", After: "1", Down: true, Limit: 2}, ""},
		{store.IndexQuery{Index: store.DueIndex, PK: "d", UpTo: "3~", Limit: 9}, "1 2 3"},
		{store.IndexQuery{Index: store.ListIndex, PK: "l", Prefix: "4", Limit: 9}, "4"},
		{store.IndexQuery{Index: store.ListIndex, PK: "l", Prefix: "4", Down: true, Limit: 9}, "4"},
		{store.IndexQuery{Index: store.DueIndex, PK: "x", Limit: 9}, ""},
	} {
		if got := look(c.q); got != c.want {
			t.Errorf("%+v: %s, want %s", c.q, got, c.want)
		}
	}
	moved := put(store.Key{PK: "p", SK: "0"}, 2, `1`) // was 3: leaves the list, and moves in the due index
	moved.Due = store.Key{PK: "d", SK: "9"}
	must(t, table.Transact(ctx, store.Write{Put: moved, If: store.IfRevision, Was: 1}))
	if got := look(store.IndexQuery{Index: store.ListIndex, PK: "l", Limit: 9}); got != "1 2 4 5" {
		t.Errorf("after leaving the list: %s", got)
	}
	items, err := table.QueryIndex(ctx, store.IndexQuery{Index: store.DueIndex, PK: "d", Limit: 9})
	must(t, err)
	if got := sks(items, func(i *store.Item) store.Key { return i.Due }); got != "1 2 4 5 9" {
		t.Errorf("after moving in the due index: %s", got)
	}
}

func counters(t *testing.T, table store.Table) {
	ctx, k := context.Background(), store.Key{PK: "c", SK: "1"}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 25 {
				if err := table.Transact(ctx, store.Write{Add: &store.Item{Key: k,
					Numbers: map[string]int64{"up": 1, "down": -1}}}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	items, err := table.Get(ctx, k)
	must(t, err)
	if n := items[0].Numbers; n["up"] != 200 || n["down"] != -200 {
		t.Errorf("counted %v, want 200", n)
	}
}

// oneWinner: of two changes that read the same revision, one is refused.
func oneWinner(t *testing.T, table store.Table) {
	ctx, k := context.Background(), store.Key{PK: "w", SK: "1"}
	must(t, table.Transact(ctx, store.Write{Put: put(k, 1, `0`)}))
	var wg sync.WaitGroup
	won := make(chan int, 16)
	for i := range 16 {
		wg.Go(func() {
			if table.Transact(ctx, store.Write{Put: put(k, 2, fmt.Sprint(i)), If: store.IfRevision, Was: 1}) == nil {
				won <- i
			}
		})
	}
	wg.Wait()
	close(won)
	if len(won) != 1 {
		t.Errorf("%d changes of the same revision were taken", len(won))
	}
}
