package cut

import (
	"bytes"

	"brevdue/internal/pdf/syntax"
)

// Cutter writes some of the pages as a document of their own. It keeps buffers, so each goroutine needs its own.
//
// What it leaves out is as important as what it copies: a page's resources are kept only where its content names
// them, and so are form fields, tags, bookmarks and links; what tells about the whole file (its title, its metadata,
// its scripts) stays behind. So no letter carries another recipient's pictures or text.
type Cutter struct{ copier copier }

// copier copies pages, and what belongs to them, to the output.
type copier struct {
	*output
	streams     streamCopier
	annotations annotationCopier
	form        formCopier
	outline     outlineCopier
	tags        tagCopier
	names       syntax.ResourceNames
	lost        bool // a page could not be cut as it stands

	edits map[int][]byte // of pages: content that was changed
	added []addition
}

// addition is a stream that the file does not have.
type addition struct {
	number  int
	content []byte
}

// Cutter returns a new Cutter of the document.
func (d *Document) Cutter() *Cutter {
	o := newOutput(d)
	a := annotationCopier{o}
	return &Cutter{copier{
		output: o, streams: streamCopier{output: o}, annotations: a, form: formCopier{a}, outline: outlineCopier{a},
		tags: tagCopier{
			output: o, elements: map[int]syntax.Object{}, children: map[int][]syntax.Object{}, whole: map[int]bool{},
		},
	}}
}

// Cut returns a PDF of count pages from first (counted from 0). used are Text.Names of each of these pages, or nil for
// one that could not be read: it is cut as it stands, with all its resources. The bytes are valid until the next Cut.
func (c *Cutter) Cut(first, count int, used [][]byte) []byte { return c.copier.cut(first, count, used) }

// CutRedacted cuts pages like Cut, with what was taken out of them.
func (c *Cutter) CutRedacted(first, count int, used [][]byte, r *syntax.Redaction) []byte {
	c.copier.redact(r)
	defer c.copier.redact(&syntax.Redaction{})
	return c.copier.cut(first, count, used)
}

// Lost reports whether a page of the last Cut could not be read, and shares resources with others: it can neither be
// cut as it stands nor without what may be another's.
func (c *Cutter) Lost() bool { return c.copier.lost || c.copier.streams.lost }

// redact says what takes the place of the file's own content.
func (c *copier) redact(r *syntax.Redaction) {
	c.edits, c.streams.edits, c.Scrub = r.Pages, r.Forms, r.Find
}

func (c *copier) cut(first, count int, used [][]byte) []byte {
	c.begin(first, count)
	entries := c.tags.find()
	for i := range count {
		c.page(first+i, used[i])
	}
	c.drain()
	form, outline := c.form.write(), c.outline.write()
	c.drain()
	c.writeAdded()
	tagged := c.tags.write(entries)
	c.drain()
	c.catalog(form, outline, tagged)
	c.pageTree()
	c.finish()
	return c.Out
}

func (c *copier) begin(first, count int) {
	c.output.begin(first, count)
	c.lost, c.streams.lost, c.added = false, false, c.added[:0]
	clear(c.tags.elements)
	clear(c.tags.children)
	clear(c.tags.whole)
}

// drain writes the objects that wait for it, and those that they refer to.
func (c *copier) drain() {
	for ; c.drained < len(c.queue); c.drained++ {
		c.indirect(c.queue[c.drained])
	}
}

// kept are the keys of a page that go with it; the boxes, the resources and the annotations are written apart.
var kept = map[string]bool{
	"Group": true, "UserUnit": true, "TrimBox": true, "BleedBox": true, "ArtBox": true, "Tabs": true,
}

func (c *copier) page(i int, used []byte) {
	p := c.d.Page(i)
	c.object(c.numbers[c.d.PageObject(i)])
	c.Text("<</Type/Page/Parent 2 0 R")
	for _, f := range []struct {
		key   string
		value syntax.Object
	}{{"MediaBox", p.MediaBox}, {"CropBox", p.CropBox}, {"Rotate", p.Rotate}} {
		if f.value.Kind != syntax.KindNull {
			c.Name([]byte(f.key))
			c.Value(f.value)
		}
	}
	c.names.Clear()
	c.names.All = used == nil
	c.lost = c.lost || used == nil && c.d.SharesResources(i, &p)
	for _, name := range bytes.Split(used, []byte{0}) {
		c.names.Adopt(name)
	}
	c.Text("/Resources")
	c.streams.pruned(c.d.ResolveShared(p.Resources), &c.names)
	for k := 0; k+1 < len(p.Dict.Items); k += 2 {
		switch key := p.Dict.Items[k].Raw; {
		case string(key) == "Contents":
			c.Name(key)
			c.contents(i, p.Dict.Items[k+1])
		case kept[string(key)]:
			c.Name(key)
			c.Value(p.Dict.Items[k+1])
		}
	}
	c.writeAnnotations(&p)
	if key, ok := c.keys[c.d.PageObject(i)]; ok {
		c.Text("/StructParents ")
		c.Integer(key)
	}
	c.Text(">>\nendobj\n")
}

// contents writes the content streams of a page. An array of them that stands apart is written in place.
func (c *copier) contents(i int, o syntax.Object) {
	if edited, ok := c.edits[i]; ok {
		c.added = append(c.added, addition{c.newNumber(), edited})
		c.Reference(c.added[len(c.added)-1].number)
		return
	}
	if a := c.d.Resolve(o); a.Kind == syntax.KindArray {
		o = a
	}
	c.Value(o)
}

// writeAdded writes the content of pages that was changed.
func (c *copier) writeAdded() {
	for _, a := range c.added {
		c.object(a.number)
		c.streams.packed(syntax.Object{Kind: syntax.KindDict}, a.content)
		c.Text("\nendobj\n")
	}
}

func (c *copier) catalog(form, outline, tags int) {
	c.object(catalogNumber)
	c.Text("<</Type/Catalog/Pages 2 0 R")
	root := c.d.Catalog()
	if lang := c.d.Resolve(root.Get("Lang")); lang.Kind == syntax.KindString || lang.Kind == syntax.KindHex {
		c.Text("/Lang")
		c.Value(lang)
	}
	for _, part := range []struct {
		key    string
		number int
	}{{"/AcroForm", form}, {"/Outlines", outline}, {"/MarkInfo<</Marked true>>/StructTreeRoot", tags}} {
		if part.number != 0 {
			c.Text(part.key)
			c.Reference(part.number)
		}
	}
	c.Text(">>\nendobj\n")
}

// writeAnnotations writes the annotations of a page, each as an object.
func (c *copier) writeAnnotations(p *syntax.Page) {
	list := c.d.Resolve(p.Dict.Get("Annots"))
	if len(list.Items) == 0 {
		return
	}
	c.Text("/Annots[")
	for _, ref := range list.Items {
		switch a := c.d.Resolve(ref); {
		case a.Kind != syntax.KindDict, c.d.IsSignature(a): // a signature holds for the whole file only
		case ref.Kind == syntax.KindRef:
			c.form.climb(ref.Num, a)
			c.ref(ref.Num)
		default:
			c.Text("<<")
			c.annotations.annotation(a, 0)
			c.Text(">>")
		}
	}
	c.Text("]")
}
