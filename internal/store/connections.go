package store

import (
	"context"

	"brevdue/internal/post"
)

// connectionPK is the partition of organizations that have, or had, a connection to Digital Post of their own.
const connectionPK = "T#connections"

// ConnectionPlaces returns the ids of organizations that have, or had, a connection to Digital Post of their own.
func (s *Store) ConnectionPlaces(ctx context.Context) ([]string, error) {
	items, err := s.table.Query(ctx, connectionPK, "", "", organizationsPage)
	orgs := make([]string, len(items))
	for i, item := range items {
		orgs[i] = item.SK
	}
	return orgs, err
}

// connectionPlace lists an organization where it has such a connection, and nowhere else.
func connectionPlace(o *post.Organization) Write {
	k := Key{connectionPK, o.ID}
	if len(o.Connections) == 0 {
		return Write{Delete: &k}
	}
	return Write{Put: &Item{Key: k, Revision: 1, Body: []byte("{}")}}
}
