package store

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"brevdue/internal/post"
)

type userBody struct {
	post.Caller
	Code     string `json:"code"` // argon2id
	CodeAt   stamp  `json:"codeAt,omitempty"`
	FullName string `json:"fullName,omitempty"`
	Mail     string `json:"mail,omitempty"`
	Closed   stamp  `json:"closed,omitempty"`
}

// A user stands under the name alone where no other organization of the installation has it, else with the
// organization. So who logs in types the name, and only the second one with it says where.
const (
	userPK     = "U#"
	userListSK = "USER#" // in the organization's partition
)

func userKey(login string) Key { return Key{userPK + login, headerSK} }

func userListed(org, name string) Write {
	return Write{Put: &Item{Key: Key{"O#" + org, userListSK + name}, Revision: 1, Body: []byte("{}")}}
}

// placeOfUser returns where an organization's user stands, or may be put; item is nil where there is none. A place that
// is another organization's user is post.ErrUserTaken.
func (s *Store) placeOfUser(ctx context.Context, org, name string) (k Key, item *Item, err error) {
	alone, within := userKey(name), userKey(name+"@"+org)
	items, err := s.table.Get(ctx, alone, within)
	if err != nil {
		return k, nil, err
	}
	var owners [2]post.Caller
	for i := range items {
		if err := read(items[i], &owners[i]); err != nil {
			return k, nil, err
		}
	}
	isUser := func(i int) bool { return items[i] != nil && only(org).owns(owners[i].Org) && owners[i].Name == name }
	switch {
	case isUser(1):
		return within, items[1], nil
	case isUser(0):
		return alone, items[0], nil
	case items[0] == nil:
		return alone, nil, nil
	case items[1] == nil:
		return within, nil, nil
	}
	return k, nil, fmt.Errorf("user %s: %w", name, post.ErrUserTaken)
}

// userItem returns a user's item as it is and as it becomes with an account's code.
func (s *Store) userItem(ctx context.Context, a post.Account) (known, next *Item, err error) {
	k, known, err := s.placeOfUser(ctx, a.Org, a.Name)
	if err != nil {
		return nil, nil, err
	}
	b := userBody{Caller: a.Caller}
	if err := read(known, &b); err != nil {
		return nil, nil, err
	}
	if b.Code != a.Hash {
		b.Code, b.CodeAt = a.Hash, 0
		if known != nil { // sessions of the code before end
			b.CodeAt = stampOf(s.now())
		}
	}
	next, err = small(k, b, time.Time{})
	return known, next, err
}

// LoginName returns what a user types at the log-in.
func (s *Store) LoginName(ctx context.Context, org, name string) (string, error) {
	k, _, err := s.placeOfUser(ctx, org, name)
	return strings.TrimPrefix(k.PK, userPK), err
}

// PutUser stores a user with the hash of the code.
func (s *Store) PutUser(ctx context.Context, c post.Caller, codeHash string) error {
	return again(func() error {
		known, next, err := s.userItem(ctx, post.Account{Caller: c, Hash: codeHash})
		if err != nil {
			return err
		}
		return s.table.Transact(ctx, userListed(c.Org, c.Name), inPlaceOf(known, next))
	})
}

// AddUser makes a user with the hash of the first code, in one write: of two who make the same one, one is ErrExists.
func (s *Store) AddUser(ctx context.Context, u post.User, codeHash string) error {
	b := userBody{Caller: post.Caller{Org: u.Org, Name: u.Name}, Code: codeHash, FullName: u.FullName, Mail: u.Mail}
	return again(func() error {
		k, known, err := s.placeOfUser(ctx, u.Org, u.Name)
		if err != nil {
			return err
		}
		next, err := small(k, b, time.Time{})
		switch {
		case err != nil:
			return err
		case known != nil && bytes.Equal(known.Body, next.Body): // the answer to the first try was lost on its way
			return nil
		case known != nil:
			return fmt.Errorf("user %s: %w", u.Name, post.ErrExists)
		}
		return s.table.Transact(ctx, userListed(u.Org, u.Name), inPlaceOf(nil, next))
	})
}

// UserOf implements post.Users.
func (s *Store) UserOf(ctx context.Context, org, name string) (post.User, error) {
	k, item, err := s.placeOfUser(ctx, org, name)
	if err != nil || item == nil {
		return post.User{}, orNotFound(err, "user", name)
	}
	return userOf(k, item)
}

// User returns whose name somebody has typed, with the hash of the code. A closed user is not there.
func (s *Store) User(ctx context.Context, login string) (post.Caller, string, error) {
	keys := []Key{userKey(login)}
	name, org, ok := cutLast(login, "@")
	if ok {
		keys = append(keys, userKey(name))
	}
	items, err := s.table.Get(ctx, keys...)
	if err != nil {
		return post.Caller{}, "", err
	}
	for i, item := range items {
		var b userBody
		if err := read(item, &b); err != nil {
			return post.Caller{}, "", err
		}
		if item != nil && b.Closed == 0 && (i == 0 || only(org).owns(b.Org)) {
			return b.Caller, b.Code, nil
		}
	}
	return post.Caller{}, "", orNotFound(nil, "user", login)
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// ListUser lists a user that a version before has made, which listed none.
func (s *Store) ListUser(ctx context.Context, org, name string) error {
	_, item, err := s.placeOfUser(ctx, org, name)
	if err != nil || item == nil {
		return err
	}
	return s.table.Transact(ctx, userListed(org, name))
}

// usersPage is how many users are listed at a time.
const usersPage = 100

// Users implements post.Users.
func (s *Store) Users(ctx context.Context, org string) ([]post.User, error) {
	var all []post.User
	for after := ""; ; {
		items, err := s.table.Query(ctx, "O#"+org, userListSK, after, usersPage)
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			k, user, err := s.placeOfUser(ctx, org, strings.TrimPrefix(item.SK, userListSK))
			if err != nil {
				return nil, err
			}
			if user == nil {
				continue
			}
			u, err := userOf(k, user)
			if err != nil {
				return nil, err
			}
			all = append(all, u)
		}
		if len(items) < usersPage {
			return all, nil
		}
		after = items[len(items)-1].SK
	}
}

func userOf(k Key, item *Item) (post.User, error) {
	var b userBody
	err := read(item, &b)
	return post.User{
		Org: b.Org, Name: b.Name, Login: strings.TrimPrefix(k.PK, userPK), FullName: b.FullName, Mail: b.Mail,
		Closed: b.Closed.time(),
	}, err
}

// ChangeUser implements post.Users.
func (s *Store) ChangeUser(
	ctx context.Context,
	org, name string,
	change func(*post.User) error,
) (u post.User, err error) {
	err = again(func() error {
		k, item, err := s.placeOfUser(ctx, org, name)
		if err != nil || item == nil {
			return orNotFound(err, "user", name)
		}
		if u, err = userOf(k, item); err != nil {
			return err
		}
		if err := change(&u); err != nil {
			return err
		}
		var b userBody
		if err := read(item, &b); err != nil {
			return err
		}
		b.FullName, b.Mail, b.Closed = u.FullName, u.Mail, stampOf(u.Closed)
		next, err := small(k, b, time.Time{})
		if err != nil {
			return err
		}
		return s.table.Transact(ctx, inPlaceOf(item, next))
	})
	return u, err
}
