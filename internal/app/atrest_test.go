package app

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/texts"
)

// readableWords is what would be read of letters and of the table. Numbers are looked for by their form.
var readableWords = []string{"/MediaBox", "%PDF", `"subject":"`, `"cases":"`, "PRIVATE KEY"}

// cprForm is a number as it stands in the table (CPR:…), or in a document.
var cprForm = regexp.MustCompile(`CPR:\d{10}|\b\d{6}-\d{4}\b`)

// readable returns what can be read in a folder's files by whoever copies them.
func readable(t *testing.T, dir string) (found []string) {
	t.Helper()
	posttest.Check(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || d.Name() == "simulator.db" { // that is Digital Post's
			return err
		}
		b, err := os.ReadFile(path)
		if hit := cprForm.Find(b); hit != nil {
			found = append(found, path+": "+string(hit))
		}
		for _, word := range readableWords {
			if bytes.Contains(b, []byte(word)) {
				found = append(found, path+": "+word)
			}
		}
		return err
	}))
	return found
}

// TestAnOldFolderIsSealed: a folder of a version before shows numbers, and none any more once it was opened. What was
// in it is there, and what had one place on disk still has.
func TestAnOldFolderIsSealed(t *testing.T) {
	dir := before(t)
	if len(readable(t, dir)) < 2 {
		t.Fatal("the folder of before shows nothing: this test proves nothing")
	}
	srv := openFolder(t, dir)
	all := lettersOf(t, srv)
	for _, l := range all {
		content, done, err := srv.app.Objects.Open(t.Context(), l.Document)
		posttest.Check(t, err)
		if !bytes.HasPrefix(content, []byte("%PDF")) || l.Recipient.IsZero() {
			t.Errorf("%s: %.10q to %v", l.ID, content, l.Recipient)
		}
		done()
	}
	if len(all) == 0 {
		t.Error("no letters")
	}
	opened := post.File{Org: "demo", Key: "previews/opened/demo/a.pdf", Content: []byte("%PDF")}
	_, err := srv.app.Objects.Put(t.Context(), opened)
	posttest.Check(t, err)
	var backup bytes.Buffer
	posttest.Check(t, srv.app.Backup(&backup))
	posttest.Check(t, srv.close())
	for _, what := range readable(t, dir) {
		t.Errorf("it can be read: %s", what)
	}
	if info, err := os.Stat(filepath.Join(dir, "master.key")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the master key: %v, %v", info, err)
	}
	unpacked := t.TempDir()
	unpackBackup(t, backup.Bytes(), unpacked)
	for _, what := range readable(t, unpacked) {
		t.Errorf("it can be read in the backup: %s", what)
	}
	for _, name := range []string{"master.key", "identity", "objects/previews"} {
		if _, err := os.Stat(filepath.Join(unpacked, name)); err == nil {
			t.Errorf("%s is in the backup", name)
		}
	}
	for _, name := range []string{"keys.json", "key"} { // the hashes of numbers would not hold against them
		lies, _ := os.ReadFile(filepath.Join(dir, name))
		kept, err := os.ReadFile(filepath.Join(unpacked, name))
		if err != nil || len(lies) == 0 || bytes.Contains(kept, lies) {
			t.Errorf("%s lies open in the backup: %v", name, err)
		}
	}
}

func lettersOf(t *testing.T, srv *server) (all []*post.Letter) {
	t.Helper()
	shipments, _, err := srv.app.Store.Shipments().List(t.Context(), "demo", post.Everything(), "", 10)
	posttest.Check(t, err)
	for _, s := range shipments {
		letters, err := srv.app.Store.Letters().Page(t.Context(), s, 1, 100)
		posttest.Check(t, err)
		for _, l := range letters {
			if l.Document.Key != "" {
				all = append(all, l)
			}
		}
	}
	return all
}

