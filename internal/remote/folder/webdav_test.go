package folder_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/webdav"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/remote/folder"
)

// TestWhatAWebDAVServerRefuses: what a person has to do something about is said so, the rest is tried again; no error
// has the name of the file, and the next try puts it there.
func TestWhatAWebDAVServerRefuses(t *testing.T) {
	for _, c := range []struct {
		method string
		status int
		want   string // the sentence for a person; "" where it is tried again
	}{
		{"PROPFIND", http.StatusUnauthorized, "archive-login"},
		{"PROPFIND", http.StatusNotFound, "archive-folder-gone"},
		{"PROPFIND", http.StatusBadGateway, ""},
		{http.MethodGet, http.StatusBadGateway, ""},
		{"MKCOL", http.StatusInsufficientStorage, ""},
		{"MKCOL", http.StatusForbidden, "archive-login"},
		{http.MethodPut, http.StatusInsufficientStorage, ""},
		{"MOVE", http.StatusLocked, ""},
	} {
		ctx, refuses := context.Background(), true
		behind := &webdav.Handler{FileSystem: webdav.Dir(t.TempDir()), LockSystem: webdav.NewMemLS()}
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if user, password, _ := r.BasicAuth(); user != "brevdue" || password != "hemmelig" {
				t.Errorf("it came as %q", user)
			}
			if refuses && r.Method == c.method {
				http.Error(w, "Afgørelse.pdf", c.status)
				return
			}
			behind.ServeHTTP(w, r)
		}))
		a := &folder.Archive{Name: "Drev", Now: func() time.Time { return posttest.Start }, Files: folder.WebDAV{
			URL: srv.URL, Name: "Drev", User: "brevdue", Password: "hemmelig", HTTP: http.DefaultClient}}
		at := post.CaseRef{ID: "2026/BD-1"}
		_, err := a.File(ctx, at, letter("Afgørelse"), keep)
		if err == nil || refused(err) != c.want || strings.Contains(err.Error(), "Afg") {
			t.Errorf("%s %d: %v", c.method, c.status, err)
		}
		refuses = false
		_, err = a.File(ctx, at, letter("Afgørelse"), keep)
		posttest.Check(t, err)
		srv.Close()
	}
}
