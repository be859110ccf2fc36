package folder_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/webdav"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/remote/folder"
)

var keep = post.Once{Keep: func(string) error { return nil }}

func open(t *testing.T) (*folder.Archive, string) {
	t.Helper()
	dir := t.TempDir()
	posttest.Check(t, os.Chmod(dir, 0o700))
	return &folder.Archive{Files: folder.Disk{Path: dir, Name: "Mappe"}, Name: "Mappe",
		Now: func() time.Time { return posttest.Start }}, dir
}

func letter(title string) post.OutgoingDocument {
	content := []byte("%PDF " + title)
	return post.OutgoingDocument{ID: "aaaaaaaaaaaa.0.1.1.0~letter~0", Kind: post.LetterDocument, Title: title,
		Name: "a.pdf", Content: content, SHA256: strings.Repeat("0", 64),
		Letter: post.SendingStatus{Letter: "aaaaaaaaaaaa.0.1.1.0"}}
}

func refused(err error) string {
	var p *post.Problem
	if errors.As(err, &p) {
		return p.Text.Code()
	}
	return ""
}

// TestE11: no number of a person stands in a name, in the index or in the JSON, and no cell is a formula. One is put
// beside a letter where the import asks for it, and not again when that has removed it.
func TestE11(t *testing.T) {
	ctx := context.Background()
	a, dir := open(t)
	a.Numbers = true
	w := post.CaseWanted{Ours: "BD-1", Person: posttest.Number(t, "0101901234")}
	c, err := a.EnsureCase(ctx, w, keep)
	posttest.Check(t, err)
	d := letter(`=HYPERLINK("x") til 010190-1234: "a/b"`)
	name, err := a.File(ctx, c, d, keep)
	posttest.Check(t, err)
	status := post.SendingStatus{Letter: d.Letter.Letter, Title: "=1+1", Status: "Under afsendelse",
		Documents: []post.FiledCopy{{ID: d.ID, Kind: d.Kind, Ref: name, SHA256: d.SHA256}}}
	posttest.Check(t, a.Confirm(ctx, c, w, status, keep))
	number := filepath.Join(dir, c.ID, string(d.Letter.Letter)+".nummer.txt")
	if content, err := os.ReadFile(number); err != nil || string(content) != "0101901234\r\n" {
		t.Errorf("the number for the import: %q, %v", content, err)
	}
	posttest.Check(t, os.Remove(number))
	status.Status, status.Ended = "Afsendt", true
	posttest.Check(t, a.Confirm(ctx, c, w, status, keep))
	entries, err := os.ReadDir(filepath.Join(dir, c.ID))
	posttest.Check(t, err)
	if len(entries) != 3 {
		t.Errorf("%d files: %v", len(entries), entries)
	}
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join(dir, c.ID, e.Name()))
		posttest.Check(t, err)
		if all := e.Name() + string(content); e.Name() != name && strings.Contains(all, "1234") ||
			strings.ContainsAny(e.Name(), `<>:"/\|?*`) {
			t.Errorf("%s: %s", e.Name(), content)
		}
		if e.Name() == "indeks.csv" && !strings.Contains(string(content), ";'=1+1;Afsendt;") {
			t.Errorf("the index is %s", content)
		}
	}
}

// TestSameBytesAreDone: a file that is there already is not written again; other bytes get another name, and a person
// is told, once.
func TestSameBytesAreDone(t *testing.T) {
	ctx := context.Background()
	a, dir := open(t)
	c := post.CaseRef{ID: "2026/BD-1"}
	d := letter("Brev")
	for range 2 {
		_, err := a.File(ctx, c, d, keep)
		posttest.Check(t, err)
	}
	d.Content = []byte("%PDF andet")
	if _, err := a.File(ctx, c, d, keep); refused(err) != "archive-file-changed" {
		t.Errorf("another file under the same name: %v", err)
	}
	name, err := a.File(ctx, c, d, keep)
	if err != nil || name != "aaaaaaaaaaaa.0.1.1.0 - Brev (2).pdf" {
		t.Errorf("%q: %v", name, err)
	}
	first, err := os.ReadFile(filepath.Join(dir, c.ID, "aaaaaaaaaaaa.0.1.1.0 - Brev.pdf"))
	if err != nil || string(first) != "%PDF Brev" {
		t.Errorf("the first is %q: %v", first, err)
	}
}

