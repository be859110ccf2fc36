package pdf

import "slices"

// tags is the structure tree of a file (PDF 14.7), as far as cutting needs it.
type tags struct {
	root    object
	parents map[int]object      // StructParents of a page -> the elements of its content; of an annotation -> its element
	order   map[int]map[int]int // of elements with many kids: kid -> place among them
}

// readTags reads the parent tree, once. A file without tags gives nil.
func (d *Document) readTags() *tags {
	d.tagsOnce.Do(func() {
		root := d.resolve(d.trailer.get("Root"))
		tree := d.resolve(root.get("StructTreeRoot"))
		if tree.kind != kindDict {
			return
		}
		t := &tags{root: tree, parents: map[int]object{}, order: map[int]map[int]int{}}
		d.eachNumber(tree.get("ParentTree"), map[int]bool{}, 0, func(key int, value object) { t.parents[key] = value })
		if len(t.parents) > 0 {
			d.tags = t
		}
	})
	return d.tags
}

// eachNumber walks a number tree (PDF 7.9.7).
func (d *Document) eachNumber(node object, seen map[int]bool, depth int, f func(key int, value object)) {
	if node.kind == kindRef && seen[node.num] || depth > treeDepth {
		return
	}
	seen[node.num] = true
	o := d.resolve(node)
	nums := d.resolve(o.get("Nums"))
	for i := 0; i+1 < len(nums.items); i += 2 {
		f(nums.items[i].int(), nums.items[i+1])
	}
	for _, kid := range d.resolve(o.get("Kids")).items {
		if kid.kind == kindRef {
			d.eachNumber(kid, seen, depth+1, f)
		}
	}
}

// ownTags finds the elements of the letter's pages, and gives its pages and annotations their keys in the new parent
// tree. The result is what stands under each key.
func (c *Cutter) ownTags() []object {
	t := c.d.readTags()
	if t == nil {
		return nil
	}
	var entries []object
	adopt := func(num int, key object) {
		entry := c.d.resolve(t.parents[key.int()])
		if key.kind != kindNumber || entry.kind == kindNull {
			return
		}
		if entry.kind != kindArray { // one element: a reference that is kept as it stands
			entry = t.parents[key.int()]
		}
		c.keys[num] = len(entries)
		entries = append(entries, entry)
		for _, ref := range append(slices.Clone(entry.items), entry) {
			c.climbTags(ref)
		}
	}
	for i := range c.count {
		p := c.d.leaf(c.first + i)
		adopt(c.d.pages[c.first+i].num, c.d.resolve(p.dict.get("StructParents")))
		for _, ref := range c.d.resolve(p.dict.get("Annots")).items {
			if a := c.d.resolve(ref); ref.kind == kindRef {
				adopt(ref.num, c.d.resolve(a.get("StructParent")))
			}
		}
	}
	return entries
}

// climbTags notes an element and those above it.
func (c *Cutter) climbTags(ref object) {
	for depth := 0; depth < treeDepth && ref.kind == kindRef && c.roles[ref.num] == 0; depth++ {
		o := c.d.object(ref.num)
		if o.kind != kindDict || c.d.typeIs(o, "StructTreeRoot") {
			return
		}
		c.roles[ref.num] = anElement
		ref = o.get("P")
	}
}

// writeTags writes the tree of the letter's own elements, and returns its number or 0.
func (c *Cutter) writeTags(entries []object) int {
	if len(entries) == 0 {
		return 0
	}
	root := c.newNumber()
	c.tagRoot = root
	start := len(c.queue)
	c.object(root)
	c.text("<</Type/StructTreeRoot/K[")
	for _, kid := range c.ownKids(c.d.tags.root, 0) {
		c.reference(c.numberOf(kid.num))
	}
	c.text("]/ParentTree<</Nums[")
	for key, entry := range entries {
		c.text(" ")
		c.integer(key)
		c.parentEntry(entry)
	}
	c.text("]>>/ParentTreeNextKey ")
	c.integer(len(entries))
	for _, key := range []string{"RoleMap", "ClassMap"} {
		if o := c.d.tags.root.get(key); o.kind != kindNull {
			c.name([]byte(key))
			c.value(o)
		}
	}
	c.text(">>\nendobj\n")
	for k := start; k < len(c.queue); k++ {
		c.indirect(c.queue[k])
	}
	return root
}

