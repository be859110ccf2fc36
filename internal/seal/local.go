package seal

import (
	"context"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"
)

// Local is a Master of one machine: a key in a file. It wraps secrets of the installation too.
type Local struct{ aead cipher.AEAD }

// ErrNoKey means that what should be a master key is none.
var ErrNoKey = errors.New("it is not a master key")

// NewLocal makes a master key, and its text for a file.
func NewLocal() (*Local, string) {
	key := make([]byte, KeySize)
	_, _ = rand.Read(key) // never fails (crypto/rand)
	m, _ := chacha20poly1305.NewX(key)
	return &Local{m}, base64.StdEncoding.EncodeToString(key) + "\n"
}

// ParseLocal reads the text of a master key: 32 bytes as base64.
func ParseLocal(text string) (*Local, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil || len(key) != KeySize {
		return nil, ErrNoKey // the cause would quote it
	}
	m, err := chacha20poly1305.NewX(key)
	return &Local{m}, err
}

// NewKey implements Master.
func (l *Local) NewKey(_ context.Context, org string) (key, wrapped []byte, err error) {
	key = make([]byte, KeySize)
	_, _ = rand.Read(key) // never fails (crypto/rand)
	return key, l.Wrap("organization "+org, key), nil
}

// Unwrap implements Master.
func (l *Local) Unwrap(_ context.Context, org string, wrapped []byte) ([]byte, error) {
	return l.Open("organization "+org, wrapped)
}

// Wrap seals something under a name with the master key itself.
func (l *Local) Wrap(name string, plain []byte) []byte {
	nonce := make([]byte, l.aead.NonceSize())
	_, _ = rand.Read(nonce) // never fails (crypto/rand)
	return l.aead.Seal(nonce, nonce, plain, []byte(name))
}

// Open opens what Wrap has sealed under that name.
func (l *Local) Open(name string, wrapped []byte) ([]byte, error) {
	n := l.aead.NonceSize()
	if len(wrapped) < n {
		return nil, fmt.Errorf("%s: %w", name, ErrWrongKey)
	}
	plain, err := l.aead.Open(nil, wrapped[:n], wrapped[n:], []byte(name))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, ErrWrongKey)
	}
	return plain, nil
}
