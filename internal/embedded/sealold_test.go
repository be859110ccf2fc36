package embedded

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/wal"
)

var secret = []byte("CPR:1807649901")

// oldFolder makes a folder as a version before did: items and files lie open in it. Two names share one file.
func oldFolder(t *testing.T) (dir string) {
	t.Helper()
	ctx, dir := context.Background(), t.TempDir()
	h, err := Open(dir, "")
	posttest.Check(t, err)
	s, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 300)
	open := store.New(table{h})
	posttest.Check(t, open.Shipments().Create(ctx, s))
	posttest.Check(t, open.Letters().Create(ctx, s, letters))
	for i := range 5 { // what was written over leaves pages that are free
		posttest.Check(t, open.Notices().Note(ctx, post.Notice{Org: "demo", Kind: post.ShipmentErrors,
			About: "x", At: posttest.Start.Add(time.Duration(i) * time.Hour)}))
	}
	k := sealedKey
	posttest.Check(t, table{h}.Transact(ctx, store.Write{Delete: &k}))
	posttest.Check(t, h.Close())
	for _, name := range []string{"letters/aaaaaaaaaaaa/1/0000/000001.pdf", "uploads/demo/aaaaaaaaaaaa/0",
		"incident/x"} {
		path := filepath.Join(dir, "objects", filepath.FromSlash(name)) + "@" + versionOf(sumOf(secret))
		posttest.Check(t, errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, secret, 0o600)))
	}
	from := filepath.Join(dir, "objects/letters/aaaaaaaaaaaa/1/0000/000001.pdf@"+versionOf(sumOf(secret)))
	to := filepath.Join(dir, "objects/archive/demo/m-1/1.pdf@"+versionOf(sumOf(secret)))
	posttest.Check(t, errors.Join(os.MkdirAll(filepath.Dir(to), 0o700), os.Link(from, to)))
	return dir
}

func sumOf(b []byte) []byte { sum, _ := hashInto(new(bytes.Buffer), bytes.NewReader(b)); return sum }

// readable returns the files of a folder in which the number can be read.
func readable(t *testing.T, dir string) (found []string) {
	t.Helper()
	posttest.Check(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		for _, word := range [][]byte{[]byte("CPR:"), secret} {
			if bytes.Contains(b, word) {
				found = append(found, path)
			}
		}
		return err
	}))
	return found
}

// TestAnOldFolderIsSealedWherever: whatever was done of it when the process died, afterwards all is sealed, everything
// is there, and two names still share one file.
func TestAnOldFolderIsSealedWherever(t *testing.T) {
	ctx := context.Background()
	for name, before := range map[string]func(h *Backend) error{
		"nothing was done": func(*Backend) error { return nil },
		"an item was":      func(h *Backend) error { return sealSome(h, 1) },
		"a page of them":   func(h *Backend) error { return sealSome(h, 100) },
		"all items":        func(h *Backend) error { _, err := h.sealItems(ctx); return err },
		"items and files": func(h *Backend) error {
			_, err := h.sealItems(ctx)
			_, filesErr := h.sealFiles(ctx)
			return errors.Join(err, filesErr)
		},
		"half a file": func(h *Backend) error {
			return os.WriteFile(filepath.Join(h.Dir, "objects", "incident", partPrefix+"1"), []byte("age"), 0o600)
		},
		"a name that is shared again": func(h *Backend) error {
			return os.WriteFile(filepath.Join(h.Dir, "objects/archive/demo/m-1", partPrefix+"shared"), nil, 0o600)
		},
		"half a new table": func(h *Backend) error {
			_, err := h.sealItems(ctx)
			return errors.Join(err, os.WriteFile(filepath.Join(h.Dir, databaseName+".part"), []byte("half"), 0o600))
		},
		"all but that it is done": func(h *Backend) error {
			k := sealedKey
			return errors.Join(h.sealOld(ctx), table{h}.Transact(ctx, store.Write{Delete: &k}))
		},
	} {
		dir := oldFolder(t)
		if len(readable(t, dir)) < 5 {
			t.Fatal("the folder of before shows nothing: this test proves nothing")
		}
		posttest.Check(t, whileOpen(dir, before))
		h, err := Open(dir, "")
		posttest.Check(t, err)
		s := store.New(h.Table())
		sh, err := s.Shipments().Get(ctx, "demo", "aaaaaaaaaaaa")
		posttest.Check(t, err)
		letters, err := s.Letters().Page(ctx, sh, 1, 300)
		if err != nil || len(letters) != 300 || letters[299].Recipient.IsZero() {
			t.Errorf("%s: %d letters, %v", name, len(letters), err)
		}
		o, err := h.Objects()
		posttest.Check(t, err)
		for _, key := range []string{"letters/aaaaaaaaaaaa/1/0000/000001.pdf", "archive/demo/m-1/1.pdf", "incident/x"} {
			if content, _, err := o.Open(ctx, post.Object{Key: key, Version: versionOf(sumOf(secret)),
				Size: int64(len(secret))}); err != nil || !bytes.Equal(content, secret) {
				t.Errorf("%s: %s says %q: %v", name, key, content, err)
			}
		}
		posttest.Check(t, h.Close())
		for _, path := range readable(t, dir) {
			t.Errorf("%s: %s can be read", name, path)
		}
		a, err := os.Stat(
			filepath.Join(dir, "objects/letters/aaaaaaaaaaaa/1/0000/000001.pdf@"+versionOf(sumOf(secret))),
		)
		posttest.Check(t, err)
		b, err := os.Stat(filepath.Join(dir, "objects/archive/demo/m-1/1.pdf@"+versionOf(sumOf(secret))))
		posttest.Check(t, err)
		if !os.SameFile(a, b) {
			t.Errorf("%s: two names have a file each", name)
		}
	}
}

