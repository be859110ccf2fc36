package cut_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"brevdue/internal/pdf/cut"
	"brevdue/internal/pdf/pdftest"
	"brevdue/internal/pdf/syntax"
	"brevdue/internal/pdf/text"
)

// TestQpdfAgrees holds what we cut against another implementation.
func TestQpdfAgrees(t *testing.T) {
	if _, err := exec.LookPath("qpdf"); err != nil {
		t.Skip("qpdf is not installed")
	}
	var pages [][]string
	for i := range 20 {
		pages = append(pages, []string{fmt.Sprintf("brev %d", i)})
	}
	d, err := syntax.Open(pdftest.Write([]byte("logo"), pages...))
	if err != nil {
		t.Fatal(err)
	}
	r, c := text.New(d).Reader(), cut.New(d).Cutter()
	for i := 0; i < 20; i += 2 {
		var names [][]byte
		for k := range 2 {
			page, err := r.Read(i + k)
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, page.Names)
		}
		path := filepath.Join(t.TempDir(), "cut.pdf")
		if err := os.WriteFile(path, c.Cut(i, 2, names), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("qpdf", "--check", path).CombinedOutput(); err != nil {
			t.Fatalf("page %d: %v\n%s", i, err, out)
		}
	}
}
