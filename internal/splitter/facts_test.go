package splitter

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"brevdue/internal/pdf/pdftest"
)

// TestFactsSayAllThatTheDocumentSays: planned from its facts a document has the same letters and findings, with
// whatever corrections, in every file of the corpus and of the tests.
func TestFactsSayAllThatTheDocumentSays(t *testing.T) {
	files, _ := filepath.Glob("../../testdata/*.pdf")
	more, _ := filepath.Glob(filepath.Join(corpus, "*.pdf"))
	documents := map[string][]byte{
		"merged": pdftest.Merge(pdftest.Options{}, person(1), nobody(), person(2), person(3)),
	}
	for _, file := range append(files, more...) {
		info, err := os.Stat(file)
		if err != nil || info.Size() > 10<<20 {
			continue
		}
		if documents[filepath.Base(file)], err = os.ReadFile(file); err != nil {
			t.Fatal(err)
		}
	}
	for name, data := range documents {
		plan, err := Make(context.Background(), data, Options{})
		if err != nil || plan == nil {
			continue
		}
		packed, err := plan.Facts()
		if err != nil {
			t.Fatal(name, err)
		}
		edits := []Edit{{Do: EditMerge, Page: 3}, {Do: EditCut, Page: 2}, {Do: EditDrop, Page: 1, By: "eva"},
			{Do: EditRecipient, Page: 1, Recipient: number(t, "0101491234"), Ordinal: 4}}
		for n := range len(edits) + 1 {
			o := Options{Edits: edits[:n]}
			want, err := Make(context.Background(), data, o)
			if err != nil {
				t.Fatal(name, err)
			}
			got, err := Replan(packed, o)
			if err != nil {
				t.Fatal(name, err)
			}
			if !reflect.DeepEqual(got.Segments, want.Segments) || !reflect.DeepEqual(got.Findings, want.Findings) ||
				!reflect.DeepEqual(got.Outline(), want.Outline()) || got.Review != want.Review ||
				got.Content() != want.Content() {
				t.Errorf("%s with %d corrections: planned from its facts it is another", name, n)
			}
		}
	}
}

// TestFactsAreNotBelieved when they are damaged, cut short or of another splitter.
func TestFactsAreNotBelieved(t *testing.T) {
	plan, err := Make(context.Background(), pdftest.Merge(pdftest.Options{}, person(1), person(2)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	packed, err := plan.Facts()
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string][]byte{
		"nothing": nil, "text": []byte("facts"), "cut short": packed[:len(packed)/2],
	} {
		if _, err := Replan(bad, Options{}); !errors.Is(err, ErrFacts) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// BenchmarkReplan is what a correction of 10,000 pages takes, without its write.
func BenchmarkReplan(b *testing.B) {
	data, err := os.ReadFile(filepath.Join(corpus, "libreoffice-fodt-10000.pdf"))
	if err != nil {
		b.Skip("the corpus is not beside this checkout")
	}
	plan, err := Make(context.Background(), data, Options{})
	if err != nil {
		b.Fatal(err)
	}
	packed, err := plan.Facts()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(len(packed)), "bytes")
	for b.Loop() {
		if _, err := Replan(packed, Options{Edits: []Edit{{Do: EditCut, Page: 2}}}); err != nil {
			b.Fatal(err)
		}
	}
}
