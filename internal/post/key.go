package post

import (
	"context"
	"time"
)

// Key (API-nøgle) is what a program comes in by. It may never do more than whoever made it.
type Key struct {
	ID     string // of the list; nobody comes in by it
	Org    string
	Name   string
	Maker  string // user whose closing suspends it; "" for one that the installation's operator has made
	Grants Grants
	From   []string // networks that it is used from (CIDR); none for all
	Made   time.Time
	Closed time.Time
}

// KeyOwner is the owner of what a key makes that belongs to no person.
func KeyOwner(name string) string { return "key/" + name }

// Keys stores API keys by the hash of the key.
type Keys interface {
	Keys(ctx context.Context, org string) ([]Key, error)
	// AddKey lets a key in from now on; one that is there is ErrExists.
	AddKey(ctx context.Context, hash string, k Key) error
	// CloseKey keeps a key out from now on, and returns it; one that is not there is ErrNotFound.
	CloseKey(ctx context.Context, org, id string, at time.Time) (Key, error)
}

// CreatedKey is a new key. It is shown once.
type CreatedKey struct {
	Key
	Secret string
}

// KeyAdministration is what is done with API keys.
type KeyAdministration interface {
	Keys(ctx context.Context, who Caller) ([]Key, error)
	AddKey(ctx context.Context, who Caller, k Key) (CreatedKey, error)
	CloseKey(ctx context.Context, who Caller, id string) (Key, error)
}

// Administration is all that is done with who may come into an organization and what they may do.
type Administration interface {
	UserAdministration
	FactorAdministration
	GroupAdministration
	UserImport
	KeyAdministration
}

// Operator is all that is done by whoever runs an installation.
type Operator interface {
	Operation
	Administration
}
