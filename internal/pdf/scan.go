package pdf

import "bytes"

// operand is what stands before an operator in a content stream. It points into the content and holds no pointers:
// there are millions of them. Arrays are flat: no operator of text takes two.
type operand struct {
	kind     kind
	from, to int // in the content, without delimiters
	value    float64
}

// operator is up to four bytes of its name, the first in the lowest; 0 is none that is known.
type operator uint32

func op(s string) (o operator) {
	for i := range len(s) {
		o |= operator(s[i]) << (8 * i)
	}
	return o
}

// scanner reads a content stream (PDF 7.8.2), an operator with its operands at a time.
type scanner struct {
	b        []byte
	pos      int
	args     []operand
	named    bool // there is a name among them
	overfull bool // an operator had more operands than any has
	lost     bool // an inline picture has no end
}

// operandsMost bounds the operands of one operator, of which TJ has as many as a line has letters.
const operandsMost = 1 << 16

// next reads up to the next operator. It returns false at the end. The data of an inline picture are skipped.
func (s *scanner) next() (operator, bool) {
	s.args, s.named = s.args[:0], false
	b := s.b
	for s.pos < len(b) {
		c := b[s.pos]
		switch {
		case class[c] == space, c == '[', c == ']':
			s.pos++
		case c >= '0' && c <= '9', c == '-', c == '.', c == '+':
			s.number()
		case c == '(':
			s.literal()
		case c == '/':
			from := s.pos + 1
			s.pos, s.named = s.endOfRun(from), true
			s.push(operand{kind: kindName, from: from, to: s.pos})
		case c == '<':
			s.hexOrDict()
		case c == '%':
			s.comment()
		case class[c] == delimiter:
			s.pos++
		default:
			from := s.pos
			s.pos = s.endOfRun(from)
			if word := b[from:s.pos]; len(word) <= 5 {
				if o := operatorOf(word); o != 0 {
					if o == opImageData {
						s.skipInlineImage()
					}
					return o, true
				}
			}
		}
	}
	return 0, false
}

// operatorOf returns an operator; true, false and null are operands that nobody asks for.
func operatorOf(word []byte) (o operator) {
	if len(word) > 4 {
		return 0
	}
	for i, c := range word {
		o |= operator(c) << (8 * i)
	}
	if o == opTrue || o == opNull {
		return 0
	}
	return o
}

var opTrue, opNull = op("true"), op("null")

func (s *scanner) push(o operand) {
	if len(s.args) >= operandsMost {
		s.overfull = true
		return
	}
	s.args = append(s.args, o)
}

func (s *scanner) endOfRun(pos int) int {
	for pos < len(s.b) && class[s.b[pos]] == regular {
		pos++
	}
	return pos
}

var tenths = [...]float64{1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9}

// number reads what PDF 7.3.3 allows, and no exponents. Digits beyond what a float holds do not count.
func (s *scanner) number() {
	b, i := s.b, s.pos
	negative := false
	for i < len(b) && (b[i] == '-' || b[i] == '+') {
		negative = negative || b[i] == '-'
		i++
	}
	v, digits := 0.0, 0
	var whole int64
	for ; i < len(b) && b[i]-'0' <= 9; i++ {
		if digits++; digits <= 15 {
			whole = whole*10 + int64(b[i]-'0')
		}
	}
	v = float64(whole)
	if i < len(b) && b[i] == '.' {
		i++
		var part int64
		places := 0
		for ; i < len(b) && b[i]-'0' <= 9; i++ {
			if places < len(tenths)-1 {
				part = part*10 + int64(b[i]-'0')
				places++
			}
		}
		v += float64(part) * tenths[places]
	}
	if negative {
		v = -v
	}
	end := i
	if i < len(b) && class[b[i]] == regular { // "1-2", "1e5": what follows belongs to it and says nothing
		end = s.endOfRun(i)
	}
	s.push(operand{kind: kindNumber, from: s.pos, to: end, value: v})
	s.pos = max(end, s.pos+1)
}

