package store

import (
	"context"

	"brevdue/internal/post"
)

func checkKey(org, id string) Key { return Key{"H#" + org, "CHECK#" + id} }

// PutCheck implements post.Checks.
func (s *Store) PutCheck(ctx context.Context, c *post.Check) error {
	return s.put(ctx, checkKey(c.Org, c.ID), c, c.Made.Add(post.CheckFor), Always)
}

// Check implements post.Checks.
func (s *Store) Check(ctx context.Context, org, id string) (*post.Check, error) {
	items, err := s.table.Get(ctx, checkKey(org, id))
	if err != nil || items[0] == nil {
		return nil, orNotFound(err, "check", id)
	}
	c := &post.Check{}
	return c, decode(items[0], c)
}
