package cut

import "brevdue/internal/pdf/syntax"

// output is the document that is being written, and what of the file goes into it.
type output struct {
	syntax.Writer
	d       *Document
	offsets []int        // by new object number
	numbers map[int]int  // old object number -> new
	queue   []int        // old object numbers still to be written
	drained int          // how many of these have been
	roles   map[int]role // of old objects that are not simply copied
	keys    map[int]int  // of pages and annotations in the structure tree
	first   int
	count   int
	places  []place // of references, in the object that is being written
	ownOnly bool    // that object is another one in each letter
}

// role is what an object is in the cut document, when only a part of it belongs there.
type role uint8

const (
	aField role = iota + 1
	anElement
)

const (
	catalogNumber = 1
	pagesNumber   = 2
)

// place is where a reference stands in written text, and to which old object.
type place struct{ from, to, old int }

func newOutput(d *Document) *output {
	c := &output{d: d, numbers: map[int]int{}, roles: map[int]role{}, keys: map[int]int{}}
	c.Refer = c.ref
	return c
}

// begin forgets the document before.
func (c *output) begin(first, count int) {
	c.first, c.count = first, count
	c.Out = append(c.Out[:0], "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"...)
	c.offsets = append(c.offsets[:0], 0, 0, 0)
	clear(c.numbers)
	clear(c.roles)
	clear(c.keys)
	c.queue, c.drained = c.queue[:0], 0
	for i := range count {
		c.numbers[c.d.PageObject(first+i)] = c.newNumber()
	}
}

func (c *output) newNumber() int {
	c.offsets = append(c.offsets, 0)
	return len(c.offsets) - 1
}

// isOurs reports whether an old object number is a page of this document.
func (c *output) isOurs(num int) bool {
	i, ok := c.d.PageOf(num)
	return ok && i >= c.first && i < c.first+c.count
}

// ref writes a reference, and null in place of a page that is not in this document.
func (c *output) ref(old int) {
	if _, isPage := c.d.PageOf(old); isPage {
		c.ownOnly = true
		if !c.isOurs(old) {
			c.Text(" null")
			return
		}
	}
	from := len(c.Out)
	c.Reference(c.numberOf(old))
	c.places = append(c.places, place{from, len(c.Out), old})
}

// numberOf returns the new number of an object, and sees to it that it is written.
func (c *output) numberOf(old int) int {
	n, ok := c.numbers[old]
	if !ok {
		n = c.newNumber()
		c.numbers[old] = n
		c.queue = append(c.queue, old)
	}
	return n
}

// fromTemplate writes an object as before, with its references as they are in this letter.
func (c *output) fromTemplate(t *template) {
	at := 0
	for _, r := range t.refs {
		c.Out = append(c.Out, t.text[at:r.from]...)
		c.Reference(c.numberOf(r.old))
		at = r.to
	}
	c.Out = append(c.Out, t.text[at:]...)
}

func (c *output) pageTree() {
	c.object(pagesNumber)
	c.Text("<</Type/Pages/Kids[")
	for i := range c.count {
		c.Reference(c.numbers[c.d.PageObject(c.first+i)])
	}
	c.Text("]/Count ")
	c.Integer(c.count)
	c.Text(">>\nendobj\n")
}

// object begins an object of the new document.
func (c *output) object(n int) {
	c.offsets[n] = len(c.Out)
	c.Integer(n)
	c.Text(" 0 obj")
}

// finish writes the cross-reference table and the trailer (PDF 7.5.4 and 7.5.5).
func (c *output) finish() {
	start := len(c.Out)
	c.Text("xref\n0 ")
	c.Integer(len(c.offsets))
	c.Text("\n0000000000 65535 f \n")
	for _, offset := range c.offsets[1:] {
		row := [20]byte([]byte("0000000000 00000 n \n"))
		for i := 9; i >= 0 && offset > 0; i-- {
			row[i] = byte('0' + offset%10)
			offset /= 10
		}
		c.Out = append(c.Out, row[:]...)
	}
	c.Text("trailer\n<</Root 1 0 R/Size ")
	c.Integer(len(c.offsets))
	c.Text(">>\nstartxref\n")
	c.Integer(start)
	c.Text("\n%%EOF\n")
}

func (c *output) link(key string, n int) {
	c.Text(key)
	c.Reference(n)
}
