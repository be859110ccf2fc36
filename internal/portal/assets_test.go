package portal

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// get asks for a page as a browser does, over TLS where it is said.
func (d *testPortal) get(path string, secure bool) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	if r.TLS = nil; secure {
		r.TLS = &tls.ConnectionState{}
	}
	r.AddCookie(&http.Cookie{Name: cookieName(r), Value: "x"})
	r.Header.Set("Accept-Encoding", "gzip")
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	return w
}

// TestHeaders: over TLS a browser never comes back without it, and over a connection that is not encrypted it is not
// told so; no page asks for a camera; pages are compressed and kept nowhere.
func TestHeaders(t *testing.T) {
	d := newCommands(t)
	for _, secure := range []bool{true, false} {
		h := d.get("/log", secure).Header()
		if got := h.Get("Strict-Transport-Security") != ""; got != secure {
			t.Errorf("TLS %v: HSTS %v", secure, got)
		}
		if !strings.Contains(h.Get("Permissions-Policy"), "camera=()") || h.Get("Cache-Control") != "no-store" ||
			h.Get("Content-Encoding") != "gzip" || h.Get("Content-Security-Policy") == "" {
			t.Errorf("%v", h)
		}
	}
}

// TestFilesAreKept: for good under the address that names what is in them, and not under any other one.
func TestFilesAreKept(t *testing.T) {
	d := newCommands(t)
	page := d.ask(http.MethodGet, "/hjaelp", nil)
	at := strings.Index(page, "/static/")
	address := page[at : at+len("/static/")+hashLength+len("/brevdue.css")]
	address = address[:len("/static/")+hashLength+1] + "brevdue.css"
	for path, want := range map[string]string{
		address:                            "immutable",
		"/static/000000000000/brevdue.css": "max-age=300",
		"/static/brevdue.css":              "max-age=300",
	} {
		w := d.get(path, false)
		if w.Code != http.StatusOK || !strings.Contains(w.Header().Get("Cache-Control"), want) {
			t.Errorf("%s: %d %s", path, w.Code, w.Header().Get("Cache-Control"))
		}
	}
	if w := d.get(address[:len(address)-len("brevdue.css")]+"npm/", false); w.Code == http.StatusOK {
		t.Error("a folder is shown")
	}
}
