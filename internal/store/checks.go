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
	c := &post.Check{}
	found, err := s.get(ctx, checkKey(org, id), c)
	if err != nil || !found {
		return nil, orNotFound(err, "check", id)
	}
	return c, nil
}
