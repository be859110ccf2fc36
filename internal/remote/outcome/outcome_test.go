package outcome_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"brevdue/internal/remote/outcome"
)

// TestNeverConnected tells a server that nobody reaches from one that does not answer; neither error has the address.
func TestNeverConnected(t *testing.T) {
	hanging := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
	}))
	defer hanging.Close()
	foreign := httptest.NewTLSServer(nil)
	defer foreign.Close()
	gone := httptest.NewServer(nil)
	gone.Close()
	for base, want := range map[string]bool{hanging.URL: false, foreign.URL: true, gone.URL: true,
		"http://arkiv.invalid": true} {
		ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/hemmelig", nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = http.DefaultClient.Do(r) //nolint:bodyclose // there is no answer
		cancel()
		if err == nil {
			t.Fatalf("%s answers", base)
		}
		err = outcome.WithoutAddress(err)
		if outcome.NeverConnected(err) != want || strings.Contains(err.Error(), "hemmelig") {
			t.Errorf("%s: %v", base, err)
		}
	}
}
