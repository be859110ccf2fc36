package text

import (
	"testing"

	"brevdue/internal/pdf/pdftest"
	"brevdue/internal/pdf/syntax"
)

func FuzzFonts(f *testing.F) {
	f.Add([]byte("1 beginbfrange <00> <ff> <0041> endbfrange 1 beginbfchar <01> <0031> endbfchar"))
	f.Add([]byte("/Encoding 256 array dup 49 /one put readonly def eexec"))
	f.Add(
		[]byte("\x00\x01\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00cmap\x00\x00\x00\x00\x00\x00\x00\x1c\x00\x00\x00\x10"),
	)
	f.Add([]byte("\x01\x00\x04\x01\x00\x01\x01\x01\x02A\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := syntax.Open(pdftest.Pages([]string{"a"}).Bytes())
		if err != nil {
			t.Fatal(err)
		}
		d := New(file)
		d.readToUnicode(data)
		for _, read := range []func([]byte) ([256]string, bool){
			d.tables.readType1, d.tables.readTrueType, d.tables.readCompact, d.tables.readCFF,
		} {
			readSafely(read, data)
		}
		l := syntax.Lexer{Data: data}
		dict := syntax.Object{Kind: syntax.KindDict, Items: []syntax.Object{
			syntax.Name("Subtype"), syntax.Name("Type0"),
			syntax.Name("Encoding"), {Kind: syntax.KindDict, Stream: &syntax.Stream{Raw: data}},
			syntax.Name("DescendantFonts"), l.Object(false, 0),
		}}
		if font := d.loadFont(dict); font != nil {
			for b := data; len(b) > 0; {
				_, size := font.codes.next(b)
				if size < 1 {
					t.Fatal("a code without length")
				}
				b = b[size:]
			}
		}
	})
}
