package digitalpost

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"brevdue/internal/post"
)

// TestCallsWaitForTheirTurn: more calls than there may be in a second wait; one whose time ends before its turn was
// never made, and says so.
func TestCallsWaitForTheirTurn(t *testing.T) {
	for rate, want := range map[int]int32{0: 5, 2: 2} {
		var calls atomic.Int32
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			calls.Add(1)
			_, _ = w.Write([]byte(`{"receipts": []}`))
		}))
		defer server.Close()
		c := New(Config{Base: server.URL, Timeout: time.Minute, Connections: 1, Rate: rate})
		var last error
		for range 5 {
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			_, last = c.events(ctx, nil)
			cancel()
		}
		if got := calls.Load(); got != want {
			t.Errorf("with a limit of %d there were %d calls, want %d", rate, got, want)
		}
		if rate > 0 && !errors.Is(last, post.ErrNoConnection) {
			t.Errorf("a call that was never made: %v", last)
		}
	}
}
