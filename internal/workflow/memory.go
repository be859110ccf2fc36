package workflow

import (
	"context"
	"sync"

	"golang.org/x/sync/singleflight"

	"brevdue/internal/post"
)

// Memory remembers the last few of something that does not change any more. Who asks for the same while it is read
// waits for that. The zero Memory is empty.
type Memory[T any] struct {
	mu      sync.Mutex
	all     map[string]T
	reading singleflight.Group
}

// remembered is how many are kept: a batch is mostly of one shipment.
const remembered = 64

// Get returns what is kept under a key, or reads it. An error is not kept.
func (m *Memory[T]) Get(key string, read func() (T, error)) (T, error) {
	m.mu.Lock()
	is, known := m.all[key]
	m.mu.Unlock()
	if known {
		return is, nil
	}
	made, err, _ := m.reading.Do(key, func() (any, error) {
		made, err := read()
		if err == nil {
			m.keep(key, made)
		}
		return made, err
	})
	if err != nil {
		return is, err
	}
	return made.(T), nil
}

func (m *Memory[T]) keep(key string, is T) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.all == nil || len(m.all) >= remembered {
		m.all = map[string]T{}
	}
	m.all[key] = is
}

// ShipmentOf returns the shipment of a letter from a memory of those whose letters are being sent: what a message and
// its archiving need of it does not change any more.
func ShipmentOf(ctx context.Context, m *Memory[*post.Shipment], shipments post.Shipments, l *post.Letter) (
	*post.Shipment, error) {
	id := l.ID.Shipment()
	return m.Get(id, func() (*post.Shipment, error) { return shipments.Get(ctx, l.Org, id) })
}
