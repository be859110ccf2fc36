package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"filippo.io/age"

	"brevdue/internal/seal"
)

// Each stored file has a key of its own (age, https://age-encryption.org/v1), which stands at its beginning, sealed by
// its organization's. Its name and its sums are those of what is in it.

// stanza is the type of the line in a file's head that has the file's key.
const stanza = "brevdue"

// filePlace is what keys of files are sealed for: a file may get another name.
const filePlace = "file"

// fileOwner wraps keys of files for an organization, and unwraps those of any. It is an age.Recipient and Identity.
type fileOwner struct {
	keys *seal.Keys
	org  string
	err  error // why there was no key, where the file is not the cause
}

// Wrap implements age.Recipient.
func (o *fileOwner) Wrap(key []byte) ([]*age.Stanza, error) {
	sealed, err := o.keys.Seal(context.Background(), o.org, filePlace, seal.Plain, key)
	return []*age.Stanza{{Type: stanza, Body: sealed}}, err
}

// Unwrap implements age.Identity.
func (o *fileOwner) Unwrap(all []*age.Stanza) ([]byte, error) {
	for _, s := range all {
		if s.Type != stanza {
			continue
		}
		is, err := o.keys.Open(context.Background(), filePlace, s.Body)
		if err != nil && !errors.Is(err, seal.ErrDamaged) {
			o.err = err
		}
		return is.Text, err
	}
	return nil, age.ErrIncorrectIdentity
}

// sealFile returns the bytes of a file as they lie.
func (o *Objects) sealFile(org string, content []byte) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(len(content) + 512)
	w, err := o.sealInto(&b, org)
	if err == nil {
		_, err = w.Write(content)
	}
	if err == nil {
		err = w.Close()
	}
	return b.Bytes(), err
}

// sealInto returns a writer whose bytes lie sealed in w. It must be closed.
func (o *Objects) sealInto(w io.Writer, org string) (io.WriteCloser, error) {
	return age.Encrypt(w, &fileOwner{keys: o.sealing, org: org})
}

// stored is a file that is open: its bytes as they were before they were sealed.
type stored struct {
	*io.SectionReader
	file *os.File
}

// Close closes the file.
func (s stored) Close() error { return s.file.Close() }

// unsealed opens a file. One that does not open, for whatever is in it, is post.ErrDamaged.
func (o *Objects) unsealed(path string) (stored, error) {
	f, err := os.Open(path)
	if err != nil {
		return stored{}, err
	}
	info, err := f.Stat()
	if err != nil {
		return stored{}, errors.Join(err, f.Close())
	}
	owner := &fileOwner{keys: o.sealing}
	plain, size, err := age.DecryptReaderAt(f, info.Size(), owner)
	if owner.err != nil {
		return stored{}, errors.Join(fmt.Errorf("key of a file: %w", owner.err), f.Close())
	}
	if err != nil {
		return stored{}, errors.Join(damaged(err), f.Close())
	}
	return stored{io.NewSectionReader(plain, 0, size), f}, nil
}
