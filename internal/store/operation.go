package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"brevdue/internal/post"
)

// organizationsPage is how many organizations are listed at a time.
const organizationsPage = 100

// AllOrganizations implements post.OrganizationChanges.
func (s *Store) AllOrganizations(ctx context.Context) ([]*post.Organization, error) {
	var all []*post.Organization
	for after := ""; ; {
		items, err := s.table.Query(ctx, installationPK, "", after, organizationsPage)
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			o, err := s.Organization(ctx, item.SK)
			if err != nil {
				return nil, err
			}
			all = append(all, o)
		}
		if len(items) < organizationsPage {
			return all, nil
		}
		after = items[len(items)-1].SK
	}
}

// ListOrganization lists an organization that a version before has made, which listed none.
func (s *Store) ListOrganization(ctx context.Context, org string) error {
	known, err := s.table.Get(ctx, Key{installationPK, org})
	if err != nil || known[0] != nil {
		return err
	}
	list, err := s.listed(org)
	if err != nil {
		return err
	}
	return unlessRefused(s.table.Transact(ctx, list))
}

// FirstOrganization returns the organization that was made first; "" where there is none.
func (s *Store) FirstOrganization(ctx context.Context) (first string, err error) {
	items, err := s.table.Query(ctx, installationPK, "", "", organizationsPage)
	var oldest stamp
	for _, item := range items {
		var b listedBody
		if err := read(item, &b); err != nil {
			return "", err
		}
		if first == "" || b.Made < oldest {
			first, oldest = item.SK, b.Made
		}
	}
	return first, err
}

// ChangeOrganization implements post.OrganizationChanges: the organization and the numbers that it gets or gives up are
// one transaction.
func (s *Store) ChangeOrganization(
	ctx context.Context,
	org string,
	change func(*post.Organization) error,
) (*post.Organization, error) {
	var o *post.Organization
	err := again(func() error {
		items, err := s.table.Get(ctx, Key{"O#" + org, headerSK})
		if err != nil {
			return err
		}
		if items[0] == nil {
			return fmt.Errorf("organization %s: %w", org, post.ErrNotFound)
		}
		if o, err = organizationOf(org, items[0]); err != nil {
			return err
		}
		before := slices.Clone(o.Senders)
		if err := change(o); err != nil {
			return err
		}
		writes, err := s.numbers(ctx, before, o)
		if err != nil {
			return err
		}
		item, err := organizationItem(o)
		if err != nil {
			return err
		}
		place, err := signOnPlace(o)
		if err != nil {
			return err
		}
		writes = append(writes, place, connectionPlace(o), inPlaceOf(items[0], item))
		return s.table.Transact(ctx, writes...)
	})
	if err == nil {
		err = s.ListOrganization(ctx, org)
	}
	return o, err
}

// numbers claims what an organization has got beside the senders before, and gives up what it has no more.
func (s *Store) numbers(ctx context.Context, before []post.Sender, o *post.Organization) ([]Write, error) {
	has := func(senders []post.Sender, one post.Sender) bool {
		return slices.ContainsFunc(senders, func(s post.Sender) bool { return s.Number == one.Number })
	}
	got := &post.Organization{ID: o.ID}
	for _, sender := range o.Senders {
		if !has(before, sender) {
			got.Senders = append(got.Senders, sender)
		}
	}
	writes, err := s.claims(ctx, got)
	for _, sender := range before {
		if !has(o.Senders, sender) {
			k := numberKey(sender.Number)
			writes = append(writes, Write{Delete: &k})
		}
	}
	return writes, err
}

// organizationOf reads an organization's item.
func organizationOf(id string, item *Item) (*post.Organization, error) {
	var b organizationBody
	if err := read(item, &b); err != nil {
		return nil, err
	}
	o := &post.Organization{
		ID:            id,
		Name:          b.Name,
		MeMo:          b.MeMo,
		Undo:          time.Duration(b.Undo) * time.Second,
		Demands:       b.Demands,
		Rules:         b.Rules.rules(),
		SSO:           b.SSO,
		Connections:   b.Ways,
		Units:         b.Units,
		Types:         b.Types,
		Archives:      b.Archives,
		FourEyes:      b.FourEyes,
		Daily:         b.Daily,
		KeyDaily:      b.KeyDaily,
		HideNames:     b.NoNames,
		FourEyesAsked: b.Asked,
	}
	for _, sender := range b.Senders {
		o.Senders = append(o.Senders, post.Sender{Number: sender.Number.Number, Name: sender.Name})
	}
	return o, nil
}
