package pdf

import (
	"bytes"
	"strconv"
)

// Cutter writes some of the pages as a document of their own. It keeps buffers, so each goroutine needs its own.
//
// What it leaves out is as important as what it copies: a page's resources are kept only where its content names
// them, and references to other pages become null, so that no letter carries another recipient's pictures or text.
type Cutter struct {
	d       *Document
	out     []byte
	offsets []int       // by new object number
	numbers map[int]int // old object number -> new
	queue   []int       // old object numbers still to be written
}

// Cutter returns a new Cutter of the document.
func (d *Document) Cutter() *Cutter { return &Cutter{d: d, numbers: map[int]int{}} }

const (
	catalogNumber = 1
	pagesNumber   = 2
)

// pruned are the resource categories whose entries content refers to by name (PDF 7.8.3).
var pruned = map[string]bool{"Font": true, "XObject": true, "ExtGState": true, "Pattern": true, "Shading": true, "ColorSpace": true, "Properties": true}

// Cut returns a PDF of count pages from first (counted from 0). names are Text.Names of each of these pages. The bytes
// are valid until the next Cut.
func (c *Cutter) Cut(first, count int, names [][]byte) []byte {
	c.out = append(c.out[:0], "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"...)
	c.offsets = append(c.offsets[:0], 0, 0, 0)
	clear(c.numbers)
	c.queue = c.queue[:0]
	pages := c.d.pages[first : first+count]
	for i := range pages {
		c.numbers[pages[i].num] = len(c.offsets)
		c.offsets = append(c.offsets, 0)
	}
	for i := range pages {
		c.page(first+i, names[i])
	}
	for k := 0; k < len(c.queue); k++ {
		c.indirect(c.queue[k])
	}
	c.begin(catalogNumber)
	c.text("<</Type/Catalog/Pages 2 0 R>>\nendobj\n")
	c.begin(pagesNumber)
	c.text("<</Type/Pages/Kids[")
	for i := range pages {
		c.reference(c.numbers[pages[i].num])
	}
	c.text("]/Count ")
	c.integer(count)
	c.text(">>\nendobj\n")
	c.finish()
	return c.out
}

func (c *Cutter) page(i int, used []byte) {
	p := c.d.leaf(i)
	c.begin(c.numbers[c.d.pages[i].num])
	c.text("<</Type/Page/Parent 2 0 R")
	for _, f := range []struct {
		key   string
		value object
	}{{"MediaBox", p.media}, {"CropBox", p.crop}, {"Rotate", p.rotate}} {
		if f.value.kind != kindNull {
			c.name([]byte(f.key))
			c.value(f.value)
		}
	}
	c.text("/Resources")
	n := &names{}
	for _, name := range bytes.Split(used, []byte{0}) {
		n.add(name)
	}
	c.pruned(c.d.resolveShared(p.resources), n)
	for i := 0; i+1 < len(p.dict.items); i += 2 {
		switch key := p.dict.items[i].raw; string(key) {
		case "Contents", "Group", "UserUnit", "Annots", "TrimBox", "BleedBox", "ArtBox":
			c.name(key)
			c.value(p.dict.items[i+1])
		}
	}
	c.text(">>\nendobj\n")
}

// pruned writes resources without what is not named: many forms may share one dictionary that lists them all, and
// with it all recipients' pages.
func (c *Cutter) pruned(r object, used *names) {
	c.text("<<")
	for i := 0; i+1 < len(r.items); i += 2 {
		key, value := r.items[i].raw, r.items[i+1]
		c.name(key)
		if category := c.d.resolveShared(value); pruned[string(key)] && category.kind == kindDict {
			c.dict(category, func(name []byte) bool { return !used.has(name) })
		} else {
			c.value(value)
		}
	}
	c.text(">>")
}

