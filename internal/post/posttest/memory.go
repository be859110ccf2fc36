package posttest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"brevdue/internal/post"
)

// MemoryObjects are files in memory.
type MemoryObjects struct {
	mu    sync.Mutex
	files map[string][]stored
}

type stored struct {
	object  post.Object
	content []byte
}

// Put implements post.Objects.
func (m *MemoryObjects) Put(_ context.Context, files ...post.File) ([]post.Object, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	objects := make([]post.Object, len(files))
	for i, f := range files {
		sum := sha256.Sum256(f.Content)
		objects[i] = post.Object{
			Key:     f.Key,
			Version: hex.EncodeToString(sum[:4]),
			SHA256:  hex.EncodeToString(sum[:]),
			Size:    int64(len(f.Content)),
		}
		if err := m.keep(stored{objects[i], append([]byte{}, f.Content...)}); err != nil {
			return nil, err
		}
	}
	return objects, nil
}

func (m *MemoryObjects) keep(s stored) error {
	if m.files == nil {
		m.files = map[string][]stored{}
	}
	for _, known := range m.files[s.object.Key] {
		if known.object == s.object {
			return nil
		}
	}
	m.files[s.object.Key] = append(m.files[s.object.Key], s)
	return nil
}

func (m *MemoryObjects) find(o post.Object) ([]byte, error) {
	for _, s := range m.files[o.Key] {
		if s.object.Version == o.Version {
			return s.content, nil
		}
	}
	return nil, fmt.Errorf("object %s: %w", o.Key, post.ErrNotFound)
}

// Open implements post.Objects.
func (m *MemoryObjects) Open(_ context.Context, o post.Object) ([]byte, func(), error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	content, err := m.find(o)
	return content, func() {}, err
}

// Copy implements post.Objects.
func (m *MemoryObjects) Copy(_ context.Context, from post.Object, key string, _ time.Time) (post.Object, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	content, err := m.find(from)
	if err != nil {
		return post.Object{}, err
	}
	from.Key = key
	return from, m.keep(stored{from, content})
}

// First implements post.Objects.
func (m *MemoryObjects) First(_ context.Context, key string) (post.Object, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.files[key]) == 0 {
		return post.Object{}, fmt.Errorf("object %s: %w", key, post.ErrNotFound)
	}
	return m.files[key][0].object, nil
}

// All returns every file, sorted by key.
func (m *MemoryObjects) All() []post.File {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []post.File
	for _, key := range slices.Sorted(maps.Keys(m.files)) {
		for _, s := range m.files[key] {
			all = append(all, post.File{Key: key, Content: s.content})
		}
	}
	return all
}

// Release implements post.Objects.
func (m *MemoryObjects) Release(_ context.Context, keys ...string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, key := range keys {
		delete(m.files, key)
	}
	return nil
}

// Has implements post.Objects.
func (m *MemoryObjects) Has(_ context.Context, key string) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.files[key]) > 0, nil
}

// MemoryQueues keep jobs in memory.
type MemoryQueues struct {
	mu   sync.Mutex
	jobs map[post.Queue][]post.Job
}

// Send implements post.Queues.
func (m *MemoryQueues) Send(_ context.Context, q post.Queue, jobs ...post.Job) error {
	if !slices.Contains(post.WorkQueues, post.Queue(strings.TrimSuffix(string(q), "-dead"))) {
		return fmt.Errorf("queue %s: %w", q, post.ErrNotFound)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.jobs == nil {
		m.jobs = map[post.Queue][]post.Job{}
	}
	m.jobs[q] = append(m.jobs[q], jobs...)
	return nil
}

// Return implements post.Queues.
func (m *MemoryQueues) Return(ctx context.Context, d post.DeadMessage) error {
	var e post.Job
	if err := json.Unmarshal([]byte(d.Body), &e); err != nil {
		return err
	}
	return m.Send(ctx, d.Queue, e)
}

// Take empties a queue.
func (m *MemoryQueues) Take(q post.Queue) []post.Job {
	m.mu.Lock()
	defer m.mu.Unlock()
	jobs := m.jobs[q]
	delete(m.jobs, q)
	return jobs
}

// MemoryChannel is a Digital Post that answers as it is told.
type MemoryChannel struct {
	mu      sync.Mutex
	Answer  func(uuid string, post int) (post.Answer, error) // to the n-th post of a message, from 1
	Posted  map[string]int
	Taken   map[string]bool
	Waiting []post.Receipt
	Removed []string
	Since   time.Time // from when events were asked for last
}

// Send implements post.Channel. A message that is accepted, or whose answer is lost, is known afterwards.
func (m *MemoryChannel) Send(_ context.Context, o post.Outgoing) (post.Answer, error) {
	if _, err := io.Copy(io.Discard, o.Body()); err != nil {
		return post.Answer{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.Posted == nil {
		m.Posted, m.Taken = map[string]int{}, map[string]bool{}
	}
	m.Posted[o.UUID]++
	answer, err := m.Answer(o.UUID, m.Posted[o.UUID])
	if answer.Accepted {
		m.Taken[o.UUID] = true
	}
	if err != nil {
		answer = post.Answer{}
	}
	return answer, err
}

// Find implements post.Channel.
func (m *MemoryChannel) Find(_ context.Context, _, uuid string, since time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.Since = since
	return m.Taken[uuid], nil
}

// Receipts implements post.Channel.
func (m *MemoryChannel) Receipts(_ context.Context, limit int) ([]post.Receipt, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.Waiting[:min(limit, len(m.Waiting))], nil
}

// RemoveReceipts implements post.Channel.
func (m *MemoryChannel) RemoveReceipts(_ context.Context, ids []string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.Removed = append(m.Removed, ids...)
	m.Waiting = nil
	return nil
}
