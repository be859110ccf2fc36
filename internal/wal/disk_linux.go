package wal

import "golang.org/x/sys/unix"

// Sync implements Disk: the content, not the time of its last change.
func (d diskFile) Sync() error { return unix.Fdatasync(int(d.Fd())) }
