package portal

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"brevdue/internal/auth"
	"brevdue/internal/post"
)

// door is a Gate that says what it is told, and remembers who asked.
type door struct {
	err   error
	asked []string
}

func (d *door) Login(_ context.Context, from post.Client, name, code string) (string, post.Session, error) {
	d.asked = append(d.asked, from.Address+" "+name+" "+code)
	return "token", post.Session{}, d.err
}

func (d *door) Session(context.Context, string, bool) (post.Session, error) {
	return post.Session{Caller: eva}, d.err
}

func (d *door) Forgotten(context.Context, post.Client, string) error { return d.err }

func (d *door) ChooseCode(context.Context, post.Session, string, string, string) error { return d.err }

func (d *door) Logout(context.Context, string) error { return d.err }

type organizations struct {
	post.Organizations
	err error
}

func (o organizations) Organization(context.Context, string) (*post.Organization, error) {
	if o.err != nil {
		return nil, o.err
	}
	return &post.Organization{ID: "demo", Name: "Nordøby"}, nil
}

type site struct {
	handler http.Handler
	door    *door
	logged  []error
}

func newSite(t *testing.T, err error) *site {
	t.Helper()
	s := &site{door: &door{err: err}}
	h, err := New(Config{Auth: s.door, SignOnPlaces: nowhere, Organizations: organizations{err: post.ErrNotFound},
		Reference: func(_ *http.Request, err error) string {
			s.logged = append(s.logged, err)
			return "4f00"
		}})
	if err != nil {
		t.Fatal(err)
	}
	s.handler = h
	return s
}

func (s *site) ask(method, path, form string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(form))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.RemoteAddr = "127.0.0.1:1"
	r.AddCookie(&http.Cookie{Name: cookieName(r), Value: "token"})
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

// TestWhoIsLetIn: only who is not known is sent to log in; where it cannot be known, that is said, and logged.
func TestWhoIsLetIn(t *testing.T) {
	away := errors.New("table: connection refused")
	for name, c := range map[string]struct {
		err                  error
		path, says, location string
		method               string
		want, logged         int
	}{
		"not known":                     {auth.ErrDenied, "/log", "", "/log-ind", "GET", 303, 0},
		"nobody knows":                  {away, "/log", "kan ikke nå sine data", "", "GET", 503, 1},
		"nobody knows, pressing":        {away, "/drift/stop", "4f00", "", "POST", 503, 1},
		"log-in":                        {nil, "/log-ind", "", "/", "POST", 303, 0},
		"log-in, wrong":                 {auth.ErrDenied, "/log-ind", "passer ikke sammen", "", "POST", 401, 0},
		"log-in, locked":                {auth.ErrLocked, "/log-ind", "Vent 15 minutter", "", "POST", 429, 0},
		"log-in, a crowd":               {auth.ErrBusy, "/log-ind", "Mange logger ind", "", "POST", 429, 0},
		"log-in, nobody knows":          {away, "/log-ind", "ikke noget galt med dit brugernavn", "", "POST", 503, 1},
		"log-out where nothing answers": {away, "/log-af", "4f00", "", "POST", 503, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, c.err)
			w := s.ask(c.method, c.path, url.Values{"bruger": {"eva"}, "kode": {"k"}}.Encode())
			if w.Code != c.want || w.Header().Get("Location") != c.location ||
				!strings.Contains(w.Body.String(), c.says) {
				t.Errorf("%d to %q: %s", w.Code, w.Header().Get("Location"), w.Body)
			}
			if len(s.logged) != c.logged || strings.Contains(w.Body.String(), "refused") {
				t.Errorf("logged %v", s.logged)
			}
			if (w.Code == 429 || w.Code == 503) != (w.Header().Get("Retry-After") != "") {
				t.Errorf("Retry-After %q", w.Header().Get("Retry-After"))
			}
		})
	}
}

