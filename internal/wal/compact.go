package wal

import (
	"errors"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
)

// compactAtOnce is how many bytes a transaction of Compact takes.
const compactAtOnce = 16 << 20

// Compact writes a closed file anew, without what was in it once and is not any more.
func Compact(path string) error {
	from, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Second, ReadOnly: true})
	if err != nil {
		return err
	}
	part := path + ".part"
	err = os.Remove(part)
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	var to *bbolt.DB
	if err == nil {
		to, err = bbolt.Open(
			part,
			0o600,
			&bbolt.Options{NoFreelistSync: true, FreelistType: bbolt.FreelistMapType, NoSync: true},
		)
	}
	if err == nil {
		err = errors.Join(bbolt.Compact(to, from, compactAtOnce), to.Sync(), to.Close())
	}
	if err = errors.Join(err, from.Close()); err != nil {
		return err
	}
	return errors.Join(os.Rename(part, path), syncFolder(filepath.Dir(path)))
}
