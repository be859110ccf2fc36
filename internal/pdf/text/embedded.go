package text

import (
	"bytes"
	"strings"

	"brevdue/internal/pdf/syntax"
)

// builtIn returns what the codes of an embedded font program mean by themselves (PDF 9.6.6), and false where no
// program is embedded. A program that does not say gives no text: the codes of a subset are often numbered anew.
func (d *Document) builtIn(dict syntax.Object) (texts [256]string, embedded bool) {
	descriptor := d.Resolve(dict.Get("FontDescriptor"))
	for key, read := range map[string]func([]byte) ([256]string, bool){
		"FontFile": d.tables.readType1, "FontFile2": d.tables.readTrueType, "FontFile3": d.tables.readCompact,
	} {
		program := d.Resolve(descriptor.Get(key))
		if !program.IsStream() {
			continue
		}
		b, err := d.Decode(program)
		if err != nil {
			return texts, true
		}
		if own, ok := readSafely(read, b); ok {
			return own, true
		}
		const nonsymbolic = 1 << 5 // PDF 9.8.2, table 123
		return texts, d.Resolve(descriptor.Get("Flags")).Int()&nonsymbolic == 0
	}
	return texts, false
}

// readSafely reads a font program; one that is damaged says nothing.
func readSafely(read func([]byte) ([256]string, bool), b []byte) (texts [256]string, ok bool) {
	defer func() {
		if recover() != nil { // an offset in it points nowhere
			texts, ok = [256]string{}, false
		}
	}()
	return read(b)
}

// readType1 reads the encoding in the clear part of a Type 1 font: "dup 49 /one put".
func (e *encodings) readType1(b []byte) (texts [256]string, ok bool) {
	i := bytes.Index(b, []byte("/Encoding"))
	if i < 0 {
		return texts, false
	}
	b = b[i+len("/Encoding"):]
	if end := bytes.Index(b, []byte("eexec")); end >= 0 {
		b = b[:end]
	}
	l := syntax.Lexer{Data: b}
	if first := l.Object(false, 0); first.Is("StandardEncoding") {
		return e.texts(&e.standard), true
	}
	for {
		o := l.Object(false, 0)
		switch {
		case o.Kind == syntax.KindEnd, o.Is("def"), o.Is("readonly"):
			return texts, ok
		case o.Is("dup"):
			code, glyph := l.Object(false, 0), l.Object(false, 0)
			if c := code.Int(); code.Kind == syntax.KindNumber && glyph.Kind == syntax.KindName && c >= 0 && c < 256 {
				texts[c], ok = e.glyph(string(glyph.Raw)), true
			}
		}
	}
}

// readTrueType reads the codes of a symbolic TrueType font: through its (3,0) or (1,0) map to glyphs, and from those
// through their names or its Unicode map.
func (e *encodings) readTrueType(b []byte) (texts [256]string, ok bool) {
	tables := map[string][]byte{}
	for i := range int(word(b, 4)) {
		row := b[12+16*i:]
		from, size := int(long(row, 8)), int(long(row, 12))
		tables[string(row[:4])] = b[min(from, len(b)):min(from+size, len(b))]
	}
	if compact := tables["CFF "]; compact != nil {
		return e.readCFF(compact)
	}
	meaning := e.postNames(tables["post"])
	cmap := tables["cmap"]
	if cmap == nil {
		return texts, false
	}
	codes := map[int]int{}
	for i := range int(word(cmap, 2)) {
		platform, kind, at := word(cmap, 4+8*i), word(cmap, 6+8*i), long(cmap, 8+8*i)
		sub := cmap[at:]
		switch {
		case platform == 3 && kind == 1:
			for r, g := range segments(sub) {
				meaning[g] = plainText([]rune{rune(r)})
			}
		case platform == 3 && kind == 0:
			for c, g := range segments(sub) {
				codes[c&255] = g
			}
		case platform == 1 && word(sub, 0) == 0:
			for c, g := range sub[6:min(262, len(sub))] {
				if _, have := codes[c]; !have {
					codes[c] = int(g)
				}
			}
		case platform == 1 && word(sub, 0) == 6:
			for k := range int(word(sub, 8)) {
				codes[int(word(sub, 6))+k] = int(word(sub, 10+2*k))
			}
		}
	}
	for c, g := range codes {
		if c >= 0 && c < 256 && meaning[g] != "" {
			texts[c], ok = meaning[g], true
		}
	}
	return texts, ok
}

