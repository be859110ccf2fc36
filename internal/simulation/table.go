package simulation

import (
	"context"
	"errors"
	"slices"

	"brevdue/internal/store"
)

var (
	errThrottled = errors.New("throttled")
	errTimedOut  = errors.New("timed out")
	errService   = errors.New("HTTP 503")
)

// table is the table as the functions see it.
type table struct{ w *world }

// Get implements store.Table.
func (t table) Get(ctx context.Context, keys ...store.Key) ([]*store.Item, error) {
	if at(ctx, "get") != nil && t.w.either("table", TableThrottled, 150) {
		return nil, errThrottled
	}
	return t.w.table.Get(ctx, keys...)
}

// Query implements store.Table.
func (t table) Query(ctx context.Context, pk, prefix, after string, limit int) ([]*store.Item, error) {
	if at(ctx, "query") != nil && t.w.chance(TableThrottled, 150) {
		return nil, errThrottled
	}
	return t.w.table.Query(ctx, pk, prefix, after, limit)
}

// QueryIndex implements store.Table. What was written last may be missing.
func (t table) QueryIndex(ctx context.Context, q store.IndexQuery) ([]*store.Item, error) {
	if t.w.table.First(q.Index, q.PK) == "" { // nobody could tell when an empty partition was asked
		return nil, nil
	}
	called := at(ctx, "look") != nil
	items, err := t.w.table.QueryIndex(ctx, q)
	if called && len(items) > 0 && t.w.chance(IndexBehind, 20) {
		items = slices.DeleteFunc(items, func(*store.Item) bool { return t.w.rng.IntN(2) == 0 })
	}
	return items, err
}

// Transact implements store.Table.
func (t table) Transact(ctx context.Context, writes ...store.Write) error {
	called := at(ctx, "transact") != nil
	written := called && t.w.rng.IntN(2) == 0 // of a fault that is planned
	if called && !written && t.w.either("table", TableThrottled, 80) {
		return errThrottled
	}
	if t.w.uncounted && t.w.rng.IntN(200) == 0 {
		writes = slices.DeleteFunc(writes, func(w store.Write) bool { return w.Add != nil })
	}
	err := t.w.table.Transact(ctx, writes...)
	var refusal *store.Refusal
	switch {
	case errors.As(err, &refusal):
		t.w.faults[TableRefused]++
	case err == nil:
		a, _ := ctx.Value(actorKey{}).(*actor)
		t.w.wrote(a, writes)
		if called && written && t.w.either("table", TableWritten, 40) {
			return errTimedOut
		}
	}
	return err
}
