// Package auth knows who may come in: programs by their API key, people by user name and code, and browsers by the
// session that follows. Keys and tokens are stored as hashes only, codes as argon2id.
//
// Invariant: whatever does not prove who it is gets ErrDenied and nothing else, not even which half was wrong.
//
// key, code, token -> [auth] -> Caller
package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"github.com/alexedwards/argon2id"

	"brevdue/internal/post"
)

// ErrLocked is the answer to whoever tried too often. It lasts a while, also for the right code.
var ErrLocked = errors.New("locked")

// Tries are how often somebody may be wrong before the name is locked, and for how long it is.
const (
	Tries    = 8
	LockTime = 15 * time.Minute
)

// ErrDenied is the answer to everything that is not let in.
var ErrDenied = errors.New("denied")

// Accounts stores who may come in. Hashes name keys and sessions.
type Accounts interface {
	PutKey(ctx context.Context, hash string, c post.Caller) error
	Key(ctx context.Context, hash string) (post.Caller, error)
	PutUser(ctx context.Context, c post.Caller, codeHash string) error
	User(ctx context.Context, name string) (c post.Caller, codeHash string, err error)
}

// Sessions stores who has come in.
type Sessions interface {
	PutSession(ctx context.Context, hash string, c post.Caller, until time.Time) error
	Session(ctx context.Context, hash string) (c post.Caller, until time.Time, err error)
	DropSession(ctx context.Context, hash string) error
}

// Attempts counts wrong codes by name.
type Attempts interface {
	// Attempt counts a try, and returns how many there were since the last right one or the end of a lock.
	Attempt(ctx context.Context, name string, until time.Time) (int, error)
	// Attempts returns how many wrong tries there are now.
	Attempts(ctx context.Context, name string, now time.Time) (int, error)
	ClearAttempts(ctx context.Context, name string) error
}

// Auth lets people and programs in.
type Auth struct {
	Accounts Accounts
	Sessions Sessions
	Attempts Attempts
	Audit    post.Auditor
	Now      func() time.Time
	Refusals time.Duration // a wrong name or code is answered at a multiple of it; 0 at once
}

// UsualRefusals is longer than a code takes to compare, on most machines.
const UsualRefusals = 500 * time.Millisecond

// SessionTime is how long a session lasts.
const SessionTime = 12 * time.Hour

// parameters of argon2id, as RFC 9106 recommends for memory-constrained machines.
var parameters = argon2id.Params{Memory: 64 << 10, Iterations: 3, Parallelism: 2, SaltLength: 16, KeyLength: 32}

func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// secret makes n characters that are easy to read aloud.
func secret(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return strings.ToLower(base32.StdEncoding.EncodeToString(b))[:n]
}

// MakeKey makes an API key, and the account that it comes in by. It is shown once.
func MakeKey(c post.Caller) (key string, a post.Account) {
	key = "brevdue_" + secret(40)
	c.Kind = post.ByKey
	return key, post.Account{Caller: c, Hash: hash(key)}
}

// NewKey makes an API key and lets it in from now on.
func (g *Auth) NewKey(ctx context.Context, c post.Caller) (string, error) {
	key, a := MakeKey(c)
	return key, g.Accounts.PutKey(ctx, a.Hash, c)
}

// Key lets a program in.
func (g *Auth) Key(ctx context.Context, key string) (post.Caller, error) {
	if key == "" {
		return post.Caller{}, ErrDenied
	}
	c, err := denied(g.Accounts.Key(ctx, hash(key)))
	c.Kind = post.ByKey
	return c, err
}

// MakeCode makes a user's code, and the account that it opens. It is shown once.
func MakeCode(c post.Caller) (code string, a post.Account, err error) {
	s := secret(16)
	code = strings.Join([]string{s[:4], s[4:8], s[8:12], s[12:]}, "-")
	h, err := argon2id.CreateHash(code, &parameters)
	c.Kind = post.ByUser
	return code, post.Account{Caller: c, Hash: h}, err
}

