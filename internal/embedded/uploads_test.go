package embedded

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// counting counts what is read of a body.
type counting struct {
	io.Reader
	n int
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += n
	return n, err
}

func uploads(t *testing.T) (*Links, *atomic.Int32) {
	var arrived atomic.Int32
	return &Links{Objects: objects(t), Key: []byte("secret"), Base: "/objects",
		Now:     func() time.Time { return posttest.Start },
		Arrived: func(string) error { arrived.Add(1); return nil }}, &arrived
}

func uploadLink(t *testing.T, l *Links, media string) map[string]string {
	t.Helper()
	link, err := l.Upload(context.Background(), post.UploadPolicy{Org: "demo", Key: "uploads/demo/s/0", Type: media,
		Limit: 1 << 20, Life: time.Hour})
	posttest.Check(t, err)
	return link.Fields
}

// answer sends a form and returns the answer, and how much of the form was read.
func answer(l *Links, form io.Reader, boundary string) (*httptest.ResponseRecorder, int) {
	body := &counting{Reader: form}
	r := httptest.NewRequest(http.MethodPost, "/objects", body)
	r.ContentLength = -1
	r.Header.Set("Content-Type", "multipart/form-data; boundary="+boundary)
	rec := httptest.NewRecorder()
	l.ServeHTTP(rec, r)
	return rec, body.n
}

type part struct{ name, content string }

func formOf(parts []part, media, file string) (io.Reader, string) {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for _, p := range parts {
		_ = form.WriteField(p.name, p.content)
	}
	head := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename="a"`}}
	if media != "" {
		head.Set("Content-Type", media)
	}
	w, _ := form.CreatePart(head)
	_, _ = io.WriteString(w, file)
	_ = form.Close()
	return &b, form.Boundary()
}

// TestAFormHasOnlyTheFieldsOfItsLink: whoever shows no link is not read for long, whatever is sent.
func TestAFormHasOnlyTheFieldsOfItsLink(t *testing.T) {
	l, arrived := uploads(t)
	token := uploadLink(t, l, "application/pdf")["token"]
	long, many := strings.Repeat("x", 32<<20), []part{}
	for i := range 100_000 {
		many = append(many, part{fmt.Sprintf("f%d", i), "x"})
	}
	for name, c := range map[string]struct {
		parts []part
		file  string
		want  int
	}{
		"a field of somebody else's":      {[]part{{"a", long}, {"token", token}}, "x", http.StatusBadRequest},
		"many fields":                     {many, "x", http.StatusBadRequest},
		"a long field":                    {[]part{{"redirect", long}}, "x", http.StatusBadRequest},
		"a long token":                    {[]part{{"token", long}}, "x", http.StatusBadRequest},
		"a field twice":                   {[]part{{"token", token}, {"token", token}}, long, http.StatusBadRequest},
		"a wrong token, and a large file": {[]part{{"token", token + "x"}}, long, http.StatusForbidden},
		"no token, and a large file":      {nil, long, http.StatusForbidden},
		"a name of megabytes":             {[]part{{strings.Repeat("n", 8<<20), ""}}, "x", http.StatusBadRequest},
		"the token after the file's type": {[]part{{"Content-Type", "text/html"}, {"token", token}}, long,
			http.StatusUnsupportedMediaType},
	} {
		form, boundary := formOf(c.parts, "", c.file)
		rec, read := answer(l, form, boundary)
		if rec.Code != c.want || read > preambleLimit {
			t.Errorf("%s: %d %swant %d; %d bytes were read", name, rec.Code, rec.Body, c.want, read)
		}
	}
	if arrived.Load() > 0 {
		t.Error("something was taken")
	}
}

// TestAFileIsOfTheTypeOfItsLink, where the program that sends it says a type.
func TestAFileIsOfTheTypeOfItsLink(t *testing.T) {
	for _, c := range []struct {
		link, said string
		want       int
	}{
		{"application/pdf", "application/pdf", http.StatusNoContent},
		{"application/pdf", "", http.StatusNoContent},
		{"application/pdf", "application/octet-stream", http.StatusNoContent},
		{"application/pdf", "Application/PDF; version=1.7", http.StatusNoContent},
		{"application/pdf", "text/html", http.StatusUnsupportedMediaType},
		{"application/pdf", "nonsense/", http.StatusUnsupportedMediaType},
		{"text/csv", "application/vnd.ms-excel", http.StatusNoContent},
		{"text/csv", "text/html", http.StatusUnsupportedMediaType},
	} {
		l, arrived := uploads(t)
		fields := uploadLink(t, l, c.link)
		form, boundary := formOf(
			[]part{{"Content-Type", fields["Content-Type"]}, {"token", fields["token"]}},
			c.said,
			"x",
		)
		if rec, _ := answer(l, form, boundary); rec.Code != c.want ||
			(arrived.Load() == 1) != (c.want == http.StatusNoContent) {
			t.Errorf("%q for a link to %s: %d %s", c.said, c.link, rec.Code, rec.Body)
		}
	}
}

// TestOneOfManyUploadsWins: of uploads that come at once with one link one is acknowledged, and it is the one that is
// kept.
func TestOneOfManyUploadsWins(t *testing.T) {
	l, arrived := uploads(t)
	token := uploadLink(t, l, "application/pdf")["token"]
	const n = 12
	var begun, wg sync.WaitGroup
	var won atomic.Int32
	begun.Add(n)
	for i := range n {
		wg.Go(func() {
			form, boundary := formOf([]part{{"token", token}}, "", fmt.Sprintf("dokument %d", i%(n/2)))
			head := make([]byte, 400) // the file has begun
			_, _ = io.ReadFull(form, head)
			begun.Done()
			late := readerFunc(func(p []byte) (int, error) {
				begun.Wait()
				return form.Read(p)
			})
			switch rec, _ := answer(l, io.MultiReader(bytes.NewReader(head), late), boundary); rec.Code {
			case http.StatusNoContent:
				won.Store(int32(i%(n/2)) + 1)
			case http.StatusConflict:
			default:
				t.Errorf("%d %s", rec.Code, rec.Body)
			}
		})
	}
	wg.Wait()
	if arrived.Load() != 1 {
		t.Fatalf("%d uploads were acknowledged", arrived.Load())
	}
	kept, err := l.Objects.First(context.Background(), "uploads/demo/s/0")
	posttest.Check(t, err)
	b, free, err := l.Objects.Open(context.Background(), kept)
	posttest.Check(t, err)
	defer free()
	if want := fmt.Sprintf("dokument %d", won.Load()-1); string(b) != want {
		t.Errorf("%q is kept, %q was acknowledged", b, want)
	}
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
