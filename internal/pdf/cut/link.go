package cut

import "brevdue/internal/pdf/syntax"

// annotationCopier writes annotations, and where they lead.
type annotationCopier struct{ *output }

func isAnnotation(o syntax.Object) bool {
	t := o.Get("Type")
	return t.Is("Annot") || o.Get("Rect").Kind == syntax.KindArray && o.Get("Subtype").Kind == syntax.KindName
}

// annotation writes the entries of an annotation. Where it leads is kept when it is inside the letter, or an address
// of the net.
func (c annotationCopier) annotation(o syntax.Object, old int) {
	c.Entries(o, func(key []byte) bool {
		switch string(key) {
		case "P", "Parent", "Kids", "A", "PA", "Dest", "FS", "Sound", "Movie", "IRT", "OC":
			return true
		case "AP":
			return c.Scrub != nil
		}
		return false
	})
	if look := c.d.Appearance(o); c.Scrub != nil && look.Kind == syntax.KindRef { // as it is seen, and no other way
		c.Text("/AP<</N")
		c.ref(look.Num)
		c.Text(">>")
	}
	if dest := o.Get("Dest"); dest.Kind != syntax.KindNull {
		c.destination("/Dest", dest)
	}
	action := c.d.Resolve(o.Get("A"))
	switch s := c.d.Resolve(action.Get("S")); {
	case s.Is("URI"):
		c.Text("/A<</S/URI/URI")
		c.Value(c.d.Resolve(action.Get("URI")))
		c.Text(">>")
	case s.Is("GoTo"):
		c.destination("/Dest", action.Get("D"))
	}
	if key, ok := c.keys[old]; ok && old != 0 {
		c.Text("/StructParent ")
		c.Integer(key)
	}
}

// destination writes where a link leads, if that is a page of the letter (PDF 12.3.2).
func (c annotationCopier) destination(key string, o syntax.Object) bool {
	o = c.d.destination(o)
	page := o.Item(0)
	if page.Kind != syntax.KindRef || !c.isOurs(page.Num) {
		return false
	}
	c.Text(key)
	c.Text("[")
	c.ref(page.Num)
	for _, item := range o.Items[1:] {
		switch item = c.d.Resolve(item); item.Kind {
		case syntax.KindName, syntax.KindNumber, syntax.KindNull:
			c.Value(item)
		}
	}
	c.Text("]")
	return true
}

// destination resolves a named destination to an explicit one: an array with its page first.
func (d *Document) destination(o syntax.Object) syntax.Object {
	o = d.Resolve(o)
	switch o.Kind {
	case syntax.KindName, syntax.KindString, syntax.KindHex:
		o = d.Resolve(d.destinations()[string(appendNameOrString(o))])
	}
	if o.Kind == syntax.KindDict {
		o = d.Resolve(o.Get("D"))
	}
	return o
}

func appendNameOrString(o syntax.Object) []byte {
	if o.Kind == syntax.KindName {
		return o.Raw
	}
	return syntax.AppendString(nil, o)
}

// destinations returns the named destinations of the file (PDF 12.3.2.3), read once.
func (d *Document) destinations() map[string]syntax.Object {
	d.namedOnce.Do(func() {
		d.named = map[string]syntax.Object{}
		root := d.Catalog()
		old := d.Resolve(root.Get("Dests"))
		for i := 0; i+1 < len(old.Items) && old.Kind == syntax.KindDict; i += 2 {
			d.named[string(old.Items[i].Raw)] = old.Items[i+1]
		}
		tree := d.Resolve(root.Get("Names"))
		d.EachName(tree.Get("Dests"), func(key []byte, value syntax.Object) { d.named[string(key)] = value })
	})
	return d.named
}
