package cut

import "brevdue/internal/pdf/syntax"

// foreign are objects that stand for the whole file: a reference to one would take all of it along.
var foreign = map[string]bool{
	"Catalog": true, "Pages": true, "Page": true, "StructTreeRoot": true, "StructElem": true, "Outlines": true,
	"Bead": true, "Thread": true, "Filespec": true, "EmbeddedFile": true, "ObjStm": true, "XRef": true,
}

// indirect writes the object that had the number old in the file.
func (c *copier) indirect(old int) {
	c.object(c.numbers[old])
	if c.roles[old] == anElement {
		c.tags.element(old)
		c.Text("\nendobj\n")
		return
	}
	if t := c.d.templateOf(old); t != nil && c.Scrub == nil {
		c.fromTemplate(t)
		c.Text("\nendobj\n")
		return
	}
	start := len(c.Out)
	c.places, c.ownOnly = c.places[:0], c.Scrub != nil || c.roles[old] != 0
	c.copied(old)
	if !c.ownOnly {
		for i := range c.places {
			c.places[i].from -= start
			c.places[i].to -= start
		}
		c.d.keepTemplate(old, c.Out[start:], c.places)
	}
	c.Text("\nendobj\n")
}

// copied writes what an object holds.
func (c *copier) copied(old int) {
	o := c.d.Object(old)
	t := o.Get("Type")
	switch {
	case c.roles[old] == aField:
		c.form.field(o, old)
	case t.Kind == syntax.KindName && foreign[string(t.Raw)]:
		c.Text(" null")
	case o.IsStream():
		c.streams.stream(o, old)
	case o.Kind == syntax.KindDict && isAnnotation(o):
		c.ownOnly = true
		c.Text("<<")
		c.annotations.annotation(o, old)
		c.Text(">>")
	case t.Is("OCG"), t.Is("OCMD"): // a layer, whose name may be somebody's: all of those that are left are shown
		c.Text("<</Type")
		c.Name(t.Raw)
		c.Text("/Name()>>")
	case o.Kind == syntax.KindDict && o.Get("CharProcs").Kind != syntax.KindNull:
		c.streams.typeThree(o)
	default:
		c.Value(o)
	}
}
