package pdf

import (
	"os"
	"path/filepath"
	"testing"

	"brevdue/internal/pdf/pdftest"
)

func FuzzFile(f *testing.F) {
	cases, err := filepath.Glob(filepath.Join("..", "splitter", "testdata", "cases", "*.pdf"))
	if err != nil || len(cases) == 0 {
		f.Fatal("the files that trials found are not there")
	}
	for _, name := range cases {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	good := pdftest.Write([]byte("logo"), []string{"Åse", "010190-1234"}, []string{"b"})
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add([]byte("%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]>>endobj trailer<</Root 1 0 R>>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Open(data)
		if err != nil {
			return
		}
		d.Active()
		r, c := d.Reader(), d.Cutter()
		for i := range min(d.Pages(), 5) {
			if text, err := r.Read(i); err == nil {
				cut := c.Cut(i, 1, [][]byte{text.Names})
				if _, err := Open(cut); err != nil {
					t.Fatalf("page %d was cut and cannot be opened: %v", i+1, err)
				}
			}
		}
	})
}
