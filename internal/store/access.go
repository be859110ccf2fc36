package store

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"brevdue/internal/post"
)

// groupsKey is where an organization's groups are, in one item. Every change of who may do what writes it, so that two
// of them follow on each other.
func groupsKey(org string) Key { return Key{"O#" + org, "GROUPS"} }

type groupsBody struct {
	Groups []post.AccessGroup `json:"groups"`
	Change int                `json:"change"` // so that each change is another body
}

// groupsOf reads the item of an organization's groups; without one it has those that each begins with.
func groupsOf(item *Item) (groupsBody, error) {
	if item == nil {
		return groupsBody{Groups: post.DefaultGroups()}, nil
	}
	var b groupsBody
	err := read(item, &b)
	return b, err
}

// usersPage is how many users are listed at a time: each may stand in two places, and 100 items are read at once.
const usersPage = 50

// Users implements post.Users.
func (s *Store) Users(ctx context.Context, org string) ([]post.User, error) {
	users, _, err := s.usersOf(ctx, org)
	return users, err
}

func (s *Store) usersOf(ctx context.Context, org string) (users []post.User, items []*Item, err error) {
	for after := ""; ; {
		listed, err := s.table.Query(ctx, "O#"+org, userListSK, after, usersPage)
		if err != nil {
			return nil, nil, err
		}
		var keys []Key
		for _, one := range listed {
			keys = append(keys, placesOfUser(org, strings.TrimPrefix(one.SK, userListSK))...)
		}
		var found []*Item
		if len(keys) > 0 {
			if found, err = s.table.Get(ctx, keys...); err != nil {
				return nil, nil, err
			}
		}
		for i, one := range listed {
			k, item, err := placeOfUserIn(found[2*i:2*i+2], org, strings.TrimPrefix(one.SK, userListSK))
			if err != nil {
				return nil, nil, err
			}
			if item == nil {
				continue
			}
			u, err := userOf(k, item)
			if err != nil {
				return nil, nil, err
			}
			users, items = append(users, u), append(items, item)
		}
		if len(listed) < usersPage {
			return users, items, nil
		}
		after = listed[len(listed)-1].SK
	}
}

func userOf(k Key, item *Item) (post.User, error) {
	var b userBody
	err := read(item, &b)
	u := post.User{
		Org: b.Org, Name: b.Name, Login: strings.TrimPrefix(k.PK, userPK), FullName: b.FullName, Mail: b.Mail,
		Closed: b.Closed.time(), Groups: b.Groups, Unit: b.Unit, LoggedIn: b.LoggedIn.time(),
		Elsewhere: b.Subject != "",
	}
	switch {
	case b.Mailed != "" && b.Chosen == 0 && b.Code == "": // nobody knows another one
		u.InvitedUntil = b.MailUntil.time()
	case b.First:
		u.InvitedUntil = b.Until.time()
	}
	return u, err
}

// Access implements post.Accesses.
func (s *Store) Access(ctx context.Context, org string) (*post.Access, error) {
	items, err := s.table.Get(ctx, groupsKey(org))
	if err != nil {
		return nil, err
	}
	groups, err := groupsOf(items[0])
	if err != nil {
		return nil, err
	}
	users, err := s.Users(ctx, org)
	return &post.Access{Users: users, Groups: groups.Groups}, err
}

// ChangeAccess implements post.Accesses.
func (s *Store) ChangeAccess(ctx context.Context, org string, change func(*post.Access) error) error {
	return again(func() error {
		fence, err := s.table.Get(ctx, groupsKey(org))
		if err != nil {
			return err
		}
		groups, err := groupsOf(fence[0])
		if err != nil {
			return err
		}
		users, items, err := s.usersOf(ctx, org)
		if err != nil {
			return err
		}
		is := &post.Access{Users: slices.Clone(users), Groups: slices.Clone(groups.Groups)}
		had := is.Administrators()
		if err := change(is); err != nil {
			return unlessUnchanged(err)
		}
		if had > 0 && is.Administrators() == 0 {
			return post.ErrLastAdministrator
		}
		groups.Groups, groups.Change = is.Groups, groups.Change+1
		next, err := small(groupsKey(org), groups, time.Time{})
		if err != nil {
			return err
		}
		writes := []Write{inPlaceOf(fence[0], next)}
		for i, item := range items {
			w, err := userWrite(item, is.Users[i])
			if err != nil {
				return err
			}
			writes = append(writes, w...)
		}
		return s.table.Transact(ctx, writes...)
	})
}

// userWrite writes what has changed of a user; nothing where nothing has.
func userWrite(item *Item, u post.User) ([]Write, error) {
	var b userBody
	if err := read(item, &b); err != nil {
		return nil, err
	}
	before, err := small(item.Key, b, time.Time{})
	if err != nil {
		return nil, err
	}
	b.FullName, b.Mail, b.Closed, b.Groups, b.Unit = u.FullName, u.Mail, stampOf(u.Closed), u.Groups, u.Unit
	next, err := small(item.Key, b, time.Time{})
	if err != nil || bytes.Equal(before.Body, next.Body) {
		return nil, err
	}
	return []Write{inPlaceOf(item, next)}, nil
}

// userWithGroups reads a user with what they may do. One that is closed, or not there, may do nothing.
func (s *Store) userWithGroups(ctx context.Context, org, name string) (userBody, post.Grants, error) {
	items, err := s.table.Get(ctx, append(placesOfUser(org, name), groupsKey(org))...)
	if err != nil {
		return userBody{}, nil, err
	}
	_, item, err := placeOfUserIn(items, org, name)
	if err != nil || item == nil {
		return userBody{}, nil, orNotFound(err, "user", name)
	}
	var b userBody
	if err := read(item, &b); err != nil {
		return b, nil, err
	}
	groups, err := groupsOf(items[2])
	if err != nil || b.Closed != 0 {
		return b, nil, err
	}
	return b, post.GrantsOfGroups(groups.Groups, b.Groups), nil
}

// changeUser changes the item of a user.
func (s *Store) changeUser(ctx context.Context, org, name string, change func(*userBody) error) error {
	return again(func() error {
		k, item, err := s.placeOfUser(ctx, org, name)
		if err != nil || item == nil {
			return orNotFound(err, "user", name)
		}
		var b userBody
		if err := read(item, &b); err != nil {
			return err
		}
		if err := change(&b); err != nil {
			return unlessUnchanged(err)
		}
		next, err := small(k, b, time.Time{})
		if err != nil {
			return err
		}
		return s.table.Transact(ctx, inPlaceOf(item, next))
	})
}

// errCode is that a code is not the one that was read: another one was set meanwhile.
var errCode = fmt.Errorf("code: %w", post.ErrOvertaken)
