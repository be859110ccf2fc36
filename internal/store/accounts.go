package store

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"brevdue/internal/post"
)

type sessionBody struct {
	post.Caller
	Until stamp `json:"until"`
	Made  stamp `json:"made,omitempty"`
}

// comeIn lets somebody into an organization, and reports whether all of them can come in already.
func (s *Store) comeIn(ctx context.Context, org string, accounts []post.Account) (w []Write, same bool, err error) {
	same = true
	for _, a := range accounts {
		var known, next *Item
		if a.Kind == post.ByUser {
			known, next, err = s.userItem(ctx, a)
			w = append(w, userListed(org, a.Name))
		} else {
			known, next, err = s.keyItem(ctx, a)
		}
		if err != nil {
			return nil, false, err
		}
		same = same && known != nil && bytes.Equal(known.Body, next.Body)
		w = append(w, inPlaceOf(known, next))
	}
	return w, same, nil
}

func (s *Store) keyItem(ctx context.Context, a post.Account) (known, next *Item, err error) {
	k := Key{"A#" + a.Hash, headerSK}
	items, err := s.table.Get(ctx, k)
	if err != nil {
		return nil, nil, err
	}
	next, err = small(k, a.Caller, time.Time{})
	return items[0], next, err
}

// PutKey stores an API key by its hash. One that is another organization's is post.ErrExists.
func (s *Store) PutKey(ctx context.Context, hash string, c post.Caller) error {
	k := Key{"A#" + hash, headerSK}
	return s.change(ctx, k, func(old *Item) (*Item, error) {
		var known post.Caller
		if err := read(old, &known); err != nil {
			return nil, err
		}
		if old != nil && !only(c.Org).owns(known.Org) {
			return nil, fmt.Errorf("key: %w", post.ErrExists)
		}
		return small(k, c, time.Time{})
	})
}

// Key returns whose an API key is.
func (s *Store) Key(ctx context.Context, hash string) (post.Caller, error) {
	var c post.Caller
	found, err := s.get(ctx, Key{"A#" + hash, headerSK}, &c)
	if err != nil || !found {
		return post.Caller{}, orNotFound(err, "key", "")
	}
	return c, nil
}

// PutSession stores a session by the hash of its token.
func (s *Store) PutSession(ctx context.Context, hash string, c post.Caller, until time.Time) error {
	return s.put(ctx, Key{"X#" + hash, headerSK}, sessionBody{c, stampOf(until), stampOf(s.now())}, until, Always)
}

// Session returns whose a session is and when it ends. A user who was closed has none, and none from before a new code.
func (s *Store) Session(ctx context.Context, hash string) (post.Caller, time.Time, error) {
	var b sessionBody
	found, err := s.get(ctx, Key{"X#" + hash, headerSK}, &b)
	if err != nil || !found {
		return post.Caller{}, time.Time{}, orNotFound(err, "session", "")
	}
	_, item, err := s.placeOfUser(ctx, b.Org, b.Name)
	if err != nil {
		return post.Caller{}, time.Time{}, err
	}
	var u userBody
	if err := read(item, &u); err != nil {
		return post.Caller{}, time.Time{}, err
	}
	if u.Closed != 0 || b.Made < u.CodeAt {
		return post.Caller{}, time.Time{}, orNotFound(nil, "session", "")
	}
	return b.Caller, b.Until.time(), nil
}

type attemptsBody struct {
	Wrong int   `json:"wrong"`
	Until stamp `json:"until"`
}

func attemptsKey(name string) Key { return Key{"V#" + name, headerSK} }

// Attempt implements access.Attempts.
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

// Attempts implements access.Attempts. Each wrong try counts until its time is over.
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

// ClearAttempts implements access.Attempts.
func (s *Store) ClearAttempts(ctx context.Context, name string) error {
	k := attemptsKey(name)
	return s.table.Transact(ctx, Write{Delete: &k})
}

// DropSession ends a session.
func (s *Store) DropSession(ctx context.Context, hash string) error {
	return s.table.Transact(ctx, Write{Delete: &Key{"X#" + hash, headerSK}})
}
