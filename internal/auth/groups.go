package auth

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// Errors of what is asked for about groups.
const (
	errGroupName    sentence.Sentence = `§["group-name-taken"]`
	errGroupMembers sentence.Sentence = `§["group-has-members"]`
	errRight        sentence.Sentence = `§["right-unknown"]`
	errGroupsMost   sentence.Sentence = `§["groups-most"]`
)

// Bounds of groups: all of an organization's are one item.
const (
	groupNameLimit = 80
	groupsMost     = 200
	grantsMost     = 200 // of one group
)

// PutGroup implements post.GroupAdministration.
func (a *Administration) PutGroup(ctx context.Context, who post.Caller, g post.AccessGroup) (post.AccessGroup, error) {
	if err := a.people(ctx, who); err != nil {
		return g, err
	}
	name := strings.TrimSpace(a.Say(g.Name))
	if err := post.CheckFullText(`§["place-group-name"]`, name, groupNameLimit); err != nil {
		return g, err
	}
	if len(g.Grants) > grantsMost {
		return g, errGroupsMost
	}
	for _, one := range g.Grants {
		if post.RightName(one.Right) == "" {
			return g, errRight
		}
	}
	if g.ID == "" {
		g.Name = sentence.Of("typed", name)
		err := a.change(ctx, who, sentence.Of("audit-group-made", name), func(all *post.Access) error {
			if len(all.Groups) >= groupsMost {
				return errGroupsMost
			}
			if g.ID = idOf(name); g.ID == "" || known(all, g.ID) {
				g.ID = strings.ToLower(rand.Text()[:12])
			}
			all.Groups = append(all.Groups, g)
			return a.uniqueNames(all)
		})
		return g, err
	}
	err := a.change(ctx, who, sentence.Of("audit-group-changed", name), func(all *post.Access) error {
		is, err := all.Group(g.ID)
		if err != nil {
			return errGroup
		}
		if a.Say(is.Name) != name {
			is.Name = sentence.Of("typed", name)
		}
		is.Grants = g.Grants
		g = *is
		return a.uniqueNames(all)
	})
	return g, err
}

func known(all *post.Access, id string) bool {
	_, err := all.Group(id)
	return err == nil
}

// idOf makes an id of a name, as a person types it on a command line; "" where there is nothing to make it of.
func idOf(name string) string {
	id := strings.NewReplacer("\u00e6", "ae", "\u00f8", "oe", "\u00e5", "aa", " ", "-").Replace(strings.ToLower(name))
	id = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return -1
	}, id)
	return strings.Trim(id, "-")
}

func (a *Administration) uniqueNames(all *post.Access) error {
	seen := map[string]bool{}
	for _, g := range all.Groups {
		name := strings.ToLower(a.Say(g.Name))
		if seen[name] {
			return errGroupName
		}
		seen[name] = true
	}
	return nil
}

// RemoveGroup implements post.GroupAdministration.
func (a *Administration) RemoveGroup(ctx context.Context, who post.Caller, id string) error {
	if err := a.people(ctx, who); err != nil {
		return err
	}
	return a.change(ctx, who, sentence.Of("audit-group-removed", id), func(all *post.Access) error {
		if _, err := all.Group(id); err != nil {
			return errGroup
		}
		if slices.ContainsFunc(all.Users, func(u post.User) bool { return slices.Contains(u.Groups, id) }) {
			return errGroupMembers
		}
		all.Groups = slices.DeleteFunc(all.Groups, func(g post.AccessGroup) bool { return g.ID == id })
		return nil
	})
}
