package syntax

import "strconv"

// Lexer reads objects one after the other from bytes of the file or of a content stream (PDF 7.2).
type Lexer struct {
	Data    []byte
	Pos     int
	scratch []Object              // items of what is being read; each array and dictionary then gets a slice of its own
	wanted  func(key []byte) bool // of the outermost dictionary; nil for all
	// enough says after which of these the rest is not read; nil for none.
	enough func(key []byte, value Object) bool
}

// depthLimit bounds nesting, so that a crafted file cannot exhaust the stack.
const depthLimit = 60

const (
	regular   uint8 = iota
	space           // PDF 7.2.2 table 1
	delimiter       // PDF 7.2.2 table 2
)

var class = [256]uint8{
	0: space, '\t': space, '\n': space, '\f': space, '\r': space, ' ': space,
	'(': delimiter, ')': delimiter, '<': delimiter, '>': delimiter, '[': delimiter, ']': delimiter,
	'{': delimiter, '}': delimiter, '/': delimiter, '%': delimiter,
}

func (l *Lexer) skipSpace() {
	for l.Pos < len(l.Data) {
		c := l.Data[l.Pos]
		switch {
		case class[c] == space:
			l.Pos++
		case c == '%':
			for l.Pos < len(l.Data) && l.Data[l.Pos] != '\n' && l.Data[l.Pos] != '\r' {
				l.Pos++
			}
		default:
			return
		}
	}
}

// Object reads the next object. With refs, "12 0 R" is read as a reference.
func (l *Lexer) Object(refs bool, depth int) Object {
	l.skipSpace()
	if l.Pos >= len(l.Data) {
		return Object{Kind: KindEnd}
	}
	switch c := l.Data[l.Pos]; c {
	case '/':
		l.Pos++
		return Object{Kind: KindName, Raw: unescapeName(l.regularRun())}
	case '(':
		return l.literal()
	case '<':
		if l.Pos+1 < len(l.Data) && l.Data[l.Pos+1] == '<' {
			return l.dict(refs, depth)
		}
		return l.hex()
	case '[':
		return l.arrayOf(refs, depth)
	case '>', ')', ']', '{', '}':
		l.Pos++
		return Object{Kind: KindKeyword, Raw: l.Data[l.Pos-1 : l.Pos]}
	}
	return l.numberOrWord(refs)
}

func (l *Lexer) regularRun() []byte {
	start := l.Pos
	for l.Pos < len(l.Data) && class[l.Data[l.Pos]] == regular {
		l.Pos++
	}
	return l.Data[start:l.Pos]
}

func (l *Lexer) literal() Object {
	d := l.Data
	start, end, open := l.Pos+1, l.Pos+1, 1
	for end < len(d) {
		switch d[end] {
		case '\\':
			end++
		case '(':
			open++
		case ')':
			open--
		}
		if open == 0 {
			break
		}
		end++
	}
	end = min(end, len(d))
	l.Pos = min(end+1, len(d))
	return Object{Kind: KindString, Raw: d[start:end]}
}

func (l *Lexer) hex() Object {
	d := l.Data
	start := l.Pos + 1
	end := start
	for end < len(d) && d[end] != '>' {
		end++
	}
	l.Pos = min(end+1, len(d))
	return Object{Kind: KindHex, Raw: d[start:end]}
}

func (l *Lexer) dict(refs bool, depth int) Object {
	l.Pos += 2
	from := len(l.scratch)
	o := Object{Kind: KindDict}
	if depth > depthLimit {
		return o
	}
	for {
		l.skipSpace()
		if l.Pos+1 < len(l.Data) && l.Data[l.Pos] == '>' && l.Data[l.Pos+1] == '>' {
			l.Pos += 2
			o.Items = l.take(from)
			return o
		}
		key := l.Object(false, depth+1)
		switch {
		case key.Kind == KindEnd, key.Kind == KindKeyword && (key.Is("endobj") || key.Is("stream")):
			o.Items = l.take(from)
			return o
		case key.Kind != KindName:
		case depth == 0 && l.wanted != nil && !l.wanted(key.Raw):
			l.skip(refs, depth+1)
		default:
			value := l.Object(refs, depth+1)
			l.scratch = append(l.scratch, key, value)
			if depth == 0 && l.enough != nil && l.enough(key.Raw, value) {
				o.Items = l.take(from)
				return o
			}
		}
	}
}

