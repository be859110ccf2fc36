package wal

import (
	"errors"

	"golang.org/x/sys/unix"
)

// Sync implements Disk: the content, not the time of its last change.
func (d diskFile) Sync() error {
	for {
		if err := unix.Fdatasync(int(d.Fd())); !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}
