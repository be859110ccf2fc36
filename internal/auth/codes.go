package auth

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// parameters of argon2id, as RFC 9106 recommends for memory-constrained machines.
var parameters = argon2id.Params{Memory: 64 << 10, Iterations: 3, Parallelism: 2, SaltLength: 16, KeyLength: 32}

// newCode makes a code and its hash.
func newCode() (code, hash string, err error) {
	s := secret(16)
	code = strings.Join([]string{s[:4], s[4:8], s[8:12], s[12:]}, "-")
	hash, err = argon2id.CreateHash(code, &parameters)
	return code, hash, err
}

// MakeCode makes the code of an installation's first user, and the account that it opens. It is shown once.
func MakeCode(c post.Caller) (code string, a post.Account, err error) {
	code, h, err := newCode()
	c.Kind = post.ByUser
	return code, post.Account{Caller: c, Hash: h}, err
}

// NewCode gives a user a new code that lasts, and makes the user if need be: whoever runs the installation does so
// where nobody can come in.
func (g *Auth) NewCode(ctx context.Context, c post.Caller) (string, error) {
	code, a, err := MakeCode(c)
	if err != nil {
		return "", err
	}
	return code, g.Accounts.PutUser(ctx, c, a.Hash)
}

// Errors of a code that cannot be chosen.
const (
	ErrCodeWrong  sentence.Sentence = `§["code-wrong"]`
	ErrCodeDiffer sentence.Sentence = `§["codes-differ"]`
	errCodeSame   sentence.Sentence = `§["code-same"]`
	errCodeEasy   sentence.Sentence = `§["code-easy"]`
	errCodeGone   sentence.Sentence = `§["code-changed-meanwhile"]`
)

// codeMost bounds what is hashed.
const codeMost = 200

// ChooseCode sets the code that a user has chosen, and ends all sessions. known is the code that they use now; the user
// of a session that lacks a code has proved it just now.
func (g *Auth) ChooseCode(ctx context.Context, s post.Session, known, code, again string) error {
	c, err := g.Accounts.CredentialsOf(ctx, s.Org, s.Name)
	if err != nil {
		return err
	}
	if !s.ChooseCode {
		n, err := g.attempt(ctx, attemptsOf(s.Caller))
		if err != nil {
			return err
		}
		switch _, err := g.prove(ctx, s.Address, c, known); {
		case errors.Is(err, ErrDenied):
			if err := g.wrong(ctx, n, s.Caller); !errors.Is(err, ErrDenied) {
				return err
			}
			return ErrCodeWrong
		case err != nil:
			return err
		}
	}
	o, err := g.Organizations.Organization(ctx, s.Org)
	if err != nil {
		return err
	}
	if code != again {
		return ErrCodeDiffer
	}
	if err := checkCode(o, c, code); err != nil {
		return err
	}
	switch _, err := g.prove(ctx, s.Address, c, code); {
	case err == nil, errors.Is(err, ErrExpired):
		return errCodeSame
	case !errors.Is(err, ErrDenied):
		return err
	}
	h, err := argon2id.CreateHash(code, &parameters)
	if err != nil {
		return err
	}
	if err := g.Audit.Record(ctx, s.Did(post.ActAccess, "", "", s.Name)); err != nil {
		return err
	}
	err = g.Changes.ChooseCode(ctx, c, h, g.Now())
	if errors.Is(err, post.ErrOvertaken) {
		return errCodeGone
	}
	return errors.Join(err, g.Attempts.ClearAttempts(ctx, attemptsOf(s.Caller)))
}

// checkCode returns why a code cannot be chosen: too short, or made of what anybody would try.
func checkCode(o *post.Organization, c post.Credentials, code string) error {
	if n := utf8.RuneCountInString(code); n < o.Rules.Length() {
		return sentence.Of("code-short", n, o.Rules.Length())
	}
	if len(code) > codeMost {
		return sentence.Of("code-long", codeMost)
	}
	if easy(code, c.Name, c.Mail, o.Name, o.ID) {
		return errCodeEasy
	}
	return nil
}