func (s *scanner) literal() {
	b := s.b
	from := s.pos + 1
	i, open := from, 1
	for ; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				s.push(operand{kind: kindString, from: from, to: i})
				s.pos = i + 1
				return
			}
		}
	}
	s.push(operand{kind: kindString, from: from, to: len(b)})
	s.pos = len(b)
}

func (s *scanner) hexOrDict() {
	if s.pos+1 < len(s.b) && s.b[s.pos+1] == '<' {
		l := lexer{data: s.b, pos: s.pos}
		l.dict(false, 0)
		s.push(operand{kind: kindDict, from: s.pos, to: l.pos})
		s.pos = l.pos
		return
	}
	from := s.pos + 1
	to := from
	for to < len(s.b) && s.b[to] != '>' { // mostly a glyph or two: a loop is faster than a search
		to++
	}
	s.push(operand{kind: kindHex, from: from, to: to})
	s.pos = min(to+1, len(s.b))
}

func (s *scanner) comment() {
	for s.pos < len(s.b) && s.b[s.pos] != '\n' && s.b[s.pos] != '\r' {
		s.pos++
	}
}

// n returns a number operand, and 0 where there is none.
func (s *scanner) n(i int) float64 {
	if i < len(s.args) {
		return s.args[i].value
	}
	return 0
}

// name returns an operand that is a name.
func (s *scanner) name(i int) []byte {
	if i < len(s.args) && s.args[i].kind == kindName {
		return unescapeName(s.b[s.args[i].from:s.args[i].to])
	}
	return nil
}

// appendString appends the bytes that an operand stands for.
func (s *scanner) appendString(buf []byte, a operand) []byte {
	return appendLiteral(buf, a.kind, s.b[a.from:a.to])
}

// skipInlineImage goes on behind EI (PDF 8.9.7). Where the data end is told by their filter or their size; else EI is
// what is followed by white space and text.
func (s *scanner) skipInlineImage() {
	b, from := s.b, s.pos
	switch filter := s.imageKey("F", "Filter"); filter {
	case "AHx", "ASCIIHexDecode":
		from += max(0, bytes.IndexByte(b[from:], '>'))
	case "A85", "ASCII85Decode":
		from += max(0, bytes.Index(b[from:], []byte("~>")))
	case "":
		from = min(len(b), from+s.imageBytes())
	}
	for i := from; ; {
		j := bytes.Index(b[i:], []byte("EI"))
		if j < 0 {
			s.pos, s.lost = len(b), true
			return
		}
		i += j + 2
		if (i == len(b) || class[b[i]] == space) && isText(b[i:min(i+12, len(b))]) {
			s.pos = i
			return
		}
	}
}

// imageKey returns the value of a key of an inline picture, which may be abbreviated.
func (s *scanner) imageKey(short, long string) string {
	for i := 0; i+1 < len(s.args); i++ {
		if k := string(s.name(i)); k == short || k == long {
			v := s.args[i+1]
			return string(bytes.TrimPrefix(s.b[v.from:v.to], []byte("/")))
		}
	}
	return ""
}

// imageBytes is how many bytes the data of a picture without a filter have at least; 0 where that is not told.
func (s *scanner) imageBytes() int {
	number := func(short, long string) int { return object{raw: []byte(s.imageKey(short, long))}.int() }
	width, height, bits := number("W", "Width"), number("H", "Height"), number("BPC", "BitsPerComponent")
	parts := map[string]int{"G": 1, "DeviceGray": 1, "RGB": 3, "DeviceRGB": 3, "CMYK": 4, "DeviceCMYK": 4}[s.imageKey("CS", "ColorSpace")]
	if s.imageKey("IM", "ImageMask") == "true" {
		parts, bits = 1, 1
	}
	if width < 1 || height < 1 || bits < 1 || bits > 16 || width > 1<<16 || height > 1<<16 {
		return 0
	}
	return (width*parts*bits + 7) / 8 * height
}

func isText(b []byte) bool {
	for _, c := range b {
		if c >= 127 || c < ' ' && class[c] != space {
			return false
		}
	}
	return true
}
