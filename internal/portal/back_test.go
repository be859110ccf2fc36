package portal

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"brevdue/internal/auth"
)

// TestWhoIsLedToLogIn: somebody whose session has ended is led to log-in in a way that what asked understands, and back
// to the page that they looked at; never to another site, and no press is made again.
func TestWhoIsLedToLogIn(t *testing.T) {
	const here = "http://post.example"
	for name, c := range map[string]struct {
		method, path string
		header       map[string]string
		status       int
		back         string
	}{
		"a page":            {"GET", "/log?fra=a%2Fb", nil, 303, "/log?fra=a%2Fb"},
		"the first page":    {"GET", "/", nil, 303, ""},
		"a press":           {"POST", "/drift/stop", map[string]string{"Referer": here + "/drift"}, 303, "/drift"},
		"from another site": {"POST", "/drift/stop", map[string]string{"Referer": "http://other.example/x"}, 303, ""},
		"a frame":           {"GET", "/a/vis", map[string]string{"Sec-Fetch-Dest": "iframe"}, 303, ""},
		"a live page": {"GET", "/log", map[string]string{"HX-Request": "true", "HX-Current-URL": here + "/log?b=2"},
			401, "/log?b=2"},
		"a live page abroad": {"GET", "/log", map[string]string{"HX-Request": "true", "HX-Current-URL": "http://x/"},
			401, ""},
		"a form with files": {"POST", "/afsend", map[string]string{"Accept": "application/json"}, 401, ""},
	} {
		r := httptest.NewRequest(c.method, here+c.path, nil)
		for k, v := range c.header {
			r.Header.Set(k, v)
		}
		s := newSite(t, auth.ErrDenied)
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		back := ""
		for _, k := range w.Result().Cookies() {
			if k.Name == backCookie {
				back, _ = url.QueryUnescape(k.Value)
			}
		}
		if w.Code != c.status || back != c.back {
			t.Errorf("%s: %d, back to %q, want %d and %q", name, w.Code, back, c.status, c.back)
		}
		switch {
		case c.header["HX-Request"] != "" && w.Header().Get("HX-Redirect") != "/log-ind":
			t.Errorf("%s: the page stays", name)
		case c.header["Accept"] != "" && !strings.Contains(w.Body.String(), "Du er logget af"):
			t.Errorf("%s: %s", name, w.Body)
		}
	}
}

// TestBackIsOurs: only a page of ours is gone back to.
func TestBackIsOurs(t *testing.T) {
	for address, want := range map[string]bool{
		"/log": true, "/forsendelse/a?brev=2": true, "": false, "/": false, "//other.example": false,
		"/\\other.example": false, "http://other.example/": false, "log": false, "/log-ind": false, "/log-af": false,
		"/" + strings.Repeat("a", backMost): false, "/a\r\nb": false,
	} {
		if got := local(address); (got != "") != want || got != "" && got != address {
			t.Errorf("%q: %q", address, got)
		}
	}
	r := httptest.NewRequest("GET", "/", nil)
	r.AddCookie(&http.Cookie{Name: backCookie, Value: url.QueryEscape("//other.example")})
	if got := (&visit{Request: r, w: httptest.NewRecorder()}).back(); got != "" {
		t.Errorf("a cookie leads to %q", got)
	}
}
