package post_test

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

func TestOwnFaults(t *testing.T) {
	for _, c := range []struct {
		err  error
		want sentence.Sentence
	}{
		{nil, ""}, {errors.New("HTTP 503"), ""}, {post.ErrNotFound, ""}, {syscall.ECONNREFUSED, ""},
		{&os.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}, post.DiskFull},
		{fmt.Errorf("object x: %w", errors.Join(errors.New("y"), syscall.EDQUOT)), post.DiskFull},
		{fmt.Errorf("file resize error: %s", syscall.ENOSPC), post.DiskFull}, // bbolt does not wrap it
		{fmt.Errorf("dial tcp: %w", os.NewSyscallError("socket", syscall.EMFILE)), post.FilesFull},
		{syscall.ENFILE, post.FilesFull}, {syscall.ENOMEM, post.MachineFull},
	} {
		if got := post.OwnFault(c.err); got != c.want {
			t.Errorf("%v: %q, want %q", c.err, got, c.want)
		}
	}
}
