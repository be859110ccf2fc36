package embedded

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"golang.org/x/sys/unix"

	"brevdue/internal/post"
)

// mapFrom is the size from which a file has its memory apart from everything else: it is given back at once.
const mapFrom = 1 << 20

// Open implements post.Objects. Nobody gets bytes that are not those that were stored.
func (o *Objects) Open(_ context.Context, object post.Object) ([]byte, func(), error) {
	f, err := o.found(object)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	b, free, err := memory(object.Size)
	if err != nil {
		return nil, nil, fmt.Errorf("object %s: %w", object.Key, err)
	}
	if _, err = io.ReadFull(f, b); err == nil {
		sum := sha256.Sum256(b)
		err = isStored(object, sum[:])
	} else {
		err = damaged(err)
	}
	if err != nil {
		free()
		return nil, nil, fmt.Errorf("object %s: %w", object.Key, err)
	}
	return b, free, nil
}

// memory returns room for a file.
func memory(size int64) ([]byte, func(), error) {
	if size < mapFrom {
		return make([]byte, size), func() {}, nil
	}
	b, err := unix.Mmap(-1, 0, int(size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	return b, func() { _ = unix.Munmap(b) }, err
}

// found opens the file of an object, which is as long as it was.
func (o *Objects) found(object post.Object) (stored, error) {
	path, err := o.path(object.Key, object.Version)
	if err != nil {
		return stored{}, err
	}
	f, err := o.unsealed(path)
	if err != nil {
		return stored{}, orMissing(err, object.Key)
	}
	if f.Size() != object.Size && object.Size != 0 { // grants name no size
		return stored{}, errors.Join(fmt.Errorf("object %s: %w", object.Key, post.ErrDamaged), f.Close())
	}
	return f, nil
}

// open returns a file whose bytes are those that were stored, at its beginning.
func (o *Objects) open(object post.Object) (stored, error) {
	f, err := o.found(object)
	if err != nil {
		return stored{}, err
	}
	sum, err := hashInto(io.Discard, f)
	if err == nil {
		err = isStored(object, sum)
	}
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return stored{}, errors.Join(fmt.Errorf("object %s: %w", object.Key, err), f.Close())
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

// hashInto copies, and returns the sum of what it has copied. What cannot be unsealed on the way is post.ErrDamaged.
func hashInto(w io.Writer, r io.Reader) ([]byte, error) {
	h := sha256.New()
	_, err := io.Copy(io.MultiWriter(w, h), r)
	return h.Sum(nil), damaged(err)
}

// damaged tells a file that cannot be unsealed, which is damaged, from a disk that does not read.
func damaged(err error) error {
	var disk *fs.PathError
	if err == nil || errors.As(err, &disk) {
		return err
	}
	return errors.Join(err, post.ErrDamaged)
}

func orMissing(err error, key string) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("object %s: %w", key, post.ErrNotFound)
	}
	return fmt.Errorf("object %s: %w", key, err)
}
