package store

import (
	"context"
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
	Key      string `json:"key,omitempty"`      // fingerprint of the key that message UUIDs are made with
	Restored stamp  `json:"restored,omitempty"` // when sending was released after a restoration
}

var tableKey = Key{"T#table", headerSK}

// Restorations implements post.Restorations: the table's own identity stands in it, so that a copy is found out, and so
// does what tells that message UUIDs would come out differently.
type Restorations struct {
	*Store
	Table       Identity
	Fingerprint func() string // of the key; nil for who has none, and makes no UUIDs
}

// Restored implements post.Restorations. A table without an identity was never opened by Register: it is older than
// that.
func (r Restorations) Restored(ctx context.Context) (post.Restored, error) {
	held := post.Restored{Held: true}
	id, err := r.Table.Identity(ctx)
	if err != nil {
		return held, fmt.Errorf("identity of the table: %w", err)
	}
	var b tableBody
	found, err := r.get(ctx, tableKey, &b)
	if err != nil || !found || b.Identity != id {
		return held, err
	}
	if r.Fingerprint == nil {
		return post.Restored{Before: b.Restored.time()}, nil
	}
	if key := r.Fingerprint(); b.Key == "" {
		b.Key = key
		if err := r.put(ctx, tableKey, b, time.Time{}, Always); err != nil {
			return held, err
		}
	} else if b.Key != key {
		return held, nil
	}
	return post.Restored{Before: b.Restored.time()}, nil
}

// Register gives a table that has none its identity, when the first organization is founded.
func (r Restorations) Register(ctx context.Context) error {
	id, err := r.Table.Identity(ctx)
	if err != nil {
		return err
	}
	return unlessRefused(r.put(ctx, tableKey, tableBody{Identity: id}, time.Time{}, IfMissing))
}

// Release lets letters leave a restored table again.
func (r Restorations) Release(ctx context.Context, at time.Time) error {
	id, err := r.Table.Identity(ctx)
	if err != nil {
		return err
	}
	var b tableBody
	if _, err := r.get(ctx, tableKey, &b); err != nil {
		return err
	}
	b.Identity, b.Restored = id, stampOf(at)
	return r.put(ctx, tableKey, b, time.Time{}, Always)
}