// TestMasterKeys: without its master key, or with another, a folder does not open, says which it is, and stays as it
// is.
func TestMasterKeys(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(key string) error
		word  string
	}{
		"missing": {os.Remove, "mangler"},
		"another": {func(key string) error {
			other := t.TempDir()
			srv := openFolder(t, other)
			text, err := os.ReadFile(srv.backend.MasterKey)
			return errors.Join(err, srv.close(), os.WriteFile(key, text, 0o600))
		}, "er ikke den"},
		"no key": {func(key string) error {
			return os.WriteFile(key, []byte("hemmelig"), 0o600)
		}, "ikke en hovednøgle"},
		"empty": {func(key string) error { return os.Truncate(key, 0) }, "ikke en hovednøgle"},
		"a folder": {func(key string) error {
			return errors.Join(os.Remove(key), os.Mkdir(key, 0o700))
		}, "kan ikke læses"},
	} {
		dir := before(t)
		srv := openFolder(t, dir)
		want := len(lettersOf(t, srv))
		posttest.Check(t, srv.close())
		key := filepath.Join(dir, "master.key")
		text, err := os.ReadFile(key)
		posttest.Check(t, err)
		posttest.Check(t, c.spoil(key))
		lies, err := os.ReadFile(filepath.Join(dir, "brevdue.db"))
		posttest.Check(t, err)
		_, err = build(config(dir), "http://127.0.0.1:1", "http://127.0.0.1:1")
		if err == nil || !strings.Contains(texts.Error(err), c.word) || !strings.Contains(texts.Error(err), key) ||
			strings.Contains(texts.Error(err), "hemmelig") {
			t.Errorf("%s: %v", name, texts.Error(err))
		}
		if now, err := os.ReadFile(filepath.Join(dir, "brevdue.db")); err != nil || !bytes.Equal(now, lies) {
			t.Errorf("%s: the table has changed: %v", name, err)
		}
		posttest.Check(t, os.RemoveAll(key))
		elsewhere := filepath.Join(t.TempDir(), "nøgle")
		posttest.Check(t, os.WriteFile(elsewhere, text, 0o600))
		c := config(dir)
		c.MasterKey = elsewhere
		srv, err = build(c, "http://127.0.0.1:1", "http://127.0.0.1:1")
		posttest.Check(t, err)
		if got := len(lettersOf(t, srv)); got != want {
			t.Errorf("%s: %d letters with the key from elsewhere, %d before", name, got, want)
		}
		posttest.Check(t, srv.close())
		if _, err := os.Stat(key); err == nil {
			t.Errorf("%s: a key was made", name)
		}
	}
}

// TestRestoreNeedsTheMasterKey: a backup without its key, or with another, restores nothing.
func TestRestoreNeedsTheMasterKey(t *testing.T) {
	old, other := openFolder(t, before(t)), openFolder(t, t.TempDir())
	var backup bytes.Buffer
	posttest.Check(t, old.app.Backup(&backup))
	posttest.Check(t, errors.Join(old.close(), other.close()))
	for key, word := range map[string]string{

		other.backend.MasterKey:               "er ikke den",
		filepath.Join(t.TempDir(), "nothing"): "mangler",
	} {
		dir := filepath.Join(t.TempDir(), "new")
		_, err := Restore(bytes.NewReader(backup.Bytes()), dir, key)
		if err == nil || !strings.Contains(texts.Error(err), word) {
			t.Errorf("%q: %v", key, texts.Error(err))
		}
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%q: a folder is there", key)
		}
	}
	here := filepath.Join(t.TempDir(), "here")
	_, err := Restore(bytes.NewReader(backup.Bytes()), here, "") // the key is where it was: the folder has it then
	posttest.Check(t, err)
	posttest.Check(t, openFolder(t, here).close())
	posttest.Check(t, os.Remove(old.backend.MasterKey))
	_, err = Restore(bytes.NewReader(backup.Bytes()), filepath.Join(t.TempDir(), "gone"), "")
	if err == nil || !strings.Contains(texts.Error(err), "låst med hovednøglen") {
		t.Errorf("without the key: %v", texts.Error(err))
	}
}

// unpackBackup lays the files of a backup into a folder, as they lie in it.
func unpackBackup(t *testing.T, backup []byte, dir string) {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(backup))
	posttest.Check(t, err)
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		posttest.Check(t, err)
		b, err := io.ReadAll(r)
		posttest.Check(t, err)
		path := filepath.Join(dir, filepath.FromSlash(h.Name))
		posttest.Check(t, errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, b, 0o600)))
	}
}
