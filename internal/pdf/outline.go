package pdf

// bookmark is an entry of the file's outline that leads to a page (PDF 12.3.3).
type bookmark struct {
	title, dest object
}

// bookmarksMost bounds how many entries of an outline are read.
const bookmarksMost = 200_000

// bookmarks returns the outline by pages, read once.
func (d *Document) bookmarks() map[int][]bookmark {
	d.outlineOnce.Do(func() {
		d.outline = map[int][]bookmark{}
		root := d.resolve(d.trailer.get("Root"))
		o := d.resolve(root.get("Outlines"))
		d.eachBookmark(o.get("First"), map[int]bool{}, 0)
	})
	return d.outline
}

func (d *Document) eachBookmark(item object, seen map[int]bool, depth int) {
	for item.kind == kindRef && !seen[item.num] && len(seen) < bookmarksMost && depth < treeDepth {
		seen[item.num] = true
		o := d.resolve(item)
		dest := o.get("Dest")
		if action := d.resolve(o.get("A")); dest.kind == kindNull && action.kind == kindDict {
			dest = action.get("D")
		}
		dest = d.destination(dest)
		if page := dest.item(0); page.kind == kindRef {
			d.outline[page.num] = append(d.outline[page.num], bookmark{d.resolve(o.get("Title")), dest})
		}
		d.eachBookmark(o.get("First"), seen, depth+1)
		item = o.get("Next")
	}
}

// ownOutline writes the bookmarks that lead to the letter's pages, all on one level, and returns its number or 0.
func (c *Cutter) ownOutline() int {
	var own []bookmark
	all := c.d.bookmarks()
	for _, p := range c.d.pages[c.first : c.first+c.count] {
		own = append(own, all[p.num]...)
	}
	if len(own) == 0 {
		return 0
	}
	root := c.newNumber()
	first := len(c.offsets)
	for range own {
		c.newNumber()
	}
	for i, b := range own {
		c.object(first + i)
		c.text("<</Title")
		c.value(b.title)
		c.destination("/Dest", b.dest)
		c.link("/Parent", root)
		if i > 0 {
			c.link("/Prev", first+i-1)
		}
		if i+1 < len(own) {
			c.link("/Next", first+i+1)
		}
		c.text(">>\nendobj\n")
	}
	c.object(root)
	c.text("<</Type/Outlines")
	c.link("/First", first)
	c.link("/Last", first+len(own)-1)
	c.text("/Count ")
	c.integer(len(own))
	c.text(">>\nendobj\n")
	return root
}

func (c *Cutter) link(key string, n int) {
	c.text(key)
	c.reference(n)
}
