package store

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"brevdue/internal/post"
)

// profileBody is what a source system's letters look like, in the table.
type profileBody struct {
	Rule         post.Rule    `json:"rule"`
	Own          []numberBody `json:"own,omitempty"`
	Label        string       `json:"label,omitempty"`
	Begins       string       `json:"begins,omitempty"`
	RemoveCPR    bool         `json:"removeCPR,omitempty"`
	DocumentType string       `json:"type,omitempty"`
}

const profileSK = "PROFILE#"

func profileKey(org, name string) Key { return Key{"O#" + org, profileSK + name} }

// PutProfile implements post.Profiles.
func (s *Store) PutProfile(ctx context.Context, org string, p post.Profile) error {
	return s.put(ctx, profileKey(org, p.Name), profileBodyOf(p), time.Time{}, Always)
}

func profileBodyOf(p post.Profile) profileBody {
	return profileBody{p.Rule, numberBodies(p.Own), p.Label, p.Begins, p.RemoveCPR, p.DocumentType}
}

// Profiles implements post.Profiles.
func (s *Store) Profiles(ctx context.Context, org string) ([]post.Profile, error) {
	items, err := s.table.Query(ctx, "O#"+org, profileSK, "", post.ProfilesMost)
	if err != nil {
		return nil, err
	}
	return readable(ctx, s, items, profileOf), nil
}

func profileOf(item *Item) (post.Profile, error) {
	var b profileBody
	if err := decode(item, &b); err != nil || b.Rule == "" {
		return post.Profile{}, fmt.Errorf("profile %s: %w", item.SK, cmp.Or(err, errWrongItem))
	}
	return post.Profile{
		Name:         item.SK[len(profileSK):],
		Rule:         b.Rule,
		Own:          plainNumbers(b.Own),
		Label:        b.Label,
		Begins:       b.Begins,
		RemoveCPR:    b.RemoveCPR,
		DocumentType: b.DocumentType,
	}, nil
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
