package pdf

// climb notes the form fields that an annotation belongs to, up to the top (PDF 12.7.3.1). An annotation that is no
// field is left alone.
func (c *Cutter) climb(num int, o object) {
	subtype := c.d.resolve(o.get("Subtype"))
	if !subtype.is("Widget") {
		return
	}
	for depth := 0; depth < treeDepth; depth++ {
		if c.roles[num] == aField {
			return
		}
		c.roles[num] = aField
		parent := o.get("Parent")
		if parent.kind != kindRef {
			return
		}
		num, o = parent.num, c.d.resolve(parent)
		if o.kind != kindDict {
			return
		}
	}
}

// field writes a field with those of its kids that are on the letter's pages.
func (c *Cutter) field(o object, old int) {
	c.text("<<")
	if isAnnotation(o) {
		c.annotation(o, old)
	} else {
		c.entries(o, func(key []byte) bool { return string(key) == "Parent" || string(key) == "Kids" || string(key) == "A" })
	}
	if parent := o.get("Parent"); parent.kind == kindRef && c.roles[parent.num] == aField {
		c.text("/Parent")
		c.reference(c.numberOf(parent.num))
	}
	if kids := c.d.resolve(o.get("Kids")); kids.kind == kindArray {
		c.text("/Kids[")
		for _, kid := range kids.items {
			if kid.kind == kindRef && c.roles[kid.num] == aField {
				c.reference(c.numberOf(kid.num))
			}
		}
		c.text("]")
	}
	c.text(">>")
}

// ownForm writes the interactive form of the letter, and returns its number or 0.
func (c *Cutter) ownForm() int {
	var tops []int
	for _, old := range c.queue {
		if c.roles[old] == aField && c.isTop(old) {
			tops = append(tops, old)
		}
	}
	if len(tops) == 0 {
		return 0
	}
	root := c.d.resolveShared(c.d.trailer.get("Root"))
	form := c.d.resolveShared(root.get("AcroForm"))
	n := c.newNumber()
	c.object(n)
	c.text("<</Fields[")
	for _, old := range tops {
		c.reference(c.numbers[old])
	}
	c.text("]")
	if da := c.d.resolve(form.get("DA")); da.kind != kindNull {
		c.text("/DA")
		c.value(da)
	}
	if fonts := c.d.resolveShared(form.get("DR")).fontsOf(); fonts.kind != kindNull {
		c.text("/DR<</Font")
		c.value(fonts)
		c.text(">>")
	}
	c.text(">>\nendobj\n")
	return n
}

func (o object) fontsOf() object { return o.get("Font") }

func (c *Cutter) isTop(old int) bool {
	o := c.d.object(old)
	parent := o.get("Parent")
	return parent.kind != kindRef || c.roles[parent.num] != aField
}