// indirect writes the object that had the number old in the file.
func (c *Cutter) indirect(old int) {
	o := c.d.object(old)
	c.begin(c.numbers[old])
	switch {
	case o.isStream():
		c.text("<<")
		own := c.d.resolveShared(o.get("Resources"))
		prune := own.kind == kindDict
		c.entries(o, func(key []byte) bool {
			return string(key) == "Length" || string(key) == "StructParent" || prune && string(key) == "Resources"
		})
		if prune {
			c.text("/Resources")
			c.pruned(own, c.d.usedIn(o))
		}
		b := c.d.plain(o)
		c.text("/Length ")
		c.integer(len(b))
		c.text(">>\nstream\n")
		c.out = append(c.out, b...)
		c.text("\nendstream")
	case o.kind == kindDict && isAnnotation(o):
		c.dict(o, func(key []byte) bool {
			return string(key) == "Parent" || string(key) == "P" || string(key) == "StructParent"
		})
	default:
		c.value(o)
	}
	c.text("\nendobj\n")
}

func isAnnotation(o object) bool {
	t := o.get("Type")
	return t.is("Annot") || o.get("Rect").kind == kindArray && o.get("Subtype").kind == kindName
}

func (c *Cutter) value(o object) {
	switch o.kind {
	case kindNull, kindEnd:
		c.text(" null")
	case kindNumber, kindWord:
		c.text(" ")
		c.out = append(c.out, o.raw...)
	case kindName:
		c.name(o.raw)
	case kindString:
		c.text("(")
		c.out = append(c.out, o.raw...)
		c.text(")")
	case kindHex:
		c.text("<")
		c.out = append(c.out, o.raw...)
		c.text(">")
	case kindArray:
		c.text("[")
		for _, item := range o.items {
			c.value(item)
		}
		c.text("]")
	case kindDict:
		c.dict(o, func(key []byte) bool { return string(key) == "StructParent" })
	case kindRef:
		c.ref(o.num)
	}
}

func (c *Cutter) dict(o object, leaveOut func(key []byte) bool) {
	c.text("<<")
	c.entries(o, leaveOut)
	c.text(">>")
}

func (c *Cutter) entries(o object, leaveOut func(key []byte) bool) {
	for i := 0; i+1 < len(o.items); i += 2 {
		if !leaveOut(o.items[i].raw) {
			c.name(o.items[i].raw)
			c.value(o.items[i+1])
		}
	}
}

// ref writes a reference, and null in place of a page that is not in this document.
func (c *Cutter) ref(old int) {
	n, ok := c.numbers[old]
	if !ok {
		if _, isPage := c.d.pageOf[old]; isPage {
			c.text(" null")
			return
		}
		n = len(c.offsets)
		c.offsets = append(c.offsets, 0)
		c.numbers[old] = n
		c.queue = append(c.queue, old)
	}
	c.reference(n)
}

func (c *Cutter) reference(n int) {
	c.text(" ")
	c.integer(n)
	c.text(" 0 R")
}

func (c *Cutter) name(b []byte) {
	const hex = "0123456789ABCDEF"
	c.text("/")
	for _, b := range b {
		if b < '!' || b > '~' || class[b] != regular || b == '#' {
			c.out = append(c.out, '#', hex[b>>4], hex[b&15])
		} else {
			c.out = append(c.out, b)
		}
	}
}

func (c *Cutter) begin(n int) {
	c.offsets[n] = len(c.out)
	c.integer(n)
	c.text(" 0 obj")
}

// finish writes the cross-reference table and the trailer (PDF 7.5.4 and 7.5.5).
func (c *Cutter) finish() {
	start := len(c.out)
	c.text("xref\n0 ")
	c.integer(len(c.offsets))
	c.text("\n0000000000 65535 f \n")
	for _, offset := range c.offsets[1:] {
		row := [20]byte([]byte("0000000000 00000 n \n"))
		for i := 9; i >= 0 && offset > 0; i-- {
			row[i] = byte('0' + offset%10)
			offset /= 10
		}
		c.out = append(c.out, row[:]...)
	}
	c.text("trailer\n<</Root 1 0 R/Size ")
	c.integer(len(c.offsets))
	c.text(">>\nstartxref\n")
	c.integer(start)
	c.text("\n%%EOF\n")
}

func (c *Cutter) text(s string) { c.out = append(c.out, s...) }
func (c *Cutter) integer(n int) { c.out = strconv.AppendInt(c.out, int64(n), 10) }
