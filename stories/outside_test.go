package stories

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/webdav"

	"brevdue/internal/ident"
	"brevdue/internal/remote/sbsys/fake"
	"brevdue/internal/sheet"
)

// brittle is a system whose calls fail, one in so many: before anything is done, or after, when the answer is lost.
type brittle struct {
	http.Handler
	oneIn int

	mu     sync.Mutex
	failed int
}

func (b *brittle) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch rand.IntN(2 * b.oneIn) {
	case 0:
		b.fail()
	case 1:
		b.Handler.ServeHTTP(httptest.NewRecorder(), r)
		b.fail()
	}
	b.Handler.ServeHTTP(w, r)
}

// fail cuts the connection.
func (b *brittle) fail() {
	b.mu.Lock()
	b.failed++
	b.mu.Unlock()
	panic(http.ErrAbortHandler)
}

func (b *brittle) serve(t *testing.T) string {
	srv := httptest.NewServer(b)
	t.Cleanup(srv.Close)
	return srv.URL
}

// TestTheSameShipmentOutside: a shipment comes into a folder and into a case system, each letter and its receipt once,
// while one call in twenty of both fails.
func TestTheSameShipmentOutside(t *testing.T) {
	const letters = 60
	dir, drive := t.TempDir(), t.TempDir()
	system := &fake.Server{Late: 2 * time.Second, Now: time.Now}
	sbsys := &brittle{Handler: system.Handler(), oneIn: 20}
	dav := &brittle{Handler: &webdav.Handler{FileSystem: webdav.Dir(drive), LockSystem: webdav.NewMemLS()}, oneIn: 20}
	s, run := newServer(t, dir, "--retry-for", "10m")
	run("organization", "archive", "demo", settingsFile(t, dir, "drev", webdavSettings, dav.serve(t)))
	run("organization", "archive", "demo", settingsFile(t, dir, "sbsys", sbsysSettings, sbsys.serve(t)))
	file := filepath.Join(dir, "breve.pdf")
	if err := os.WriteFile(file, manyLetters(letters, "Arkiv"), 0o600); err != nil {
		t.Fatal(err)
	}
	run("upload", file, "--subject", "Afgørelse", "--archive", "drev", "--archive", "sbsys", "--wait")
	eventually(t, 4*time.Minute, "everything is archived outside", func() (bool, string) {
		if strings.Contains(string(run("unhandled")), "archive-failed") { // a person looks, and has it tried again
			run("replay", "--code", "archive-failed")
		}
		there, again := onTheDrive(t, drive)
		cases, documents := inCases(system)
		return there == 3*letters && again == 0 && cases == letters && documents == 4*letters, // with the status
			fmt.Sprintf("%d files, %d twice, %d cases, %d documents", there, again, cases, documents)
	})
	time.Sleep(5 * time.Second) // nothing comes again
	there, again := onTheDrive(t, drive)
	cases, documents := inCases(system)
	if there != 3*letters || again > 0 || cases != letters || documents != 4*letters {
		t.Errorf("%d files, %d of them twice; %d cases with %d documents", there, again, cases, documents)
	}
	if sbsys.failed == 0 || dav.failed == 0 {
		t.Error("nothing has failed")
	}
	t.Logf("%d and %d calls failed", sbsys.failed, dav.failed)
	if err := s.stop(); err != nil {
		t.Error(err)
	}
}

// outsideOnAWS is the same through the functions, as far as these run where the systems are.
func outsideOnAWS(t *testing.T, s stack) {
	if !strings.Contains(simulatorAddress(), "127.0.0.1") {
		t.Skip("functions in containers do not reach what listens on 127.0.0.1")
	}
	const letters = 10
	c, dir, drive := organization(t, s), t.TempDir(), t.TempDir()
	dav := &brittle{Handler: &webdav.Handler{FileSystem: webdav.Dir(drive), LockSystem: webdav.NewMemLS()}, oneIn: 20}
	system := &fake.Server{Now: time.Now}
	sbsys := &brittle{Handler: system.Handler(), oneIn: 20}
	c.brevdue("organization", "archive", c.org, settingsFile(t, dir, "drev", webdavSettings, dav.serve(t)), "--table",
		c.stack.Table)
	c.brevdue("organization", "archive", c.org, settingsFile(t, dir, "sbsys", sbsysSettings, sbsys.serve(t)), "--table",
		c.stack.Table)
	file := filepath.Join(dir, "breve.pdf")
	if err := os.WriteFile(file, manyLetters(letters, "Arkiv "+c.org), 0o600); err != nil {
		t.Fatal(err)
	}
	c.brevdue("upload", file, "--subject", "Afgørelse", "--archive", "drev", "--archive", "sbsys")
	eventually(t, 8*time.Minute, "everything is archived outside", func() (bool, string) {
		if strings.Contains(c.brevdue("unhandled"), "archive-failed") {
			c.brevdue("replay", "--code", "archive-failed")
		}
		there, again := onTheDrive(t, drive)
		cases, documents := inCases(system)
		return there == 3*letters && again == 0 && cases == letters && documents == 4*letters,
			fmt.Sprintf("%d files, %d twice, %d cases, %d documents", there, again, cases, documents)
	})
}

const (
	webdavSettings = `"kind": "webdav", "url": %q`
	sbsysSettings  = `"kind": "sbsys", "url": %[1]q, "tokenUrl": %[1]q, "clientId": "b", "clientSecret": "hemmelig",
		"user": "b", "password": "k", "caseType": "5", "caseTemplate": "7", "caseworker": "12", "documentKind": "3"`
)

func settingsFile(t *testing.T, dir, id, format string, args ...any) string {
	t.Helper()
	name := filepath.Join(dir, id+".json")
	content := fmt.Sprintf(`{"id": %q, "name": "Arkivet %s", `, id, id) + fmt.Sprintf(format, args...) + "}"
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// onTheDrive counts the documents that the indexes of a drive name, and files with a second name. No name has a number.
func onTheDrive(t *testing.T, drive string) (documents, again int) {
	t.Helper()
	err := filepath.WalkDir(drive, func(path string, e os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if ident.ContainsCPR(e.Name()) {
			t.Errorf("a name has a number: %s", ident.Mask(e.Name()))
		}
		if strings.Contains(e.Name(), "(2)") {
			again++
		}
		if e.Name() != "indeks.csv" {
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rows, err := sheet.Read(content)
		if err != nil {
			return err
		}
		for _, row := range rows[1:] {
			if row[2] == "Afsendt" {
				documents++
			}
		}
		return nil
	})
	if err != nil && !os.IsNotExist(err) { // a file that is being moved
		t.Log(err)
	}
	return documents, again
}

// inCases counts cases, and documents of different names in them.
func inCases(s *fake.Server) (cases, documents int) {
	for _, c := range s.Cases() {
		cases++
		documents += len(c.Documents)
	}
	return cases, documents
}
