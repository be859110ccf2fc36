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

// TestAMessageIsPostedWhole: a short one in one piece with its headers, a long one as it is read; of neither is half
// posted.
func TestAMessageIsPostedWhole(t *testing.T) {
	var posted []string
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		if b, err := io.ReadAll(r.Body); err == nil {
			posted = append(posted, string(b))
		}
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"messageUUID":"u"}`)
	}))
	defer server.Close()
	c := New(Config{Base: server.URL, Timeout: 5 * time.Second, Connections: 1})
	for _, length := range []int{1, inMemoryMost, inMemoryMost + 1} {
		for _, told := range []int{length, length + 1} {
			posted, asked = nil, 0
			content := strings.Repeat("x", length)
			answer, err := c.Send(t.Context(), post.Outgoing{
				UUID: "u", Length: int64(told), Body: func() io.Reader { return strings.NewReader(content) },
			})
			whole := len(posted) == 1 && posted[0] == content
			if answer.Accepted != (told == length) || (err == nil) != (told == length) || whole != (told == length) {
				t.Errorf("%d bytes of %d: accepted %v, %d posted, %v", length, told, answer.Accepted, len(posted), err)
			}
			if told != length && length <= inMemoryMost && asked > 0 {
				t.Errorf("%d bytes of %d: Digital Post was asked although the message is not whole", length, told)
			}
		}
	}
}
