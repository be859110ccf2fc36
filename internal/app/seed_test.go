package app

import (
	"crypto/tls"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/remote/digitalpost/fake"
	"brevdue/internal/store"
	"brevdue/internal/texts"
)

// startedOn opens a folder as serve does, and returns who logs in.
func startedOn(t *testing.T, c Config) (post.CreatedOrganization, *server, error) {
	t.Helper()
	c.Timings, c.UploadLimit, c.Senders, c.Version = post.DemoTimings, 1<<20, 1, "test"
	c.Duplicates = fake.RefuseDuplicates
	srv, err := build(c, "http://127.0.0.1:1", "http://127.0.0.1:1")
	posttest.Check(t, err)
	access, err := srv.seed(t.Context())
	return access, srv, err
}

// TestFirstStart: an empty folder gets the demo, or the organization that serve was asked for; where letters leave the
// machine nobody is made up. A folder that has one keeps it, and its operator is the first.
func TestFirstStart(t *testing.T) {
	own := post.NewOrganization{ID: "nordoby", Name: "Nordøby", CVR: "99060816", User: "admin"}
	away := DigitalPost{
		URL: "https://post.invalid/apis/v1", Environment: post.Test, Certificate: &tls.Certificate{}, SystemID: "s",
		APIKey: "k",
	}
	near := DigitalPost{URL: "http://127.0.0.1:9/apis/v1", Environment: post.Simulator}
	for name, c := range map[string]struct {
		config Config
		want   string
		user   string
	}{
		"demo":          {Config{}, "demo", "demo"},
		"near":          {Config{DigitalPost: near}, "demo", "demo"},
		"own":           {Config{Organization: own}, "nordoby", "admin"},
		"own and away":  {Config{Organization: own, DigitalPost: away}, "nordoby", "admin"},
		"away":          {Config{DigitalPost: away}, "", ""},
		"without name":  {Config{Organization: post.NewOrganization{ID: "nordoby", User: "admin"}}, "", ""},
		"no CVR number": {Config{Organization: post.NewOrganization{ID: "x1", Name: "X", User: "a"}}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			c.config.Data = filepath.Join(t.TempDir(), "data")
			access, srv, err := startedOn(t, c.config)
			defer srv.close()
			if c.want == "" {
				if err == nil || len(texts.Error(err)) < 20 {
					t.Errorf("%+v: %v", access, err)
				}
				return
			}
			posttest.Check(t, err)
			key, err := os.ReadFile(filepath.Join(c.config.Data, "key"))
			if access.Organization != c.want || access.User != c.user || access.Code == "" ||
				srv.app.Operator != c.want || err != nil || strings.TrimSpace(string(key)) != access.Key {
				t.Errorf("%+v, operator %q: %v", access, srv.app.Operator, err)
			}
		})
	}
	if _, _, err := startedOn(t, Config{Data: t.TempDir(), DigitalPost: away}); !strings.Contains(texts.Error(err),
		"--organization") {
		t.Errorf("it does not say what to do: %v", err)
	}
}

// TestLaterStarts: the same again changes nothing and gives no code; another organization comes beside the first.
func TestLaterStarts(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	own := post.NewOrganization{ID: "sydoby", Name: "Sydøby", CVR: "12345674", User: "syd"}
	for i, c := range []struct {
		config     Config
		user, code bool
	}{
		{Config{}, false, true},
		{Config{}, false, false},
		{Config{NewCode: true}, false, true},
		{Config{Organization: own}, true, true},
		{Config{Organization: own}, true, false},
		{Config{Organization: own, NewCode: true}, true, true},
		{Config{}, false, false},
	} {
		c.config.Data = data
		access, srv, err := startedOn(t, c.config)
		posttest.Check(t, err)
		all, err := srv.app.Store.AllOrganizations(t.Context())
		posttest.Check(t, err)
		if (access.User == "syd") != c.user || (access.Code != "") != c.code || srv.app.Operator != "demo" ||
			len(all) != min(1+i/3, 2) {
			t.Errorf("start %d: %+v, operator %q, %d organizations", i+1, access, srv.app.Operator, len(all))
		}
		posttest.Check(t, srv.close())
	}
}

