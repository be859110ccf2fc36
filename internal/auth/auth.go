// Package auth knows who may come in, and what they may do: programs by their API key, people by user name and code,
// and browsers by the session that follows. Keys and tokens are stored as hashes only, codes as argon2id. Who may do
// what is decided here for portal, API and command line.
//
// Invariant: whatever does not prove who it is gets ErrDenied and nothing else, not even which half was wrong. Nobody
// gives themselves a right, and no key touches users, rights or keys.
//
// key, code, token -> [auth] -> Caller with rights
package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"time"

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

// ErrExpired is the answer to a right code whose time is over.
var ErrExpired = errors.New("the code has expired")

// Accounts stores who may come in. Hashes name keys.
type Accounts interface {
	PutKey(ctx context.Context, hash string, c post.Caller) error
	// Key returns whose a key is with what it may do, and the networks that it is used from; none for all.
	Key(ctx context.Context, hash string) (c post.Caller, networks []string, err error)
	PutUser(ctx context.Context, c post.Caller, codeHash string) error
	// Credentials returns what opens the account of the name that somebody has typed.
	Credentials(ctx context.Context, login string) (post.Credentials, error)
	CredentialsOf(ctx context.Context, org, name string) (post.Credentials, error)
}

// CodeChanges changes what users come in by.
type CodeChanges interface {
	GiveCode(ctx context.Context, org, name string, code post.GivenCode) error
	MailCode(ctx context.Context, org, name string, code post.GivenCode) error
	ChooseCode(ctx context.Context, was post.Credentials, hash string, at time.Time) error
	LoggedIn(ctx context.Context, org, name string, at time.Time) error
	ChangeFactors(ctx context.Context, org, name string, change func(*post.Factors) error) error
}

// Sessions stores who has come in, by the hash of the session's token.
type Sessions interface {
	PutSession(ctx context.Context, hash string, s post.Session) error
	// Session returns a session with what its user may do now.
	Session(ctx context.Context, hash string) (post.Session, error)
	SeeSession(ctx context.Context, hash string, at time.Time) error
	SessionsOf(ctx context.Context, org, name string) ([]post.Session, error)
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

// Organizations says what an organization asks of who comes in.
type Organizations interface {
	Organization(ctx context.Context, id string) (*post.Organization, error)
}

// Auth lets people and programs in.
type Auth struct {
	Accounts   Accounts
	Changes    CodeChanges
	Sessions   Sessions
	Attempts   Attempts
	Requests   CodeRequests
	Ceremonies Ceremonies
	SignOns    SignOns
	Provider   Provider
	// Alarm tells the organization; nil where nobody is told.
	Alarm         func(ctx context.Context, n post.Notice) error
	Organizations Organizations
	Audit         post.Auditor
	Now           func() time.Time
	Public        bool          // the portal has an address that everybody reaches
	Refusals      time.Duration // a wrong name or code is answered at a multiple of it; 0 at once
}

// UsualRefusals is longer than a code takes to compare, on most machines.
const UsualRefusals = 500 * time.Millisecond

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

func denied[T any](it T, err error) (T, error) {
	if errors.Is(err, post.ErrNotFound) {
		var none T
		return none, ErrDenied
	}
	return it, err
}

// Permit returns *post.Forbidden for who may not do something at all. No right at all is needed by need "".
func Permit(who post.Caller, need post.Right) error {
	if need != "" && !who.Grants.May(need) {
		return forbidden(who, need)
	}
	return nil
}

// PermitAt is Permit for something that belongs to an area. What somebody does not see is not there; what they see and
// cannot open is confidential.
func PermitAt(who post.Caller, need post.Right, a post.Area) error {
	sight := who.Sight()
	switch {
	case !sight.Sees(a):
		return post.ErrNotFound
	case !sight.Opens(a):
		return &post.Forbidden{Right: post.RightConfidential}
	case need != "" && !who.Grants.MayAt(need, a):
		return forbidden(who, need)
	}
	return nil
}

// forbidden says why somebody may not do something: the right is missing, or it is for people alone.
func forbidden(who post.Caller, need post.Right) *post.Forbidden {
	return &post.Forbidden{Right: need, People: who.Kind == post.ByKey && !slices.Contains(post.KeyRights(), need)}
}

// Safe reports whether a code may be typed: over TLS, or where it does not leave the machine.
func Safe(overTLS bool, address string) bool {
	a, err := netip.ParseAddr(address)
	return overTLS || err == nil && a.Unmap().IsLoopback()
}
