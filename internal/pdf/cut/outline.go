package cut

import "brevdue/internal/pdf/syntax"

// bookmark is an entry of the file's outline that leads to a page (PDF 12.3.3).
type bookmark struct {
	title, dest syntax.Object
}

// bookmarksMost bounds how many entries of an outline are read.
const bookmarksMost = 200_000

// bookmarks returns the outline by pages, read once.
func (d *Document) bookmarks() map[int][]bookmark {
	d.outlineOnce.Do(func() {
		d.outline = map[int][]bookmark{}
		root := d.Catalog()
		o := d.Resolve(root.Get("Outlines"))
		d.eachBookmark(o.Get("First"), map[int]bool{}, 0)
	})
	return d.outline
}

func (d *Document) eachBookmark(item syntax.Object, seen map[int]bool, depth int) {
	for item.Kind == syntax.KindRef && !seen[item.Num] && len(seen) < bookmarksMost && depth < syntax.TreeDepth {
		seen[item.Num] = true
		o := d.Resolve(item)
		dest := o.Get("Dest")
		if action := d.Resolve(o.Get("A")); dest.Kind == syntax.KindNull && action.Kind == syntax.KindDict {
			dest = action.Get("D")
		}
		dest = d.destination(dest)
		if page := dest.Item(0); page.Kind == syntax.KindRef {
			d.outline[page.Num] = append(d.outline[page.Num], bookmark{d.Resolve(o.Get("Title")), dest})
		}
		d.eachBookmark(o.Get("First"), seen, depth+1)
		item = o.Get("Next")
	}
}

// outlineCopier writes the bookmarks of the letter.
type outlineCopier struct{ annotationCopier }

// write writes the bookmarks that lead to the letter's pages, all on one level, and returns its number or 0.
func (c outlineCopier) write() int {
	var own []bookmark
	all := c.d.bookmarks()
	for i := range c.count {
		own = append(own, all[c.d.PageObject(c.first+i)]...)
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
		c.Text("<</Title")
		c.Value(b.title)
		c.destination("/Dest", b.dest)
		c.link("/Parent", root)
		if i > 0 {
			c.link("/Prev", first+i-1)
		}
		if i+1 < len(own) {
			c.link("/Next", first+i+1)
		}
		c.Text(">>\nendobj\n")
	}
	c.object(root)
	c.Text("<</Type/Outlines")
	c.link("/First", first)
	c.link("/Last", first+len(own)-1)
	c.Text("/Count ")
	c.Integer(len(own))
	c.Text(">>\nendobj\n")
	return root
}
