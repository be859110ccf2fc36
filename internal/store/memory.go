package store

import (
	"sync"

	"brevdue/internal/post"
)

// memory keeps the letters that were written last, so that the next change need not read them. It is only for a process
// that is alone with its table: what it remembers is then what is there. It keeps two generations and forgets the older
// one as a whole.
type memory struct {
	mu       sync.Mutex
	limit    int
	new, old map[post.LetterID]*post.Letter
}

// Alone makes the store remember up to limit letters. Only a process that is alone with its table may ask for it.
func (s *Store) Alone(limit int) *Store {
	s.memory = &memory{limit: limit / 2, new: map[post.LetterID]*post.Letter{}}
	return s
}

// recall returns a copy of a letter, or nil.
func (m *memory) recall(id post.LetterID) *post.Letter {
	if m == nil {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	l := m.new[id]
	if l == nil {
		l = m.old[id]
	}
	if l == nil {
		return nil
	}
	return l.Clone()
}

// remember keeps a copy of a letter as it was written.
func (m *memory) remember(l *post.Letter) {
	if m == nil {
		return
	}
	l = l.Clone()
	m.mu.Lock()
	defer m.mu.Unlock()
	if known := m.new[l.ID]; known != nil && known.Revision > l.Revision {
		return
	}
	if len(m.new) >= m.limit {
		m.old, m.new = m.new, map[post.LetterID]*post.Letter{}
	}
	m.new[l.ID] = l
	delete(m.old, l.ID)
}

// forget drops letters whose change was refused: somebody else was faster.
func (m *memory) forget(ids []post.LetterID) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, id := range ids {
		delete(m.new, id)
		delete(m.old, id)
	}
}