// sealSome seals so many items, as one who is killed then.
func sealSome(h *Backend, n int) error {
	open, _, err := h.openItems("")
	if err != nil {
		return err
	}
	over := store.Sealed(table{h}, h.sealing, store.Packing{})
	for _, item := range open[:min(n, len(open))] {
		owner, ownerErr := store.New(over).Owner(context.Background(), item)
		item.Org = owner
		err = errors.Join(err, ownerErr, over.Transact(context.Background(), store.Write{Put: item}))
	}
	return err
}

// whileOpen does something in a folder whose sealing has not begun.
func whileOpen(dir string, do func(h *Backend) error) error {
	h := &Backend{Dir: dir}
	if err := h.openFile(); err != nil {
		return err
	}
	master, err := readMasterKey(masterKeyFile(dir, ""))
	h.master, h.sealing = master, store.NewKeys(table{h}, master)
	return errors.Join(err, do(h), h.file.Close())
}

// TestCompactLosesNothing: a file that was written anew has what it had, and what was deleted is not in it.
func TestCompactLosesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	f, err := wal.Open(path, "b")
	posttest.Check(t, err)
	posttest.Check(t, f.Update(t.Context(), func(tx *wal.Tx) error {
		tx.Put("b", "stays", []byte("stays"))
		tx.Put("b", "goes", secret)
		return nil
	}))
	posttest.Check(t, f.Update(t.Context(), func(tx *wal.Tx) error { tx.Delete("b", "goes"); return nil }))
	posttest.Check(t, errors.Join(f.Close(), wal.Compact(path)))
	if b, err := os.ReadFile(path); err != nil || bytes.Contains(b, secret) {
		t.Errorf("what was deleted is in the file: %v", err)
	}
	f, err = wal.Open(path, "b")
	posttest.Check(t, err)
	posttest.Check(t, f.View(func(tx *wal.Tx) error {
		if string(tx.Get("b", "stays")) != "stays" {
			t.Error("what was there is gone")
		}
		return nil
	}))
	posttest.Check(t, f.Close())
}

// TestACompactionThatFails: it is an error and no panic, and the next time all is there.
func TestACompactionThatFails(t *testing.T) {
	dir := oldFolder(t)
	inTheWay := filepath.Join(dir, databaseName+".part", "x")
	posttest.Check(t, os.MkdirAll(inTheWay, 0o700))
	if _, err := Open(dir, ""); err == nil || !strings.Contains(err.Error(), "compact") {
		t.Errorf("it opens: %v", err)
	}
	posttest.Check(t, os.RemoveAll(filepath.Dir(inTheWay)))
	h, err := Open(dir, "")
	posttest.Check(t, err)
	posttest.Check(t, h.Close())
	for _, path := range readable(t, dir) {
		t.Errorf("%s can be read", path)
	}
}

// TestTwoFoldersWithOneMasterKey: both are begun at once, and both open again.
func TestTwoFoldersWithOneMasterKey(t *testing.T) {
	for range 20 {
		dir := t.TempDir()
		key := filepath.Join(dir, "nøgle")
		var both sync.WaitGroup
		open := func(name string) {
			h, err := Open(filepath.Join(dir, name), key)
			if err != nil {
				t.Error(err)
				return
			}
			if err := h.FixEnvironment(post.Simulator); err != nil {
				t.Error(err)
			}
			if err := h.Close(); err != nil {
				t.Error(err)
			}
		}
		for _, name := range []string{"a", "b"} {
			both.Go(func() { open(name) })
		}
		both.Wait()
		open("a")
		open("b")
		if b, err := os.ReadFile(filepath.Join(dir, "a", keysName)); err != nil || bytes.Contains(b, []byte(`"cases"`)) {
			t.Errorf("the keys lie open: %v", err)
		}
	}
}
