//go:build !linux

package wal

// Sync implements Disk.
func (d diskFile) Sync() error { return d.File.Sync() }
