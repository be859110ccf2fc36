package splitter

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"brevdue/internal/ident"
	"brevdue/internal/pdf/pdftest"
)

// caseFile is one of the files that trials found.
func caseFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "cases", name+".pdf"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestFilesOfTrials: layers, fields without a type, a page that is cut short, a signature.
func TestFilesOfTrials(t *testing.T) {
	for name, want := range map[string]string{
		"layer-on": "1-1:90 2-2:90", "layer-off-plain": active, "layer-ocmd-alloff": active,
		"layer-ocmd-ve-not":         active,
		"layer-hidden-number-page2": active, "number-only-in-ocmd-alloff": active, "fpdf2-print-only": active,
		"field-look-without-subtype-second-number": "1-1:two-recipients 2-2:90",
		"page2-flate-cut-off":                      "1-1:90 2-2:no-recipient-found 3-3:90 4-4:90 review",
		"signed-one":                               "1-1:90",
	} {
		plan, err := Make(
			context.Background(),
			caseFile(t, name),
			Options{Sender: []ident.Number{number(t, "99060816")}},
		)
		if got := outline(plan, err); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	with, err := Make(context.Background(), caseFile(t, "field-look-with-subtype-bilag"), Options{})
	without, other := Make(context.Background(), caseFile(t, "field-look-without-subtype-bilag"), Options{})
	if a, b := outline(with, err), outline(without, other); a != b {
		t.Errorf("with a type %s, without %s", a, b)
	}
}

// TestLayers: what is hidden in some view stops the file where a page draws it, and nothing else does.
func TestLayers(t *testing.T) {
	const page = "/OC /M BDC BT /F1 14 Tf 100 500 Td (INTERN) Tj ET EMC"
	layered := func(properties, member string, groups ...string) string {
		f := letterFile()
		f.Replace(pdftest.Catalog, "/Pages 2 0 R", "/Pages 2 0 R/OCProperties<<"+properties+">>")
		f.Replace(pdftest.Page, "/Font<<", "/Properties<</M 6 0 R>>/Font<<")
		f.Set(pdftest.Page+1, pdftest.Stream("", pdftest.Content(letterLines...)+page))
		f.Add("%s", member)
		for _, g := range groups {
			f.Add("%s", g)
		}
		return outline(Make(context.Background(), f.Bytes(), Options{}))
	}
	const group, print = "<</Type/OCG/Name(a)>>", "<</Type/OCG/Name(a)/Usage<</Print<</PrintState/OFF>>>>>>"
	for name, c := range map[string]struct {
		properties, member string
		want               string
	}{
		"on":               {"/OCGs[7 0 R 8 0 R]/D<<>>", "<</Type/OCMD/OCGs[7 0 R 8 0 R]>>", sound},
		"base off":         {"/OCGs[7 0 R 8 0 R]/D<</BaseState/OFF>>", "<</Type/OCMD/OCGs 7 0 R>>", active},
		"base off, but on": {"/OCGs[7 0 R 8 0 R]/D<</BaseState/OFF/ON[7 0 R]>>", "<</Type/OCMD/OCGs 7 0 R>>", sound},
		"any on":           {"/OCGs[7 0 R 8 0 R]/D<</OFF[7 0 R]>>", "<</Type/OCMD/OCGs[7 0 R 8 0 R]>>", sound},
		"all on": {"/OCGs[7 0 R 8 0 R]/D<</OFF[7 0 R]>>", "<</Type/OCMD/P/AllOn/OCGs[7 0 R 8 0 R]>>",
			active},
		"any off": {"/OCGs[7 0 R 8 0 R]/D<<>>", "<</Type/OCMD/P/AnyOff/OCGs[7 0 R 8 0 R]>>", active},
		"all off": {"/OCGs[7 0 R 8 0 R]/D<</OFF[7 0 R 8 0 R]>>",
			"<</Type/OCMD/P/AllOff/OCGs[7 0 R 8 0 R]>>", sound},
		"not":     {"/OCGs[7 0 R 8 0 R]/D<<>>", "<</Type/OCMD/VE[/Not 7 0 R]>>", active},
		"not off": {"/OCGs[7 0 R 8 0 R]/D<</OFF[7 0 R]>>", "<</Type/OCMD/VE[/Not 7 0 R]>>", sound},
		"and or not": {"/OCGs[7 0 R 8 0 R]/D<</OFF[7 0 R]>>",
			"<</Type/OCMD/VE[/And 8 0 R[/Or 7 0 R[/Not 7 0 R]]]>>", sound},
		"off in print": {"/OCGs[7 0 R 8 0 R]/D<</AS[<</Event/Print/Category[/Print]/OCGs[8 0 R]>>]>>",
			"<</Type/OCMD/OCGs 8 0 R>>", active},
		"print, not asked": {"/OCGs[7 0 R 8 0 R]/D<<>>", "<</Type/OCMD/OCGs 8 0 R>>", sound},
		"of nothing":       {"/OCGs[7 0 R]/D<</OFF[7 0 R]>>", "<</Type/OCMD/OCGs null>>", sound},
		"expression, a hill": {"/OCGs[7 0 R]/D<<>>", "<</Type/OCMD/VE" + strings.Repeat("[/Not", 50) + " 7 0 R" +
			strings.Repeat("]", 50) + ">>", active},
	} {
		if got := layered(c.properties, c.member, group, print); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