func (c *Cutter) parentEntry(entry object) {
	if entry.kind == kindRef {
		c.elementRef(entry)
		return
	}
	c.text("[")
	for _, ref := range entry.items {
		c.elementRef(ref)
	}
	c.text("]")
}

func (c *Cutter) elementRef(ref object) {
	if ref.kind == kindRef && c.roles[ref.num] == anElement {
		c.reference(c.numberOf(ref.num))
		return
	}
	c.text(" null")
}

// element writes a structure element with those of its kids that are in the letter. What it says of its content in
// words is kept only when all of that is.
func (c *Cutter) element(o object) {
	kids, whole := c.kidsOf(o)
	c.text("<<")
	c.entries(o, func(key []byte) bool {
		switch string(key) {
		case "P", "K", "Pg", "ID", "Ref", "AF", "R":
			return true
		case "ActualText", "Alt", "E", "T", "Lang":
			return !whole
		}
		return false
	})
	if page := o.get("Pg"); page.kind == kindRef && c.isOurs(page.num) {
		c.text("/Pg")
		c.ref(page.num)
	}
	c.text("/P")
	if parent := o.get("P"); parent.kind == kindRef && c.roles[parent.num] == anElement {
		c.reference(c.numberOf(parent.num))
	} else {
		c.reference(c.tagRoot)
	}
	c.text("/K[")
	for _, kid := range kids {
		c.kid(kid)
	}
	c.text("]>>")
}

// kidsOf returns the kids of an element that are in the letter, and whether those are all.
func (c *Cutter) kidsOf(o object) (own []object, whole bool) {
	k := c.d.resolve(o.get("K"))
	list := []object{o.get("K")}
	switch k.kind {
	case kindNull:
		return nil, true
	case kindArray:
		list = k.items
	}
	page := o.get("Pg")
	own = c.chosen(list, page.kind == kindRef && c.isOurs(page.num))
	return own, len(own) == len(list)
}

// ownKids is kidsOf for the root.
func (c *Cutter) ownKids(o object, _ int) []object {
	var own []object
	kids, _ := c.kidsOf(o)
	for _, kid := range kids {
		if kid.kind == kindRef && c.roles[kid.num] == anElement {
			own = append(own, kid)
		}
	}
	return own
}

// chosen returns the kids that are in the letter: elements that were found, and content of its pages.
func (c *Cutter) chosen(list []object, ours bool) []object {
	var own []object
	for _, kid := range list {
		switch {
		case kid.kind == kindRef && c.roles[kid.num] == anElement:
			own = append(own, kid)
		case kid.kind == kindNumber && ours:
			own = append(own, kid)
		case kid.kind == kindDict && c.isContent(kid, ours):
			own = append(own, kid)
		case kid.kind == kindRef && c.roles[kid.num] == 0:
			if o := c.d.resolve(kid); !c.d.isElement(o) && c.isContent(o, ours) {
				own = append(own, o)
			}
		}
	}
	return own
}

func (d *Document) isElement(o object) bool { return o.get("S").kind == kindName }

// isContent reports whether a marked-content or object reference is to something in the letter (PDF 14.7.4).
func (c *Cutter) isContent(o object, ours bool) bool {
	if page := o.get("Pg"); page.kind == kindRef {
		ours = c.isOurs(page.num)
	}
	if target := o.get("Obj"); target.kind == kindRef {
		_, there := c.numbers[target.num]
		return ours && there
	}
	return ours && o.get("MCID").kind == kindNumber && o.get("Stm").kind == kindNull
}

func (c *Cutter) kid(o object) {
	if o.kind == kindRef {
		c.reference(c.numberOf(o.num))
		return
	}
	c.value(o)
}
