package syntax

import "bytes"

// Operand is what stands before an operator in a content stream. It points into the content and holds no pointers:
// there are millions of them. Arrays are flat: no operator of text takes two.
type Operand struct {
	Kind     Kind
	From, To int // in the content, without delimiters
	Value    float64
}

// Scanner reads a content stream (PDF 7.8.2), an operator with its operands at a time.
type Scanner struct {
	Content  []byte
	Pos      int
	Operands []Operand
	Named    bool // there is a name among them
	Overfull bool // an operator had more operands than any has
	Lost     bool // an inline picture has no end
}

// Reset begins with other content.
func (s *Scanner) Reset(content []byte) {
	s.Content, s.Pos, s.Overfull, s.Lost = content, 0, false, false
}

// OperandsMost bounds the operands of one operator, of which TJ has as many as a line has letters.
const OperandsMost = 1 << 16

// Next reads up to the next operator. It returns false at the end. The data of an inline picture are skipped.
func (s *Scanner) Next() (Operator, bool) {
	s.Operands, s.Named = s.Operands[:0], false
	b := s.Content
	for s.Pos < len(b) {
		c := b[s.Pos]
		switch {
		case class[c] == space, c == '[', c == ']':
			s.Pos++
		case c >= '0' && c <= '9', c == '-', c == '.', c == '+':
			s.number()
		case c == '(':
			s.literal()
		case c == '/':
			from := s.Pos + 1
			s.Pos, s.Named = s.endOfRun(from), true
			s.push(Operand{Kind: KindName, From: from, To: s.Pos})
		case c == '<':
			s.hexOrDict()
		case c == '%':
			s.comment()
		case class[c] == delimiter:
			s.Pos++
		default:
			from := s.Pos
			s.Pos = s.endOfRun(from)
			if word := b[from:s.Pos]; len(word) <= 5 {
				if o := operatorOf(word); o != 0 {
					if o == OpInlineImageData {
						s.skipInlineImage()
					}
					return o, true
				}
			}
		}
	}
	return 0, false
}

func (s *Scanner) push(o Operand) {
	if len(s.Operands) >= OperandsMost {
		s.Overfull = true
		return
	}
	s.Operands = append(s.Operands, o)
}

func (s *Scanner) endOfRun(pos int) int {
	for pos < len(s.Content) && class[s.Content[pos]] == regular {
		pos++
	}
	return pos
}

var tenths = [...]float64{1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9}

// number reads what PDF 7.3.3 allows, and no exponents. Digits beyond what a float holds do not count.
func (s *Scanner) number() {
	if !s.plainNumber() {
		s.oddNumber()
	}
}

func (s *Scanner) oddNumber() {
	b, i := s.Content, s.Pos
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
	s.push(Operand{Kind: KindNumber, From: s.Pos, To: end, Value: v})
	s.Pos = max(end, s.Pos+1)
}

// plainDigits is how many digits before the point plainNumber reads.
const plainDigits = 12

// plainNumber reads what nearly all numbers are: a few digits with a point or without. It reports false, and reads
// nothing, for anything else.
func (s *Scanner) plainNumber() bool {
	b, i := s.Content, s.Pos
	negative := b[i] == '-'
	if negative {
		i++
	}
	var whole, part int64
	first := i
	for i < len(b) && b[i]-'0' <= 9 {
		whole = whole*10 + int64(b[i]-'0')
		i++
	}
	if i == first || i-first > plainDigits {
		return false
	}
	v := float64(whole)
	if i < len(b) && b[i] == '.' {
		point := i + 1
		for i = point; i < len(b) && b[i]-'0' <= 9 && i-point < len(tenths)-1; i++ {
			part = part*10 + int64(b[i]-'0')
		}
		v += float64(part) * tenths[i-point]
	}
	if i >= len(b) || class[b[i]] == regular {
		return false
	}
	if negative {
		v = -v
	}
	s.push(Operand{Kind: KindNumber, From: s.Pos, To: i, Value: v})
	s.Pos = i
	return true
}

func (s *Scanner) literal() {
	b := s.Content
	from := s.Pos + 1
	i, open := from, 1
	for ; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				s.push(Operand{Kind: KindString, From: from, To: i})
				s.Pos = i + 1
				return
			}
		}
	}
	s.push(Operand{Kind: KindString, From: from, To: len(b)})
	s.Pos = len(b)
}

func (s *Scanner) hexOrDict() {
	if s.Pos+1 < len(s.Content) && s.Content[s.Pos+1] == '<' {
		l := Lexer{Data: s.Content, Pos: s.Pos}
		l.dict(false, 0)
		s.push(Operand{Kind: KindDict, From: s.Pos, To: l.Pos})
		s.Pos = l.Pos
		return
	}
	from := s.Pos + 1
	to := from
	for to < len(s.Content) && s.Content[to] != '>' { // mostly a glyph or two: a loop is faster than a search
		to++
	}
	s.push(Operand{Kind: KindHex, From: from, To: to})
	s.Pos = min(to+1, len(s.Content))
}

func (s *Scanner) comment() {
	for s.Pos < len(s.Content) && s.Content[s.Pos] != '\n' && s.Content[s.Pos] != '\r' {
		s.Pos++
	}
}

// Number returns a number operand, and 0 where there is none.
func (s *Scanner) Number(i int) float64 {
	if i < len(s.Operands) {
		return s.Operands[i].Value
	}
	return 0
}

// Name returns an operand that is a name.
func (s *Scanner) Name(i int) []byte {
	if i < len(s.Operands) && s.Operands[i].Kind == KindName {
		return unescapeName(s.Content[s.Operands[i].From:s.Operands[i].To])
	}
	return nil
}

// AppendString appends the bytes that an operand stands for.
func (s *Scanner) AppendString(buf []byte, a Operand) []byte {
	return AppendLiteral(buf, a.Kind, s.Content[a.From:a.To])
}

// skipInlineImage goes on behind EI (PDF 8.9.7). Where the data end is told by their filter or their size; else EI is
// what is followed by white space and text.
func (s *Scanner) skipInlineImage() {
	b, from := s.Content, s.Pos
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
			s.Pos, s.Lost = len(b), true
			return
		}
		i += j + 2
		if (i == len(b) || class[b[i]] == space) && isText(b[i:min(i+12, len(b))]) {
			s.Pos = i
			return
		}
	}
}

// imageKey returns the value of a key of an inline picture, which may be abbreviated.
func (s *Scanner) imageKey(short, long string) string {
	for i := 0; i+1 < len(s.Operands); i++ {
		if k := string(s.Name(i)); k == short || k == long {
			v := s.Operands[i+1]
			return string(bytes.TrimPrefix(s.Content[v.From:v.To], []byte("/")))
		}
	}
	return ""
}

// imageBytes is how many bytes the data of a picture without a filter have at least; 0 where that is not told.
func (s *Scanner) imageBytes() int {
	number := func(short, long string) int { return Object{Raw: []byte(s.imageKey(short, long))}.Int() }
	width, height, bits := number("W", "Width"), number("H", "Height"), number("BPC", "BitsPerComponent")
	parts := map[string]int{
		"G": 1, "DeviceGray": 1, "RGB": 3, "DeviceRGB": 3, "CMYK": 4, "DeviceCMYK": 4,
	}[s.imageKey("CS", "ColorSpace")]
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
