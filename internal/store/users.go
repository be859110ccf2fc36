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
	Code     string   `json:"code"`             // argon2id
	CodeAt   stamp    `json:"codeAt,omitempty"` // sessions from before it have ended
	FullName string   `json:"fullName,omitempty"`
	Mail     string   `json:"mail,omitempty"`
	Closed   stamp    `json:"closed,omitempty"`
	Groups   []string `json:"groups"` // null for one of a version before there were groups
	Unit     string   `json:"unit,omitempty"`
	Subject  string   `json:"subject,omitempty"` // of the organization's own log-in
	LoggedIn stamp    `json:"loggedIn,omitempty"`
	codesBody
	factorsBody
}

// codesBody is what is known of a user's codes.
type codesBody struct {
	First     bool   `json:"first,omitempty"`     // the code was given by somebody else: it is replaced at the log-in
	Until     stamp  `json:"codeUntil,omitempty"` // of such a code
	Chosen    stamp  `json:"chosen,omitempty"`    // when the user chose it
	Mailed    string `json:"mailed,omitempty"`    // argon2id of a code that was mailed, beside the one that is known
	MailUntil stamp  `json:"mailUntil,omitempty"`
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
	items, err := s.table.Get(ctx, placesOfUser(org, name)...)
	if err != nil {
		return k, nil, err
	}
	return placeOfUserIn(items, org, name)
}

func placesOfUser(org, name string) []Key { return []Key{userKey(name), userKey(name + "@" + org)} }

// placeOfUserIn is placeOfUser of the two items where a user may stand.
func placeOfUserIn(items []*Item, org, name string) (k Key, item *Item, err error) {
	alone, within := userKey(name), userKey(name+"@"+org)
	var owners [2]post.Caller
	for i := range owners {
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
	b := userBody{Caller: a.Caller, Groups: post.FirstGroups()}
	if known != nil {
		b.Groups = nil
	}
	if err := read(known, &b); err != nil {
		return nil, nil, err
	}
	if b.Code != a.Hash {
		b.Code, b.CodeAt, b.codesBody = a.Hash, 0, codesBody{}
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

// AddUser implements post.Users: of two who make the same one, one is post.ErrExists.
func (s *Store) AddUser(ctx context.Context, u post.User, code post.GivenCode) error {
	if u.Groups == nil {
		u.Groups = []string{} // nobody is one of a version before by chance
	}
	b := userBody{
		Caller: post.Caller{Org: u.Org, Name: u.Name}, Code: code.Hash, FullName: u.FullName, Mail: u.Mail,
		Groups: u.Groups, Unit: u.Unit, codesBody: codesBody{First: true, Until: stampOf(code.Until)},
	}
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
