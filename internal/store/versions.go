package store

import (
	"context"
	"strings"

	"brevdue/internal/post"
)

// RemoveLetters implements post.Versions.
func (s *Store) RemoveLetters(ctx context.Context, letters []*post.Letter) error {
	return eachBatch(letters, func(some []*post.Letter) error {
		var writes []Write
		for _, l := range some {
			k, err := letterKey(l.ID)
			if err != nil {
				return err
			}
			if len(l.Messages) == 0 && (l.State == post.Created || l.State == post.Cancelled) {
				writes = append(writes, Write{Delete: &k, If: IfRevision, Was: l.Revision})
			}
		}
		s.memory.forget(post.IDs(some))
		return s.transactAny(ctx, writes)
	})
}

// RemoveCounts implements post.Versions.
func (s *Store) RemoveCounts(ctx context.Context, sh *post.Shipment, version int) error {
	items, err := s.counters(ctx, sh.ID, version)
	if err != nil {
		return err
	}
	return s.removeAll(ctx, items)
}

// RemoveOutlines implements post.Versions.
func (s *Store) RemoveOutlines(ctx context.Context, sh *post.Shipment) error {
	pk := outlineKey(sh.ID, "", 0).PK
	const page = 10 // each has up to outlineChunk bytes
	for after := ""; ; {
		items, err := s.table.Query(ctx, pk, "", after, page)
		if err != nil || len(items) == 0 {
			return err
		}
		after = items[len(items)-1].SK
		var old []*Item
		for _, item := range items {
			if !strings.HasPrefix(item.SK, sh.Outline+"#") {
				old = append(old, item)
			}
		}
		if err := s.removeAll(ctx, old); err != nil {
			return err
		}
	}
}

func (s *Store) removeAll(ctx context.Context, items []*Item) error {
	return eachBatch(items, func(some []*Item) error {
		writes := make([]Write, len(some))
		for i, item := range some {
			writes[i] = Write{Delete: &item.Key}
		}
		return s.transactAny(ctx, writes)
	})
}

// transactAny makes writes, or none.
func (s *Store) transactAny(ctx context.Context, writes []Write) error {
	if len(writes) == 0 {
		return nil
	}
	return s.table.Transact(ctx, writes...)
}