// segments reads a map of format 4: code -> glyph.
func segments(b []byte) map[int]int {
	m := map[int]int{}
	if word(b, 0) != 4 {
		return m
	}
	n, steps := int(word(b, 6))/2, 0
	for i := range n {
		end, start := int(word(b, 14+2*i)), int(word(b, 16+2*n+2*i))
		delta, offset := int(word(b, 16+4*n+2*i)), int(word(b, 16+6*n+2*i))
		for c := start; c <= end && c < 0xFFFF; c++ {
			if steps++; steps > charactersMost {
				return m
			}
			g := c
			if offset != 0 {
				at := 16 + 6*n + 2*i + offset + 2*(c-start)
				if at+2 > len(b) {
					break
				}
				if g = int(word(b, at)); g == 0 {
					continue
				}
			}
			m[c] = (g + delta) & 0xFFFF
		}
	}
	return m
}

// postNames returns what the names of the glyphs say, from a post table of format 2.
func (e *encodings) postNames(b []byte) map[int]string {
	meaning := map[int]string{}
	if len(b) < 34 || long(b, 0) != 0x20000 {
		return meaning
	}
	n := int(word(b, 32))
	var own []string
	for rest := b[34+2*n:]; len(rest) > 0; {
		size := int(rest[0])
		own = append(own, string(rest[1:min(1+size, len(rest))]))
		rest = rest[min(1+size, len(rest)):]
	}
	for g := range n {
		switch k := int(word(b, 34+2*g)); {
		case k >= 258 && k-258 < len(own):
			meaning[g] = e.glyph(own[k-258])
		case k >= 3 && k < 3+95: // the first of Macintosh's order are those of ASCII
			meaning[g] = string(rune(' ' + k - 3))
		}
	}
	return meaning
}

// readCompact reads a FontFile3: bare CFF, or CFF in an OpenType font.
func (e *encodings) readCompact(b []byte) ([256]string, bool) {
	if bytes.HasPrefix(b, []byte("OTTO")) ||
		bytes.HasPrefix(b, []byte("\x00\x01\x00\x00")) && len(b) > 12 && b[4] == 0 {
		return e.readTrueType(b)
	}
	return e.readCFF(b)
}

// readCFF reads the encoding and the glyph names of a font (Adobe Technical Note 5176, 12 and 13).
func (e *encodings) readCFF(b []byte) (texts [256]string, ok bool) {
	_, at := index(b, int(b[2]))
	tops, at := index(b, at)
	strs, _ := index(b, at)
	top := cffDict(tops[0])
	if _, composite := top[1230]; composite {
		return texts, false
	}
	glyphs, _ := index(b, top[17])
	sids := charset(b, top[15], len(glyphs))
	meaning := func(g int) string {
		if g <= 0 || g >= len(sids) {
			return ""
		}
		if sid := sids[g]; sid < 391 {
			return e.standardString(sid)
		} else if sid-391 < len(strs) {
			return e.glyph(string(strs[sid-391]))
		}
		return ""
	}
	switch offset := top[16]; offset {
	case 0:
		have := map[string]bool{}
		for g := range glyphs {
			have[meaning(g)] = true
		}
		for c, text := range e.texts(&e.standard) {
			if have[text] {
				texts[c], ok = text, true
			}
		}
	case 1: // the expert encoding: small capitals and fractions
		return texts, false
	default:
		for c, g := range cffCodes(b[offset:]) {
			texts[c] = meaning(g)
			ok = ok || texts[c] != ""
		}
	}
	return texts, ok
}

// cffCodes reads an encoding: code -> glyph.
func cffCodes(b []byte) map[int]int {
	m, g := map[int]int{}, 1
	switch n := int(b[1]); b[0] & 127 {
	case 0:
		for _, c := range b[2 : 2+n] {
			m[int(c)] = g
			g++
		}
	case 1:
		for i := range n {
			for k := range int(b[3+2*i]) + 1 {
				m[int(b[2+2*i])+k&255] = g
				g++
			}
		}
	}
	return m
}

