package digitalpost

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"brevdue/internal/post"
)

// TestNoConnection tells a Digital Post that nobody reaches from one that does not answer about this letter.
func TestNoConnection(t *testing.T) {
	hanging := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // else nobody notices that the client has gone
		<-r.Context().Done()
	}))
	defer hanging.Close()
	broken := httptest.NewServer(
		http.HandlerFunc(
			func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		),
	)
	defer broken.Close()
	foreign := httptest.NewTLSServer(broken.Config.Handler)
	defer foreign.Close()
	gone := httptest.NewServer(nil)
	gone.Close()
	for base, want := range map[string]bool{hanging.URL: false, broken.URL: false, foreign.URL: true, gone.URL: true,
		"http://post.invalid": true} {
		c := New(Config{Base: base, Timeout: 300 * time.Millisecond, Connections: 1})
		_, err := c.Send(
			context.Background(),
			post.Outgoing{UUID: "u", Length: 1, Body: func() io.Reader { return strings.NewReader("x") }},
		)
		if err == nil || errors.Is(err, post.ErrNoConnection) != want {
			t.Errorf("%s: %v", base, err)
		}
	}
}
