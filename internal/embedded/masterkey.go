package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"brevdue/internal/seal"
	"brevdue/internal/store"
)

// masterKeyName is the master key of a folder whose operator keeps it nowhere else. It is never in a backup.
const masterKeyName = "master.key"

// ErrNoMasterKey means that there are sealed data, and no master key.
var ErrNoMasterKey = errors.New("the master key is missing")

// MasterKeyError is an error of a master key: ErrNoMasterKey, seal.ErrWrongKey, seal.ErrNoKey.
type MasterKeyError struct {
	File string
	Err  error
}

func (e *MasterKeyError) Error() string { return fmt.Sprintf("master key %s: %v", e.File, e.Err) }

// Unwrap returns the cause.
func (e *MasterKeyError) Unwrap() error { return e.Err }

// ofOpening reports whether an item is one that a folder gets when it is opened, and nothing else has happened.
func ofOpening(k store.Key) bool {
	return k == sealedKey || k.PK == store.WrappedKeyOf(store.Installation).PK
}

// readMasterKey reads a master key.
func readMasterKey(file string) (*seal.Local, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		err = ErrNoMasterKey
	}
	if err != nil {
		return nil, &MasterKeyError{file, err}
	}
	m, err := seal.ParseLocal(string(text))
	if err != nil {
		return nil, &MasterKeyError{file, err}
	}
	return m, nil
}

// masterKeyFile is where the master key of a folder is: in the folder, when the operator has named no other place.
func masterKeyFile(dir, named string) string {
	if named != "" {
		return named
	}
	return filepath.Join(dir, masterKeyName)
}

// unlock reads the master key. A folder that has nothing sealed yet gets one; one that has never goes on without its
// own. Afterwards everything in the folder is sealed.
func (h *Backend) unlock(named string) error {
	ctx := context.Background()
	file, err := filepath.Abs(masterKeyFile(h.Dir, named))
	if err != nil {
		return err
	}
	master, err := readMasterKey(file)
	if errors.Is(err, ErrNoMasterKey) {
		sealed, getErr := table{h}.Get(ctx, store.WrappedKeyOf(store.Installation))
		if getErr != nil || sealed[0] != nil {
			return errors.Join(err, getErr)
		}
		master, err = makeMasterKey(file)
	}
	if err != nil {
		return err
	}
	h.MasterKey, h.master, h.sealing = file, master, store.NewKeys(table{h}, master)
	if err := h.sealing.Check(ctx, store.Installation); errors.Is(err, seal.ErrWrongKey) {
		return &MasterKeyError{file, seal.ErrWrongKey}
	} else if err != nil {
		return err
	}
	return errors.Join(h.sealSecrets(), h.sealOld(ctx))
}

// makeMasterKey makes a master key. It is on disk before anything is sealed with it, and takes the place of none: of
// two folders that name one file and are begun at once, both have the key of the first.
func makeMasterKey(file string) (*seal.Local, error) {
	_, text := seal.NewLocal()
	part := fmt.Sprintf("%s.%x", file, randomKey()[:6])
	err := writeSecret(part, []byte(text))
	if err == nil {
		err = os.Link(part, file)
	}
	if errors.Is(err, fs.ErrExist) {
		err = nil
	}
	if err = errors.Join(err, os.Remove(part)); err == nil {
		err = syncFolder(filepath.Dir(file))
	}
	if err != nil {
		return nil, &MasterKeyError{file, err}
	}
	return readMasterKey(file)
}
