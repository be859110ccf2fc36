package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"brevdue/internal/post"
	"brevdue/internal/store"
	"brevdue/internal/wal"
)

// A folder of a version before has items and files that lie as they are. When it is opened they are sealed, and the
// table's file is written anew, so that nothing of them is left in pages that are free. Whoever is killed meanwhile
// goes on where it was.

// sealedKey is the item that says that everything is sealed.
var sealedKey = store.Key{PK: "T#sealed", SK: "H"}

// sealOld seals what lies open, once.
func (h *Backend) sealOld(ctx context.Context) error {
	items, err := table{h}.Get(ctx, sealedKey)
	if err != nil || items[0] != nil {
		return err
	}
	used, err := h.hasItems()
	if err != nil {
		return err
	}
	count, err := h.sealItems(ctx)
	if err != nil {
		return fmt.Errorf("seal items: %w", err)
	}
	files, err := h.sealFiles(ctx)
	if err != nil {
		return fmt.Errorf("seal files: %w", err)
	}
	if used { // also what was sealed before somebody was killed lies in free pages, as it was
		if err := h.compact(); err != nil {
			return fmt.Errorf("compact: %w", err)
		}
	}
	if count+files > 0 {
		slog.Info("a data folder of a version before was sealed", "items", count, "files", files)
	}
	done := &store.Item{Key: sealedKey, Revision: 1, Body: []byte("{}")}
	return table{h}.Transact(ctx, store.Write{Put: done})
}

// compact writes the table's file anew. When it fails the file is closed, and as it was.
func (h *Backend) compact() error {
	err := h.file.Close()
	h.file = nil
	if err == nil {
		err = wal.Compact(filepath.Join(h.Dir, databaseName))
	}
	if err == nil {
		err = h.openFile()
	}
	return err
}

// sealItems seals the items that lie open, and returns how many did.
func (h *Backend) sealItems(ctx context.Context) (count int, err error) {
	over := store.Sealed(table{h}, h.sealing, store.Packing{})
	owners := store.New(over)
	for after := ""; ; {
		open, last, err := h.openItems(after)
		if err != nil {
			return count, err
		}
		var writes []store.Write
		for _, item := range open {
			if item.Org, err = owners.Owner(ctx, item); err != nil {
				return count, err
			}
			if item.Org != "" {
				writes = append(writes, store.Write{Put: item})
			}
		}
		if err := over.Transact(ctx, writes...); err != nil {
			return count, err
		}
		if count += len(writes); last == "" {
			return count, nil
		}
		after = last
	}
}

// itemsLooked is how many items are looked at in one snapshot.
const itemsLooked = 2000

// openItems returns items after a place whose bodies lie open, and where to go on; "" at the end.
func (h *Backend) openItems(after string) (open []*store.Item, last string, err error) {
	err = h.file.View(func(tx *wal.Tx) error {
		looked := 0
		for raw, value := range tx.Up(itemsBucket, after) {
			if raw == after {
				continue
			}
			if looked++; looked > itemsLooked || len(open) == store.TransactLimit {
				return nil
			}
			last = raw
			if item := itemOf(raw, value); !item.Sealed && !item.Broken && len(item.Body) > 0 {
				open = append(open, item)
			}
		}
		last = ""
		return nil
	})
	return open, last, err
}

// inode tells a file that has several names.
type inode struct{ device, number uint64 }

// sealFiles seals the files that lie open, and returns how many did. What shared its place on disk still does.
func (h *Backend) sealFiles(ctx context.Context) (count int, err error) {
	o, err := h.Objects()
	if err != nil {
		return 0, err
	}
	owners, done := store.New(h.Table()), map[inode]string{}
	err = filepath.WalkDir(o.root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		if strings.HasPrefix(d.Name(), partPrefix) { // of one who is not there any more
			return os.Remove(path)
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		place, names := inodeOf(info)
		if first := done[place]; first != "" {
			return o.shareAgain(first, path)
		}
		sealed, err := o.sealOpen(ctx, owners, path)
		if sealed && names > 1 {
			done[place] = path
		}
		if sealed {
			count++
		}
		return err
	})
	return count, err
}

// inodeOf returns where a file is on disk, and how many names it has.
func inodeOf(info fs.FileInfo) (place inode, names uint64) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return inode{}, 0
	}
	return inode{uint64(stat.Dev), stat.Ino}, uint64(stat.Nlink)
}

// shareAgain makes a name lead to the file of another name.
func (o *Objects) shareAgain(file, name string) error {
	part := filepath.Join(filepath.Dir(name), partPrefix+"shared")
	_ = os.Remove(part) // of one who was killed here
	if err := errors.Join(os.Link(file, part), os.Rename(part, name)); err != nil {
		return err
	}
	return o.syncs.wait(filepath.Dir(name))
}

// ageMark is how a sealed file begins.
var ageMark = []byte("age-encryption.org/v1\n-> " + stanza + "\n")

// sealOpen seals a file that lies open, and reports whether it did.
func (o *Objects) sealOpen(ctx context.Context, owners *store.Store, path string) (sealed bool, err error) {
	content, err := os.ReadFile(path)
	if err != nil || bytes.HasPrefix(content, ageMark) {
		return false, err
	}
	name, err := filepath.Rel(o.root, path)
	if err != nil {
		return false, err
	}
	org, err := ownerOfFile(ctx, owners, strings.Split(filepath.ToSlash(name), "/"))
	if err != nil {
		return false, err
	}
	b, err := o.sealFile(org, content)
	if err != nil {
		return false, err
	}
	f, err := o.create(path)
	if err != nil {
		return false, err
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync()) // it takes the place of the only one there is
	if err = o.rename(f, path, err); err != nil {
		return false, err
	}
	return true, o.syncs.wait(filepath.Dir(path))
}

// ownerOfFile returns whose a file is: its name says so, or whose shipment it belongs to.
func ownerOfFile(ctx context.Context, owners *store.Store, name []string) (string, error) {
	if len(name) < 3 {
		return store.Installation, nil
	}
	if name[0] != "letters" && name[0] != "previews" {
		return name[1], nil
	}
	s, err := owners.Shipments().GetAny(ctx, name[1])
	if errors.Is(err, post.ErrNotFound) || errors.Is(err, post.ErrUnreadable) {
		return store.Installation, nil
	}
	if err != nil {
		return "", err
	}
	return s.Org, nil
}
