package store

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"brevdue/internal/post"
)

// comeIn lets somebody into an organization, and reports whether all of them can come in already.
func (s *Store) comeIn(ctx context.Context, org string, accounts []post.Account) (w []Write, same bool, err error) {
	same = true
	for _, a := range accounts {
		var known, next *Item
		if a.Kind == post.ByUser {
			known, next, err = s.userItem(ctx, a)
			w = append(w, userListed(org, a.Name))
		} else {
			known, next, err = s.keyItem(ctx, a.Hash, keyBody{Caller: a.Caller})
			w = append(w, keyListed(org, a.Hash))
		}
		if err != nil {
			return nil, false, err
		}
		same = same && known != nil && bytes.Equal(known.Body, next.Body)
		w = append(w, inPlaceOf(known, next))
	}
	return w, same, nil
}

// keyBody is an API key. One of a version before is a caller alone: it belongs to nobody, and may do whatever keys may.
type keyBody struct {
	post.Caller
	Maker  string      `json:"maker,omitempty"`
	Grants post.Grants `json:"grants"`
	From   []string    `json:"from,omitempty"`
	Made   stamp       `json:"made,omitempty"`
	Closed stamp       `json:"closed,omitempty"`
}

const keyListSK = "KEY#" // in the organization's partition

func keyKey(hash string) Key { return Key{"A#" + hash, headerSK} }

func keyListed(org, hash string) Write {
	return Write{Put: &Item{Key: Key{"O#" + org, keyListSK + hash}, Revision: 1, Body: []byte("{}")}}
}

// keyItem returns a key's item as it is and as it becomes. One that is another organization's is post.ErrExists.
func (s *Store) keyItem(ctx context.Context, hash string, b keyBody) (known, next *Item, err error) {
	items, err := s.table.Get(ctx, keyKey(hash))
	if err != nil {
		return nil, nil, err
	}
	if known = items[0]; known != nil {
		var is keyBody
		if err := read(known, &is); err != nil {
			return nil, nil, err
		}
		if !only(b.Org).owns(is.Org) {
			return nil, nil, fmt.Errorf("key: %w", post.ErrExists)
		}
	}
	next, err = small(keyKey(hash), b, time.Time{})
	return known, next, err
}

// PutKey stores an API key by its hash. One that is another organization's is post.ErrExists.
func (s *Store) PutKey(ctx context.Context, hash string, c post.Caller) error {
	return again(func() error {
		known, next, err := s.keyItem(ctx, hash, keyBody{Caller: c})
		if err != nil {
			return err
		}
		return s.table.Transact(ctx, keyListed(c.Org, hash), inPlaceOf(known, next))
	})
}

// Key returns whose an API key is, and what it may do now: never more than whoever made it.
func (s *Store) Key(ctx context.Context, hash string) (post.Caller, []string, error) {
	var b keyBody
	found, err := s.get(ctx, keyKey(hash), &b)
	if err != nil || !found || b.Closed != 0 {
		return post.Caller{}, nil, orNotFound(err, "key", "")
	}
	c := b.Caller
	c.Kind, c.Grants = post.ByKey, post.GrantsOf(post.KeyRights()...)
	if b.Grants != nil {
		c.Grants = b.Grants.Within(c.Grants)
	}
	if b.Maker == "" {
		return c, b.From, nil
	}
	maker, may, err := s.userWithGroups(ctx, b.Org, b.Maker)
	if err == nil && maker.Closed != 0 {
		err = orNotFound(nil, "key", "")
	}
	c.Person, c.Grants, c.Unit = b.Maker, c.Grants.Within(may), maker.Unit
	return c, b.From, err
}

// AddKey implements post.Keys.
func (s *Store) AddKey(ctx context.Context, hash string, k post.Key) error {
	grants := k.Grants
	if grants == nil {
		grants = post.Grants{} // no list at all is of a version before
	}
	item, err := small(keyKey(hash), keyBody{
		Caller: post.Caller{Org: k.Org, Name: k.Name}, Maker: k.Maker, Grants: grants, From: k.From,
		Made: stampOf(k.Made),
	}, time.Time{})
	if err != nil {
		return err
	}
	err = s.table.Transact(ctx, keyListed(k.Org, hash), Write{Put: item, If: IfMissing})
	if refused(err) {
		return fmt.Errorf("key: %w", post.ErrExists)
	}
	return err
}