// TestFolderThatIsNone: a drive that is not mounted, and a folder that others read, take nothing.
func TestFolderThatIsNone(t *testing.T) {
	ctx := context.Background()
	a, dir := open(t)
	a.Files = folder.Disk{Path: filepath.Join(dir, "drev"), Name: "Mappe"}
	c := post.CaseRef{ID: "2026/BD-1"}
	if _, err := a.File(ctx, c, letter("Brev"), keep); refused(err) != "archive-folder-gone" {
		t.Errorf("a drive that is not there: %v", err)
	}
	posttest.Check(t, os.Chmod(dir, 0o755))
	a.Files = folder.Disk{Path: dir, Name: "Mappe"}
	if _, err := a.File(ctx, c, letter("Brev"), keep); refused(err) != "archive-folder-open" {
		t.Errorf("a folder that others read: %v", err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		t.Errorf("%d files are there: %v", len(entries), err)
	}
}

// TestNamesOnTheWay: a percent sign in a subject, and what looks like a way out of the folder, are names behind WebDAV
// as on a disk; an attachment that is called as its letter is has a name of its own.
func TestNamesOnTheWay(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	srv := httptest.NewServer(&webdav.Handler{FileSystem: webdav.Dir(dir), LockSystem: webdav.NewMemLS()})
	t.Cleanup(srv.Close)
	a := &folder.Archive{Files: folder.WebDAV{URL: srv.URL + "/", Name: "Drev", HTTP: http.DefaultClient}, Name: "Drev",
		Now: func() time.Time { return posttest.Start }}
	c, err := a.EnsureCase(ctx, post.CaseWanted{Given: "%2e%2e%2fandre"}, keep)
	posttest.Check(t, err)
	for _, title := range []string{"Tilskud 50 % af", "50% tilskud", "%20", "Å #1 ?"} {
		d := letter(title)
		name, err := a.File(ctx, c, d, keep)
		posttest.Check(t, err)
		content, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(c.ID), name))
		if err != nil || string(content) != string(d.Content) || !strings.Contains(c.ID, "%2e%2e%2fandre") {
			t.Errorf("%s: %q, %v", title, content, err)
		}
	}
	d := letter("Afgørelse")
	first, err := a.File(ctx, c, d, keep)
	posttest.Check(t, err)
	d.Kind, d.Number, d.Title, d.Name = post.AttachmentDocument, 1, "Afgørelse.pdf", "Afgørelse.pdf"
	d.Content = []byte("x")
	if second, err := a.File(ctx, c, d, keep); err != nil || second == first {
		t.Errorf("%q and %q: %v", first, second, err)
	}
}

// TestNoNamesInErrors: what a disk refuses is said without the name of the file.
func TestNoNamesInErrors(t *testing.T) {
	ctx := context.Background()
	a, dir := open(t)
	posttest.Check(t, os.WriteFile(filepath.Join(dir, "2026"), nil, 0o600)) // a file where a folder is to be
	_, err := a.File(ctx, post.CaseRef{ID: "2026/BD-1"}, letter("Afgørelse"), keep)
	if err == nil || strings.Contains(err.Error(), "Afgørelse") || strings.Contains(err.Error(), "BD-1") {
		t.Errorf("it says %v", err)
	}
}

// counted counts the files that are read.
type counted struct {
	folder.Files
	reads int
}

func (c *counted) Read(ctx context.Context, name string) ([]byte, error) {
	c.reads++
	return c.Files.Read(ctx, name)
}

// TestManyLettersInOneCase: each is put into the list without the others being read again; one that is not in it is.
func TestManyLettersInOneCase(t *testing.T) {
	ctx := context.Background()
	a, dir := open(t)
	files := &counted{Files: a.Files}
	a.Files = files
	c := post.CaseRef{ID: "2026/2026-17"}
	confirm := func(n int, status string) {
		id := post.LetterID(fmt.Sprintf("aaaaaaaaaaaa.0.%d.1.0", n))
		s := post.SendingStatus{Letter: id, Title: "=1", Status: status,
			Documents: []post.FiledCopy{{ID: post.DocumentID(id), Ref: "a;b.pdf", SHA256: "0"}}}
		posttest.Check(t, a.Confirm(ctx, c, post.CaseWanted{}, s, keep))
	}
	rows := func() string {
		content, err := os.ReadFile(filepath.Join(dir, c.ID, "indeks.csv"))
		posttest.Check(t, err)
		return string(content)
	}
	for n := range 40 {
		confirm(n+1, "Under afsendelse")
	}
	if files.reads > 40*3 {
		t.Errorf("%d files were read", files.reads)
	}
	confirm(7, "Afsendt")
	whole := rows()
	if n := strings.Count(whole, "'=1;"); n != 40 || strings.Count(whole, "Afsendt") != 1 {
		t.Errorf("%d rows: %s", n, whole)
	}
	posttest.Check(t, os.WriteFile(filepath.Join(dir, c.ID, "indeks.csv"), []byte("andet\r\n"), 0o600))
	if confirm(7, "Afsendt"); rows() != whole {
		t.Errorf("what was lost of it is not there again: %s", rows())
	}
}
