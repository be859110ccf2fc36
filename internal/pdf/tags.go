package pdf

import (
	"slices"
	"sync"
)

// tags is the structure tree of a file (PDF 14.7), as far as cutting needs it.
type tags struct {
	root    object
	rootNum int
	parents map[int]object // StructParents of a page -> the elements of its content; of an annotation -> its element

	mu       sync.Mutex
	order    map[int]map[int]int // of elements with many kids: kid -> place among them
	elements map[int]bool        // whether an object that is somebody's kid is an element
}

// manyKids is from how many kids an element is taken by those of the letter, and not gone through: the element of the
// whole document has all pages' below it.
const manyKids = 32

// placesIn returns the places of an element's kids, if all of them are references.
func (t *tags) placesIn(num int, kids []object) map[int]int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if places, ok := t.order[num]; ok {
		return places
	}
	places := make(map[int]int, len(kids))
	for i, kid := range kids {
		if kid.kind != kindRef {
			places = nil
			break
		}
		places[kid.num] = i
	}
	t.order[num] = places
	return places
}

// isElement reports whether a kid is an element, and no reference to content.
func (d *Document) isElement(num int) bool {
	t := d.tags
	t.mu.Lock()
	is, known := t.elements[num]
	t.mu.Unlock()
	if !known {
		o := d.object(num)
		is = o.get("S").kind == kindName
		t.mu.Lock()
		t.elements[num] = is
		t.mu.Unlock()
	}
	return is
}

// readTags reads the parent tree, once. A file without tags gives nil.
func (d *Document) readTags() *tags {
	d.tagsOnce.Do(func() {
		root := d.resolve(d.trailer.get("Root"))
		tree := d.resolve(root.get("StructTreeRoot"))
		if tree.kind != kindDict {
			return
		}
		ref := root.get("StructTreeRoot")
		t := &tags{root: tree, rootNum: ref.num, parents: map[int]object{}, order: map[int]map[int]int{}, elements: map[int]bool{}}
		d.eachNumber(tree.get("ParentTree"), func(key int, value object) { t.parents[key] = value })
		if len(t.parents) > 0 {
			d.tags = t
		}
	})
	return d.tags
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
		c.roles[ref.num], c.elements[ref.num] = anElement, o
		parent := o.get("P")
		c.children[parent.num] = append(c.children[parent.num], ref)
		ref = parent
	}
}

// writeTags writes the tree of the letter's own elements, and returns its number or 0.
func (c *Cutter) writeTags(entries []object) int {
	if len(entries) == 0 {
		return 0
	}
	root := c.newNumber()
	c.tagRoot = root
	c.object(root)
	c.text("<</Type/StructTreeRoot/K[")
	kids, _ := c.kidsOf(c.d.tags.root, c.d.tags.rootNum)
	for _, kid := range kids {
		c.kid(kid)
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
	c.drain()
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
func (c *Cutter) element(old int) {
	o := c.elements[old]
	kids, _ := c.kidsOf(o, old)
	whole := c.isWhole(old, 0)
	c.text("<<")
	c.entries(o, func(key []byte) bool {
		switch string(key) {
		case "P", "K", "Pg", "ID", "Ref", "AF", "R":
			return true
		case "ActualText", "Alt", "E", "T", "A":
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

// isWhole reports whether all that is below an element is in the letter.
func (c *Cutter) isWhole(old, depth int) bool {
	if whole, known := c.whole[old]; known {
		return whole
	}
	kids, whole := c.kidsOf(c.elements[old], old)
	for _, kid := range kids {
		if !whole || depth > treeDepth {
			break
		}
		if kid.kind == kindRef {
			whole = c.isWhole(kid.num, depth+1)
		}
	}
	c.whole[old] = whole && depth <= treeDepth
	return c.whole[old]
}

// kidsOf returns the kids of an element that are in the letter, and whether those are all.
func (c *Cutter) kidsOf(o object, num int) (own []object, whole bool) {
	k := c.d.resolve(o.get("K"))
	list := []object{o.get("K")}
	switch k.kind {
	case kindNull:
		return nil, true
	case kindArray:
		list = k.items
	}
	if len(list) > manyKids {
		if places := c.d.tags.placesIn(num, list); places != nil {
			own = slices.Clone(c.children[num])
			slices.SortFunc(own, func(a, b object) int { return places[a.num] - places[b.num] })
			return own, len(own) == len(list)
		}
	}
	page := o.get("Pg")
	own = c.chosen(list, page.kind == kindRef && c.isOurs(page.num))
	return own, len(own) == len(list)
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
			if c.d.isElement(kid.num) {
				continue
			}
			if o := c.d.resolve(kid); c.isContent(o, ours) {
				own = append(own, o)
			}
		}
	}
	return own
}

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
