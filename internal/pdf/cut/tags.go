package cut

import (
	"slices"
	"sync"

	"brevdue/internal/pdf/syntax"
)

// tags is the structure tree of a file (PDF 14.7), as far as cutting needs it.
type tags struct {
	root    syntax.Object
	rootNum int
	// StructParents of a page -> the elements of its content; StructParent of an annotation -> its element
	parents map[int]syntax.Object

	mu       sync.Mutex
	order    map[int]map[int]int // of elements with many kids: kid -> place among them
	elements map[int]bool        // whether an object that is somebody's kid is an element
}

// manyKids is from how many kids an element is taken by those of the letter, and not gone through: the element of the
// whole document has all pages' below it.
const manyKids = 32

// placesIn returns the places of an element's kids, if all of them are references.
func (t *tags) placesIn(num int, kids []syntax.Object) map[int]int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if places, ok := t.order[num]; ok {
		return places
	}
	places := make(map[int]int, len(kids))
	for i, kid := range kids {
		if kid.Kind != syntax.KindRef {
			places = nil
			break
		}
		places[kid.Num] = i
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
		o := d.Object(num)
		is = o.Get("S").Kind == syntax.KindName
		t.mu.Lock()
		t.elements[num] = is
		t.mu.Unlock()
	}
	return is
}

// readTags reads the parent tree, once. A file without tags gives nil.
func (d *Document) readTags() *tags {
	d.tagsOnce.Do(func() {
		root := d.Catalog()
		tree := d.Resolve(root.Get("StructTreeRoot"))
		if tree.Kind != syntax.KindDict {
			return
		}
		ref := root.Get("StructTreeRoot")
		t := &tags{
			root: tree, rootNum: ref.Num, parents: map[int]syntax.Object{},
			order: map[int]map[int]int{}, elements: map[int]bool{},
		}
		d.EachNumber(tree.Get("ParentTree"), func(key int, value syntax.Object) { t.parents[key] = value })
		if len(t.parents) > 0 {
			d.tags = t
		}
	})
	return d.tags
}

// tagCopier writes the structure tree of the letter.
type tagCopier struct {
	*output
	root     int
	elements map[int]syntax.Object   // that are in the letter
	children map[int][]syntax.Object // of these elements, by the number of the one above
	whole    map[int]bool            // of the elements, whether all below them is in the letter
}

// find finds the elements of the letter's pages, and gives its pages and annotations their keys in the new parent
// tree. The result is what stands under each key.
func (c *tagCopier) find() []syntax.Object {
	t := c.d.readTags()
	if t == nil {
		return nil
	}
	var entries []syntax.Object
	adopt := func(num int, key syntax.Object) {
		entry := c.d.Resolve(t.parents[key.Int()])
		if key.Kind != syntax.KindNumber || entry.Kind == syntax.KindNull {
			return
		}
		if entry.Kind != syntax.KindArray { // one element: a reference that is kept as it stands
			entry = t.parents[key.Int()]
		}
		c.keys[num] = len(entries)
		entries = append(entries, entry)
		for _, ref := range append(slices.Clone(entry.Items), entry) {
			c.climbTags(ref)
		}
	}
	for i := range c.count {
		p := c.d.Page(c.first + i)
		adopt(c.d.PageObject(c.first+i), c.d.Resolve(p.Dict.Get("StructParents")))
		for _, ref := range c.d.Resolve(p.Dict.Get("Annots")).Items {
			if a := c.d.Resolve(ref); ref.Kind == syntax.KindRef {
				adopt(ref.Num, c.d.Resolve(a.Get("StructParent")))
			}
		}
	}
	return entries
}

// climbTags notes an element and those above it.
func (c *tagCopier) climbTags(ref syntax.Object) {
	for depth := 0; depth < syntax.TreeDepth && ref.Kind == syntax.KindRef && c.roles[ref.Num] == 0; depth++ {
		o := c.d.Object(ref.Num)
		if o.Kind != syntax.KindDict || c.d.TypeIs(o, "StructTreeRoot") {
			return
		}
		c.roles[ref.Num], c.elements[ref.Num] = anElement, o
		parent := o.Get("P")
		c.children[parent.Num] = append(c.children[parent.Num], ref)
		ref = parent
	}
}

// write writes the tree of the letter's own elements, and returns its number or 0.
func (c *tagCopier) write(entries []syntax.Object) int {
	if len(entries) == 0 {
		return 0
	}
	root := c.newNumber()
	c.root = root
	c.object(root)
	c.Text("<</Type/StructTreeRoot/K[")
	kids, _ := c.kidsOf(c.d.tags.root, c.d.tags.rootNum)
	for _, kid := range kids {
		c.kid(kid)
	}
	c.Text("]/ParentTree<</Nums[")
	for key, entry := range entries {
		c.Text(" ")
		c.Integer(key)
		c.parentEntry(entry)
	}
	c.Text("]>>/ParentTreeNextKey ")
	c.Integer(len(entries))
	for _, key := range []string{"RoleMap", "ClassMap"} {
		if o := c.d.tags.root.Get(key); o.Kind != syntax.KindNull {
			c.Name([]byte(key))
			c.Value(o)
		}
	}
	c.Text(">>\nendobj\n")
	return root
}

