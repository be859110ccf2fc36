package store

import (
	"context"
	"time"

	"brevdue/internal/post"
)

// Credentials returns what opens the account of whose name somebody has typed. A closed user is not there.
func (s *Store) Credentials(ctx context.Context, login string) (post.Credentials, error) {
	keys := []Key{userKey(login)}
	name, org, ok := cutLast(login, "@")
	if ok {
		keys = append(keys, userKey(name))
	}
	items, err := s.table.Get(ctx, keys...)
	if err != nil {
		return post.Credentials{}, err
	}
	for i, item := range items {
		var b userBody
		if err := read(item, &b); err != nil {
			return post.Credentials{}, err
		}
		if item != nil && b.Closed == 0 && (i == 0 || only(org).owns(b.Org)) {
			return b.credentials(), nil
		}
	}
	return post.Credentials{}, orNotFound(nil, "user", login)
}

func (b *userBody) credentials() post.Credentials {
	c := post.Credentials{
		Caller: b.Caller, Mail: b.Mail, Code: b.Code, First: b.First, Until: b.Until.time(), Chosen: b.Chosen.time(),
		Mailed: b.Mailed, MailUntil: b.MailUntil.time(), Factors: b.factors(),
	}
	if b.Subject != "" { // no code counts, and none is mailed
		c.Code, c.Mailed, c.Mail = "", "", ""
	}
	c.Kind, c.Person = post.ByUser, b.Name
	return c
}

// CredentialsOf is Credentials for a user of an organization.
func (s *Store) CredentialsOf(ctx context.Context, org, name string) (post.Credentials, error) {
	_, item, err := s.placeOfUser(ctx, org, name)
	if err != nil || item == nil {
		return post.Credentials{}, orNotFound(err, "user", name)
	}
	var b userBody
	if err := read(item, &b); err != nil || b.Closed != 0 {
		return post.Credentials{}, orNotFound(err, "user", name)
	}
	return b.credentials(), nil
}

// GiveCode gives a user a code that they replace at the log-in. Their sessions end.
func (s *Store) GiveCode(ctx context.Context, org, name string, code post.GivenCode) error {
	return s.changeUser(ctx, org, name, func(b *userBody) error {
		b.Code, b.CodeAt = code.Hash, stampOf(s.now())
		b.codesBody = codesBody{First: true, Until: stampOf(code.Until)}
		return nil
	})
}

// MailCode keeps a code that was mailed: it works beside the one that the user knows, so that nobody locks another one
// out who has it mailed.
func (s *Store) MailCode(ctx context.Context, org, name string, code post.GivenCode) error {
	return s.changeUser(ctx, org, name, func(b *userBody) error {
		b.Mailed, b.MailUntil = code.Hash, stampOf(code.Until)
		return nil
	})
}

// ChooseCode sets the code that a user has chosen, as long as what they have come in by is as it was read, else
// post.ErrOvertaken. Their sessions end.
func (s *Store) ChooseCode(ctx context.Context, was post.Credentials, hash string, at time.Time) error {
	return s.changeUser(ctx, was.Org, was.Name, func(b *userBody) error {
		if b.Code != was.Code || b.Mailed != was.Mailed {
			return errCode
		}
		b.Code, b.CodeAt, b.codesBody = hash, stampOf(s.now()), codesBody{Chosen: stampOf(at)}
		return nil
	})
}

// LoggedIn notes when a user has come in.
func (s *Store) LoggedIn(ctx context.Context, org, name string, at time.Time) error {
	return s.changeUser(ctx, org, name, func(b *userBody) error {
		b.LoggedIn = stampOf(at)
		return nil
	})
}

type factorsBody struct {
	TOTP     string        `json:"totp,omitempty"`
	TOTPUsed int64         `json:"totpUsed,omitempty"`
	Passkeys []passkeyBody `json:"passkeys,omitempty"`
}

type passkeyBody struct {
	Name       string `json:"name"`
	Made       stamp  `json:"made"`
	Credential []byte `json:"credential"`
}

func (b *userBody) factors() post.Factors {
	f := post.Factors{TOTP: b.TOTP, TOTPUsed: b.TOTPUsed}
	for _, k := range b.Passkeys {
		f.Passkeys = append(f.Passkeys, post.Passkey{Name: k.Name, Made: k.Made.time(), Credential: k.Credential})
	}
	return f
}

// ChangeFactors changes what a user proves beside the code.
func (s *Store) ChangeFactors(ctx context.Context, org, name string, change func(*post.Factors) error) error {
	return s.changeUser(ctx, org, name, func(b *userBody) error {
		f := b.factors()
		if err := change(&f); err != nil {
			return err
		}
		b.factorsBody = factorsBody{TOTP: f.TOTP, TOTPUsed: f.TOTPUsed}
		for _, k := range f.Passkeys {
			b.Passkeys = append(b.Passkeys, passkeyBody{k.Name, stampOf(k.Made), k.Credential})
		}
		return nil
	})
}
