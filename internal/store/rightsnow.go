package store

import (
	"context"
	"errors"
	"slices"
	"strings"

	"brevdue/internal/post"
)

// MayNow implements post.RightsNow. A key of a version before, which is in no list, comes in as ever.
func (s *Store) MayNow(ctx context.Context, org, owner string, r post.Right, a post.Area) (bool, error) {
	if name, key := strings.CutPrefix(owner, post.KeyOwner("")); key {
		all, err := s.Keys(ctx, org)
		all = slices.DeleteFunc(all, func(k post.Key) bool { return k.Name != name })
		may := slices.ContainsFunc(all, func(k post.Key) bool { return k.Closed.IsZero() && k.Grants.MayAt(r, a) })
		return may || len(all) == 0, err
	}
	_, grants, err := s.userWithGroups(ctx, org, owner)
	if errors.Is(err, post.ErrNotFound) {
		return false, nil
	}
	return grants.MayAt(r, a), err
}
