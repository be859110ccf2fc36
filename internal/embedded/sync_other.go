//go:build !linux

package embedded

import "os"

// syncs makes files and their names durable one by one, where syncfs(2) is missing.
type syncs struct{}

func newSyncs(string) (*syncs, error) { return &syncs{}, nil }

func (*syncs) coversAll() bool { return false }

func (*syncs) beforeRename(f *os.File) error { return f.Sync() }

func (*syncs) wait(folder string) error { return syncFolder(folder) }
