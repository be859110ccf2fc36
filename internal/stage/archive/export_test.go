package archive

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"brevdue/internal/ident"
	"brevdue/internal/keys"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/workflow"
)

// TestExportCase: a zip file of a case has all its documents, each as it is shown, under names that Windows takes, and
// without numbers; whoever may read nothing of it gets none, nor does a case go out without a document that is lost.
func TestExportCase(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	d.shipment(func(s *post.Shipment) { s.Case, s.Subject = "2026-17", "Brev: 010190-1000?" })
	for i := range d.letters {
		d.change(i, queue)
		d.file(i)
	}
	o, err := d.reader.ExportCase(ctx, d.who, "2026-17")
	posttest.Check(t, err)
	day := posttest.Start.In(post.Denmark()).Format("2006-01-02")
	var want []string
	for _, letter := range []string{"1", "2"} {
		for _, name := range []string{"a.pdf", "bilag.pdf", "meddelelse.xml"} {
			want = append(want, day+" Brev_ 010190-xxxx_ brev "+letter+"/"+name)
		}
	}
	files := d.unzip(o)
	var names []string
	for name := range files {
		names = append(names, name)
	}
	if slices.Sort(names); !slices.Equal(names, want) {
		t.Errorf("it has %q, want %q", names, want)
	}
	if files[want[0]] != "%PDF 1" || files[want[1]] != "%PDF bilag" || files[want[3]] != "%PDF 2" ||
		!strings.Contains(files[want[2]], "Message") {
		t.Errorf("%q", files)
	}
	audit := d.store.AuditLog(d.Now)
	seen := workflow.Seen{Audit: audit, Cases: d.store, Person: func(org string, n ident.Number) string {
		return keys.Person(key, org, n.Key())
	}}
	entries, err := seen.OfPerson(ctx, d.who, posttest.Number(t, "010190-1001")) // the second letter's recipient
	if err != nil || !slices.ContainsFunc(entries, func(e *post.Entry) bool {
		return strings.Contains(e.Text, "hentede arkivets sag 2026-17, 6 dokumenter")
	}) {
		t.Errorf("who asks who has seen them gets %+v, %v", entries, err)
	}
	filed, err := d.store.Filed(ctx, post.Filing{Org: "demo", Case: "2026-17", Letter: d.letters[1]})
	posttest.Check(t, err)
	posttest.Check(t, d.objects.Release(ctx, filed[0].Documents[0].Object.Key))
	if _, err := d.reader.ExportCase(ctx, d.who, "2026-17"); !errors.Is(err, post.ErrDamaged) {
		t.Errorf("damaged: %v", err)
	}
	d.who.Grants = post.Grants{{Right: post.RightArchive, Scope: post.Scope{Unit: "another"}}}
	if _, err := d.reader.ExportCase(ctx, d.who, "2026-17"); !errors.Is(err, post.ErrNotFound) {
		t.Errorf("without the right: %v", err)
	}
}

// TestExportHasABound: a case of more letters than a function can give in time is refused, and says so; one that is
// named like a key of the table's is verified as any other.
func TestExportHasABound(t *testing.T) {
	d := newDesk(t)
	d.another("bbbbbbbbbbbb", exportLetters+1, func(s *post.Shipment) { s.Case = "t-2026-17" })
	_, err := d.reader.ExportCase(context.Background(), d.who, "t-2026-17")
	var wrong post.Mistakes
	if !errors.As(err, &wrong) || wrong[0].Text.Code() != "archive-case-many" {
		t.Errorf("%v", err)
	}
	report, err := d.reader.VerifyArchive(context.Background(), d.who, "")
	if err != nil || report.Letters != exportLetters+1 || len(report.Damaged) > 0 {
		t.Errorf("%+v, %v", report, err)
	}
}

func (d *desk) unzip(o post.Object) map[string]string {
	d.t.Helper()
	content, done, err := d.objects.Open(context.Background(), o)
	posttest.Check(d.t, err)
	defer done()
	r, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	posttest.Check(d.t, err)
	files := map[string]string{}
	for _, f := range r.File {
		in, err := f.Open()
		posttest.Check(d.t, err)
		text, err := io.ReadAll(in)
		posttest.Check(d.t, err)
		files[f.Name] = string(text)
	}
	return files
}

// TestUnused: two documents of the same name are told apart, also where a system ignores case.
func TestUnused(t *testing.T) {
	used := map[string]bool{}
	var names []string
	for _, name := range []string{"a.pdf", "A.pdf", "a.pdf", "b"} {
		names = append(names, unused(used, name))
	}
	if want := []string{"a.pdf", "A (2).pdf", "a (3).pdf", "b"}; !slices.Equal(names, want) {
		t.Errorf("%q, want %q", names, want)
	}
}
