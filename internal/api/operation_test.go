package api

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"brevdue/internal/post"
)

// operated notes what an operator asked for.
type operated struct {
	post.Operation
	post.Administration
	asked int
}

func (o *operated) Organizations(context.Context) ([]*post.Organization, error) {
	o.asked++
	return nil, nil
}

// TestOperatorAlone: what an operator does needs the token of the data folder; no key of an organization, nothing that
// looks like the token, and no token of an installation that has none will do.
func TestOperatorAlone(t *testing.T) {
	for _, token := range []string{"", "right"} {
		a := newTestAPI(t).API
		o := &operated{}
		a.Operation, a.Administration, a.OperatorToken = o, o, token
		handler := a.Handler()
		for pattern := range a.operations() {
			method, path, _ := strings.Cut(pattern, " ")
			path = strings.NewReplacer("{id}", "demo", "{name}", "eva", "{group}", "g", "{key}", "k").Replace(path)
			for _, given := range []string{"", "Bearer ", "Bearer k", "Bearer righ", "Bearer right ", "Basic right",
				"right"} {
				r := httptest.NewRequest(method, path, nil)
				r.Header.Set("Authorization", given)
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, r)
				if w.Code != http.StatusUnauthorized {
					t.Errorf("token %q: %s with %q is answered with %d", token, pattern, given, w.Code)
				}
			}
		}
		r := httptest.NewRequest(http.MethodGet, "/v1/organizations", nil)
		r.Header.Set("Authorization", "Bearer right")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if want := map[string]int{"": 0, "right": 1}[token]; o.asked != want {
			t.Errorf("token %q: asked %d times, answered with %d", token, o.asked, w.Code)
		}
	}
}
