package embedded

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"brevdue/internal/post"
)

// Keys are the secrets of an installation. They are not in the table: a table restored from a backup must make the
// same message UUIDs again (data.md).
type Keys struct {
	UUID        []byte           `json:"uuid"`        // makes message UUIDs
	Links       []byte           `json:"links"`       // signs upload and download links
	Cases       []byte           `json:"cases"`       // hashes numbers to archive cases
	Environment post.Environment `json:"environment"` // fixed when the folder is made
}

func (h *Backend) readKeys() (Keys, error) {
	var k Keys
	b, err := h.ReadSecret(keysName)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Keys{UUID: randomKey(), Links: randomKey(), Cases: randomKey()}, nil
	case err != nil:
		return k, fmt.Errorf("keys: %w", err)
	}
	if err := json.Unmarshal(b, &k); err != nil {
		return k, fmt.Errorf("keys %s: %w", filepath.Join(h.Dir, keysName), err)
	}
	return k, nil
}

func randomKey() []byte {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return b
}

// ErrEnvironment means that a data folder belongs to another Digital Post.
var ErrEnvironment = errors.New("the data folder belongs to another environment")

// FixEnvironment makes a new data folder belong to an environment for good, and refuses another one for an old folder.
func (h *Backend) FixEnvironment(e post.Environment) error {
	if h.Keys.Environment != "" {
		if h.Keys.Environment != e {
			return fmt.Errorf("%w: %s was made for %q, not for %q", ErrEnvironment, h.Dir, h.Keys.Environment, e)
		}
		return nil
	}
	h.Keys.Environment = e
	b, err := json.Marshal(h.Keys)
	if err != nil {
		return err
	}
	return h.WriteSecret(keysName, b)
}

const (
	keysName     = "keys.json"
	evidenceName = "evidence.pem"
)

// wrappedNames are the secrets that lie in the folder as the master key wraps them: with the keys, the hashes by which
// cases are found would give up their numbers. The API key is for the command line, which has no master key.
var wrappedNames = []string{keysName, evidenceName}

// wrappedMark begins a secret that is wrapped. Neither JSON nor PEM does.
var wrappedMark = []byte("brevdue-wrapped-1\n")

// ReadSecret reads what WriteSecret has written, or a version before.
func (h *Backend) ReadSecret(name string) ([]byte, error) {
	b, err := os.ReadFile(filepath.Join(h.Dir, name))
	if wrapped, is := bytes.CutPrefix(b, wrappedMark); is && err == nil {
		return h.master.Open("secret "+name, wrapped)
	}
	return b, err
}

// WriteSecret writes a small file that only the owner can read, durably and as a whole.
func (h *Backend) WriteSecret(name string, content []byte) error {
	if slices.Contains(wrappedNames, name) {
		content = append(slices.Clone(wrappedMark), h.master.Wrap("secret "+name, content)...)
	}
	return writeSecret(filepath.Join(h.Dir, name), content)
}

// sealSecrets wraps the secrets of a version before.
func (h *Backend) sealSecrets() error {
	for _, name := range wrappedNames {
		b, err := os.ReadFile(filepath.Join(h.Dir, name))
		if err == nil && !bytes.HasPrefix(b, wrappedMark) {
			err = h.WriteSecret(name, b)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("secret %s: %w", name, err)
		}
	}
	return nil
}

func writeSecret(file string, content []byte) error {
	dir, name := filepath.Split(file)
	f, err := os.CreateTemp(dir, name+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), file); err != nil {
		return err
	}
	return syncFolder(cmp.Or(dir, "."))
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
