package bucket

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"

	"brevdue/internal/post"
)

// mapFrom is the size from which an object is spooled to disk and mapped, so that a document of 100 MB never lies in
// the function's memory.
const mapFrom = 1 << 20

// Open implements post.Objects.
func (o *Objects) Open(ctx context.Context, object post.Object) ([]byte, func(), error) {
	h := sha256.New()
	if object.Size < mapFrom {
		var b bytes.Buffer
		err := o.stream(ctx, object, io.MultiWriter(&b, h))
		return b.Bytes(), func() {}, errors.Join(err, verify(object, h.Sum(nil), err))
	}
	f, err := os.CreateTemp("", "object-*")
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	_ = os.Remove(f.Name()) // it lives as long as it is open or mapped
	err = o.stream(ctx, object, io.MultiWriter(f, h))
	if err = errors.Join(err, verify(object, h.Sum(nil), err)); err != nil {
		return nil, nil, err
	}
	if info, err := f.Stat(); err != nil || info.Size() != object.Size { // behind its end a map is a fault
		return nil, nil, fmt.Errorf("object %s: %w", object.Key, cmp.Or(err, error(post.ErrDamaged)))
	}
	content, err := unix.Mmap(int(f.Fd()), 0, int(object.Size), unix.PROT_READ, unix.MAP_PRIVATE)
	if err != nil {
		return nil, nil, fmt.Errorf("object %s: %w", object.Key, err)
	}
	return content, func() { _ = unix.Munmap(content) }, nil
}

// verify refuses bytes that are not those that were stored.
func verify(object post.Object, sum []byte, err error) error {
	if err == nil && object.SHA256 != "" && object.SHA256 != hex.EncodeToString(sum) {
		return fmt.Errorf("object %s: %w", object.Key, post.ErrDamaged)
	}
	return nil
}
