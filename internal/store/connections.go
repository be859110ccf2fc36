package store

import (
	"context"

	"brevdue/internal/post"
)

// connectionPK is the partition of organizations that have, or had, a connection to Digital Post of their own.
const connectionPK = "T#connections"

// ConnectionPlaces returns the ids of organizations that have, or had, a connection to Digital Post of their own.
func (s *Store) ConnectionPlaces(ctx context.Context) ([]string, error) {
	var orgs []string
	for after := ""; ; {
		items, err := s.table.Query(ctx, connectionPK, "", after, organizationsPage)
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			orgs = append(orgs, item.SK)
		}
		if len(items) < organizationsPage {
			return orgs, nil
		}
		after = orgs[len(orgs)-1]
	}
}

// connectionPlace lists an organization where it has such a connection, and nowhere else.
func connectionPlace(o *post.Organization) Write {
	k := Key{connectionPK, o.ID}
	if len(o.Connections) == 0 {
		return Write{Delete: &k}
	}
	return Write{Put: &Item{Key: k, Revision: 1, Body: []byte("{}")}}
}
