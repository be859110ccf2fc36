package store_test

import (
	"context"
	"testing"
	"time"

	"brevdue/internal/keys"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

func TestMemoryTable(t *testing.T) {
	storetest.Table(t, func(*testing.T) store.Table { return storetest.NewMemory() })
}

func TestStoreOnMemory(t *testing.T) {
	posttest.Store(t, func(*testing.T) posttest.Words { return storetest.Words(store.New(storetest.NewMemory())) })
}

// entries counts the entries of indexes that writes put in or take out.
type entries struct {
	store.Table
	n int
}

func (e *entries) Transact(ctx context.Context, writes ...store.Write) error {
	before := make([]*store.Item, len(writes))
	for i, w := range writes {
		items, err := e.Get(ctx, w.Key())
		if err != nil {
			return err
		}
		if before[i] = items[0]; before[i] == nil {
			before[i] = &store.Item{}
		}
	}
	if err := e.Table.Transact(ctx, writes...); err != nil {
		return err
	}
	for i, w := range writes {
		if w.Put == nil {
			continue
		}
		for _, k := range [][2]store.Key{{before[i].Due, w.Put.Due}, {before[i].List, w.Put.List}} {
			if k[0] != k[1] && k[0] != (store.Key{}) {
				e.n++
			}
			if k[0] != k[1] && k[1] != (store.Key{}) {
				e.n++
			}
		}
	}
	return nil
}

// TestIndexEntriesPerLetter: a letter enters the index when it is queued and leaves it when it is archived. Each costs
// a write in the cloud; what it is due for in between costs none.
func TestIndexEntriesPerLetter(t *testing.T) {
	ctx, table := context.Background(), &entries{Table: storetest.NewMemory()}
	s := store.New(table).Letters()
	_, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 1)
	posttest.Check(t, s.Create(ctx, &post.Shipment{}, letters))
	now := posttest.Now
	for _, change := range []func(l *post.Letter) error{
		func(l *post.Letter) error { return l.Queue(now) },
		func(l *post.Letter) error { return l.Begin(keys.UUIDs([]byte("key")), now, now.At.Add(time.Hour)) },
		func(l *post.Letter) error { return l.HandOver(now, l.Current().UUID, "t", "d", false) },
		func(l *post.Letter) error {
			r := post.Receipt{UUID: l.Current().UUID, Status: post.ReceiptCompleted, Raw: []byte("{}")}
			r.SetHash()
			return l.Take(r, now)
		},
		func(l *post.Letter) error {
			return l.Archive(now, post.Archiving{Case: "m-1", Edition: l.Archiving.Edition}, len(l.Receipts))
		},
	} {
		now.At = now.At.Add(time.Second)
		changed, err := s.ChangeAny(ctx, post.IDs(letters), change)
		posttest.Check(t, err)
		posttest.Check(t, changed[0].Err)
	}
	if table.n != 2 {
		t.Errorf("%d entries of the index were written, want 2", table.n)
	}
}
