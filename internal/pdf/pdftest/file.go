package pdftest

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
)

// File writes a PDF object by object, for tests that need one which no program would write.
type File struct {
	objects []string
	Trailer string // more entries of the trailer
	Xref    string // in place of the right table, when it is not ""
	Before  string // what stands before the header
}

// Objects that a File from Pages has.
const (
	Catalog  = 1
	PageTree = 2
	Font     = 3
	Page     = 4 // the first page, whose content is the next object; and so on
)

// Add adds an object and returns its number. Verbs of format are those of fmt.
func (f *File) Add(format string, args ...any) int {
	if len(args) > 0 {
		format = fmt.Sprintf(format, args...)
	}
	f.objects = append(f.objects, format)
	return len(f.objects)
}

// Set replaces an object.
func (f *File) Set(n int, body string) { f.objects[n-1] = body }

// Replace replaces text in an object.
func (f *File) Replace(n int, old, with string) {
	f.objects[n-1] = strings.Replace(f.objects[n-1], old, with, 1)
}

// Stream returns the body of a stream object; dict is what stands in its dictionary beside the length.
func Stream(dict, data string) string {
	return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(data), data)
}

// Pages returns a file with a page per list of lines, to be changed.
func Pages(pages ...[]string) *File {
	f := &File{}
	f.Add("<</Type/Catalog/Pages 2 0 R>>")
	kids := make([]string, len(pages))
	for i := range pages {
		kids[i] = fmt.Sprintf("%d 0 R", Page+2*i)
	}
	f.Add("<</Type/Pages/Count %d/Kids[%s]>>", len(pages), strings.Join(kids, " "))
	f.Add("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
	for i, lines := range pages {
		f.Add(
			"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>",
			Page+2*i+1,
		)
		f.Add(Stream("", Content(lines...)))
	}
	return f
}

// Content is the content stream that shows lines.
func Content(lines ...string) string {
	var b strings.Builder
	b.WriteString("BT /F1 10 Tf\n")
	for i, line := range lines {
		fmt.Fprintf(&b, "1 0 0 1 60 %d Tm (%s) Tj\n", 760-14*i, winAnsi(line))
	}
	b.WriteString("ET\n")
	return b.String()
}

// Bytes writes the file.
func (f *File) Bytes() []byte {
	var b bytes.Buffer
	offsets := make([]int, len(f.objects))
	b.WriteString(f.Before + "%PDF-1.7\n")
	for i, body := range f.objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, body)
	}
	start := b.Len()
	if f.Xref != "" {
		b.WriteString(f.Xref)
	} else {
		fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
		for _, o := range offsets {
			fmt.Fprintf(&b, "%010d 00000 n \n", o)
		}
	}
	fmt.Fprintf(&b, "trailer\n<</Root 1 0 R/Size %d%s>>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, f.Trailer, start)
	return b.Bytes()
}

// Deflate packs data for FlateDecode.
func Deflate(data []byte) string {
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, _ = z.Write(data) // a bytes.Buffer does not fail
	_ = z.Close()
	return packed.String()
}
