package syntax

import (
	"fmt"
	"testing"
)

// TestFlaws: a file without tags, of another size, or without its fonts is told; one with all of them is not.
func TestFlaws(t *testing.T) {
	const plain = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
	for what, c := range map[string]struct {
		catalog, box, font string
		want               string
	}{
		"nothing is wrong": {"/StructTreeRoot 9 0 R", "0 0 595 842",
			"<</Type/Font/Subtype/TrueType/BaseFont/ABC+Arial/FontDescriptor 7 0 R>>", "false [] []"},
		"a letter on its side": {"/StructTreeRoot 9 0 R", "0 0 842 595",
			"<</Type/Font/Subtype/Type0/BaseFont/ABC+Arial/DescendantFonts[8 0 R]>>", "false [] []"},
		"no tags":         {"", "0 0 595 842", "<</Subtype/Type3>>", "true [] []"},
		"an American one": {"/StructTreeRoot 9 0 R", "0 0 612 792", "<</Subtype/Type3>>", "false [0] []"},
		"no font":         {"/StructTreeRoot 9 0 R", "0 0 595 842", plain, "false [] [Helvetica]"},
		"all of it":       {"", "0 0 612 792", plain, "true [0] [Helvetica]"},
	} {
		file := fmt.Sprintf("%%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R%s>>endobj\n"+
			"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"+
			"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[%s]/Resources<</Font<</F1 4 0 R>>>>>>endobj\n"+
			"4 0 obj%sendobj\n6 0 obj<</Length 1>>stream\nx\nendstream endobj\n7 0 obj<</FontFile2 6 0 R>>endobj\n"+
			"8 0 obj<</Type/Font/FontDescriptor 7 0 R>>endobj\n9 0 obj<</Type/StructTreeRoot>>endobj\n"+
			"trailer<</Root 1 0 R>>\n", c.catalog, c.box, c.font)
		d, err := Open([]byte(file))
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		f := d.Flaws()
		got := fmt.Sprintf("%v %v %v", f.Untagged, f.Odd, f.Unembedded)
		if got != c.want {
			t.Errorf("%s: %s, want %s", what, got, c.want)
		}
	}
}
