package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"brevdue/internal/post"
)

func signOnKey(state string) Key    { return Key{"X#sso#" + state, headerSK} }
func subjectKey(subject string) Key { return Key{"U#sso#" + subject, headerSK} }

// PutSignOn implements auth.SignOns.
func (s *Store) PutSignOn(ctx context.Context, state string, on post.SignOn) error {
	return s.put(ctx, signOnKey(state), on, on.Until, Always)
}

// TakeSignOn implements auth.SignOns: of two who take it one gets it.
func (s *Store) TakeSignOn(ctx context.Context, state string) (on post.SignOn, err error) {
	items, err := s.table.Get(ctx, signOnKey(state))
	if err != nil || items[0] == nil {
		return on, orNotFound(err, "log-in", "")
	}
	if err := read(items[0], &on); err != nil {
		return on, err
	}
	k := signOnKey(state)
	err = s.table.Transact(ctx, Write{Delete: &k, If: IfRevision, Was: items[0].Revision})
	if refused(err) {
		err = orNotFound(nil, "log-in", "")
	}
	return on, err
}

type subjectBody struct {
	Org  string `json:"org"`
	Name string `json:"name"`
}

// BySubject implements auth.SignOns.
func (s *Store) BySubject(ctx context.Context, org, subject string) (post.User, error) {
	var b subjectBody
	found, err := s.get(ctx, subjectKey(subject), &b)
	if err != nil || !found || !only(org).owns(b.Org) {
		return post.User{}, orNotFound(err, "subject", "")
	}
	return s.UserOf(ctx, b.Org, b.Name)
}

// numbersTried is how many numbers a name is tried with.
const numbersTried = 1000

// AddSubject implements auth.SignOns.
func (s *Store) AddSubject(ctx context.Context, subject string, u post.User) (post.User, error) {
	wanted := u.Name
	for n := 1; n < numbersTried; n++ {
		if n > 1 {
			u.Name = fmt.Sprint(wanted, n)
		}
		k, known, err := s.placeOfUser(ctx, u.Org, u.Name)
		if errors.Is(err, post.ErrUserTaken) || err == nil && known != nil {
			continue
		}
		if err != nil {
			return u, err
		}
		b := userBody{Caller: post.Caller{Org: u.Org, Name: u.Name}, FullName: u.FullName, Mail: u.Mail,
			Groups: u.Groups, Subject: subject, LoggedIn: stampOf(s.now())}
		item, err := small(k, b, time.Time{})
		if err != nil {
			return u, err
		}
		link, err := small(subjectKey(subject), subjectBody{u.Org, u.Name}, time.Time{})
		if err != nil {
			return u, err
		}
		err = s.table.Transact(ctx, userListed(u.Org, u.Name), inPlaceOf(nil, item), Write{Put: link, If: IfMissing})
		if !refused(err) {
			return u, err
		}
		if is, err := s.BySubject(ctx, u.Org, subject); err == nil { // a second window was faster
			return is, nil
		}
	}
	return u, fmt.Errorf("user %s: %w", wanted, post.ErrUserTaken)
}

// SeeSubject implements auth.SignOns.
func (s *Store) SeeSubject(ctx context.Context, u post.User, at time.Time) error {
	return s.changeUser(ctx, u.Org, u.Name, func(b *userBody) error {
		b.FullName, b.Mail, b.Groups, b.LoggedIn = u.FullName, u.Mail, u.Groups, stampOf(at)
		return nil
	})
}

// signOnPK is the partition of organizations whose people log in at their own place.
const signOnPK = "T#sso"

// SignOnPlaces returns the names of organizations whose people log in at their own place, by their ids.
func (s *Store) SignOnPlaces(ctx context.Context) (map[string]string, error) {
	items, err := s.table.Query(ctx, signOnPK, "", "", organizationsPage)
	places := map[string]string{}
	for _, item := range items {
		var name string
		if err := read(item, &name); err != nil {
			return nil, err
		}
		places[item.SK] = name
	}
	return places, err
}

// signOnPlace lists an organization where it has its own log-in, and nowhere else.
func signOnPlace(o *post.Organization) (Write, error) {
	k := Key{signOnPK, o.ID}
	if !o.SSO.On() {
		return Write{Delete: &k}, nil
	}
	item, err := small(k, o.Name, time.Time{})
	return Write{Put: item}, err
}
