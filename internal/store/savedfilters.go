package store

import (
	"context"
	"slices"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

type savedFilterBody struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

func savedFilterPrefix(user string) string { return "FILTER#" + user + "#" }

// PutFilter implements post.SavedFilters.
func (s *Store) PutFilter(ctx context.Context, org, user string, f post.SavedFilter) error {
	if wrong := f.Check(); len(wrong) > 0 {
		return wrong
	}
	known, err := s.Filters(ctx, org, user)
	if err != nil {
		return err
	}
	same := slices.ContainsFunc(known, func(k post.SavedFilter) bool { return k.Name == f.Name })
	if len(known) >= post.SavedFiltersMost && !same {
		return post.Mistakes{{Field: "name", Text: sentence.Of("filters-most", post.SavedFiltersMost)}}
	}
	return s.put(ctx, Key{"O#" + org, savedFilterPrefix(user) + f.Name}, savedFilterBody(f), time.Time{}, Always)
}

// Filters implements post.SavedFilters.
func (s *Store) Filters(ctx context.Context, org, user string) ([]post.SavedFilter, error) {
	items, err := s.table.Query(ctx, "O#"+org, savedFilterPrefix(user), "", post.SavedFiltersMost)
	if err != nil {
		return nil, err
	}
	return readable(ctx, s, items, func(item *Item) (post.SavedFilter, error) {
		var b savedFilterBody
		err := read(item, &b)
		return post.SavedFilter(b), err
	}), nil
}

// RemoveFilter implements post.SavedFilters. One that is gone already is no error.
func (s *Store) RemoveFilter(ctx context.Context, org, user, name string) error {
	k := Key{"O#" + org, savedFilterPrefix(user) + name}
	return s.table.Transact(ctx, Write{Delete: &k})
}
