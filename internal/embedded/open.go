package embedded

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"

	"brevdue/internal/post"
)

// mapFrom is the size from which a file is mapped instead of read.
const mapFrom = 1 << 20

// Open implements post.Objects. Nobody gets bytes that are not those that were stored.
func (o *Objects) Open(_ context.Context, object post.Object) ([]byte, func(), error) {
	path, err := o.path(object.Key, object.Version)
	if err != nil {
		return nil, nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, orMissing(err, object.Key)
	}
	defer f.Close()
	// Before it is mapped: reading behind the end of a file that was cut short would end the process.
	if info, err := f.Stat(); err != nil || info.Size() != object.Size {
		return nil, nil, fmt.Errorf("object %s: %w", object.Key, errors.Join(err, post.ErrDamaged))
	}
	if object.Size < mapFrom {
		b := make([]byte, object.Size)
		_, err := io.ReadFull(f, b)
		sum := sha256.Sum256(b)
		if err := errors.Join(err, isStored(object, sum[:])); err != nil {
			return nil, nil, fmt.Errorf("object %s: %w", object.Key, err)
		}
		return b, func() {}, nil
	}
	sum, err := hashInto(io.Discard, f)
	if err := errors.Join(err, isStored(object, sum)); err != nil {
		return nil, nil, fmt.Errorf("object %s: %w", object.Key, err)
	}
	b, err := unix.Mmap(int(f.Fd()), 0, int(object.Size), unix.PROT_READ, unix.MAP_PRIVATE)
	if err != nil {
		return nil, nil, fmt.Errorf("object %s: %w", object.Key, err)
	}
	return b, func() { _ = unix.Munmap(b) }, nil
}

// open returns a file whose bytes are those that were stored, at its beginning.
func (o *Objects) open(object post.Object) (*os.File, error) {
	path, err := o.path(object.Key, object.Version)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, orMissing(err, object.Key)
	}
	sum, err := hashInto(io.Discard, f)
	if err == nil {
		err = isStored(object, sum)
	}
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("object %s: %w", object.Key, err), f.Close())
	}
	return f, nil
}

// isStored compares a sum with that of an object. The version is a part of it, for objects that name no more.
func isStored(object post.Object, sum []byte) error {
	if object.SHA256 != "" && object.SHA256 != hex.EncodeToString(sum) || object.Version != versionOf(sum) {
		return post.ErrDamaged
	}
	return nil
}

func hashInto(w io.Writer, r io.Reader) ([]byte, error) {
	h := sha256.New()
	_, err := io.Copy(io.MultiWriter(w, h), r)
	return h.Sum(nil), err
}

func orMissing(err error, key string) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("object %s: %w", key, post.ErrNotFound)
	}
	return err
}
