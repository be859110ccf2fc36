// Package pdftest writes merged letters as PDF files, for tests, stories and benchmarks. All numbers that it is given
// there are fictitious.
//
// letters -> [pdftest] -> PDF
package pdftest

import (
	"bytes"
	"fmt"
	"strings"
)

// Letter is one recipient's pages.
type Letter struct {
	Heading []string // lines of the address part, the number among them
	Pages   int
	Body    []string // lines of running text on the first page
	Last    []string // lines of running text on the last page
}

// Options are what all letters of a file have in common.
type Options struct {
	NoCounter bool   // no "Side 1 af 2"
	Plain     bool   // and nothing else that tells a first page from another
	Every     bool   // the number stands on every page
	Logo      []byte // a picture on every page, once in the file; its size is what counts
	Footer    string
}

const prose = "Vi har modtaget din ansøgning og har nu truffet en afgørelse i sagen, som du kan læse nedenfor."

// Merge writes the letters one after the other.
func Merge(o Options, letters ...Letter) []byte {
	var pages [][]string
	for i, l := range letters {
		for n := 1; n <= max(1, l.Pages); n++ {
			pages = append(pages, page(o, i, l, n))
		}
	}
	return Write(o.Logo, pages...)
}

func page(o Options, i int, l Letter, n int) []string {
	var lines []string
	switch {
	case n == 1:
		lines = append(lines, l.Heading...)
		if !o.Plain {
			lines = append(
				lines,
				fmt.Sprintf("Dato: %d. november 2026", i%28+1),
				fmt.Sprintf("Sagsnr.: 2026-%06d", i),
				"Afgørelse om tilskud",
			)
		}
		lines = append(append(lines, prose), l.Body...)
	case o.Every:
		lines = append(lines, l.Heading[len(l.Heading)-1], prose)
	default:
		lines = append(lines, prose)
	}
	if n == l.Pages {
		lines = append(lines, l.Last...)
	}
	footer := o.Footer
	if !o.NoCounter && !o.Plain {
		footer = fmt.Sprintf("Side %d af %d  ·  %s", n, max(1, l.Pages), footer)
	}
	return append(lines, footer)
}

// Write writes a PDF with one page per list of lines, in Helvetica.
func Write(logo []byte, pages ...[]string) []byte {
	var b bytes.Buffer
	var offsets []int
	object := func(format string, args ...any) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n", len(offsets))
		fmt.Fprintf(&b, format, args...)
		b.WriteString("\nendobj\n")
	}
	const first = 5 // catalog, pages, font, logo
	b.WriteString("%PDF-1.7\n")
	object("<</Type/Catalog/Pages 2 0 R>>")
	kids := make([]string, len(pages))
	for i := range pages {
		kids[i] = fmt.Sprintf("%d 0 R", first+2*i)
	}
	object("<</Type/Pages/Count %d/Kids[%s]>>", len(pages), strings.Join(kids, " "))
	object("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
	object(
		"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length "+
			"%d>>\nstream\n%s\nendstream",
		len(logo),
		logo,
	)
	for i, lines := range pages {
		resources := "<</Font<</F1 3 0 R>>/XObject<</L 4 0 R>>>>"
		object("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources%s/Contents %d 0 R>>", resources, first+2*i+1)
		content := contentOf(lines, len(logo) > 0)
		object("<</Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream", len(content), content)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	return b.Bytes()
}

// contentOf shows each line 14 points below the one before; a tab in a line begins a new column.
func contentOf(lines []string, logo bool) []byte {
	var text bytes.Buffer
	if logo {
		text.WriteString("q 40 0 0 40 500 780 cm /L Do Q\n")
	}
	text.WriteString("BT /F1 10 Tf\n")
	for i, line := range lines {
		for k, cell := range strings.Split(line, "\t") {
			fmt.Fprintf(&text, "1 0 0 1 %d %d Tm (%s) Tj\n", 60+250*k, 760-14*i, winAnsi(cell))
		}
	}
	text.WriteString("ET\n")
	return []byte(Deflate(text.Bytes()))
}

// winAnsi encodes text for a literal string; the letters of Danish are one byte each, as in Latin 1.
func winAnsi(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '(' || r == ')' || r == '\\':
			b.WriteByte('\\')
			b.WriteByte(byte(r))
		case r == '–':
			b.WriteByte(0x96)
		case r < 256:
			b.WriteByte(byte(r))
		}
	}
	return b.String()
}
