package app

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"brevdue/internal/embedded"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/remote/digitalpost/fake"
	"brevdue/internal/store"
	"brevdue/internal/texts"
)

func config(dir string) Config {
	return Config{
		Addr:        "127.0.0.1:0",
		Data:        dir,
		Timings:     post.DemoTimings,
		UploadLimit: 1 << 20,
		Senders:     1,
		Version:     "test",
		Duplicates:  fake.RefuseDuplicates,
	}
}

// refusesToOpen checks that a folder is refused in words that name the file and what can be done, and is left as it is.
func refusesToOpen(t *testing.T, name, dir string, words ...string) {
	t.Helper()
	key, _ := os.ReadFile(filepath.Join(dir, "key"))
	_, err := build(config(dir), "http://127.0.0.1:1", "http://127.0.0.1:1")
	if err == nil {
		t.Fatalf("%s: it opens", name)
	}
	for _, w := range append(words, filepath.Join(dir, "brevdue.db"), "brevdue restore") {
		if !strings.Contains(texts.Error(err), w) {
			t.Errorf("%s: %q is not in: %v", name, w, err)
		}
	}
	if strings.Contains(texts.Error(err), "goroutine") || strings.Contains(texts.Error(err), "\n") {
		t.Errorf("%s: it is told as a trace: %v", name, err)
	}
	if now, _ := os.ReadFile(filepath.Join(dir, "key")); !bytes.Equal(now, key) {
		t.Errorf("%s: the key was overwritten", name)
	}
	if err := Resume(
		context.Background(),
		dir,
		"",
	); err == nil ||
		!strings.Contains(texts.Error(err), "brevdue restore") {
		t.Errorf("%s: resume says %v", name, err)
	}
}

// TestMissingTable: a folder that lost its table is no new one, whatever else is left of it.
func TestMissingTable(t *testing.T) {
	for name, spoil := range map[string]func(dir string) error{
		"missing":        func(dir string) error { return os.Remove(filepath.Join(dir, "brevdue.db")) },
		"empty":          func(dir string) error { return os.Truncate(filepath.Join(dir, "brevdue.db"), 0) },
		"only the files": func(dir string) error { return keepOnly(dir, "objects") },
		"only keys":      func(dir string) error { return keepOnly(dir, "keys.json") },
		"only identity":  func(dir string) error { return keepOnly(dir, "identity") },
		"a new one": func(dir string) error {
			srv, err := embedded.Open(filepath.Join(dir, "other"), "")
			if err != nil {
				return err
			}
			return errors.Join(srv.Close(), os.Rename(filepath.Join(dir, "other", "brevdue.db"),
				filepath.Join(dir, "brevdue.db")))
		},
	} {
		dir := before(t)
		srv := openFolder(t, dir)
		posttest.Check(t, srv.close())
		posttest.Check(t, spoil(dir))
		refusesToOpen(t, name, dir, "mangler eller er tom")
	}
}

func keepOnly(dir, name string) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if e.Name() != name {
			err = errors.Join(err, os.RemoveAll(filepath.Join(dir, e.Name())))
		}
	}
	return err
}

// TestBrokenTable: whatever is wrong with the file's pages, it is told in one sentence.
func TestBrokenTable(t *testing.T) {
	for name, spoil := range map[string]func(b []byte) []byte{
		"no file of ours": func(b []byte) []byte { return bytes.Repeat([]byte("x"), len(b)) },
		"one page only":   func(b []byte) []byte { return b[:100] },
		"cut short":       func(b []byte) []byte { return b[:3*4096] },
		"pages of zeros": func(b []byte) []byte {
			clear(b[2*4096:])
			return b
		},
		"pages of noise": func(b []byte) []byte {
			_, _ = rand.Read(b[2*4096:])
			return b
		},
	} {
		dir := before(t)
		srv := openFolder(t, dir)
		posttest.Check(t, srv.close())
		file := filepath.Join(dir, "brevdue.db")
		b, err := os.ReadFile(file)
		posttest.Check(t, err)
		posttest.Check(t, os.WriteFile(file, spoil(b), 0o600))
		refusesToOpen(t, name, dir, "beskadiget")
	}
}

// TestTableBreaksAtWork: a service whose table breaks under it stops, and says so.
func TestTableBreaksAtWork(t *testing.T) {
	dir := t.TempDir()
	first := openFolder(t, dir)
	posttest.Check(t, first.close())
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	r, w := io.Pipe()
	served := make(chan error, 1)
	go func() {
		err := Serve(ctx, config(dir), w)
		w.CloseWithError(err)
		served <- err
	}()
	_, err := r.Read(make([]byte, 10)) // it says where it is
	posttest.Check(t, err)
	go func() { _, _ = io.Copy(io.Discard, r) }()
	f, err := os.OpenFile(filepath.Join(dir, "brevdue.db"), os.O_WRONLY, 0)
	posttest.Check(t, err)
	noise := make([]byte, 1<<20)
	_, _ = rand.Read(noise)
	_, err = f.WriteAt(noise, 2*4096)
	posttest.Check(t, errors.Join(err, f.Close()))
	if err := <-served; err == nil || !strings.Contains(texts.Error(err), "beskadiget") || ctx.Err() != nil {
		t.Errorf("it ends with %v", err)
	}
}

