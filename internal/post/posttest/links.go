package posttest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"brevdue/internal/post"
)

// Post sends a file to an upload link, as a browser or a program does, and returns the answer.
func Post(t *testing.T, l post.Link, content string) *http.Response {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for name, value := range l.Fields {
		must(t, form.WriteField(name, value))
	}
	w, err := form.CreateFormFile("file", "navn.pdf")
	must(t, err)
	_, err = io.WriteString(w, content)
	must(t, err)
	must(t, form.Close())
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Post(l.URL, form.FormDataContentType(), &b)
	must(t, err)
	t.Cleanup(func() { _ = res.Body.Close() })
	return res
}

// Links is the contract of post.Links, with the objects that they lead to.
func Links(t *testing.T, open func(t *testing.T) (post.Links, StoredObjects)) {
	ctx := context.Background()
	links, objects := open(t)
	link := func(key string, after string) post.Link {
		t.Helper()
		l, err := links.Upload(
			ctx,
			post.UploadPolicy{
				Org:   "demo",
				Key:   key,
				Type:  "application/pdf",
				Limit: 100,
				After: after,
				Life:  time.Hour,
			},
		)
		must(t, err)
		return l
	}
	t.Run("takes what it allows", func(t *testing.T) {
		if res := Post(t, link("uploads/demo/a/0", ""), "dokument"); res.StatusCode/100 != 2 {
			t.Fatalf("upload: %s", res.Status)
		}
		o, err := objects.First(ctx, "uploads/demo/a/0")
		if err != nil || o.Size != 8 || o.SHA256 != fmt.Sprintf("%x", sha([]byte("dokument"))) {
			t.Errorf("it is %+v: %v", o, err)
		}
		after := "http://127.0.0.1/afsend/a"
		res := Post(t, link("uploads/demo/a/1", after), "dokument")
		if to := res.Header.Get("Location"); res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, after) {
			t.Errorf("without script one is sent to %q: %s", to, res.Status)
		}
	})
	t.Run("takes nothing else", func(t *testing.T) {
		forged := link("uploads/demo/b/0", "")
		forged.Fields = maps.Clone(forged.Fields)
		for name, value := range forged.Fields {
			forged.Fields[name] = strings.ReplaceAll(value, "uploads/demo/b/0", "uploads/demo/c/0")
			if name == "token" {
				forged.Fields[name] = "x" + value
			}
		}
		for what, res := range map[string]*http.Response{
			"too much": Post(t, link("uploads/demo/b/0", ""), strings.Repeat("x", 101)), "nothing": Post(t,
				link("uploads/demo/b/0", ""), ""),
			"another key": Post(t, forged, "dokument"),
		} {
			if res.StatusCode/100 != 4 {
				t.Errorf("%s was answered %s", what, res.Status)
			}
		}
		for _, key := range []string{"uploads/demo/b/0", "uploads/demo/c/0"} {
			if o, err := objects.First(ctx, key); err == nil {
				t.Errorf("something was stored: %+v", o)
			}
		}
	})
	t.Run("gives a file to save", func(t *testing.T) {
		o := put(t, objects, "letters/a/1.pdf", []byte("brev"))
		put(t, objects, "letters/a/1.pdf", []byte("et andet"))
		l, err := links.Download(ctx, "demo", o, "brev æøå.pdf")
		must(t, err)
		res, err := http.Get(l.URL)
		must(t, err)
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil || string(b) != "brev" ||
			!strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%s %q %q: %v", res.Status, b, res.Header.Get("Content-Disposition"), err)
		}
	})
	t.Run("shows a PDF", func(t *testing.T) {
		o := put(t, objects, "letters/a/2.pdf", []byte("brev"))
		l, err := links.Preview(ctx, "demo", o)
		must(t, err)
		res, err := http.Get(l.URL)
		must(t, err)
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil || string(b) != "brev" || res.Header.Get("Content-Disposition") != "inline" ||
			res.Header.Get("Content-Type") != "application/pdf" {
			t.Errorf("%s %q %v: %v", res.Status, b, res.Header, err)
		}
	})
}