// take returns what was read since the scratch had so many items, in a slice of its own.
func (l *Lexer) take(from int) []Object {
	if len(l.scratch) == from {
		return nil
	}
	items := make([]Object, len(l.scratch)-from)
	copy(items, l.scratch[from:])
	l.scratch = l.scratch[:from]
	return items
}

// skip reads over an object.
func (l *Lexer) skip(refs bool, depth int) {
	l.skipSpace()
	if l.Pos >= len(l.Data) {
		return
	}
	switch c := l.Data[l.Pos]; {
	case c == '<' && l.Pos+1 < len(l.Data) && l.Data[l.Pos+1] == '<':
		l.Pos += 2
		l.skipUntil('>', refs, depth)
		if l.Pos < len(l.Data) && l.Data[l.Pos] == '>' {
			l.Pos++
		}
	case c == '[':
		l.Pos++
		l.skipUntil(']', refs, depth)
	default:
		l.Object(refs, depth)
	}
}

// skipUntil reads over objects up to the sign that closes them.
func (l *Lexer) skipUntil(end byte, refs bool, depth int) {
	for depth <= depthLimit {
		l.skipSpace()
		if l.Pos >= len(l.Data) {
			return
		}
		if l.Data[l.Pos] == end {
			l.Pos++
			return
		}
		before := l.Pos
		l.skip(refs, depth+1)
		if l.Pos == before {
			return
		}
	}
}

func (l *Lexer) arrayOf(refs bool, depth int) Object {
	l.Pos++
	from := len(l.scratch)
	o := Object{Kind: KindArray}
	if depth > depthLimit {
		return o
	}
	for {
		l.skipSpace()
		if l.Pos >= len(l.Data) {
			break
		}
		if l.Data[l.Pos] == ']' {
			l.Pos++
			break
		}
		before := l.Pos
		item := l.Object(refs, depth+1)
		if item.Kind == KindEnd || l.Pos == before {
			break
		}
		l.scratch = append(l.scratch, item)
	}
	o.Items = l.take(from)
	return o
}

func (l *Lexer) numberOrWord(refs bool) Object {
	text := l.regularRun()
	if c := text[0]; (c < '0' || c > '9') && c != '-' && c != '.' && c != '+' {
		if string(text) == "null" {
			return Object{}
		}
		return Object{Kind: KindKeyword, Raw: text}
	}
	if refs && allDigits(text) {
		if end, ok := l.reference(); ok {
			l.Pos = end
			n, _ := strconv.Atoi(string(text))
			return Object{Kind: KindRef, Num: n}
		}
	}
	return Object{Kind: KindNumber, Raw: text}
}

// reference looks ahead for " 0 R" and returns where it ends.
func (l *Lexer) reference() (int, bool) {
	d, q := l.Data, l.Pos
	for q < len(d) && class[d[q]] == space {
		q++
	}
	generation := q
	for q < len(d) && d[q] >= '0' && d[q] <= '9' {
		q++
	}
	if q == generation || q >= len(d) || class[d[q]] != space {
		return 0, false
	}
	for q < len(d) && class[d[q]] == space {
		q++
	}
	if q < len(d) && d[q] == 'R' && (q+1 == len(d) || class[d[q+1]] != regular) {
		return q + 1, true
	}
	return 0, false
}

func allDigits(b []byte) bool {
	if len(b) == 0 || len(b) > 10 {
		return false
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
