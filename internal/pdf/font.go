package pdf

import "math"

// font tells the text and the width of each character code.
type font struct {
	glyphs
	codes codeSpace
	scale float64 // of widths; Type 3 fonts bring their own
}

// loadFont reads a font dictionary (PDF 9.6 and 9.7).
func (d *Document) loadFont(ref object) *font {
	f := &font{scale: 0.001}
	dict := d.resolve(ref)
	if dict.kind != kindDict { // it is gone, and with it what its codes mean
		return nil
	}
	subtype := d.resolve(dict.get("Subtype"))
	if subtype.is("Type0") {
		d.loadComposite(f, dict)
		return f
	}
	f.codes = codeSpace{oneByte: true}
	if m := d.resolve(dict.get("FontMatrix")); subtype.is("Type3") && len(m.items) == 6 {
		f.scale = math.Hypot(m.items[0].number(), m.items[1].number())
	}
	d.loadWidths(f, dict)
	d.loadEncoding(f, dict, subtype.is("Type3"))
	return f
}

// toUnicode reads the ToUnicode map of a font (PDF 9.10.3), or returns nil.
func (d *Document) toUnicode(dict object) map[uint32]string {
	m := d.resolve(dict.get("ToUnicode"))
	if !m.isStream() {
		return nil
	}
	b, err := d.decode(m)
	if err != nil {
		return nil
	}
	return d.readToUnicode(b)
}

// loadComposite reads a Type0 font (PDF 9.7).
func (d *Document) loadComposite(f *font, dict object) {
	cid := d.resolve(d.resolve(dict.get("DescendantFonts")).item(0))
	f.missing.width = 1000
	if w := d.resolve(cid.get("DW")); w.kind == kindNumber {
		f.missing.width = float32(w.number())
	}
	encoding := d.resolve(dict.get("Encoding"))
	m := d.codeMapOf(encoding)
	f.codes = m.codes
	widths := glyphs{missing: f.missing}
	d.loadCIDWidths(&widths, d.resolve(cid.get("W")))
	unicode := d.toUnicode(dict)
	if m.cids == nil { // Identity: the code is the number of the glyph
		f.pages = widths.pages
	} else {
		for code, cid := range m.cids {
			f.setWidth(code, float64(widths.of(cid).width))
		}
	}
	for code, text := range unicode {
		f.setText(code, text)
	}
	if unicode == nil && m.unicode {
		for code := range uint32(0xD800) { // without surrogates
			if code >= ' ' {
				f.setText(code, string(rune(code)))
			}
		}
	}
}

// loadCIDWidths reads the widths of a composite font (PDF 9.7.4.3).
func (d *Document) loadCIDWidths(t *glyphs, list object) {
	w := list.items
	for i := 0; i+1 < len(w); {
		first, second := d.resolve(w[i]).int(), d.resolve(w[i+1])
		if second.kind == kindArray {
			for k, width := range second.items {
				if c := first + k; c >= 0 && c <= 0xFFFF {
					t.setWidth(uint32(c), d.resolve(width).number())
				}
			}
			i += 2
			continue
		}
		if i+2 >= len(w) || d.spend(rangeCost*max(0, second.int()-first)) != nil {
			return
		}
		for c := max(first, 0); c <= min(second.int(), 0xFFFF); c++ {
			t.setWidth(uint32(c), d.resolve(w[i+2]).number())
		}
		i += 3
	}
}

// loadEncoding maps the codes of a simple font: built-in or named encoding, then differences, then ToUnicode
// (PDF 9.10.2). Where a name and ToUnicode tell different digits, the character is not known.
func (d *Document) loadEncoding(f *font, dict object, type3 bool) {
	texts := d.baseEncoding(dict, type3)
	encoding := d.resolve(dict.get("Encoding"))
	code := 0
	for _, o := range d.resolve(encoding.get("Differences")).items {
		switch o = d.resolve(o); o.kind {
		case kindNumber:
			code = o.int()
		case kindName:
			if code >= 0 && code < 256 {
				texts[code] = d.tables.glyph(string(o.raw))
			}
			code++
		}
	}
	unicode := d.toUnicode(dict)
	told := encoding.kind == kindDict || !d.isEmbedded(dict) // the codes of an embedded subset may be numbered anew
	for c := range uint32(256) {
		text := texts[c]
		if u, ok := unicode[c]; ok {
			if named := text; told && named != u && isDigit(named) && (isDigit(u) || u == "") {
				u = ""
			}
			text = u
		}
		f.setText(c, text)
	}
}

// isEmbedded reports whether a font has its program with it.
func (d *Document) isEmbedded(dict object) bool {
	descriptor := d.resolve(dict.get("FontDescriptor"))
	return descriptor.get("FontFile").kind != kindNull || descriptor.get("FontFile2").kind != kindNull || descriptor.get("FontFile3").kind != kindNull
}

func isDigit(s string) bool { return len(s) == 1 && s[0] >= '0' && s[0] <= '9' }

// baseEncoding returns what the codes of a font mean before differences.
func (d *Document) baseEncoding(dict object, type3 bool) (texts [256]string) {
	if type3 {
		return texts // it has no encoding but its own glyph names
	}
	base := d.resolve(dict.get("Encoding"))
	if base.kind == kindDict {
		base = d.resolve(base.get("BaseEncoding"))
	}
	if table := d.tables.named(string(base.raw)); base.kind == kindName && table != nil {
		return d.tables.texts(table)
	}
	if own, ok := d.builtIn(dict); ok {
		return own
	}
	switch font := d.resolve(dict.get("BaseFont")); string(font.raw) {
	case "Symbol", "ZapfDingbats":
		return texts
	}
	return d.tables.texts(&d.tables.standard)
}

func (d *Document) loadWidths(f *font, dict object) {
	first := d.resolve(dict.get("FirstChar")).int()
	widths := d.resolve(dict.get("Widths"))
	descriptor := d.resolve(dict.get("FontDescriptor"))
	f.missing.width = 500
	if w := d.resolve(descriptor.get("MissingWidth")); w.kind == kindNumber && w.number() > 0 {
		f.missing.width = float32(w.number())
	}
	for c := range uint32(256) {
		w := float64(f.missing.width)
		if widths.kind == kindNull {
			w = helveticaWidth(int(c))
		}
		f.setWidth(c, w)
	}
	for i, w := range widths.items {
		if c := first + i; c >= 0 && c < 256 {
			f.setWidth(uint32(c), d.resolve(w).number())
		}
	}
}

// helvetica holds the widths from space to tilde of the font that most often comes without any.
var helvetica = [...]uint16{278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584}

func helveticaWidth(code int) float64 {
	if i := code - ' '; i >= 0 && i < len(helvetica) {
		return float64(helvetica[i])
	}
	return 556
}
