package app

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/remote/digitalpost/fake"
)

// before unpacks a data folder as a version before has left it: shipments that are over, and one that waits for a
// person.
func before(t *testing.T) string {
	t.Helper()
	f, err := os.Open("testdata/folder-2026-11.tar.gz")
	posttest.Check(t, err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	posttest.Check(t, err)
	dir := t.TempDir()
	for r := tar.NewReader(z); ; {
		srv, err := r.Next()
		if errors.Is(err, io.EOF) {
			return dir
		}
		posttest.Check(t, err)
		path := filepath.Join(dir, filepath.FromSlash(srv.Name))
		if srv.Typeflag == tar.TypeDir {
			posttest.Check(t, os.MkdirAll(path, 0o700))
			continue
		}
		b, err := io.ReadAll(r)
		posttest.Check(t, err)
		posttest.Check(t, os.WriteFile(path, b, 0o600))
	}
}

// takeMasterKey lays the master key of a folder into one that was restored from its backup.
func takeMasterKey(t *testing.T, from *server, dir string) {
	t.Helper()
	key, err := os.ReadFile(from.backend.MasterKey)
	posttest.Check(t, err)
	posttest.Check(t, os.WriteFile(filepath.Join(dir, "master.key"), key, 0o600))
}

func openFolder(t *testing.T, dir string) *server {
	t.Helper()
	srv, err := build(
		Config{
			Data:        dir,
			Timings:     post.DemoTimings,
			UploadLimit: 1 << 20,
			Senders:     1,
			Version:     "test",
			Duplicates:  fake.RefuseDuplicates,
		},
		"http://127.0.0.1:1",
		"http://127.0.0.1:1",
	)
	posttest.Check(t, err)
	return srv
}

func held(t *testing.T, srv *server) post.Restored {
	t.Helper()
	r, err := srv.app.Restored.Restored(context.Background())
	posttest.Check(t, err)
	return r
}

// TestBackupAcrossVersions: a folder of the version before goes on as it is; backed up at work and restored, it has
// everything and sends nothing, until it is resumed; then what is from before is asked about.
func TestBackupAcrossVersions(t *testing.T) {
	ctx := context.Background()
	old := openFolder(t, before(t))
	if held(t, old).Held {
		t.Fatal("a folder of the version before is held")
	}
	var backup bytes.Buffer
	posttest.Check(t, old.app.Backup(&backup))
	shipments, _, err := old.app.Store.Shipments().List(ctx, "demo", post.Everything(), "", 10)
	posttest.Check(t, err)
	uuid, files := old.backend.Keys.UUID, len(shipments)
	posttest.Check(t, old.close())
	if files != 2 {
		t.Fatalf("%d shipments in the old folder", files)
	}
	dir := filepath.Join(t.TempDir(), "new")
	done, err := Restore(bytes.NewReader(backup.Bytes()), dir, old.backend.MasterKey)
	posttest.Check(t, err)
	if done.Version != "test" || done.Files < 10 {
		t.Errorf("restored %+v", done)
	}
	takeMasterKey(t, old, dir)
	restored := openFolder(t, dir)
	if !held(t, restored).Held || !bytes.Equal(restored.backend.Keys.UUID, uuid) {
		t.Error("a restored folder sends, or makes other UUIDs")
	}
	again, _, err := restored.app.Store.Shipments().List(ctx, "demo", post.Everything(), "", 10)
	posttest.Check(t, err)
	for i, s := range again {
		if s.ID != shipments[i].ID || s.State != shipments[i].State || s.Counts != shipments[i].Counts {
			t.Errorf("%+v, before %+v", s, shipments[i])
		}
	}
	letters, err := restored.app.Store.Letters().Page(ctx, again[len(again)-1], 1, 10)
	posttest.Check(t, err)
	for _, l := range letters {
		_, closeFile, err := restored.app.Objects.Open(ctx, l.Document)
		posttest.Check(t, err)
		closeFile()
	}
	posttest.Check(t, restored.close())
	posttest.Check(t, Resume(ctx, dir, ""))
	resumed := openFolder(t, dir)
	if r := held(t, resumed); r.Held || r.Before.IsZero() {
		t.Errorf("after resume: %+v", r)
	}
	posttest.Check(t, resumed.close())
}

// TestBadBackups: nothing is half restored, and nothing is overwritten.
func TestBadBackups(t *testing.T) {
	old := openFolder(t, before(t))
	var backup bytes.Buffer
	posttest.Check(t, old.app.Backup(&backup))
	posttest.Check(t, old.close())
	whole := backup.Bytes()
	for name, content := range map[string][]byte{"empty": nil, "no backup": []byte("hej"),
		"cut off": whole[:len(whole)-200], "half": whole[:len(whole)/2]} {
		dir := filepath.Join(t.TempDir(), "new")
		if _, err := Restore(bytes.NewReader(content), dir, old.backend.MasterKey); err == nil {
			t.Errorf("%s: it is restored", name)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%s: a folder is there", name)
		}
	}
	dir := t.TempDir()
	posttest.Check(t, os.WriteFile(filepath.Join(dir, "x"), nil, 0o600))
	if _, err := Restore(bytes.NewReader(whole), dir, old.backend.MasterKey); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("into a folder with something in it: %v", err)
	}
}
