package send

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync"

	"brevdue/internal/post"
)

// files are the files of a batch, each opened once: what goes out with every letter is fetched for all of them.
type files struct {
	objects post.Objects

	mu     sync.Mutex
	opened map[post.Object]*file
}

type file struct {
	once    sync.Once
	content []byte
	close   func()
	err     error
}

var errNotOpened = errors.New("the file was not opened")

// open returns the bytes of a file. They are valid until close.
func (f *files) open(ctx context.Context, o post.Object) ([]byte, error) {
	f.mu.Lock()
	one := f.opened[o]
	if one == nil {
		one = &file{err: errNotOpened} // if opening panics, the others must not take it for empty
		f.opened[o] = one
	}
	f.mu.Unlock()
	one.once.Do(func() { one.content, one.close, one.err = f.objects.Open(ctx, o) })
	return one.content, one.err
}

// close closes all files, when the last letter of the batch has been tried.
func (f *files) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, one := range f.opened {
		if one.err == nil {
			one.close()
		}
	}
}

// openObject opens a file to be read once.
func openObject(ctx context.Context, objects post.Objects, o post.Object) (io.ReadCloser, error) {
	content, done, err := objects.Open(ctx, o)
	if err != nil {
		return nil, err
	}
	return &opened{bytes.NewReader(content), done}, nil
}

type opened struct {
	*bytes.Reader
	done func()
}

// Close implements io.Closer.
func (o *opened) Close() error {
	o.done()
	return nil
}
