package posttest

import (
	"context"
	"io"
	"time"

	"brevdue/internal/post"
)

// MemoryMass is a Digital Post that takes containers and answers as it is told.
type MemoryMass struct {
	Answer func(n int) (post.Answer, error) // to the n-th container, from 1
	Posts  []post.OutgoingContainer
	Taken  map[string]int  // how often, by UUID
	Hidden map[string]bool // what is taken in and not found
	Asked  int
}

// SendContainer implements post.MassChannel. What is accepted, or whose answer is lost, is taken in.
func (m *MemoryMass) SendContainer(_ context.Context, c post.OutgoingContainer) (post.Answer, error) {
	m.Posts = append(m.Posts, c)
	answer, err := m.Answer(len(m.Posts))
	for _, one := range c.Messages {
		if _, err := io.Copy(io.Discard, one.Body()); err != nil {
			return post.Answer{}, err
		}
		if m.Taken == nil {
			m.Taken = map[string]int{}
		}
		if answer.Accepted {
			m.Taken[one.UUID]++
		}
	}
	if err != nil {
		answer = post.Answer{}
	}
	return answer, err
}

// Seen implements post.MassChannel.
func (m *MemoryMass) Seen(_ context.Context, _ string, uuids []string, _ time.Time) (map[string]bool, error) {
	m.Asked++
	seen := map[string]bool{}
	for _, uuid := range uuids {
		if m.Taken[uuid] > 0 && !m.Hidden[uuid] {
			seen[uuid] = true
		}
	}
	return seen, nil
}