// charset returns the name numbers (SID) of the glyphs.
func charset(b []byte, offset, glyphs int) []int {
	sids := []int{0}
	if offset <= 2 { // ISOAdobe, and two that hold no digits of ours
		for g := 1; g < glyphs && offset == 0; g++ {
			sids = append(sids, g)
		}
		return sids
	}
	format, b := b[offset], b[offset+1:]
	for len(sids) < glyphs {
		first, run, size := int(word(b, 0)), 0, 2
		switch format {
		case 1:
			run, size = int(b[2]), 3
		case 2:
			run, size = int(word(b, 2)), 4
		}
		for k := 0; k <= run && len(sids) < glyphs; k++ {
			sids = append(sids, first+k)
		}
		b = b[size:]
	}
	return sids
}

// index reads an INDEX and returns where it ends.
func index(b []byte, at int) (items [][]byte, end int) {
	n := int(word(b, at))
	if n == 0 {
		return nil, at + 2
	}
	size := int(b[at+2])
	offset := func(i int) (v int) {
		for _, c := range b[at+3+i*size : at+3+(i+1)*size] {
			v = v<<8 | int(c)
		}
		return v
	}
	start := at + 2 + (n+1)*size
	for i := range n {
		items = append(items, b[start+offset(i):start+offset(i+1)])
	}
	return items, start + offset(n)
}

// cffDict reads the last operand of each operator; those of two bytes are 1200 and more.
func cffDict(b []byte) map[int]int {
	m, last := map[int]int{}, 0
	for i := 0; i < len(b); i++ {
		switch c := int(b[i]); {
		case c == 12:
			i++
			m[1200+int(b[i])], last = last, 0
		case c <= 21:
			m[c], last = last, 0
		case c == 28:
			last, i = int(int16(word(b, i+1))), i+2
		case c == 29:
			last, i = int(int32(long(b, i+1))), i+4
		case c == 30:
			for i++; b[i]&15 != 15 && b[i]>>4 != 15; i++ {
			}
		case c <= 246:
			last = c - 139
		case c <= 250:
			last, i = (c-247)*256+int(b[i+1])+108, i+1
		case c <= 254:
			last, i = -(c-251)*256-int(b[i+1])-108, i+1
		}
	}
	return m
}

func word(b []byte, at int) uint16 { return uint16(b[at])<<8 | uint16(b[at+1]) }
func long(b []byte, at int) uint32 { return uint32(word(b, at))<<16 | uint32(word(b, at+2)) }

// standardString returns what one of CFF's standard strings says (Technical Note 5176, appendix A): those after the
// accented letters are small capitals, fractions and old-style figures, of which only the figures are read.
func (e *encodings) standardString(sid int) string {
	switch {
	case sid >= 1 && sid <= 95:
		return e.texts(&e.standard)[sid+31]
	case sid >= 239 && sid <= 248:
		return string(rune('0' + sid - 239))
	case sid > 95 && sid-96 < len(isoAdobe):
		return e.glyph(isoAdobe[sid-96])
	}
	return ""
}

var isoAdobe = strings.Fields(
	`exclamdown cent sterling fraction yen florin section currency quotesingle quotedblleft guillemotleft
	guilsinglleft guilsinglright fi fl endash dagger daggerdbl periodcentered paragraph bullet quotesinglbase
	quotedblbase
	quotedblright guillemotright ellipsis perthousand questiondown grave acute circumflex tilde macron breve
	dotaccent dieresis
	ring cedilla hungarumlaut ogonek caron emdash AE ordfeminine Lslash Oslash OE ordmasculine ae dotlessi
	lslash oslash oe
	germandbls onesuperior logicalnot mu trademark Eth onehalf plusminus Thorn onequarter divide brokenbar degree thorn
	threequarters twosuperior registered minus eth multiply threesuperior copyright Aacute Acircumflex Adieresis
	Agrave Aring
	Atilde Ccedilla Eacute Ecircumflex Edieresis Egrave Iacute Icircumflex Idieresis Igrave Ntilde Oacute Ocircumflex
	Odieresis Ograve Otilde Scaron Uacute Ucircumflex Udieresis Ugrave Yacute Ydieresis Zcaron aacute
	acircumflex adieresis
	agrave aring atilde ccedilla eacute ecircumflex edieresis egrave iacute icircumflex idieresis igrave ntilde oacute
	ocircumflex odieresis ograve otilde scaron uacute ucircumflex udieresis ugrave yacute ydieresis zcaron`,
)
