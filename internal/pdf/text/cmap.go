package text

import (
	"strings"
	"unicode/utf16"

	"brevdue/internal/pdf/syntax"
)

// codeSpace tells how many bytes the codes of a font have (PDF 9.7.6.2): two, unless it says otherwise.
type codeSpace struct {
	oneByte bool
	ranges  []codeRange // of an embedded CMap with codes of several lengths
}

type codeRange struct {
	size      int
	low, high uint32
}

// next reads a code from the beginning of b.
func (s *codeSpace) next(b []byte) (code uint32, size int) {
	switch {
	case s.oneByte:
		return uint32(b[0]), 1
	case s.ranges == nil && len(b) > 1:
		return uint32(b[0])<<8 | uint32(b[1]), 2
	case s.ranges == nil:
		return 0, len(b)
	}
	for size = 1; size <= min(4, len(b)); size++ {
		code = code<<8 | uint32(b[size-1])
		for _, r := range s.ranges {
			if r.size == size && r.holds(code) {
				return code, size
			}
		}
	}
	return 0, 1
}

// holds compares byte by byte, as the ranges of a code space are meant.
func (r codeRange) holds(code uint32) bool {
	for shift := 0; shift < 8*r.size; shift += 8 {
		if c := code >> shift & 255; c < r.low>>shift&255 || c > r.high>>shift&255 {
			return false
		}
	}
	return true
}

// codeMap is the encoding of a composite font: from codes to the glyph numbers that widths go by.
type codeMap struct {
	codes   codeSpace
	cids    map[uint32]uint32 // nil for Identity
	unicode bool              // the codes are UTF-16
}

// codeMapOf reads the Encoding of a composite font: a predefined name (PDF 9.7.5.2) or a CMap of its own. What is not
// known here has no meaning without a ToUnicode map.
func (d *Document) codeMapOf(o syntax.Object) codeMap {
	if !o.IsStream() {
		n := string(o.Raw)
		wide := strings.Contains(n, "-UTF16-") || strings.Contains(n, "-UCS2-")
		return codeMap{unicode: strings.HasPrefix(n, "Uni") && wide}
	}
	b, err := d.Decode(o)
	if err != nil {
		return codeMap{}
	}
	m := codeMap{cids: map[uint32]uint32{}}
	eachSection(b, func(word string, args []syntax.Object) {
		switch word {
		case "endcodespacerange":
			for i := 0; i+1 < len(args) && len(m.codes.ranges) < 256; i += 2 {
				size := len(syntax.AppendString(nil, args[i]))
				m.codes.ranges = append(m.codes.ranges, codeRange{size, codeOf(args[i]), codeOf(args[i+1])})
			}
		case "endcidchar":
			for i := 0; i+1 < len(args); i += 2 {
				m.cids[codeOf(args[i])] = uint32(args[i+1].Int())
			}
		case "endcidrange":
			for i := 0; i+2 < len(args); i += 3 {
				low, high := codeOf(args[i]), codeOf(args[i+1])
				for c := low; c <= high && c-low <= 0xFFFF && len(m.cids) < charactersMost; c++ {
					m.cids[c] = uint32(args[i+2].Int()) + c - low
				}
			}
		}
	})
	return m
}

// charactersMost is more characters than a font has.
const charactersMost = 1 << 17

// eachSection calls f with each operator of a CMap and what stood before it.
func eachSection(b []byte, f func(word string, args []syntax.Object)) {
	l := syntax.Lexer{Data: b}
	var args []syntax.Object
	for {
		o := l.Object(false, 0)
		switch o.Kind {
		case syntax.KindEnd:
			return
		case syntax.KindKeyword:
			f(string(o.Raw), args)
			args = args[:0]
		default:
			args = append(args, o)
		}
	}
}

// readToUnicode reads a ToUnicode map (PDF 9.10.3).
func (d *Document) readToUnicode(b []byte) map[uint32]string {
	m := map[uint32]string{}
	eachSection(b, func(word string, args []syntax.Object) {
		switch word {
		case "endbfchar":
			for i := 0; i+1 < len(args); i += 2 {
				if args[i+1].Kind == syntax.KindName { // a glyph name is allowed too, and not read
					continue
				}
				m[codeOf(args[i])] = utf16Text(syntax.AppendString(nil, args[i+1]))
			}
		case "endbfrange":
			for i := 0; i+2 < len(args); i += 3 {
				d.readRange(m, codeOf(args[i]), codeOf(args[i+1]), args[i+2])
			}
		}
	})
	return m
}

// rangeCost is what a character of a range costs, in bytes decoded: each is a string.
const rangeCost = 16

func (d *Document) readRange(m map[uint32]string, low, high uint32, to syntax.Object) {
	if high < low || high-low > 0xFFFF || d.Spend(rangeCost*int(high-low)) != nil {
		return
	}
	if to.Kind == syntax.KindArray {
		for k, o := range to.Items {
			if uint32(k) <= high-low {
				m[low+uint32(k)] = utf16Text(syntax.AppendString(nil, o))
			}
		}
		return
	}
	text := syntax.AppendString(nil, to)
	for c := low; ; c++ {
		m[c] = utf16Text(text)
		for i := len(text) - 1; i >= 0; i-- {
			text[i]++
			if text[i] != 0 {
				break
			}
		}
		if c == high {
			return
		}
	}
}

func codeOf(o syntax.Object) uint32 {
	var v uint32
	for _, c := range syntax.AppendString(nil, o) {
		v = v<<8 | uint32(c)
	}
	return v
}

// utf16Text decodes big-endian UTF-16 and takes ligatures apart. Characters that say nothing give "".
func utf16Text(b []byte) string {
	units := make([]uint16, 0, len(b)/2+1)
	if len(b) == 1 {
		units = append(units, uint16(b[0]))
	}
	for i := 0; i+1 < len(b); i += 2 {
		units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
	}
	return plainText(utf16.Decode(units))
}

// plainText takes ligatures apart, and says nothing where there is a character that no text has: a control, a
// replacement, one for private use.
func plainText(runes []rune) string {
	var b strings.Builder
	for _, r := range runes {
		switch {
		case r >= 0xFB00 && r <= 0xFB06:
			b.WriteString([...]string{"ff", "fi", "fl", "ffi", "ffl", "st", "st"}[r-0xFB00])
		case r == '\t' || r == '\n' || r == '\r':
			b.WriteByte(' ')
		case r < ' ' || r == 0xFFFD || r == 0xFFFF || r >= 0xE000 && r <= 0xF8FF:
			return ""
		case r >= 0xFF01 && r <= 0xFF5E: // full-width forms
			b.WriteRune(r - 0xFF01 + '!')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
