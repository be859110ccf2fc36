package fake

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestOnlyThisMachine: a request that came through a proxy is somebody else's, whatever address it comes from.
func TestOnlyThisMachine(t *testing.T) {
	h := LoopbackOnly(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for name, c := range map[string]struct {
		remote, header string
		want           int
	}{
		"this machine":          {"127.0.0.1:4711", "User-Agent", http.StatusOK},
		"this machine, IPv6":    {"[::1]:4711", "User-Agent", http.StatusOK},
		"another":               {"192.0.2.7:4711", "User-Agent", http.StatusForbidden},
		"no address":            {"", "User-Agent", http.StatusForbidden},
		"a proxy":               {"127.0.0.1:4711", "X-Forwarded-For", http.StatusForbidden},
		"a proxy of RFC 7239":   {"127.0.0.1:4711", "Forwarded", http.StatusForbidden},
		"a proxy that is brief": {"127.0.0.1:4711", "Via", http.StatusForbidden},
		"nginx":                 {"127.0.0.1:4711", "X-Real-IP", http.StatusForbidden},
	} {
		r := httptest.NewRequest(http.MethodGet, "/messages", nil)
		r.RemoteAddr = c.remote
		r.Header.Set(c.header, "127.0.0.1")
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code != c.want {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
}