func (c *tagCopier) parentEntry(entry syntax.Object) {
	if entry.Kind == syntax.KindRef {
		c.elementRef(entry)
		return
	}
	c.Text("[")
	for _, ref := range entry.Items {
		c.elementRef(ref)
	}
	c.Text("]")
}

func (c *tagCopier) elementRef(ref syntax.Object) {
	if ref.Kind == syntax.KindRef && c.roles[ref.Num] == anElement {
		c.Reference(c.numberOf(ref.Num))
		return
	}
	c.Text(" null")
}

// element writes a structure element with those of its kids that are in the letter. What it says of its content in
// words is kept only when all of that is.
func (c *tagCopier) element(old int) {
	o := c.elements[old]
	kids, _ := c.kidsOf(o, old)
	whole := c.isWhole(old, 0)
	c.Text("<<")
	c.Entries(o, func(key []byte) bool {
		switch string(key) {
		case "P", "K", "Pg", "ID", "Ref", "AF", "R":
			return true
		case "ActualText", "Alt", "E", "T", "A":
			return !whole
		}
		return false
	})
	if page := o.Get("Pg"); page.Kind == syntax.KindRef && c.isOurs(page.Num) {
		c.Text("/Pg")
		c.ref(page.Num)
	}
	c.Text("/P")
	if parent := o.Get("P"); parent.Kind == syntax.KindRef && c.roles[parent.Num] == anElement {
		c.Reference(c.numberOf(parent.Num))
	} else {
		c.Reference(c.root)
	}
	c.Text("/K[")
	for _, kid := range kids {
		c.kid(kid)
	}
	c.Text("]>>")
}

// isWhole reports whether all that is below an element is in the letter.
func (c *tagCopier) isWhole(old, depth int) bool {
	if whole, known := c.whole[old]; known {
		return whole
	}
	kids, whole := c.kidsOf(c.elements[old], old)
	for _, kid := range kids {
		if !whole || depth > syntax.TreeDepth {
			break
		}
		if kid.Kind == syntax.KindRef {
			whole = c.isWhole(kid.Num, depth+1)
		}
	}
	c.whole[old] = whole && depth <= syntax.TreeDepth
	return c.whole[old]
}

// kidsOf returns the kids of an element that are in the letter, and whether those are all.
func (c *tagCopier) kidsOf(o syntax.Object, num int) (own []syntax.Object, whole bool) {
	k := c.d.Resolve(o.Get("K"))
	list := []syntax.Object{o.Get("K")}
	switch k.Kind {
	case syntax.KindNull:
		return nil, true
	case syntax.KindArray:
		list = k.Items
	}
	if len(list) > manyKids {
		if places := c.d.tags.placesIn(num, list); places != nil {
			own = slices.Clone(c.children[num])
			slices.SortFunc(own, func(a, b syntax.Object) int { return places[a.Num] - places[b.Num] })
			return own, len(own) == len(list)
		}
	}
	page := o.Get("Pg")
	own = c.chosen(list, page.Kind == syntax.KindRef && c.isOurs(page.Num))
	return own, len(own) == len(list)
}

// chosen returns the kids that are in the letter: elements that were found, and content of its pages.
func (c *tagCopier) chosen(list []syntax.Object, ours bool) []syntax.Object {
	var own []syntax.Object
	for _, kid := range list {
		switch {
		case kid.Kind == syntax.KindRef && c.roles[kid.Num] == anElement:
			own = append(own, kid)
		case kid.Kind == syntax.KindNumber && ours:
			own = append(own, kid)
		case kid.Kind == syntax.KindDict && c.isContent(kid, ours):
			own = append(own, kid)
		case kid.Kind == syntax.KindRef && c.roles[kid.Num] == 0:
			if c.d.isElement(kid.Num) {
				continue
			}
			if o := c.d.Resolve(kid); c.isContent(o, ours) {
				own = append(own, o)
			}
		}
	}
	return own
}

// isContent reports whether a marked-content or object reference is to something in the letter (PDF 14.7.4).
func (c *tagCopier) isContent(o syntax.Object, ours bool) bool {
	if page := o.Get("Pg"); page.Kind == syntax.KindRef {
		ours = c.isOurs(page.Num)
	}
	if target := o.Get("Obj"); target.Kind == syntax.KindRef {
		_, there := c.numbers[target.Num]
		return ours && there
	}
	return ours && o.Get("MCID").Kind == syntax.KindNumber && o.Get("Stm").Kind == syntax.KindNull
}

func (c *tagCopier) kid(o syntax.Object) {
	if o.Kind == syntax.KindRef {
		c.Reference(c.numberOf(o.Num))
		return
	}
	c.Value(o)
}
