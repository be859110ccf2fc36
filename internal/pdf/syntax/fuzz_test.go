package syntax

import (
	"bytes"
	"strconv"
	"testing"

	"brevdue/internal/pdf/pdftest"
)

// document is one without a file: what a fuzz target needs of it is its limits.
func document(data []byte) *Document {
	d := &Document{File: &File{data: data}}
	d.forget()
	return d
}

func FuzzLexer(f *testing.F) {
	f.Add([]byte("<</A[1 0 R(x\\(y)<41>]/B#20C -1.5e3>>"))
	f.Add([]byte("[[[[[[<<<<<<"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l := Lexer{Data: data}
		for range len(data) + 1 {
			before := l.Pos
			if o := l.Object(true, 0); o.Kind == KindEnd {
				break
			}
			if l.Pos <= before {
				t.Fatalf("it stands still at %d", before)
			}
		}
		s := Scanner{Content: data}
		for {
			before := s.Pos
			if _, ok := s.Next(); !ok {
				break
			}
			if s.Pos <= before {
				t.Fatalf("the scanner stands still at %d", before)
			}
		}
	})
}

func FuzzXref(f *testing.F) {
	good := pdftest.Pages([]string{"a"}).Bytes()
	f.Add(good[bytes.LastIndex(good, []byte("xref\n0")):])
	f.Add([]byte("xref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R/Prev 0/XRefStm 3>>startxref\n0"))
	f.Fuzz(func(t *testing.T, table []byte) {
		data := append(
			[]byte("%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Kids[]>>endobj\n"),
			table...)
		_, _ = Open(data) // that it returns is what is asked
	})
}

func FuzzFilters(f *testing.F) {
	f.Add("/FlateDecode", []byte(pdftest.Deflate([]byte("abc"))), 12, 3)
	f.Add("/LZWDecode", []byte("\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01"), 2, 1)
	f.Add("[/ASCII85Decode/RunLengthDecode]", []byte("9jqo~>"), 1, 1)
	f.Fuzz(func(t *testing.T, filter string, data []byte, predictor, columns int) {
		l := Lexer{Data: []byte(filter)}
		o := Object{Kind: KindDict, Stream: &Stream{Raw: data}, Items: []Object{
			Name("Filter"), l.Object(false, 0),
			Name("DecodeParms"), {Kind: KindDict, Items: []Object{
				Name("Predictor"), number(predictor), Name("Columns"), number(columns),
			}},
		}}
		d := document(data)
		if b, err := d.Decode(o); err == nil && len(b) > least+perByte*len(data)+4096 {
			t.Fatalf("%d bytes became %d", len(data), len(b))
		}
	})
}

func number(n int) Object { return Object{Kind: KindNumber, Raw: []byte(strconv.Itoa(n))} }
