package storetest

import (
	"context"

	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
)

// Faulty is a table that fails now and then: before anything is written, or after.
type Faulty struct {
	store.Table
	Faults posttest.Faults
}

// Get implements store.Table.
func (f Faulty) Get(ctx context.Context, keys ...store.Key) ([]*store.Item, error) {
	if f.Faults.Before() {
		return nil, posttest.ErrFault
	}
	return f.Table.Get(ctx, keys...)
}

// Query implements store.Table.
func (f Faulty) Query(ctx context.Context, pk, prefix, after string, limit int) ([]*store.Item, error) {
	if f.Faults.Before() {
		return nil, posttest.ErrFault
	}
	return f.Table.Query(ctx, pk, prefix, after, limit)
}

// Transact implements store.Table.
func (f Faulty) Transact(ctx context.Context, writes ...store.Write) error {
	if f.Faults.Before() {
		return posttest.ErrFault
	}
	err := f.Table.Transact(ctx, writes...)
	if err == nil && f.Faults.After() {
		return posttest.ErrFault
	}
	return err
}