// TestForeignNamesInABackup: what Backup would not have written is not restored; above all no identity, with which the
// folder would send at once.
func TestForeignNamesInABackup(t *testing.T) {
	old := openFolder(t, before(t))
	var backup bytes.Buffer
	posttest.Check(t, old.app.Backup(&backup))
	posttest.Check(t, old.close())
	for _, name := range []string{"identity", "simulator.db", "objects", "objects/../identity", "./identity",
		"objects/.part-1", "keys.json/x", "/etc/x"} {
		dir := filepath.Join(t.TempDir(), "new")
		if _, err := Restore(
			bytes.NewReader(repacked(t, backup.Bytes(), name, "")),
			dir,
			old.backend.MasterKey,
		); err == nil {
			t.Errorf("%s is restored", name)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%s: a folder is there", name)
		}
	}
	for _, name := range []string{"brevdue.db", "keys.json"} {
		if _, err := Restore(bytes.NewReader(repacked(t, backup.Bytes(), "", name)),
			filepath.Join(t.TempDir(), "new"), old.backend.MasterKey); err == nil ||
			!strings.Contains(texts.Error(err), name) {
			t.Errorf("without %s: %v", name, err)
		}
	}
	if _, err := Restore(bytes.NewReader(repacked(t, backup.Bytes(), "", "")),
		filepath.Join(t.TempDir(), "new"), old.backend.MasterKey); err != nil {
		t.Errorf("repacked as it was: %v", err)
	}
}

// repacked makes a backup by hand: with one file more, or one less, and sums that fit.
func repacked(t *testing.T, backup []byte, more, less string) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(backup))
	posttest.Check(t, err)
	var out bytes.Buffer
	packed := gzip.NewWriter(&out)
	w, sums := tar.NewWriter(packed), map[string]string{}
	add := func(name string, b []byte) {
		posttest.Check(
			t,
			w.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(b)), Typeflag: tar.TypeReg}),
		)
		_, err := w.Write(b)
		posttest.Check(t, err)
		sum := sha256.Sum256(b)
		sums[name] = hex.EncodeToString(sum[:])
	}
	for r := tar.NewReader(z); ; {
		srv, err := r.Next()
		if errors.Is(err, io.EOF) || srv.Name == "backup.end.json" {
			break
		}
		posttest.Check(t, err)
		b, err := io.ReadAll(r)
		posttest.Check(t, err)
		if srv.Name != less {
			add(srv.Name, b)
		}
	}
	if more != "" {
		add(more, []byte(strings.Repeat("ab", 32)))
	}
	end, err := json.Marshal(sums)
	posttest.Check(t, err)
	add("backup.end.json", end)
	posttest.Check(t, errors.Join(w.Close(), packed.Close()))
	return out.Bytes()
}

// TestBackupOfAStandingReader: whoever takes a backup and stands still holds up nobody.
func TestBackupOfAStandingReader(t *testing.T) {
	srv, err := embedded.Open(t.TempDir(), "")
	posttest.Check(t, err)
	table, ctx := srv.Table(), context.Background()
	put := func(from, n int) error {
		for i := from; i < from+n; i++ {
			b := make([]byte, 200<<10)
			_, _ = rand.Read(b)
			key := store.Key{PK: "x", SK: strings.Repeat("k", i+1)}
			if err := table.Transact(ctx, store.Write{Put: &store.Item{Key: key, Revision: 1, Body: b}}); err != nil {
				return err
			}
		}
		return nil
	}
	posttest.Check(t, put(0, 60))
	r, w := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := srv.Backup(w, "x", time.Now())
		w.CloseWithError(err)
		ended <- err
	}()
	_, err = io.ReadFull(r, make([]byte, 1<<20))
	posttest.Check(t, err)
	written := make(chan error, 1)
	go func() { written <- put(1000, 200) }() // the file has to grow for it
	select {
	case err := <-written:
		posttest.Check(t, err)
	case <-time.After(20 * time.Second):
		t.Fatal("writers stand still while the backup's reader does")
	}
	_, err = io.Copy(io.Discard, r)
	posttest.Check(t, errors.Join(err, <-ended, srv.Close()))
	if left, _ := filepath.Glob(filepath.Join(srv.Dir, "backup-*")); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
}

// TestHeldIsSaid: a restored installation says that it sends nothing, wherever one looks.
func TestHeldIsSaid(t *testing.T) {
	old := openFolder(t, before(t))
	var backup bytes.Buffer
	posttest.Check(t, old.app.Backup(&backup))
	posttest.Check(t, old.close())
	dir := filepath.Join(t.TempDir(), "new")
	_, err := Restore(&backup, dir, old.backend.MasterKey)
	posttest.Check(t, err)
	takeMasterKey(t, old, dir)
	for _, held := range []bool{true, false} {
		srv := openFolder(t, dir)
		handler, err := srv.handler()
		posttest.Check(t, err)
		key, err := srv.app.Auth().NewKey(t.Context(), post.Caller{Org: "demo", Name: "prøve"})
		posttest.Check(t, err)
		r := httptest.NewRequest(http.MethodGet, "/v1/status", nil)
		r.Host = srv.base[len("http://"):]
		r.Header.Set("Authorization", "Bearer "+key)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		var status struct {
			Held *bool `json:"held"`
		}
		posttest.Check(t, json.Unmarshal(w.Body.Bytes(), &status))
		if status.Held == nil || *status.Held != held {
			t.Errorf("status says %s, want held %v", w.Body, held)
		}
		posttest.Check(t, srv.close())
		posttest.Check(t, Resume(t.Context(), dir, ""))
	}
}

// TestTheDiskFails: a disk that fails is no damaged database, and nobody is sent to a backup for it.
func TestTheDiskFails(t *testing.T) {
	told := texts.Error(explain(errors.Join(errors.New("log"), embedded.ErrDisk), "data"))
	if !strings.Contains(told, "Disken har fejlet") || !strings.Contains(told, "data/brevdue.db") ||
		strings.Contains(told, "restore") || strings.Contains(told, "beskadiget") {
		t.Errorf("it is told as %q", told)
	}
}