// TestTheFirstRunsTheInstallation, whatever another one is called, and also where an operator added one to a folder of
// a version before, which listed none, before it was started.
func TestTheFirstRunsTheInstallation(t *testing.T) {
	own := post.NewOrganization{ID: "nordoby", Name: "Nordøby", CVR: "12345674", User: "admin"}
	operated := func(data string, do func(post.Operator) error) {
		t.Helper()
		o, closeFolder, err := OperateFolder(data, "")
		posttest.Check(t, err)
		posttest.Check(t, do(o))
		posttest.Check(t, closeFolder())
	}
	add := func(f post.NewOrganization) func(post.Operator) error {
		return func(o post.Operator) error {
			_, err := o.AddOrganization(t.Context(), f)
			return err
		}
	}
	for first, second := range map[string]post.NewOrganization{"nordoby": Demo, "demo": own} {
		data := filepath.Join(t.TempDir(), "data")
		start := Config{Data: data}
		if first == own.ID {
			start.Organization = own
		}
		_, srv, err := startedOn(t, start)
		posttest.Check(t, err)
		if first == Demo.ID { // as a version before has left it
			for _, k := range []store.Key{{PK: "T#organizations", SK: Demo.ID}, {PK: "O#demo", SK: "USER#demo"}} {
				posttest.Check(t, srv.backend.Table().Transact(t.Context(), store.Write{Delete: &k}))
			}
		}
		posttest.Check(t, srv.close())
		operated(data, add(second))
		_, srv, err = startedOn(t, Config{Data: data})
		posttest.Check(t, err)
		users, err := srv.app.Store.Users(t.Context(), "demo")
		if srv.app.Operator != first || err != nil || len(users) != 1 {
			t.Errorf("%s was first, %s runs it, %d users: %v", first, srv.app.Operator, len(users), err)
		}
		posttest.Check(t, srv.close())
		operated(data, func(o post.Operator) error {
			_, err := o.NewAccess(t.Context(), own.ID, "eva")
			posttest.Check(t, err)
			_, err = o.CloseUser(t.Context(), post.Caller{Org: own.ID, Kind: post.ByOperator}, "eva", true)
			posttest.Check(t, err)
			if _, err := o.NewAccess(t.Context(), own.ID, "eva"); err == nil || err.Error() != "user-closed" {
				t.Errorf("a closed user gets a code: %v", err)
			}
			return nil
		})
	}
}

// TestAFolderBegunByItsOperator has the key of the first organization where the command line looks for
// it, and sends.
func TestAFolderBegunByItsOperator(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	o, closeFolder, err := OperateFolder(data, "")
	posttest.Check(t, err)
	created, err := o.AddOrganization(t.Context(),
		post.NewOrganization{ID: "nordoby", Name: "Nordøby", CVR: "12345674", User: "admin"})
	posttest.Check(t, err)
	posttest.Check(t, closeFolder())
	key, err := os.ReadFile(filepath.Join(data, "key"))
	if err != nil || strings.TrimSpace(string(key)) != created.Key {
		t.Errorf("the folder has the key %q: %v", key, err)
	}
	access, srv, err := startedOn(t, Config{Data: data, Organization: post.NewOrganization{User: "admin"}})
	posttest.Check(t, err)
	if access.Organization != "nordoby" || access.User != "admin" || access.Code != "" ||
		srv.app.Operator != "nordoby" {
		t.Errorf("it starts with %+v, run by %s", access, srv.app.Operator)
	}
	if held(t, srv).Held {
		t.Error("it is taken for one that was restored from a backup: nothing leaves")
	}
	posttest.Check(t, srv.close())
}
