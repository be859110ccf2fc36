package pdf

// annotations writes the annotations of a page, each as an object.
func (c *Cutter) annotations(p *leaf) {
	list := c.d.resolve(p.dict.get("Annots"))
	if len(list.items) == 0 {
		return
	}
	c.text("/Annots[")
	for _, ref := range list.items {
		switch a := c.d.resolve(ref); {
		case a.kind != kindDict:
		case ref.kind == kindRef:
			c.climb(ref.num, a)
			c.ref(ref.num)
		default:
			c.text("<<")
			c.annotation(a, 0)
			c.text(">>")
		}
	}
	c.text("]")
}

func isAnnotation(o object) bool {
	t := o.get("Type")
	return t.is("Annot") || o.get("Rect").kind == kindArray && o.get("Subtype").kind == kindName
}

// annotation writes the entries of an annotation. Where it leads is kept when it is inside the letter, or an address
// of the net.
func (c *Cutter) annotation(o object, old int) {
	c.entries(o, func(key []byte) bool {
		switch string(key) {
		case "P", "Parent", "Kids", "A", "PA", "Dest", "FS", "Sound", "Movie", "IRT", "OC":
			return true
		case "AP":
			return c.scrub != nil
		}
		return false
	})
	if look := c.d.appearance(o); c.scrub != nil && look.kind == kindRef { // as it is seen, and no other way
		c.text("/AP<</N")
		c.ref(look.num)
		c.text(">>")
	}
	if dest := o.get("Dest"); dest.kind != kindNull {
		c.destination("/Dest", dest)
	}
	action := c.d.resolve(o.get("A"))
	switch s := c.d.resolve(action.get("S")); {
	case s.is("URI"):
		c.text("/A<</S/URI/URI")
		c.value(c.d.resolve(action.get("URI")))
		c.text(">>")
	case s.is("GoTo"):
		c.destination("/Dest", action.get("D"))
	}
	if key, ok := c.keys[old]; ok && old != 0 {
		c.text("/StructParent ")
		c.integer(key)
	}
}

// destination writes where a link leads, if that is a page of the letter (PDF 12.3.2).
func (c *Cutter) destination(key string, o object) bool {
	o = c.d.destination(o)
	page := o.item(0)
	if page.kind != kindRef || !c.isOurs(page.num) {
		return false
	}
	c.text(key)
	c.text("[")
	c.ref(page.num)
	for _, item := range o.items[1:] {
		if item = c.d.resolve(item); item.kind == kindName || item.kind == kindNumber || item.kind == kindNull {
			c.value(item)
		}
	}
	c.text("]")
	return true
}

// destination resolves a named destination to an explicit one: an array with its page first.
func (d *Document) destination(o object) object {
	o = d.resolve(o)
	switch o.kind {
	case kindName, kindString, kindHex:
		o = d.resolve(d.destinations()[string(appendNameOrString(o))])
	}
	if o.kind == kindDict {
		o = d.resolve(o.get("D"))
	}
	return o
}

func appendNameOrString(o object) []byte {
	if o.kind == kindName {
		return o.raw
	}
	return appendString(nil, o)
}

// destinations returns the named destinations of the file (PDF 12.3.2.3), read once.
func (d *Document) destinations() map[string]object {
	d.namedOnce.Do(func() {
		d.named = map[string]object{}
		root := d.resolve(d.trailer.get("Root"))
		old := d.resolve(root.get("Dests"))
		for i := 0; i+1 < len(old.items) && old.kind == kindDict; i += 2 {
			d.named[string(old.items[i].raw)] = old.items[i+1]
		}
		tree := d.resolve(root.get("Names"))
		d.eachName(tree.get("Dests"), func(key []byte, value object) { d.named[string(key)] = value })
	})
	return d.named
}

// eachName walks a name tree (PDF 7.9.6).
func (d *Document) eachName(node object, f func(key []byte, value object)) {
	d.eachPair(node, "Names", map[int]bool{}, 0, func(key, value object) { f(appendString(nil, d.resolve(key)), value) })
}

// eachNumber walks a number tree (PDF 7.9.7).
func (d *Document) eachNumber(node object, f func(key int, value object)) {
	d.eachPair(node, "Nums", map[int]bool{}, 0, func(key, value object) { f(d.resolve(key).int(), value) })
}

// eachPair calls f with the pairs in the leaves of a tree.
func (d *Document) eachPair(node object, leaf string, seen map[int]bool, depth int, f func(key, value object)) {
	if node.kind == kindRef && seen[node.num] || depth > treeDepth {
		return
	}
	seen[node.num] = true
	o := d.resolve(node)
	pairs := d.resolve(o.get(leaf))
	for i := 0; i+1 < len(pairs.items); i += 2 {
		f(pairs.items[i], pairs.items[i+1])
	}
	for _, kid := range d.resolve(o.get("Kids")).items {
		if kid.kind == kindRef {
			d.eachPair(kid, leaf, seen, depth+1, f)
		}
	}
}
