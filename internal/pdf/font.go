package pdf

import "math"

// font tells the text and the width of each character code. Widths are in thousandths of the font size.
type font struct {
	simple     [256]string // one-byte codes; "" where the font does not say
	widths     [256]float32
	composite  bool // a Type0 font: two-byte codes, unless oneByte
	oneByte    bool // the code space of the CMap has one-byte codes
	unicode    map[uint32]string
	cidWidths  map[int]float32
	cidDefault float32
	scale      float64 // of widths; Type 3 fonts bring their own
}

// loadFont reads a font dictionary (PDF 9.6 and 9.7).
func (d *Document) loadFont(ref object) *font {
	f := &font{cidDefault: 1000, scale: 0.001}
	dict := d.resolve(ref)
	subtype := dict.get("Subtype")
	if m := d.resolve(dict.get("ToUnicode")); m.isStream {
		if b, err := d.decode(m); err == nil {
			f.unicode, f.oneByte = readCMap(b)
		}
	}
	if subtype.is("Type0") {
		f.composite = true
		d.loadDescendant(f, dict)
		return f
	}
	if m := d.resolve(dict.get("FontMatrix")); subtype.is("Type3") && len(m.items) == 6 {
		f.scale = math.Abs(m.items[0].number())
	}
	d.loadEncoding(f, dict)
	d.loadWidths(f, dict)
	return f
}

// loadDescendant reads the widths of a composite font (PDF 9.7.4.3).
func (d *Document) loadDescendant(f *font, dict object) {
	descendants := d.resolve(dict.get("DescendantFonts"))
	if len(descendants.items) == 0 {
		return
	}
	cid := d.resolve(descendants.items[0])
	if w := d.resolve(cid.get("DW")); w.kind == kindNumber {
		f.cidDefault = float32(w.number())
	}
	f.cidWidths = map[int]float32{}
	w := d.resolve(cid.get("W")).items
	for i := 0; i+1 < len(w); {
		first, second := w[i].int(), d.resolve(w[i+1])
		if second.kind == kindArray {
			for k, width := range second.items {
				f.cidWidths[first+k] = float32(width.number())
			}
			i += 2
			continue
		}
		if i+2 >= len(w) {
			return
		}
		width := float32(w[i+2].number())
		for k := max(first, 0); k <= min(second.int(), 65535); k++ {
			f.cidWidths[k] = width
		}
		i += 3
	}
}

// loadEncoding maps the codes of a simple font: base encoding, then differences, then ToUnicode (PDF 9.10.2).
func (d *Document) loadEncoding(f *font, dict object) {
	encoding := d.resolve(dict.get("Encoding"))
	base := encoding
	if encoding.kind == kindDict {
		base = d.resolve(encoding.get("BaseEncoding"))
	}
	table := &d.tables.standard
	switch subtype := dict.get("Subtype"); {
	case base.is("MacRomanEncoding"):
		table = &d.tables.mac
	case base.is("WinAnsiEncoding"), subtype.is("TrueType"):
		table = &d.tables.win
	}
	for i, r := range table {
		if r >= ' ' {
			f.simple[i] = string(r)
		}
	}
	if subtype := dict.get("Subtype"); subtype.is("Type3") {
		f.simple = [256]string{} // a Type 3 font has no encoding but its own glyph names
	}
	code := 0
	for _, o := range d.resolve(encoding.get("Differences")).items {
		switch {
		case o.kind == kindNumber:
			code = o.int()
		case o.kind == kindName:
			if code >= 0 && code < 256 {
				f.simple[code] = d.tables.glyph(string(o.raw))
			}
			code++
		}
	}
	for c, s := range f.unicode {
		if c < 256 {
			f.simple[c] = s
		}
	}
}

func (d *Document) loadWidths(f *font, dict object) {
	first := d.resolve(dict.get("FirstChar")).int()
	widths := d.resolve(dict.get("Widths"))
	for i := range f.widths {
		f.widths[i] = 500
		if widths.kind == kindNull {
			f.widths[i] = helveticaWidth(i)
		}
	}
	for i, w := range widths.items {
		if c := first + i; c >= 0 && c < 256 {
			f.widths[c] = float32(d.resolve(w).number())
		}
	}
}

// helvetica holds the widths from space to tilde of the font that most often comes without any.
var helvetica = [...]uint16{278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584}

func helveticaWidth(code int) float32 {
	if i := code - ' '; i >= 0 && i < len(helvetica) {
		return float32(helvetica[i])
	}
	return 556
}
