package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Key is where an item lies: items of one partition come back in the order of their sort keys.
type Key struct{ PK, SK string }

// Index names a sparse index: an item is in it while it has a key for it.
type Index string

// The two indexes of the table.
const (
	ListIndex Index = "list" // what a user sees as a list: shipment headers, open failures
	DueIndex  Index = "due"  // what the sweep looks at, by time
)

// Item is a row of the table.
type Item struct {
	Key
	Revision int64 // 1 when it is new; every write adds one
	Body     []byte
	List     Key              // zero: not in the index
	Due      Key              // zero: not in the index
	Numbers  map[string]int64 // of a counter item
	Expires  int64            // seconds since 1970; 0 never. Expired items may still come back for a while
	Broken   bool             // the table cannot read the item itself: Body is what there is of it
	Org      string           // of one that is written: whose Body is; "" for what whoever has the table may read
	Sealed   bool             // Body is sealed
}

// Condition must hold for a write, or the whole transaction is refused.
type Condition uint8

// The conditions.
const (
	Always     Condition = iota
	IfMissing            // no item has the key
	IfRevision           // the item has Revision
)

// Write is one write of a transaction: a put, a delete, an addition to the numbers of a counter item, which need not
// exist, or a check that only holds the others to its condition.
type Write struct {
	Put    *Item
	Delete *Key
	Add    *Item // Numbers are added
	Check  *Key
	If     Condition
	Was    int64 // the revision for IfRevision
}

// Key returns the key that a write is about.
func (w Write) Key() Key {
	switch {
	case w.Put != nil:
		return w.Put.Key
	case w.Delete != nil:
		return *w.Delete
	case w.Check != nil:
		return *w.Check
	}
	return w.Add.Key
}

// Table is what both backends offer. A write is durable when Transact returns.
type Table interface {
	// Get returns the items in the order of the keys, nil where there is none. At most 100 keys.
	Get(ctx context.Context, keys ...Key) ([]*Item, error)
	// Query returns items of a partition whose sort key begins with prefix and comes after the given one, in order.
	Query(ctx context.Context, pk, prefix, after string, limit int) ([]*Item, error)
	// QueryIndex is a query on an index.
	QueryIndex(ctx context.Context, q IndexQuery) ([]*Item, error)
	// Transact makes all writes or none; a condition that does not hold is a *Refusal. At most 100 writes.
	Transact(ctx context.Context, writes ...Write) error
}

// Sum returns a counter item after an addition; old is nil for one that was not there.
func Sum(add, old *Item) *Item {
	next := &Item{Key: add.Key, Revision: 1, Numbers: map[string]int64{}}
	if old != nil {
		next.Revision = old.Revision + 1
		maps.Copy(next.Numbers, old.Numbers)
	}
	for name, n := range add.Numbers {
		next.Numbers[name] += n
	}
	return next
}

// IndexQuery is a query on an index. Sort keys of an index are unique, so one is a cursor.
type IndexQuery struct {
	Index  Index
	PK     string
	Prefix string // sort keys that begin with this
	After  string // and come after this, in the order asked for; "" from the start
	UpTo   string // and come before this; "" to the end
	Down   bool   // from the last to the first
	Limit  int
}

// TransactLimit is how many writes one transaction may have (DynamoDB's own).
const TransactLimit = 100

// Refusal tells which conditions of a transaction did not hold.
type Refusal struct{ Keys []Key }

func (r *Refusal) Error() string { return fmt.Sprintf("%d conditions did not hold", len(r.Keys)) }

// refused reports whether err is a Refusal.
func refused(err error) bool {
	var r *Refusal
	return errors.As(err, &r)
}

// refusedFor reports whether err is a Refusal because of this key.
func refusedFor(err error, k Key) bool {
	var r *Refusal
	return errors.As(err, &r) && slices.Contains(r.Keys, k)
}

// KeysOf returns the keys that writes are about, for the backends to check that no key is written twice.
func KeysOf(writes []Write) ([]Key, error) {
	if len(writes) > TransactLimit {
		return nil, fmt.Errorf("%d writes in one transaction, at most %d", len(writes), TransactLimit)
	}
	keys, seen := make([]Key, len(writes)), make(map[Key]bool, len(writes))
	for i, w := range writes {
		keys[i] = w.Key()
		if seen[keys[i]] {
			return nil, fmt.Errorf("%s %s is written twice in one transaction", keys[i].PK, keys[i].SK)
		}
		seen[keys[i]] = true
	}
	return keys, nil
}
