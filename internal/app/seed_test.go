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
	"brevdue/internal/texts"
)

// startedOn opens a folder as serve does, and returns who logs in.
func startedOn(t *testing.T, c Config) (post.CreatedOrganization, *server, error) {
	t.Helper()
	c.Timings, c.UploadLimit, c.Senders, c.Version = post.DemoTimings, 1<<20, 1, "test"
	c.Duplicates = fake.RefuseDuplicates
	srv, err := build(c, "http://127.0.0.1:1")
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
