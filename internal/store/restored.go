package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"brevdue/internal/post"
)

// Identity names a table for good: a restored one is another one (DynamoDB's TableId).
type Identity interface {
	Identity(ctx context.Context) (string, error)
}

type tableBody struct {
	Identity string `json:"identity"`
	Restored stamp  `json:"restored,omitempty"` // when sending was released after a restoration
}

var tableKey = Key{"T#table", headerSK}

// Restorations implements post.Restorations: the table's own identity stands in it, so that a copy is found out.
type Restorations struct {
	*Store
	Table Identity
}

// Restored implements post.Restorations. A new table gets its identity here.
func (r Restorations) Restored(ctx context.Context) (post.Restored, error) {
	id, err := r.Table.Identity(ctx)
	if err != nil {
		return post.Restored{}, fmt.Errorf("identity of the table: %w", err)
	}
	var b tableBody
	found, err := r.get(ctx, tableKey, &b)
	if err != nil {
		return post.Restored{}, err
	}
	if !found {
		err := unlessRefused(r.put(ctx, tableKey, tableBody{Identity: id}, time.Time{}, IfMissing))
		return post.Restored{Held: err != nil}, err
	}
	return post.Restored{Held: b.Identity != id, Before: b.Restored.time()}, nil
}

// Release lets letters leave a restored table again.
func (r Restorations) Release(ctx context.Context, at time.Time) error {
	id, err := r.Table.Identity(ctx)
	if err != nil {
		return err
	}
	body, err := json.Marshal(tableBody{id, stampOf(at)})
	if err != nil {
		return err
	}
	return r.table.Transact(ctx, Write{Put: &Item{Key: tableKey, Revision: 1, Body: body}})
}
