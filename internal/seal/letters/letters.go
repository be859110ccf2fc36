// Package letters seals the files of a letter by the letter's own key, over the objects of any backend, which seals
// them once more. The key lies in the letter's item alone: whoever writes that item without it has destroyed what is
// sealed by it, wherever copies of the files lie (practice.md E9).
//
// Invariant: what is sealed is given to nobody as it lies; what a person opens is an object of one day.
//
// files of letters -> [letters] -> objects that their letter's key alone opens
package letters

import (
	"context"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"time"

	"golang.org/x/crypto/chacha20poly1305"

	"brevdue/internal/keys"
	"brevdue/internal/post"
)

// Stored is a backend's store of files.
type Stored interface {
	post.Objects
	post.Uploads
}

// Objects implements post.Objects. What has no key of a letter's is stored as it is.
type Objects struct{ Stored }

// form is the first byte of what is sealed here.
const form = 1

// overhead is how much longer a file is when it is sealed.
const overhead = 1 + chacha20poly1305.NonceSizeX + chacha20poly1305.Overhead

// ErrNoKey means that the key of a letter is not there (any more).
var ErrNoKey = errors.New("the letter's own key is not there")

// Put implements post.Objects. The same bytes under the same key are sealed the same: putting them again is harmless.
func (o Objects) Put(ctx context.Context, files ...post.File) ([]post.Object, error) {
	sealed := make([]post.File, len(files))
	for i, f := range files {
		sealed[i] = f
		if f.Secret == "" {
			continue
		}
		content, err := seal(f.Secret, f.Content)
		if err != nil {
			return nil, fmt.Errorf("object %s: %w", f.Key, err)
		}
		sealed[i].Content, sealed[i].Secret = content, ""
	}
	stored, err := o.Stored.Put(ctx, sealed...)
	if err != nil {
		return nil, err
	}
	for i, f := range files {
		if f.Secret == "" {
			continue
		}
		stored[i] = post.Object{Key: stored[i].Key, Version: stored[i].Version, SHA256: hashOf(f.Content),
			Size: int64(len(f.Content)), Sealed: true, Secret: f.Secret}
	}
	return stored, nil
}

// asStored is a sealed object as the backend knows it. What its bytes are is proven when they are opened.
func asStored(o post.Object) post.Object {
	return post.Object{Key: o.Key, Version: o.Version, Size: o.Size + overhead}
}

// Open implements post.Objects.
func (o Objects) Open(ctx context.Context, object post.Object) ([]byte, func(), error) {
	if !object.Sealed {
		return o.Stored.Open(ctx, object)
	}
	if object.Secret == "" {
		return nil, nil, fmt.Errorf("object %s: %w", object.Key, errors.Join(ErrNoKey, post.ErrNotFound))
	}
	sealed, done, err := o.Stored.Open(ctx, asStored(object))
	if err != nil {
		return nil, nil, err
	}
	defer done()
	content, err := open(object.Secret, sealed)
	if err == nil && hashOf(content) != object.SHA256 {
		err = post.ErrDamaged
	}
	if err != nil {
		return nil, nil, fmt.Errorf("object %s: %w", object.Key, err)
	}
	return content, func() {}, nil
}

// Copy implements post.Objects: what is sealed is copied as it lies.
func (o Objects) Copy(ctx context.Context, from post.Object, key string, disposal time.Time) (post.Object, error) {
	if !from.Sealed {
		return o.Stored.Copy(ctx, from, key, disposal)
	}
	to, err := o.Stored.Copy(ctx, asStored(from), key, disposal)
	copied := from
	copied.Key, copied.Version = to.Key, to.Version
	return copied, err
}

// sealing is what a letter's key seals and opens with.
func sealing(secret post.Secret) (cipher.AEAD, error) {
	key, err := keys.Derive(string(secret), "letter file")
	if err != nil {
		return nil, err
	}
	return chacha20poly1305.NewX(key)
}

// seal seals a file. The nonce is made of the content: under one key it is another one for each other content.
func seal(secret post.Secret, content []byte) ([]byte, error) {
	aead, err := sealing(secret)
	if err != nil {
		return nil, err
	}
	nonces, err := keys.Derive(string(secret), "letter nonce")
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, nonces)
	mac.Write(content)
	sealed := make([]byte, 1, len(content)+overhead)
	sealed[0] = form
	sealed = append(sealed, mac.Sum(nil)[:aead.NonceSize()]...)
	return aead.Seal(sealed, sealed[1:], content, sealed[:1]), nil
}

// open opens what seal has sealed; anything else is post.ErrDamaged.
func open(secret post.Secret, sealed []byte) ([]byte, error) {
	aead, err := sealing(secret)
	if err != nil {
		return nil, err
	}
	if len(sealed) < overhead || sealed[0] != form {
		return nil, post.ErrDamaged
	}
	nonce, rest := sealed[1:1+aead.NonceSize()], sealed[1+aead.NonceSize():]
	content, err := aead.Open(nil, nonce, rest, sealed[:1])
	if err != nil {
		return nil, post.ErrDamaged
	}
	return content, nil
}

func hashOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// Links implements post.Links: what is sealed is opened into an object that is kept for a day, as previews are. Each
// day has objects of its own, so that none goes while a link to it lives.
type Links struct {
	post.Links
	Objects Objects
	Now     func() time.Time
}

// Download implements post.Links.
func (l Links) Download(ctx context.Context, org string, o post.Object, name string) (post.Link, error) {
	opened, err := l.opened(ctx, org, o)
	if err != nil {
		return post.Link{}, err
	}
	return l.Links.Download(ctx, org, opened, name)
}

// Preview implements post.Links.
func (l Links) Preview(ctx context.Context, org string, o post.Object) (post.Link, error) {
	opened, err := l.opened(ctx, org, o)
	if err != nil {
		return post.Link{}, err
	}
	return l.Links.Preview(ctx, org, opened)
}

func (l Links) opened(ctx context.Context, org string, o post.Object) (post.Object, error) {
	if !o.Sealed {
		return o, nil
	}
	content, done, err := l.Objects.Open(ctx, o)
	if err != nil {
		return post.Object{}, err
	}
	defer done()
	name := hashOf([]byte(o.Key+"\x00"+o.Version)) + path.Ext(o.Key)
	key := path.Join("previews", "opened", org, l.Now().UTC().Format("20060102"), name)
	objects, err := l.Objects.Stored.Put(ctx, post.File{Org: org, Key: key, Content: content})
	if err != nil {
		return post.Object{}, err
	}
	return objects[0], nil
}
