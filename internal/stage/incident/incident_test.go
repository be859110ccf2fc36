package incident

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

type link struct{ post.Links }

func (link) Preview(context.Context, string, post.Object) (post.Link, error) { return post.Link{}, nil }

func (link) Download(_ context.Context, _ string, o post.Object, _ string) (post.Link, error) {
	return post.Link{URL: o.Key}, nil
}

func sign(content []byte) ([]byte, error) {
	sum := sha256.Sum256(content)
	return sum[:], nil
}

func check(content, signature []byte) (string, error) {
	if want, _ := sign(content); !bytes.Equal(signature, want) {
		return "", errors.New("the signature does not fit")
	}
	return "signer", nil
}

// TestThePackageProvesItself: it says who got what; any change of it is seen; another organization gets none.
func TestThePackageProvesItself(t *testing.T) {
	ctx := context.Background()
	objects, s := &posttest.MemoryObjects{}, store.New(storetest.NewMemory())
	h := &Handler{
		Shipments: s.Shipments(),
		Lists:     s.Letters(),
		Objects:   objects,
		Links:     link{},
		Audit:     s.AuditLog(time.Now),
		Sign:      sign,
		Now:       func() time.Time { return posttest.Start },
	}
	shipment, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 3)
	r := post.Receipt{UUID: "u", Status: post.ReceiptCompleted, Raw: []byte(`{"a":1}`), Issued: posttest.Start}
	r.SetHash()
	letters[0].Messages = []post.Message{{UUID: "u", Attempts: 1, Accepted: posttest.Start}}
	letters[0].State, letters[0].Receipts = post.Completed, []post.Receipt{r}
	posttest.Check(t, s.Shipments().Create(ctx, shipment))
	posttest.Check(t, s.Letters().Create(ctx, &post.Shipment{}, letters))
	if _, err := h.Make(ctx, post.Caller{Org: "another"}, shipment.ID); !errors.Is(err, post.ErrNotFound) {
		t.Errorf("another organization: %v", err)
	}
	made, err := h.Make(ctx, posttest.Person("demo", "eva"), shipment.ID)
	posttest.Check(t, err)
	o, err := objects.First(ctx, made.URL)
	posttest.Check(t, err)
	whole, _, err := objects.Open(ctx, o)
	posttest.Check(t, err)
	v, err := Verify(bytes.NewReader(whole), int64(len(whole)), check)
	posttest.Check(t, err)
	if v.Letters != 3 || v.Receipts != 1 || v.Entries != 1 || v.Signer != "signer" || v.Manifest.By != "eva" {
		t.Errorf("%+v", v)
	}
	for name, spoil := range map[string]func(name string, content []byte) (string, []byte){
		"another recipient": func(n string, c []byte) (string, []byte) {
			return n, bytes.ReplaceAll(c, []byte("0101901001"), []byte("0101901009"))
		},
		"another receipt": func(n string, c []byte) (string, []byte) {
			return n, bytes.ReplaceAll(c, []byte(`{"a":1}`), []byte(`{"a":2}`))
		},
		"one is missing": func(n string, c []byte) (string, []byte) {
			if strings.HasPrefix(n, "kvitteringer") {
				n = ""
			}
			return n, c
		},
		"one is added": func(n string, c []byte) (string, []byte) {
			if n == "LAESMIG.txt" {
				n = "mere.txt"
			}
			return n, c
		},
		"another manifest": func(n string, c []byte) (string, []byte) {
			return n, bytes.ReplaceAll(c, []byte(`"by": "eva"`), []byte(`"by": "bo"`))
		},
	} {
		b := repack(t, whole, spoil)
		if _, err := Verify(bytes.NewReader(b), int64(len(b)), check); err == nil {
			t.Errorf("%s: nobody notices", name)
		}
	}
}

func repack(t *testing.T, whole []byte, spoil func(string, []byte) (string, []byte)) []byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	posttest.Check(t, err)
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range r.File {
		in, err := f.Open()
		posttest.Check(t, err)
		content, err := io.ReadAll(in)
		posttest.Check(t, err)
		name, content := spoil(f.Name, content)
		if name == "" {
			continue
		}
		out, err := w.Create(name)
		posttest.Check(t, err)
		_, err = out.Write(content)
		posttest.Check(t, err)
	}
	posttest.Check(t, w.Close())
	return b.Bytes()
}
