package pdf

import (
	"bytes"

	"github.com/klauspost/compress/zlib"
)

// leftOut are keys that stay behind wherever they stand: what tells of the whole file, of its making, or does
// something by itself. What belongs to the letter of tags, fields and links is written apart.
var leftOut = map[string]bool{
	"Metadata": true, "PieceInfo": true, "LastModified": true, "StructParent": true, "StructParents": true, "AA": true,
	"OpenAction": true, "JS": true, "Thumb": true,
}

// foreign are objects that stand for the whole file: a reference to one would take all of it along.
var foreign = map[string]bool{
	"Catalog": true, "Pages": true, "Page": true, "StructTreeRoot": true, "StructElem": true, "Outlines": true, "Bead": true,
	"Thread": true, "Filespec": true, "EmbeddedFile": true, "ObjStm": true, "XRef": true,
}

// indirect writes the object that had the number old in the file.
func (c *Cutter) indirect(old int) {
	c.object(c.numbers[old])
	if c.roles[old] == anElement {
		c.element(old)
		c.text("\nendobj\n")
		return
	}
	if t := c.d.templateOf(old); t != nil && c.scrub == nil {
		c.fromTemplate(t)
		c.text("\nendobj\n")
		return
	}
	start := len(c.out)
	c.places, c.ownOnly = c.places[:0], c.scrub != nil || c.roles[old] != 0
	c.copied(old)
	if !c.ownOnly {
		for i := range c.places {
			c.places[i].from -= start
			c.places[i].to -= start
		}
		c.d.keepTemplate(old, c.out[start:], c.places)
	}
	c.text("\nendobj\n")
}

// copied writes what an object holds.
func (c *Cutter) copied(old int) {
	o := c.d.object(old)
	t := o.get("Type")
	switch {
	case c.roles[old] == aField:
		c.field(o, old)
	case t.kind == kindName && foreign[string(t.raw)]:
		c.text(" null")
	case o.isStream():
		c.stream(o, old)
	case o.kind == kindDict && isAnnotation(o):
		c.ownOnly = true
		c.text("<<")
		c.annotation(o, old)
		c.text(">>")
	case t.is("OCG"), t.is("OCMD"): // a layer, whose name may be somebody's: all of those that are left are shown
		c.text("<</Type")
		c.name(t.raw)
		c.text("/Name()>>")
	case o.kind == kindDict && o.get("CharProcs").kind != kindNull:
		c.typeThree(o)
	default:
		c.value(o)
	}
}

// typeThree writes a font whose glyphs are drawn, with the resources that they name (PDF 9.6.5).
func (c *Cutter) typeThree(o object) {
	own := c.d.resolveShared(o.get("Resources"))
	used := &names{}
	glyphs := c.d.resolve(o.get("CharProcs"))
	for i := 1; i < len(glyphs.items); i += 2 {
		if glyph := c.d.resolve(glyphs.items[i]); glyph.isStream() {
			c.d.addUsed(used, glyph, own, 0)
		}
	}
	c.text("<<")
	c.entries(o, func(key []byte) bool { return string(key) == "Resources" })
	if own.kind == kindDict {
		c.text("/Resources")
		c.pruned(own, used)
	}
	c.text(">>")
}

func (c *Cutter) stream(o object, old int) {
	if edited, ok := c.edits[old]; ok {
		c.packed(o, edited)
		return
	}
	c.text("<<")
	own := c.d.resolveShared(o.get("Resources"))
	prune := own.kind == kindDict
	c.entries(o, func(key []byte) bool {
		switch string(key) {
		case "Length":
			return true
		case "Resources":
			return prune
		}
		return false
	})
	if prune {
		c.text("/Resources")
		c.pruned(own, c.d.usedIn(o, own))
	}
	b := c.d.plain(o)
	c.text("/Length ")
	c.integer(len(b))
	c.text(">>\nstream\n")
	c.out = append(c.out, b...)
	c.text("\nendstream")
}

// packed writes a stream whose content was changed, with what else its dictionary says.
func (c *Cutter) packed(o object, content []byte) {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write(content) // a bytes.Buffer does not fail
	_ = z.Close()
	c.text("<<")
	c.entries(o, func(key []byte) bool {
		switch string(key) {
		case "Length", "Filter", "DecodeParms", "Resources":
			return true
		}
		return false
	})
	if own := c.d.resolveShared(o.get("Resources")); own.kind == kindDict {
		c.text("/Resources")
		c.pruned(own, c.d.usedIn(o, own))
	}
	c.text("/Filter/FlateDecode/Length ")
	c.integer(b.Len())
	c.text(">>\nstream\n")
	c.out = append(c.out, b.Bytes()...)
	c.text("\nendstream")
}

func (c *Cutter) value(o object) {
	if c.scrub != nil && (o.kind == kindString || o.kind == kindHex) && len(c.scrub(textOfString(appendString(nil, o)))) > 0 {
		c.text("()")
		return
	}
	switch o.kind {
	case kindNull, kindEnd:
		c.text(" null")
	case kindNumber, kindWord:
		c.text(" ")
		c.out = append(c.out, o.raw...)
	case kindName:
		c.name(o.raw)
	case kindString:
		c.text("(")
		c.out = append(c.out, o.raw...)
		c.text(")")
	case kindHex:
		c.text("<")
		c.out = append(c.out, o.raw...)
		c.text(">")
	case kindArray:
		c.text("[")
		for _, item := range o.items {
			c.value(item)
		}
		c.text("]")
	case kindDict:
		c.text("<<")
		c.entries(o, func([]byte) bool { return false })
		c.text(">>")
	case kindRef:
		c.ref(o.num)
	}
}

// entries writes the entries of a dictionary that are not left out.
func (c *Cutter) entries(o object, without func(key []byte) bool) {
	for i := 0; i+1 < len(o.items); i += 2 {
		if key := o.items[i].raw; !leftOut[string(key)] && !without(key) {
			c.name(key)
			c.value(o.items[i+1])
		}
	}
}

// ref writes a reference, and null in place of a page that is not in this document.
func (c *Cutter) ref(old int) {
	if _, isPage := c.d.pageOf[old]; isPage {
		c.ownOnly = true
		if !c.isOurs(old) {
			c.text(" null")
			return
		}
	}
	from := len(c.out)
	c.reference(c.numberOf(old))
	c.places = append(c.places, place{from, len(c.out), old})
}

// numberOf returns the new number of an object, and sees to it that it is written.
func (c *Cutter) numberOf(old int) int {
	n, ok := c.numbers[old]
	if !ok {
		n = c.newNumber()
		c.numbers[old] = n
		c.queue = append(c.queue, old)
	}
	return n
}

func (c *Cutter) reference(n int) {
	c.text(" ")
	c.integer(n)
	c.text(" 0 R")
}

func (c *Cutter) name(b []byte) {
	const hex = "0123456789ABCDEF"
	c.text("/")
	for _, b := range b {
		if b < '!' || b > '~' || class[b] != regular || b == '#' {
			c.out = append(c.out, '#', hex[b>>4], hex[b&15])
		} else {
			c.out = append(c.out, b)
		}
	}
}
