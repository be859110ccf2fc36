package app

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/webdav"

	"brevdue/internal/aws/awstest"
	"brevdue/internal/aws/bucket"
	"brevdue/internal/aws/dynamo"
	"brevdue/internal/embedded"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/remote/f2"
	f2fake "brevdue/internal/remote/f2/fake"
	"brevdue/internal/remote/folder"
	"brevdue/internal/remote/sbsys"
	sbsysfake "brevdue/internal/remote/sbsys/fake"
	"brevdue/internal/sheet"
	"brevdue/internal/stage/archive"
	"brevdue/internal/store/storetest"
)

func memoryRig(t *testing.T, seed uint64) *rig {
	return newRig(t, storetest.NewMemory(), &posttest.MemoryObjects{}, seed)
}

// ownShelf looks into Brevdue's own archive.
func (r *rig) ownShelf() shelf {
	reader := &archive.Reader{Shipments: r.store.Shipments(), Letters: r.store.Letters(), Objects: r.objects,
		Cases: r.store, Titles: r.store, Lists: r.store.Letters(), Audit: r.store.AuditLog(time.Now),
		CaseKey: r.CaseKey}
	who := posttest.Person("demo", "eva")
	who.Grants = post.GrantsOf(post.Rights()...)
	found, err := reader.SearchArchive(context.Background(), who, post.ArchiveQuery{Text: r.person})
	posttest.Check(r.t, err)
	is := shelf{"cases": len(found.Cases)}
	for _, c := range found.Cases {
		for _, l := range c.Letters {
			is[l.Status]++
			for _, d := range l.Documents {
				is[string(d.Kind)]++
			}
		}
	}
	return is
}

func TestArchiveMemory(t *testing.T) {
	r := memoryRig(t, 1)
	r.look = r.ownShelf
	contract(t, r)
}

func TestArchiveEmbedded(t *testing.T) {
	b, err := embedded.Open(t.TempDir(), "")
	posttest.Check(t, err)
	t.Cleanup(func() { posttest.Check(t, b.Close()) })
	objects, err := b.Objects()
	posttest.Check(t, err)
	r := newRig(t, b.Table(), objects, 2)
	r.look = r.ownShelf
	contract(t, r)
}

func TestArchiveLocalStack(t *testing.T) {
	c := awstest.Config(t)
	objects := bucket.New(c, bucket.Config{Archive: awstest.Bucket(t), Uploads: awstest.Bucket(t),
		Now: time.Now})
	r := newRig(t, dynamo.New(c, awstest.Table(t)), objects, 3)
	r.look = r.ownShelf
	contract(t, r)
}

// folderShelf reads what a folder has as its importer would: by the index of each case.
func folderShelf(t *testing.T, dir string) shelf {
	t.Helper()
	is, letters := shelf{}, map[string]bool{}
	files, err := filepath.Glob(filepath.Join(dir, "*", "*", "indeks.csv"))
	posttest.Check(t, err)
	for _, file := range files {
		is["cases"]++
		content, err := os.ReadFile(file)
		posttest.Check(t, err)
		rows, err := sheet.Read(content)
		posttest.Check(t, err)
		for _, row := range rows[1:] {
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), row[7])); err != nil {
				t.Errorf("%s is not there: %v", row[7], err)
			}
			kind := map[string]string{".pdf": "letter", ".xml": "message", ".json": "receipt"}[filepath.Ext(row[7])]
			if strings.Contains(row[7], "bilag") {
				kind = "attachment"
			}
			is[kind]++
			if !letters[row[0]] {
				letters[row[0]] = true
				is[row[2]]++
			}
		}
	}
	return is
}

func TestArchiveFolder(t *testing.T) {
	for seed := range uint64(5) {
		r, dir := memoryRig(t, seed), t.TempDir()
		posttest.Check(t, os.Chmod(dir, 0o700))
		files := faultyFiles{folder.Disk{Path: dir, Name: "Mappe"}, r}
		r.into(&folder.Archive{Files: files, Name: "Mappe", Now: r.Now},
			post.ArchiveConnection{ID: "arkiv", Name: "Mappe"})
		r.look = func() shelf { return folderShelf(t, dir) }
		contract(t, r)
	}
}

