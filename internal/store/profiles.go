package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"brevdue/internal/post"
)

// profileBody is what a source system's letters look like, in the table.
type profileBody struct {
	Rule      post.Rule    `json:"rule"`
	Own       []numberBody `json:"own,omitempty"`
	Label     string       `json:"label,omitempty"`
	Begins    string       `json:"begins,omitempty"`
	RemoveCPR bool         `json:"removeCPR,omitempty"`
}

const profileSK = "PROFILE#"

func profileKey(org, name string) Key { return Key{"O#" + org, profileSK + name} }

// PutProfile implements post.Profiles.
func (s *Store) PutProfile(ctx context.Context, org string, p post.Profile) error {
	return s.put(ctx, profileKey(org, p.Name), profileBody{p.Rule, numberBodies(p.Own), p.Label, p.Begins, p.RemoveCPR}, time.Time{}, Always)
}

// Profiles implements post.Profiles.
func (s *Store) Profiles(ctx context.Context, org string) ([]post.Profile, error) {
	items, err := s.table.Query(ctx, "O#"+org, profileSK, "", post.ProfilesMost)
	if err != nil {
		return nil, err
	}
	var profiles []post.Profile
	for _, item := range items {
		var b profileBody
		if err := json.Unmarshal(item.Body, &b); err != nil {
			return nil, fmt.Errorf("profile %s: %w", item.SK, err)
		}
		profiles = append(profiles, post.Profile{Name: item.SK[len(profileSK):], Rule: b.Rule, Own: plainNumbers(b.Own), Label: b.Label, Begins: b.Begins, RemoveCPR: b.RemoveCPR})
	}
	return profiles, nil
}

// RemoveProfile implements post.Profiles.
func (s *Store) RemoveProfile(ctx context.Context, org, name string) error {
	var b profileBody
	if found, err := s.get(ctx, profileKey(org, name), &b); err != nil || !found {
		return orNotFound(err, "profile", name)
	}
	k := profileKey(org, name)
	return s.table.Transact(ctx, Write{Delete: &k})
}