// TestTheSessionsCookieIsAsSafeAsTheWay: Secure where the browser spoke TLS, and never readable by script.
func TestTheSessionsCookieIsAsSafeAsTheWay(t *testing.T) {
	for _, secure := range []bool{false, true} {
		s := newSite(t, nil)
		target := "http://post.example/log-ind"
		if secure {
			target = "https://post.example/log-ind" // httptest sets TLS, as edge does behind a proxy
		}
		w := s.ask("POST", target, "bruger=eva&kode=k")
		c := w.Result().Cookies()
		if len(c) != 1 || c[0].Secure != secure || !c[0].HttpOnly || c[0].SameSite != http.SameSiteLaxMode {
			t.Errorf("over TLS %v: %+v", secure, c)
		}
		if len(s.door.asked) != 1 || s.door.asked[0] != "127.0.0.1 eva k" {
			t.Errorf("asked %v", s.door.asked)
		}
	}
}

// TestNoCodeIsTypedInTheClear: over plain HTTP nobody logs in from another machine, and is told why.
func TestNoCodeIsTypedInTheClear(t *testing.T) {
	for _, method := range []string{"GET", "POST"} {
		s := newSite(t, nil)
		r := httptest.NewRequest(method, "/log-ind", strings.NewReader("bruger=eva&kode=k"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		if !strings.Contains(w.Body.String(), "ikke krypteret") || strings.Contains(w.Body.String(), `name="kode"`) ||
			len(s.door.asked) > 0 || len(w.Result().Cookies()) > 0 {
			t.Errorf("%s: %d %s", method, w.Code, w.Body)
		}
	}
}

// TestFormsAreText: what is not UTF-8, or too much, is refused before anything is done with it.
func TestFormsAreText(t *testing.T) {
	for name, c := range map[string]struct {
		method, path, form string
		want               int
	}{
		"Latin-1 in a value":    {"POST", "/drift/stop", "begrundelse=Afg%F8relse", 400},
		"Latin-1 in a name":     {"POST", "/drift/stop", "begrundels%E6=x", 400},
		"Latin-1 in an address": {"GET", "/log?fra=%E6", "", 400},
		"Latin-1 in a path":     {"GET", "/forsendelse/%E6", "", 400},
		"Latin-1 in a log-in":   {"POST", "/log-ind", "bruger=J%F8rgen&kode=k", 400},
		"broken escapes":        {"POST", "/drift/stop", "begrundelse=%zz", 400},
		"too much":              {"POST", "/drift/stop", "begrundelse=" + strings.Repeat("x", formLimit), 400},
		// there is no organization here
		"text":   {"POST", "/drift/stop", "begrundelse=Afg%C3%B8relse", 404},
		"log-in": {"POST", "/log-ind", "bruger=J%C3%B8rgen&kode=k", 303},
	} {
		s := newSite(t, nil)
		if w := s.ask(c.method, c.path, c.form); w.Code != c.want || len(s.logged) > 0 {
			t.Errorf("%s: %d, logged %v\n%s", name, w.Code, s.logged, w.Body)
		}
		if c.want == 400 && len(s.door.asked) > 0 {
			t.Errorf("%s: it was tried", name)
		}
	}
}

// TestNoFolderIsListed: files are given by their name only.
func TestNoFolderIsListed(t *testing.T) {
	s := newSite(t, nil)
	folders := 0
	err := fs.WalkDir(staticFiles, "static", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		want := http.StatusOK
		if d.IsDir() {
			path, want = path+"/", http.StatusNotFound
			folders++
		}
		w := s.ask("GET", "/"+path, "")
		b, _ := io.ReadAll(w.Body)
		if w.Code != want || d.IsDir() && strings.Contains(string(b), "<a href") {
			t.Errorf("%s: %d", path, w.Code)
		}
		return nil
	})
	if err != nil || folders == 0 {
		t.Errorf("%d folders, %v", folders, err)
	}
}