func TestArchiveWebDAV(t *testing.T) {
	for seed := range uint64(5) {
		r, dir := memoryRig(t, seed), t.TempDir()
		srv := httptest.NewServer(&webdav.Handler{FileSystem: webdav.Dir(dir), LockSystem: webdav.NewMemLS()})
		t.Cleanup(srv.Close)
		dav := folder.WebDAV{URL: srv.URL, Name: "Drev", HTTP: &http.Client{Transport: r}}
		r.into(&folder.Archive{Files: dav, Name: "Drev", Now: r.Now},
			post.ArchiveConnection{ID: "arkiv", Name: "Drev"})
		r.look = func() shelf { return folderShelf(t, dir) }
		contract(t, r)
	}
}

// sbsysShelf says what SBSYS has. Without a place for it, how a letter ended is a document.
func sbsysShelf(s *sbsysfake.Server) shelf {
	is := shelf{}
	for _, c := range s.Cases() {
		is["cases"]++
		for _, d := range c.Documents {
			_, id, _ := strings.Cut(d.Name, "[Brevdue ")
			_, kind, _ := strings.Cut(id, "~")
			kind = strings.FieldsFunc(kind, func(r rune) bool { return r == '~' || r == '-' })[0]
			if status, _, _ := strings.Cut(d.Name, ":"); kind == "status" {
				kind = status
			}
			is[kind]++
		}
	}
	return is
}

func sbsysRig(t *testing.T, seed uint64) (*rig, *sbsysfake.Server) {
	r := memoryRig(t, seed)
	s := &sbsysfake.Server{Late: time.Minute, Now: r.Now, Silent: func() (bool, bool) {
		fault := r.fault()
		return fault != "", fault != "before" // 200, and no id: it may be there
	}}
	srv := httptest.NewServer(s.Handler())
	t.Cleanup(srv.Close)
	c := post.ArchiveConnection{ID: "arkiv", Name: "SBSYS", Kind: post.SBSYSArchive, URL: srv.URL, TokenURL: srv.URL,
		ClientID: "brevdue", ClientSecret: "hemmelig", User: "brevdue", Password: "kode", CaseType: "5",
		CaseTemplate: "7", Caseworker: "12", DocumentKind: "3"}
	r.into(&sbsys.Archive{To: c, HTTP: &http.Client{Transport: r}}, c)
	r.look = func() shelf { return sbsysShelf(s) }
	return r, s
}

// TestArchiveSBSYS: 200 without an id, which may be one that was lost, ends with a person who looks; until then nothing
// is made a second time.
func TestArchiveSBSYS(t *testing.T) {
	for seed := range uint64(10) {
		r, _ := sbsysRig(t, seed)
		look := r.look
		r.look = func() shelf { // a person sees to what waits for one
			r.solve()
			return look()
		}
		contract(t, r)
	}
}

func f2Shelf(s *f2fake.Server) shelf {
	is := shelf{}
	for _, c := range s.Cases() {
		is["cases"]++
		for _, m := range c.Matters {
			status, _, _ := strings.Cut(m.Title, " – ")
			status, _, _ = strings.Cut(status, ":")
			is[status]++
			for _, d := range m.Documents {
				_, id, _ := strings.Cut(d.Title, "[Brevdue ")
				_, kind, _ := strings.Cut(id, "~")
				is[strings.FieldsFunc(kind, func(r rune) bool { return r == '~' || r == '-' })[0]]++
			}
		}
	}
	return is
}

func TestArchiveF2(t *testing.T) {
	for seed := range uint64(5) {
		r, s := memoryRig(t, seed), &f2fake.Server{}
		srv := httptest.NewServer(s.Handler())
		t.Cleanup(srv.Close)
		c := post.ArchiveConnection{ID: "arkiv", Name: "F2", Kind: post.F2Archive, URL: srv.URL + "/x/index",
			ClientID: "brevdue", ClientSecret: "hemmelig", CreateCases: true}
		r.into(&f2.Archive{To: c, HTTP: &http.Client{Transport: r}}, c)
		r.look = func() shelf { return f2Shelf(s) }
		contract(t, r)
	}
}