// keysPage is how many keys are listed at a time.
const keysPage = 100

// Keys implements post.Keys.
func (s *Store) Keys(ctx context.Context, org string) ([]post.Key, error) {
	var all []post.Key
	for after := ""; ; {
		listed, err := s.table.Query(ctx, "O#"+org, keyListSK, after, keysPage)
		if err != nil || len(listed) == 0 {
			return all, err
		}
		keys := make([]Key, len(listed))
		for i, one := range listed {
			keys[i] = keyKey(one.SK[len(keyListSK):])
		}
		items, err := s.table.Get(ctx, keys...)
		if err != nil {
			return nil, err
		}
		for i, item := range items {
			if item == nil {
				continue
			}
			k, err := keyOf(listed[i].SK[len(keyListSK):], item)
			if err != nil {
				return nil, err
			}
			all = append(all, k)
		}
		if len(listed) < keysPage {
			return all, nil
		}
		after = listed[len(listed)-1].SK
	}
}

func keyOf(hash string, item *Item) (post.Key, error) {
	var b keyBody
	err := read(item, &b)
	grants := b.Grants
	if grants == nil {
		grants = post.GrantsOf(post.KeyRights()...)
	}
	return post.Key{
		ID: keyID(hash), Org: b.Org, Name: b.Name, Maker: b.Maker, Grants: grants, From: b.From, Made: b.Made.time(),
		Closed: b.Closed.time(),
	}, err
}

// keyID is the id of a key in a list: the beginning of its hash.
func keyID(hash string) string { return hash[:min(len(hash), 16)] }

// CloseKey implements post.Keys.
func (s *Store) CloseKey(ctx context.Context, org, id string, at time.Time) (k post.Key, err error) {
	listed, err := s.table.Query(ctx, "O#"+org, keyListSK+id, "", 2)
	if err != nil {
		return k, err
	}
	if len(listed) != 1 || keyID(listed[0].SK[len(keyListSK):]) != id {
		return k, orNotFound(nil, "key", id)
	}
	hash := listed[0].SK[len(keyListSK):]
	err = s.change(ctx, keyKey(hash), func(old *Item) (*Item, error) {
		var b keyBody
		if err := read(old, &b); err != nil {
			return nil, err
		}
		if old == nil || !only(org).owns(b.Org) {
			return nil, orNotFound(nil, "key", id)
		}
		if b.Closed == 0 {
			b.Closed = stampOf(at)
		}
		next, err := small(keyKey(hash), b, time.Time{})
		if err != nil {
			return nil, err
		}
		k, err = keyOf(hash, next)
		return next, err
	})
	return k, err
}

type attemptsBody struct {
	Wrong int   `json:"wrong"`
	Until stamp `json:"until"`
}

func attemptsKey(name string) Key { return Key{"V#" + name, headerSK} }

// Attempt implements auth.Attempts.
func (s *Store) Attempt(ctx context.Context, name string, until time.Time) (int, error) {
	var b attemptsBody
	err := s.change(ctx, attemptsKey(name), func(old *Item) (*Item, error) {
		b = attemptsBody{}
		if err := read(old, &b); err != nil {
			return nil, err
		}
		b.Wrong, b.Until = b.Wrong+1, stampOf(until)
		return small(attemptsKey(name), b, until)
	})
	return b.Wrong, err
}

// Attempts implements auth.Attempts. Each wrong try counts until its time is over.
func (s *Store) Attempts(ctx context.Context, name string, now time.Time) (int, error) {
	var b attemptsBody
	found, err := s.get(ctx, attemptsKey(name), &b)
	if err != nil || !found {
		return 0, err
	}
	if now.After(b.Until.time()) {
		return 0, s.ClearAttempts(ctx, name)
	}
	return b.Wrong, nil
}

// ClearAttempts implements auth.Attempts.
func (s *Store) ClearAttempts(ctx context.Context, name string) error {
	k := attemptsKey(name)
	return s.table.Transact(ctx, Write{Delete: &k})
}
