package cut

import (
	"slices"

	"brevdue/internal/pdf/syntax"
)

// streamCopier writes streams, and the resources that they and the pages name.
type streamCopier struct {
	*output
	edits map[int][]byte // of forms: content that was changed, by the old object number
	lost  bool           // a stream could not be cut as it stands
}

// typeThree writes a font whose glyphs are drawn, with the resources that they name (PDF 9.6.5).
func (c *streamCopier) typeThree(o syntax.Object) {
	own := c.d.ResolveShared(o.Get("Resources"))
	used := &syntax.ResourceNames{}
	glyphs := c.d.Resolve(o.Get("CharProcs"))
	for i := 1; i < len(glyphs.Items); i += 2 {
		if glyph := c.d.Resolve(glyphs.Items[i]); glyph.IsStream() {
			c.d.addUsed(used, glyph, own, 0)
		}
	}
	c.Text("<<")
	c.Entries(o, func(key []byte) bool { return string(key) == "Resources" })
	if own.Kind == syntax.KindDict {
		c.Text("/Resources")
		c.pruned(own, used)
	}
	c.Text(">>")
}

func (c *streamCopier) stream(o syntax.Object, old int) {
	if edited, ok := c.edits[old]; ok {
		c.packed(o, edited)
		return
	}
	c.Text("<<")
	own := c.d.ResolveShared(o.Get("Resources"))
	prune := own.Kind == syntax.KindDict
	c.Entries(o, func(key []byte) bool {
		switch string(key) {
		case "Length":
			return true
		case "Resources":
			return prune
		}
		return false
	})
	if prune {
		used := c.d.usedIn(o, own)
		c.lost = c.lost || used.All && o.Get("Resources").Kind == syntax.KindRef
		c.Text("/Resources")
		c.pruned(own, used)
	}
	b := c.d.Decrypt(o)
	c.Text("/Length ")
	c.Integer(len(b))
	c.Text(">>\nstream\n")
	c.Out = append(c.Out, b...)
	c.Text("\nendstream")
}

// packed writes a stream whose content was changed, with what else its dictionary says.
func (c *streamCopier) packed(o syntax.Object, content []byte) {
	b := syntax.Deflate(content)
	c.Text("<<")
	c.Entries(o, func(key []byte) bool {
		switch string(key) {
		case "Length", "Filter", "DecodeParms", "Resources":
			return true
		}
		return false
	})
	if own := c.d.ResolveShared(o.Get("Resources")); own.Kind == syntax.KindDict {
		c.Text("/Resources")
		c.pruned(own, c.d.usedIn(o, own))
	}
	c.Text("/Filter/FlateDecode/Length ")
	c.Integer(len(b))
	c.Text(">>\nstream\n")
	c.Out = append(c.Out, b...)
	c.Text("\nendstream")
}

// pruned writes resources without what is not named: many pages and forms may share one dictionary that lists them
// all, and with it all recipients' pages (PDF 7.8.3).
func (c *streamCopier) pruned(r syntax.Object, used *syntax.ResourceNames) {
	c.Text("<<")
	for i := 0; i+1 < len(r.Items); i += 2 {
		key, value := r.Items[i].Raw, r.Items[i+1]
		entries, sign := c.d.ResolveShared(value), syntax.CategoryOf(key)
		switch {
		case string(key) == "ProcSet":
			c.Name(key)
			c.Value(value)
		case entries.Kind == syntax.KindDict && sign != 0:
			c.Name(key)
			c.Text("<<")
			if used.All || len(entries.Items) < 2*syntax.LargeDict {
				c.Entries(entries, func(name []byte) bool {
					return !used.Has(sign, name) && (sign != 'C' || !isDefaultSpace(name))
				})
			} else {
				c.usedEntries(&entries, used, sign)
			}
			c.Text(">>")
		}
	}
	c.Text(">>")
}

// usedEntries writes the entries of a large dictionary that are named, in its order: all of them are not looked at for
// each page.
func (c *streamCopier) usedEntries(entries *syntax.Object, used *syntax.ResourceNames, sign syntax.Category) {
	index := c.d.IndexOf(entries)
	var at []int
	for _, key := range used.Keys() {
		if i, ok := index[string(key[1:])]; ok && key[0] == byte(sign) {
			at = append(at, i)
		}
	}
	if sign == 'C' {
		for _, name := range []string{"DefaultGray", "DefaultRGB", "DefaultCMYK"} {
			if i, ok := index[name]; ok {
				at = append(at, i)
			}
		}
	}
	slices.Sort(at)
	for _, i := range slices.Compact(at) {
		c.Name(entries.Items[i].Raw)
		c.Value(entries.Items[i+1])
	}
}

// isDefaultSpace reports whether a colour space is used without being named (PDF 8.6.5.6).
func isDefaultSpace(name []byte) bool {
	switch string(name) {
	case "DefaultGray", "DefaultRGB", "DefaultCMYK":
		return true
	}
	return false
}
