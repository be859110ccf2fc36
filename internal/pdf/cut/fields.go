package cut

import "brevdue/internal/pdf/syntax"

// formCopier writes the interactive form of the letter: the fields that are on its pages (PDF 12.7).
type formCopier struct{ annotationCopier }

// climb notes the form fields that an annotation belongs to, up to the top (PDF 12.7.3.1). An annotation that is no
// field is left alone.
func (c formCopier) climb(num int, o syntax.Object) {
	subtype := c.d.Resolve(o.Get("Subtype"))
	if !subtype.Is("Widget") {
		return
	}
	for depth := 0; depth < syntax.TreeDepth; depth++ {
		if c.roles[num] == aField {
			return
		}
		c.roles[num] = aField
		parent := o.Get("Parent")
		if parent.Kind != syntax.KindRef {
			return
		}
		num, o = parent.Num, c.d.Resolve(parent)
		if o.Kind != syntax.KindDict {
			return
		}
	}
}

// field writes a field with those of its kids that are on the letter's pages.
func (c formCopier) field(o syntax.Object, old int) {
	c.Text("<<")
	if isAnnotation(o) {
		c.annotation(o, old)
	} else {
		c.Entries(o, func(key []byte) bool {
			return string(key) == "Parent" || string(key) == "Kids" || string(key) == "A"
		})
	}
	if parent := o.Get("Parent"); parent.Kind == syntax.KindRef && c.roles[parent.Num] == aField {
		c.Text("/Parent")
		c.Reference(c.numberOf(parent.Num))
	}
	if kids := c.d.Resolve(o.Get("Kids")); kids.Kind == syntax.KindArray {
		c.Text("/Kids[")
		for _, kid := range kids.Items {
			if kid.Kind == syntax.KindRef && c.roles[kid.Num] == aField {
				c.Reference(c.numberOf(kid.Num))
			}
		}
		c.Text("]")
	}
	c.Text(">>")
}

// write writes the interactive form of the letter, and returns its number or 0.
func (c formCopier) write() int {
	var tops []int
	for _, old := range c.queue {
		if c.roles[old] == aField && c.isTop(old) {
			tops = append(tops, old)
		}
	}
	if len(tops) == 0 {
		return 0
	}
	root := c.d.Catalog()
	form := c.d.ResolveShared(root.Get("AcroForm"))
	n := c.newNumber()
	c.object(n)
	c.Text("<</Fields[")
	for _, old := range tops {
		c.Reference(c.numbers[old])
	}
	c.Text("]")
	if da := c.d.Resolve(form.Get("DA")); da.Kind != syntax.KindNull {
		c.Text("/DA")
		c.Value(da)
	}
	resources := c.d.ResolveShared(form.Get("DR"))
	if fonts := resources.Get("Font"); fonts.Kind != syntax.KindNull {
		c.Text("/DR<</Font")
		c.Value(fonts)
		c.Text(">>")
	}
	c.Text(">>\nendobj\n")
	return n
}

func (c formCopier) isTop(old int) bool {
	o := c.d.Object(old)
	parent := o.Get("Parent")
	return parent.Kind != syntax.KindRef || c.roles[parent.Num] != aField
}
