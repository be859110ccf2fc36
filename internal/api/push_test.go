package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// TestAPushedMessage: a part »file« whose name is the message's UUID is taken in and answered with it
// (digital-post.md 4.1); nothing else is, and whoever has not the key of pushes is not heard.
func TestAPushedMessage(t *testing.T) {
	form := func(part, name, content string) (string, string) {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		f, err := w.CreateFormFile(part, name)
		posttest.Check(t, err)
		_, err = f.Write([]byte(content))
		posttest.Check(t, err)
		posttest.Check(t, w.Close())
		return b.String(), w.FormDataContentType()
	}
	const uuid = "11111111-1111-4111-8111-111111111111"
	good, kind := form("file", uuid, "<memo/>")
	other, otherKind := form("other", uuid, "<memo/>")
	unnamed, unnamedKind := form("file", "../x", "<memo/>")
	for name, c := range map[string]struct {
		body, kind, key string
		fails           error
		want            int
	}{
		"a message":         {good, kind, "p", nil, http.StatusOK},
		"without the key":   {good, kind, "k", nil, http.StatusUnauthorized},
		"another part":      {other, otherKind, "p", nil, http.StatusUnprocessableEntity},
		"a name of its own": {unnamed, unnamedKind, "p", nil, http.StatusOK},
		"no parts":          {"<memo/>", "application/xml", "p", nil, http.StatusUnprocessableEntity},
		"broken off":        {good[:len(good)-40], kind, "p", nil, http.StatusBadRequest},
		"not stored":        {good, kind, "p", errors.New("the disk is full"), http.StatusInternalServerError},
		"not scanned yet": {good, kind, "p", fmt.Errorf("store: %w", post.ErrNotScanned),
			http.StatusServiceUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			r := newTestAPI(t)
			taken := map[string]string{}
			r.PushMemo = func(_ context.Context, id string, raw []byte) error {
				if c.fails == nil {
					taken[id] = string(raw)
				}
				return c.fails
			}
			w := r.ask("POST", "/v1/memos", strings.NewReader(c.body), "Authorization", "Bearer "+c.key,
				"Content-Type", c.kind)
			if w.Code != c.want || (len(taken) == 1) != (c.want == http.StatusOK) {
				t.Fatalf("%d %s, taken %v", w.Code, w.Body, taken)
			}
			if name == "a message" && (taken[uuid] != "<memo/>" || !strings.Contains(w.Body.String(), uuid)) {
				t.Errorf("taken %v, answered %s", taken, w.Body)
			}
			for id := range taken {
				if strings.ContainsAny(id, "/.") {
					t.Errorf("its id is %q", id)
				}
			}
		})
	}
}