// NewCode gives a user a new code, and makes the user if need be.
func (g *Auth) NewCode(ctx context.Context, c post.Caller) (string, error) {
	code, a, err := MakeCode(c)
	if err != nil {
		return "", err
	}
	return code, g.Accounts.PutUser(ctx, c, a.Hash)
}

// Login lets a person in and returns the token of the session. from is the address that asks. What is refused takes as
// long whether the name exists or not.
func (g *Auth) Login(ctx context.Context, from, name, code string) (string, error) {
	c, codeHash, err := g.Accounts.User(ctx, name)
	if err != nil && !errors.Is(err, post.ErrNotFound) {
		return "", err
	}
	who := hash(name) // whatever somebody has typed there is no key
	if err == nil {   // one user is one, whether the organization is typed with the name or not
		who = hash(c.Org + "\x00" + c.Name)
	}
	switch n, err := g.Attempts.Attempts(ctx, who, g.Now()); {
	case err != nil:
		return "", err
	case n >= Tries:
		return "", ErrLocked
	}
	n, err := g.Attempts.Attempt(ctx, who, g.Now().Add(LockTime)) // before it is looked at: many at once are many
	if err != nil {
		return "", err
	}
	if n > Tries {
		return "", ErrLocked
	}
	began := time.Now()
	c, err = g.prove(ctx, from, c, codeHash, code)
	switch {
	case errors.Is(err, ErrDenied):
		err = g.wrong(ctx, n, c)
		return "", errors.Join(err, g.refuseAt(ctx, began))
	case err != nil:
		return "", err
	}
	if err := errors.Join(g.Attempts.ClearAttempts(ctx, who),
		g.Audit.Record(ctx, c.Did(post.ActLogin, "", "", ""))); err != nil {
		return "", err
	}
	token := secret(40)
	return token, g.Sessions.PutSession(ctx, hash(token), c, g.Now().Add(SessionTime))
}

// prove compares a user's code. One that is wrong is ErrDenied with the caller whose it is not; so is whatever is typed
// for nobody.
func (g *Auth) prove(ctx context.Context, from string, c post.Caller, codeHash, code string) (post.Caller, error) {
	if codeHash == "" {
		return post.Caller{}, ErrDenied // nothing is compared: names that are made up hold nobody up
	}
	done, err := comparing.begin(ctx, from)
	if err != nil {
		return c, err
	}
	defer done()
	c.Kind = post.ByUser
	match, err := argon2id.ComparePasswordAndHash(code, codeHash)
	if err == nil && !match {
		err = ErrDenied
	}
	return c, err
}

// refuseAt waits until refusals that began then are told: at whole multiples of Refusals, and not before a code could
// have been compared. So the time tells nobody whether there was a code to compare.
func (g *Auth) refuseAt(ctx context.Context, began time.Time) error {
	if g.Refusals == 0 {
		return nil
	}
	took := max(time.Since(began), comparing.usual())
	at := began.Add((took + g.Refusals - 1).Truncate(g.Refusals))
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Until(at)):
		return nil
	}
}

// wrong writes down the n-th wrong code of a name.
func (g *Auth) wrong(ctx context.Context, n int, c post.Caller) (err error) {
	if c.Org != "" {
		act := post.ActRefused
		if n >= Tries {
			act = post.ActLocked
		}
		err = g.Audit.Record(ctx, c.Did(act, "", "", ""))
	}
	if n >= Tries {
		return errors.Join(ErrLocked, err)
	}
	return errors.Join(ErrDenied, err)
}

// Session lets a browser in.
func (g *Auth) Session(ctx context.Context, token string) (post.Caller, error) {
	if token == "" {
		return post.Caller{}, ErrDenied
	}
	c, until, err := g.Sessions.Session(ctx, hash(token))
	if err == nil && g.Now().After(until) {
		err = ErrDenied
	}
	c.Kind = post.ByUser
	return denied(c, err)
}

// Logout ends a session.
func (g *Auth) Logout(ctx context.Context, token string) error {
	return g.Sessions.DropSession(ctx, hash(token))
}

func denied(c post.Caller, err error) (post.Caller, error) {
	if errors.Is(err, post.ErrNotFound) {
		return post.Caller{}, ErrDenied
	}
	return c, err
}
