package pdf

import (
	"bytes"
	"strconv"
)

// Cutter writes some of the pages as a document of their own. It keeps buffers, so each goroutine needs its own.
//
// What it leaves out is as important as what it copies: a page's resources are kept only where its content names
// them, and so are form fields, tags, bookmarks and links; what tells about the whole file (its title, its metadata,
// its scripts) stays behind. So no letter carries another recipient's pictures or text.
type Cutter struct {
	d        *Document
	out      []byte
	offsets  []int        // by new object number
	numbers  map[int]int  // old object number -> new
	queue    []int        // old object numbers still to be written
	drained  int          // how many of these have been
	roles    map[int]role // of old objects that are not simply copied
	keys     map[int]int  // of annotations in the tree of tags
	names    names
	first    int
	count    int
	places   []place      // of references, in the object that is being written
	ownOnly  bool         // that object is another one in each letter
	whole    map[int]bool // of the elements of tags, whether all below them is in the letter
	tagRoot  int
	elements map[int]object   // of the tree of tags, that are in the letter
	children map[int][]object // of these elements, by the number of the one above

	// Of Without: content that was changed, by the old object number of a form and by page; and what must go.
	edits, pageEdits map[int][]byte
	added            []addition
	scrub            Find
}

// addition is a stream that the file does not have.
type addition struct {
	number  int
	content []byte
}

// role is what an object is in the cut document, when only a part of it belongs there.
type role uint8

const (
	aField role = iota + 1
	anElement
)

// Cutter returns a new Cutter of the document.
func (d *Document) Cutter() *Cutter {
	return &Cutter{d: d, numbers: map[int]int{}, roles: map[int]role{}, keys: map[int]int{}, elements: map[int]object{}, children: map[int][]object{}, whole: map[int]bool{}}
}

const (
	catalogNumber = 1
	pagesNumber   = 2
)

// Cut returns a PDF of count pages from first (counted from 0). used are Text.Names of each of these pages. The bytes
// are valid until the next Cut.
func (c *Cutter) Cut(first, count int, used [][]byte) []byte {
	c.begin(first, count)
	tags := c.ownTags()
	for i := range count {
		c.page(first+i, used[i])
	}
	c.drain()
	form, outline := c.ownForm(), c.ownOutline()
	c.drain()
	c.writeAdded()
	tagged := c.writeTags(tags)
	c.catalog(form, outline, tagged)
	c.pageTree()
	c.finish()
	return c.out
}

func (c *Cutter) begin(first, count int) {
	c.first, c.count = first, count
	c.out = append(c.out[:0], "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"...)
	c.offsets = append(c.offsets[:0], 0, 0, 0)
	clear(c.numbers)
	clear(c.roles)
	clear(c.keys)
	clear(c.elements)
	clear(c.children)
	clear(c.whole)
	c.queue, c.drained, c.added = c.queue[:0], 0, c.added[:0]
	for _, p := range c.d.pages[first : first+count] {
		c.numbers[p.num] = c.newNumber()
	}
}

// drain writes the objects that wait for it, and those that they refer to.
func (c *Cutter) drain() {
	for ; c.drained < len(c.queue); c.drained++ {
		c.indirect(c.queue[c.drained])
	}
}

func (c *Cutter) newNumber() int {
	c.offsets = append(c.offsets, 0)
	return len(c.offsets) - 1
}

// isOurs reports whether an old object number is a page of this document.
func (c *Cutter) isOurs(num int) bool {
	i, ok := c.d.pageOf[num]
	return ok && i >= c.first && i < c.first+c.count
}

// kept are the keys of a page that go with it; the boxes, the resources and the annotations are written apart.
var kept = map[string]bool{"Group": true, "UserUnit": true, "TrimBox": true, "BleedBox": true, "ArtBox": true, "Tabs": true}

func (c *Cutter) page(i int, used []byte) {
	p := c.d.leaf(i)
	c.object(c.numbers[c.d.pages[i].num])
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
	c.names.clear()
	for _, name := range bytes.Split(used, []byte{0}) {
		c.names.adopt(name)
	}
	c.text("/Resources")
	c.pruned(c.d.resolveShared(p.resources), &c.names)
	for k := 0; k+1 < len(p.dict.items); k += 2 {
		switch key := p.dict.items[k].raw; {
		case string(key) == "Contents":
			c.name(key)
			c.contents(i, p.dict.items[k+1])
		case kept[string(key)]:
			c.name(key)
			c.value(p.dict.items[k+1])
		}
	}
	c.annotations(&p)
	if key, ok := c.keys[c.d.pages[i].num]; ok {
		c.text("/StructParents ")
		c.integer(key)
	}
	c.text(">>\nendobj\n")
}

// contents writes the content streams of a page. An array of them that stands apart is written in place.
func (c *Cutter) contents(i int, o object) {
	if edited, ok := c.pageEdits[i]; ok {
		c.added = append(c.added, addition{c.newNumber(), edited})
		c.reference(c.added[len(c.added)-1].number)
		return
	}
	if a := c.d.resolve(o); a.kind == kindArray {
		o = a
	}
	c.value(o)
}

// pruned writes resources without what is not named: many pages and forms may share one dictionary that lists them
// all, and with it all recipients' pages (PDF 7.8.3).
func (c *Cutter) pruned(r object, used *names) {
	c.text("<<")
	for i := 0; i+1 < len(r.items); i += 2 {
		key, value := r.items[i].raw, r.items[i+1]
		entries, sign := c.d.resolveShared(value), categories[string(key)]
		switch {
		case string(key) == "ProcSet":
			c.name(key)
			c.value(value)
		case entries.kind == kindDict && sign != 0:
			c.name(key)
			c.text("<<")
			c.entries(entries, func(name []byte) bool { return !used.has(sign, name) && (sign != 'C' || !isDefaultSpace(name)) })
			c.text(">>")
		}
	}
	c.text(">>")
}

// writeAdded writes the content of pages that was changed.
func (c *Cutter) writeAdded() {
	for _, a := range c.added {
		c.object(a.number)
		c.packed(object{kind: kindDict}, a.content)
		c.text("\nendobj\n")
	}
}

// isDefaultSpace reports whether a colour space is used without being named (PDF 8.6.5.6).
func isDefaultSpace(name []byte) bool {
	switch string(name) {
	case "DefaultGray", "DefaultRGB", "DefaultCMYK":
		return true
	}
	return false
}

func (c *Cutter) catalog(form, outline, tags int) {
	c.object(catalogNumber)
	c.text("<</Type/Catalog/Pages 2 0 R")
	root := c.d.resolveShared(c.d.trailer.get("Root"))
	if lang := c.d.resolve(root.get("Lang")); lang.kind == kindString || lang.kind == kindHex {
		c.text("/Lang")
		c.value(lang)
	}
	for _, part := range []struct {
		key    string
		number int
	}{{"/AcroForm", form}, {"/Outlines", outline}, {"/MarkInfo<</Marked true>>/StructTreeRoot", tags}} {
		if part.number != 0 {
			c.text(part.key)
			c.reference(part.number)
		}
	}
	c.text(">>\nendobj\n")
}

func (c *Cutter) pageTree() {
	c.object(pagesNumber)
	c.text("<</Type/Pages/Kids[")
	for _, p := range c.d.pages[c.first : c.first+c.count] {
		c.reference(c.numbers[p.num])
	}
	c.text("]/Count ")
	c.integer(c.count)
	c.text(">>\nendobj\n")
}

// object begins an object of the new document.
func (c *Cutter) object(n int) {
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
