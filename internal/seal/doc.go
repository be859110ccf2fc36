// Package seal keeps names, numbers and subjects unreadable where they lie (envelope encryption): each organization has
// a key of its own, which lies beside its items, wrapped by a master key that does not.
//
// Invariant: nothing is written unsealed because a key is missing; what was sealed for one place is not read in
// another; a wrong master key is told at once, and nothing is lost by it.
//
//	form · length of the organization's id · id · nonce (24) · what was sealed, with its tag (16)
//
// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-01): its nonces are long enough to be drawn at random under one key for
// good.
//
// text of an organization -> [seal] -> what its key alone opens · keys -> Master
package seal

import (
	"context"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/crypto/chacha20poly1305"
)

// Master wraps the keys of organizations.
type Master interface {
	// NewKey makes a key for an organization (KeySize bytes), and returns it once more as only the master key opens it.
	NewKey(ctx context.Context, org string) (key, wrapped []byte, err error)
	// Unwrap is ErrWrongKey for what another master key has wrapped, or for another organization.
	Unwrap(ctx context.Context, org string, wrapped []byte) ([]byte, error)
}

// KeySize is how long keys are.
const KeySize = chacha20poly1305.KeySize

// Errors of what is sealed.
var (
	// ErrWrongKey means that the master key is another one than that of what was sealed.
	ErrWrongKey = errors.New("the master key is another one")
	// ErrDamaged means that something is not as it was sealed, or was sealed for another place.
	ErrDamaged = errors.New("it is not as it was sealed")
)

// KeyStore is where wrapped keys lie.
type KeyStore interface {
	// WrappedKey returns nil where an organization has none.
	WrappedKey(ctx context.Context, org string) ([]byte, error)
	// PutWrappedKey reports whether the key is there now: it is not where another one was faster.
	PutWrappedKey(ctx context.Context, org string, wrapped []byte) (bool, error)
}

// Keys are the keys of organizations. Each is unwrapped once.
type Keys struct {
	store  KeyStore
	master Master

	mu    sync.RWMutex
	known map[string]cipher.AEAD
}

// NewKeys returns the keys that lie in a store.
func NewKeys(s KeyStore, m Master) *Keys {
	return &Keys{store: s, master: m, known: map[string]cipher.AEAD{}}
}

// of returns an organization's key. Where there is none it is made, or it is ErrDamaged: what was sealed for an
// organization without a key is not as it was.
func (k *Keys) of(ctx context.Context, org string, makes bool) (cipher.AEAD, error) {
	k.mu.RLock()
	known := k.known[org]
	k.mu.RUnlock()
	if known != nil {
		return known, nil
	}
	key, err := k.fetch(ctx, org, makes)
	if err != nil {
		return nil, fmt.Errorf("key of %s: %w", org, err)
	}
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, fmt.Errorf("key of %s: %w", org, err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.known[org] = aead
	return aead, nil
}

// fetch reads an organization's key, or makes it: of two who make it at once both get the same.
func (k *Keys) fetch(ctx context.Context, org string, makes bool) ([]byte, error) {
	for {
		wrapped, err := k.store.WrappedKey(ctx, org)
		switch {
		case err != nil:
			return nil, err
		case wrapped != nil:
			return k.master.Unwrap(ctx, org, wrapped)
		case !makes:
			return nil, ErrDamaged
		}
		key, wrapped, err := k.master.NewKey(ctx, org)
		if err != nil {
			return nil, err
		}
		if put, err := k.store.PutWrappedKey(ctx, org, wrapped); put || err != nil {
			return key, err
		}
	}
}

// Check reports whether the master key fits what lies there: ErrWrongKey when it does not. It makes that organization's
// key where there is none.
func (k *Keys) Check(ctx context.Context, org string) error {
	_, err := k.of(ctx, org, true)
	return err
}

// Form is a byte that is sealed with a text, and says what the text is.
type Form byte

// Plain is the form of a text as it is.
const Plain Form = 1

// Seal seals something of an organization's for a place: it is opened there alone.
func (k *Keys) Seal(ctx context.Context, org, place string, form Form, plain []byte) ([]byte, error) {
	if len(org) == 0 || len(org) > 255 {
		return nil, fmt.Errorf("seal: an organization's id of %d characters", len(org))
	}
	aead, err := k.of(ctx, org, true)
	if err != nil {
		return nil, err
	}
	head := 2 + len(org)
	b := make([]byte, head+aead.NonceSize(), head+aead.NonceSize()+len(plain)+aead.Overhead())
	b[0], b[1] = byte(form), byte(len(org))
	copy(b[2:], org)
	nonce := b[head:]
	_, _ = rand.Read(nonce) // never fails (crypto/rand)
	return aead.Seal(b, nonce, plain, additional(b[:head], place)), nil
}

// additional is the additional data: what is not sealed, but cannot be changed either.
func additional(head []byte, place string) []byte { return append(append([]byte{}, head...), place...) }

// Opened is what was sealed.
type Opened struct {
	Org  string // whose it is
	Form Form
	Text []byte
}

// Open opens what Seal has sealed for that place. What is damaged, or was sealed for another place, is ErrDamaged; any
// other error is about the key.
func (k *Keys) Open(ctx context.Context, place string, sealed []byte) (Opened, error) {
	const nonce = chacha20poly1305.NonceSizeX
	if len(sealed) < 2 || len(sealed) < 2+int(sealed[1])+nonce || sealed[1] == 0 {
		return Opened{}, ErrDamaged
	}
	head := 2 + int(sealed[1])
	is := Opened{Org: string(sealed[2:head]), Form: Form(sealed[0])}
	aead, err := k.of(ctx, is.Org, false)
	if err != nil {
		return Opened{}, err
	}
	is.Text, err = aead.Open(nil, sealed[head:head+nonce], sealed[head+nonce:], additional(sealed[:head], place))
	if err != nil {
		return Opened{}, ErrDamaged
	}
	return is, nil
}
