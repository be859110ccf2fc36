package store

import (
	"context"
	"sync"

	"brevdue/internal/post"
)

// firsts are the first pages of the letters of outlines, by the outline's fingerprint: whoever leafs through the
// letters of a large shipment does not wait until all of its outline was read for each page.
type firsts struct {
	mu  sync.Mutex
	all map[string][]int
}

// firstsKept is how many outlines are remembered.
const firstsKept = 16

// firstsOf returns the first page of each letter of a shipment, in their order.
func (s *Store) firstsOf(ctx context.Context, sh *post.Shipment) ([]int, error) {
	s.firsts.mu.Lock()
	known := s.firsts.all[sh.Outline]
	s.firsts.mu.Unlock()
	if known != nil && sh.Outline != "" {
		return known, nil
	}
	o, err := s.Outline(ctx, sh)
	if err != nil || o == nil {
		return nil, err
	}
	pages := make([]int, len(o.Letters))
	for i, l := range o.Letters {
		pages[i] = l.First
	}
	if s.memory == nil {
		return pages, nil
	}
	s.firsts.mu.Lock()
	defer s.firsts.mu.Unlock()
	if s.firsts.all == nil || len(s.firsts.all) >= firstsKept {
		s.firsts.all = map[string][]int{}
	}
	s.firsts.all[sh.Outline] = pages
	return pages, nil
}
