package text

import (
	"math"

	"brevdue/internal/pdf/syntax"
)

// font tells the text and the width of each character code.
type font struct {
	glyphs
	codes    codeSpace
	scale    float64 // of widths; Type 3 fonts bring their own
	ownScale bool
}

// loadFont reads a font dictionary (PDF 9.6 and 9.7).
func (d *Document) loadFont(ref syntax.Object) *font {
	f := &font{scale: 0.001}
	dict := d.Resolve(ref)
	if dict.Kind != syntax.KindDict { // it is gone, and with it what its codes mean
		return nil
	}
	subtype := d.Resolve(dict.Get("Subtype"))
	if subtype.Is("Type0") {
		d.loadComposite(f, dict)
		return f
	}
	f.codes = codeSpace{oneByte: true}
	if m := d.Resolve(dict.Get("FontMatrix")); subtype.Is("Type3") && len(m.Items) == 6 {
		f.scale, f.ownScale = math.Hypot(m.Items[0].Number(), m.Items[1].Number()), true
	}
	d.loadWidths(f, dict)
	d.loadEncoding(f, dict, subtype.Is("Type3"))
	return f
}

// toUnicode reads the ToUnicode map of a font (PDF 9.10.3), or returns nil.
func (d *Document) toUnicode(dict syntax.Object) map[uint32]string {
	m := d.Resolve(dict.Get("ToUnicode"))
	if !m.IsStream() {
		return nil
	}
	b, err := d.Decode(m)
	if err != nil {
		return nil
	}
	return d.readToUnicode(b)
}

// loadComposite reads a Type0 font (PDF 9.7).
func (d *Document) loadComposite(f *font, dict syntax.Object) {
	cid := d.Resolve(d.Resolve(dict.Get("DescendantFonts")).Item(0))
	f.missing.width = 1000
	if w := d.Resolve(cid.Get("DW")); w.Kind == syntax.KindNumber {
		f.missing.width = float32(w.Number())
	}
	encoding := d.Resolve(dict.Get("Encoding"))
	m := d.codeMapOf(encoding)
	f.codes = m.codes
	widths := glyphs{missing: f.missing}
	d.loadCIDWidths(&widths, d.Resolve(cid.Get("W")))
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
func (d *Document) loadCIDWidths(t *glyphs, list syntax.Object) {
	w := list.Items
	for i := 0; i+1 < len(w); {
		first, second := d.Resolve(w[i]).Int(), d.Resolve(w[i+1])
		if second.Kind == syntax.KindArray {
			for k, width := range second.Items {
				if c := first + k; c >= 0 && c <= 0xFFFF {
					t.setWidth(uint32(c), d.Resolve(width).Number())
				}
			}
			i += 2
			continue
		}
		if i+2 >= len(w) || d.Spend(rangeCost*max(0, second.Int()-first)) != nil {
			return
		}
		for c := max(first, 0); c <= min(second.Int(), 0xFFFF); c++ {
			t.setWidth(uint32(c), d.Resolve(w[i+2]).Number())
		}
		i += 3
	}
}

// loadEncoding maps the codes of a simple font: built-in or named encoding, then differences, then ToUnicode
// (PDF 9.10.2). Where a name and ToUnicode tell different digits, the character is not known.
func (d *Document) loadEncoding(f *font, dict syntax.Object, type3 bool) {
	texts := d.baseEncoding(dict, type3)
	encoding := d.Resolve(dict.Get("Encoding"))
	code := 0
	for _, o := range d.Resolve(encoding.Get("Differences")).Items {
		switch o = d.Resolve(o); o.Kind {
		case syntax.KindNumber:
			code = o.Int()
		case syntax.KindName:
			if code >= 0 && code < 256 {
				texts[code] = d.tables.glyph(string(o.Raw))
			}
			code++
		}
	}
	unicode := d.toUnicode(dict)
	// the codes of an embedded subset may be numbered anew
	told := encoding.Kind == syntax.KindDict || !d.isEmbedded(dict)
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
func (d *Document) isEmbedded(dict syntax.Object) bool {
	descriptor := d.Resolve(dict.Get("FontDescriptor"))
	for _, key := range []string{"FontFile", "FontFile2", "FontFile3"} {
		if descriptor.Get(key).Kind != syntax.KindNull {
			return true
		}
	}
	return false
}

func isDigit(s string) bool { return len(s) == 1 && s[0] >= '0' && s[0] <= '9' }

// baseEncoding returns what the codes of a font mean before differences.
func (d *Document) baseEncoding(dict syntax.Object, type3 bool) (texts [256]string) {
	if type3 {
		return texts // it has no encoding but its own glyph names
	}
	base := d.Resolve(dict.Get("Encoding"))
	if base.Kind == syntax.KindDict {
		base = d.Resolve(base.Get("BaseEncoding"))
	}
	if table := d.tables.named(string(base.Raw)); base.Kind == syntax.KindName && table != nil {
		return d.tables.texts(table)
	}
	if own, ok := d.builtIn(dict); ok {
		return own
	}
	switch font := d.Resolve(dict.Get("BaseFont")); string(font.Raw) {
	case "Symbol", "ZapfDingbats":
		return texts
	}
	return d.tables.texts(&d.tables.standard)
}

func (d *Document) loadWidths(f *font, dict syntax.Object) {
	first := d.Resolve(dict.Get("FirstChar")).Int()
	widths := d.Resolve(dict.Get("Widths"))
	descriptor := d.Resolve(dict.Get("FontDescriptor"))
	f.missing.width = 500
	if w := d.Resolve(descriptor.Get("MissingWidth")); w.Kind == syntax.KindNumber && w.Number() > 0 {
		f.missing.width = float32(w.Number())
	}
	for c := range uint32(256) {
		w := float64(f.missing.width)
		if widths.Kind == syntax.KindNull {
			w = helveticaWidth(int(c))
		}
		f.setWidth(c, w)
	}
	for i, w := range widths.Items {
		if c := first + i; c >= 0 && c < 256 {
			f.setWidth(uint32(c), d.Resolve(w).Number())
		}
	}
}

// helvetica holds the widths from space to tilde of the font that most often comes without any.
var helvetica = [...]uint16{
	278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
	556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
	500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
	556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
	278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
}

func helveticaWidth(code int) float64 {
	if i := code - ' '; i >= 0 && i < len(helvetica) {
		return float64(helvetica[i])
	}
	return 556
}
