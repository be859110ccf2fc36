package pdf

import (
	"bytes"
	"testing"

	"brevdue/internal/pdf/pdftest"
)

// document is one without a file: what a fuzz target needs of it is its limits.
func document(data []byte) *Document {
	d := &Document{data: data, tables: newEncodings()}
	d.forget()
	return d
}

func FuzzLexer(f *testing.F) {
	f.Add([]byte("<</A[1 0 R(x\\(y)<41>]/B#20C -1.5e3>>"))
	f.Add([]byte("[[[[[[<<<<<<"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l := lexer{data: data}
		for range len(data) + 1 {
			before := l.pos
			if o := l.object(true, 0); o.kind == kindEnd {
				break
			}
			if l.pos <= before {
				t.Fatalf("it stands still at %d", before)
			}
		}
		s := scanner{b: data}
		for {
			before := s.pos
			if _, ok := s.next(); !ok {
				break
			}
			if s.pos <= before {
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
		data := append([]byte("%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Kids[]>>endobj\n"), table...)
		_, _ = Open(data) // that it returns is what is asked
	})
}

func FuzzFilters(f *testing.F) {
	f.Add("/FlateDecode", []byte(pdftest.Deflate([]byte("abc"))), 12, 3)
	f.Add("/LZWDecode", []byte("\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01"), 2, 1)
	f.Add("[/ASCII85Decode/RunLengthDecode]", []byte("9jqo~>"), 1, 1)
	f.Fuzz(func(t *testing.T, filter string, data []byte, predictor, columns int) {
		l := lexer{data: []byte(filter)}
		o := object{kind: kindDict, stream: &stream{raw: data}, items: []object{
			name("Filter"), l.object(false, 0),
			name("DecodeParms"), {kind: kindDict, items: []object{name("Predictor"), number(predictor), name("Columns"), number(columns)}},
		}}
		d := document(data)
		if b, err := d.decode(o); err == nil && len(b) > least+perByte*len(data)+4096 {
			t.Fatalf("%d bytes became %d", len(data), len(b))
		}
	})
}

func number(n int) object { return object{kind: kindNumber, raw: []byte(itoa(n))} }

func itoa(n int) string { c := Cutter{}; c.integer(n); return string(c.out) }

func FuzzFonts(f *testing.F) {
	f.Add([]byte("1 beginbfrange <00> <ff> <0041> endbfrange 1 beginbfchar <01> <0031> endbfchar"))
	f.Add([]byte("/Encoding 256 array dup 49 /one put readonly def eexec"))
	f.Add([]byte("\x00\x01\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00cmap\x00\x00\x00\x00\x00\x00\x00\x1c\x00\x00\x00\x10"))
	f.Add([]byte("\x01\x00\x04\x01\x00\x01\x01\x01\x02A\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d := document(data)
		d.readToUnicode(data)
		for _, read := range []func([]byte) ([256]string, bool){d.tables.readType1, d.tables.readTrueType, d.tables.readCompact, d.tables.readCFF} {
			readSafely(read, data)
		}
		l := lexer{data: data}
		dict := object{kind: kindDict, items: []object{name("Subtype"), name("Type0"), name("Encoding"), {kind: kindDict, stream: &stream{raw: data}}, name("DescendantFonts"), l.object(false, 0)}}
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

func FuzzFile(f *testing.F) {
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
