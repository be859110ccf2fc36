package folder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"runtime"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// Disk is a folder of this machine, which may be on a drive that is mounted.
type Disk struct {
	Path string
	Name string // of the archive, for messages
}

// nameless is why the disk refused something, without the name of the file: that has the subject of a letter.
func nameless(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return fmt.Errorf("archive folder: %s: %w", path.Op, path.Err)
	case errors.As(err, &link):
		return fmt.Errorf("archive folder: %s: %w", link.Op, link.Err)
	}
	return err
}

// readableByOthers are the bits of those who are neither the owner nor in the group.
const readableByOthers = 0o007

// Ready implements Files. The folder itself is made by whoever mounts it: where a drive is missing, nothing is put into
// its place. One that others can read has letters that are none of their business.
func (d Disk) Ready(context.Context) error {
	info, err := os.Stat(d.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir():
		return post.FailedTransfer(sentence.Of("archive-folder-gone", d.Name))
	case err != nil:
		return nameless(err)
	case runtime.GOOS != "windows" && info.Mode().Perm()&readableByOthers != 0: // there its bits say nothing
		return post.FailedTransfer(sentence.Of("archive-folder-open", d.Name))
	}
	return nil
}

// Read implements Files.
func (d Disk) Read(_ context.Context, name string) ([]byte, error) {
	root, err := os.OpenRoot(d.Path)
	if err != nil {
		return nil, nameless(err)
	}
	defer root.Close() //nolint:errcheck // nothing is written through it
	content, err := root.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, post.ErrNotFound
	}
	return content, nameless(err)
}

// Names implements Files.
func (d Disk) Names(_ context.Context, dir string) ([]string, error) {
	root, err := os.OpenRoot(d.Path)
	if err != nil {
		return nil, nameless(err)
	}
	defer root.Close() //nolint:errcheck // nothing is written through it
	entries, err := fs.ReadDir(root.FS(), dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for _, e := range entries {
		if e.Type().IsRegular() {
			names = append(names, e.Name())
		}
	}
	return names, nameless(err)
}

// beginning stands behind the name of a file that is not whole yet.
const beginning = ".del"

// Write implements Files.
func (d Disk) Write(_ context.Context, name string, content []byte) error {
	return nameless(d.write(name, content))
}

// write writes a file under another name, synced and then renamed, with the folder it lies in.
func (d Disk) write(name string, content []byte) error {
	root, err := os.OpenRoot(d.Path)
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // what is written is synced
	if err := root.MkdirAll(path.Dir(name), 0o750); err != nil {
		return err
	}
	f, err := root.OpenFile(name+beginning, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o640)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := root.Rename(name+beginning, name); err != nil {
		return err
	}
	for dir := path.Dir(name); ; dir = path.Dir(dir) {
		if err := syncFolder(root, dir); err != nil || dir == "." {
			return err
		}
	}
}

// syncFolder makes the names in a folder durable. Some systems that are mounted cannot, and say so.
func syncFolder(root *os.Root, dir string) error {
	f, err := root.Open(dir)
	if err != nil {
		return err
	}
	err = f.Sync()
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrInvalid) || runtime.GOOS == "windows" {
		err = nil
	}
	return errors.Join(err, f.Close())
}
