package text

// glyph is what one character code of a font shows.
type glyph struct {
	width float32 // in thousandths of the font size, or in the units of a Type 3 font
	size  uint8   // bytes of text; 0 where the font does not say, longText where it is in font.long
	short [7]byte
}

const longText = 255

// glyphs is a font's table from codes to glyphs, in pages of 256 codes. Codes without an entry show something whose
// meaning is not known.
type glyphs struct {
	pages   [256]*[256]glyph
	long    []string
	missing glyph
}

func (t *glyphs) of(code uint32) *glyph {
	if code > 0xFFFF { // nothing is known of codes of three bytes
		return &t.missing
	}
	if p := t.pages[code>>8&255]; p != nil {
		return &p[code&255]
	}
	return &t.missing
}

// at returns the entry of a code, to be changed.
func (t *glyphs) at(code uint32) *glyph {
	if code > 0xFFFF {
		return new(glyph)
	}
	k := code >> 8 & 255
	if t.pages[k] == nil {
		t.pages[k] = new([256]glyph)
		for i := range t.pages[k] {
			t.pages[k][i].width = t.missing.width
		}
	}
	return &t.pages[k][code&255]
}

func (t *glyphs) setWidth(code uint32, w float64) { t.at(code).width = float32(w) }

func (t *glyphs) setText(code uint32, text string) {
	g := t.at(code)
	if len(text) > len(g.short) {
		g.size = longText
		g.short[0], g.short[1], g.short[2] = byte(len(t.long)), byte(len(t.long)>>8), byte(len(t.long)>>16)
		t.long = append(t.long, text)
		return
	}
	g.size = uint8(copy(g.short[:], text))
}

func (t *glyphs) text(code uint32) string {
	g := t.of(code)
	if g.size == longText {
		return t.long[int(g.short[0])|int(g.short[1])<<8|int(g.short[2])<<16]
	}
	return string(g.short[:g.size])
}

// appendText appends the text of a glyph, and reports whether there is any.
func (t *glyphs) appendText(buf []byte, g *glyph) ([]byte, bool) {
	switch g.size {
	case 0:
		return buf, false
	case 1:
		return append(buf, g.short[0]), true
	case longText:
		return append(buf, t.long[int(g.short[0])|int(g.short[1])<<8|int(g.short[2])<<16]...), true
	}
	return append(buf, g.short[:g.size]...), true
}
