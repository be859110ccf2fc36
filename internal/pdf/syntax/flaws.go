package syntax

import (
	"math"
	"slices"
)

// Flaws are what makes a document look otherwise, or be hard to read, for who gets it: nothing of it keeps a letter
// from being sent.
type Flaws struct {
	Untagged   bool     // nothing says what a screen reader is to read, and in which order (PDF 14.8)
	Odd        []int    // pages that are not A4, counted from 0
	Unembedded []string // fonts that the file does not have with it (PDF 9.9)
}

// A4 in points, and by how much a page of a printer may differ.
const (
	shortSide, longSide, sideSlack = 595.28, 841.89, 6
)

// fontPages is how many pages are looked at for their fonts: the others of a merge have the same.
const fontPages = 100

// fontsNamed is how many fonts are named.
const fontsNamed = 5

// Flaws looks for them.
func (d *Document) Flaws() (f Flaws) {
	defer func() {
		if recover() != nil { // a damaged one is told of by whoever reads its pages
			f = Flaws{}
		}
	}()
	root := d.Catalog()
	tree := d.Resolve(root.Get("StructTreeRoot"))
	f.Untagged = tree.Kind != KindDict
	seen := map[int]bool{}
	for i := range d.Pages() {
		p := d.Page(i)
		if !d.isA4(&p) {
			f.Odd = append(f.Odd, i)
		}
		if i < fontPages {
			d.fontsOf(&p, seen, &f)
		}
	}
	slices.Sort(f.Unembedded)
	return f
}

func (d *Document) isA4(p *Page) bool {
	box := d.Resolve(p.CropBox)
	if len(box.Items) != 4 {
		box = d.Resolve(p.MediaBox)
	}
	if len(box.Items) != 4 {
		return true // nobody knows
	}
	side := func(from, to int) float64 {
		return math.Abs(d.Resolve(box.Items[to]).Number() - d.Resolve(box.Items[from]).Number())
	}
	w, h := side(0, 2), side(1, 3)
	return math.Abs(min(w, h)-shortSide) <= sideSlack && math.Abs(max(w, h)-longSide) <= sideSlack
}

// fontsOf adds the fonts of a page that are not in the file.
func (d *Document) fontsOf(p *Page, seen map[int]bool, f *Flaws) {
	resources := d.ResolveShared(p.Resources)
	fonts := d.ResolveShared(resources.Get("Font"))
	for i := 1; i < len(fonts.Items); i += 2 {
		ref := fonts.Items[i]
		if ref.Kind != KindRef || seen[ref.Num] {
			continue
		}
		seen[ref.Num] = true
		font := d.ResolveShared(ref)
		name := string(font.Get("BaseFont").Raw)
		if font.Kind != KindDict || font.Get("Subtype").Is("Type3") || name == "" || d.embedded(font) {
			continue
		}
		if !slices.Contains(f.Unembedded, name) && len(f.Unembedded) < fontsNamed {
			f.Unembedded = append(f.Unembedded, name)
		}
	}
}

func (d *Document) embedded(font Object) bool {
	if below := d.Resolve(font.Get("DescendantFonts")); len(below.Items) > 0 {
		font = d.ResolveShared(below.Items[0])
	}
	descriptor := d.ResolveShared(font.Get("FontDescriptor"))
	for _, key := range []string{"FontFile", "FontFile2", "FontFile3"} {
		if file := descriptor.Get(key); file.Kind != KindNull {
			return true
		}
	}
	return false
}
