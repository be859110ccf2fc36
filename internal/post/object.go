package post

import (
	"context"
	"time"
)

// Object is one version of a stored file. Bytes never change under a version.
type Object struct {
	Key     string `json:"key,omitempty"`
	Version string `json:"version,omitempty"`
	SHA256  string `json:"sha256,omitempty"`
	Size    int64  `json:"size,omitempty"`
	Sealed  bool   `json:"sealed,omitempty"` // by its letter's own key: hash and size are those of what is in it
	Secret  Secret `json:"-"`                // that key, where it is known
}

// File is content on its way into Objects.
type File struct {
	Org      string // whose it is: where it lies, only its organization's key opens it
	Key      string
	Content  []byte
	Secret   Secret    // of the letter whose own file it is; "" for what is no letter's own
	Disposal time.Time // it is locked, and never for longer than to this day; zero for what is not locked
}

// Objects stores files. They are durable when Put or Copy returns. Putting the same bytes under the same key again is
// harmless.
type Objects interface {
	// Put stores files together, and returns their objects in that order.
	Put(ctx context.Context, files ...File) ([]Object, error)
	// Open returns the bytes of that version, ErrNotFound when there are none, and ErrDamaged when they are not those
	// that were stored. close must be called.
	Open(ctx context.Context, o Object) (content []byte, close func(), err error)
	// Copy keeps the bytes under another key as well, and locks them where they are not to be disposed of before a day.
	Copy(ctx context.Context, from Object, key string, disposal time.Time) (Object, error)
	// Release says that nobody needs what lies under the keys any more: every version may be disposed of at any time.
	// Twice is once, and one that is gone already is no error.
	Release(ctx context.Context, keys ...string) error
}

// Uploads finds what was uploaded.
type Uploads interface {
	// Has reports whether anything complete lies under a key.
	Has(ctx context.Context, key string) (bool, error)
	// First returns the oldest complete version under a key, and ErrNotFound while there is none.
	First(ctx context.Context, key string) (Object, error)
}
