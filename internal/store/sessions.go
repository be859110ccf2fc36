package store

import (
	"context"
	"time"

	"brevdue/internal/post"
)

type sessionBody struct {
	post.Caller
	Until   stamp  `json:"until"`
	Made    stamp  `json:"made,omitempty"`
	Seen    stamp  `json:"seen,omitempty"`
	Idle    int64  `json:"idle,omitempty"` // seconds
	Address string `json:"address,omitempty"`
	Agent   string `json:"agent,omitempty"`
	Choose  bool   `json:"choose,omitempty"`
	Factor  bool   `json:"factor,omitempty"`
	Begun   []byte `json:"begun,omitempty"`
	Away    bool   `json:"elsewhere,omitempty"`
}

func sessionKey(hash string) Key { return Key{"X#" + hash, headerSK} }

// PutSession stores a session by the hash of its token.
func (s *Store) PutSession(ctx context.Context, hash string, is post.Session) error {
	b := sessionBody{
		Caller: is.Caller, Until: stampOf(is.Until), Made: stampOf(s.now()), Seen: stampOf(is.Seen),
		Idle: int64(is.Idle / time.Second), Address: is.Address, Agent: is.Agent, Choose: is.ChooseCode,
		Factor: is.Factor, Away: is.Elsewhere,
	}
	item, err := sessionItem(hash, b)
	if err != nil {
		return err
	}
	return s.table.Transact(ctx, Write{Put: item})
}

func sessionItem(hash string, b sessionBody) (*Item, error) {
	item, err := small(sessionKey(hash), b, b.Until.time())
	item.List = Key{"O#" + b.Org + "#X#" + b.Name, timeSK(b.Made.time()) + "#" + hash}
	return item, err
}

func (b sessionBody) session(hash string) post.Session {
	return post.Session{
		Caller: b.Caller, Client: post.Client{Address: b.Address, Agent: b.Agent}, ID: hash, Made: b.Made.time(),
		Seen: b.Seen.time(), Until: b.Until.time(), Idle: time.Duration(b.Idle) * time.Second, ChooseCode: b.Choose,
		Factor: b.Factor, Ceremony: b.Begun, Elsewhere: b.Away,
	}
}

// Session returns a session with what its user may do. A user who was closed has none, and none from before a new code.
func (s *Store) Session(ctx context.Context, hash string) (post.Session, error) {
	var b sessionBody
	found, err := s.get(ctx, sessionKey(hash), &b)
	if err != nil || !found {
		return post.Session{}, orNotFound(err, "session", "")
	}
	u, grants, err := s.userWithGroups(ctx, b.Org, b.Name)
	if err != nil {
		return post.Session{}, err
	}
	if u.Closed != 0 || b.Made < u.CodeAt {
		return post.Session{}, orNotFound(nil, "session", "")
	}
	is := b.session(hash)
	is.Kind, is.Person, is.Grants, is.Unit = post.ByUser, b.Name, grants, u.Unit
	return is, nil
}

// SeeSession notes that a session is used. One that has ended stays so.
func (s *Store) SeeSession(ctx context.Context, hash string, at time.Time) error {
	return s.change(ctx, sessionKey(hash), func(old *Item) (*Item, error) {
		var b sessionBody
		if err := read(old, &b); err != nil || old == nil {
			return nil, orNotFound(err, "session", "")
		}
		if b.Seen >= stampOf(at) {
			return nil, post.ErrUnchanged
		}
		b.Seen = stampOf(at)
		return sessionItem(hash, b)
	})
}

// SetCeremony keeps what a session has begun.
func (s *Store) SetCeremony(ctx context.Context, hash string, data []byte) error {
	return s.change(ctx, sessionKey(hash), func(old *Item) (*Item, error) {
		var b sessionBody
		if err := read(old, &b); err != nil || old == nil {
			return nil, orNotFound(err, "session", "")
		}
		b.Begun = data
		return sessionItem(hash, b)
	})
}

// DropSession ends a session.
func (s *Store) DropSession(ctx context.Context, hash string) error {
	k := sessionKey(hash)
	return s.table.Transact(ctx, Write{Delete: &k})
}

// sessionsMost is how many sessions of a user are listed.
const sessionsMost = 100

// SessionsOf returns the sessions of a user, the newest first; those that are over may be among them.
func (s *Store) SessionsOf(ctx context.Context, org, name string) ([]post.Session, error) {
	items, err := s.table.QueryIndex(ctx, IndexQuery{
		Index: ListIndex, PK: "O#" + org + "#X#" + name, Down: true, Limit: sessionsMost,
	})
	var all []post.Session
	for _, item := range items {
		var b sessionBody
		if err := read(item, &b); err != nil {
			return nil, err
		}
		if only(org).owns(b.Org) && b.Name == name {
			all = append(all, b.session(item.PK[len("X#"):]))
		}
	}
	return all, err
}
