package pdf

import "strconv"

// lexer reads objects one after the other from bytes of the file or of a content stream (PDF 7.2).
type lexer struct {
	data    []byte
	pos     int
	scratch []object              // items of what is being read; each array and dictionary then gets a slice of its own
	wanted  func(key []byte) bool // of the outermost dictionary; nil for all
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

func (l *lexer) skipSpace() {
	for l.pos < len(l.data) {
		c := l.data[l.pos]
		switch {
		case class[c] == space:
			l.pos++
		case c == '%':
			for l.pos < len(l.data) && l.data[l.pos] != '\n' && l.data[l.pos] != '\r' {
				l.pos++
			}
		default:
			return
		}
	}
}

// object reads the next object. With refs, "12 0 R" is read as a reference.
func (l *lexer) object(refs bool, depth int) object {
	l.skipSpace()
	if l.pos >= len(l.data) {
		return object{kind: kindEnd}
	}
	switch c := l.data[l.pos]; c {
	case '/':
		l.pos++
		return object{kind: kindName, raw: unescapeName(l.regularRun())}
	case '(':
		return l.literal()
	case '<':
		if l.pos+1 < len(l.data) && l.data[l.pos+1] == '<' {
			return l.dict(refs, depth)
		}
		return l.hex()
	case '[':
		return l.arrayOf(refs, depth)
	case '>', ')', ']', '{', '}':
		l.pos++
		return object{kind: kindWord, raw: l.data[l.pos-1 : l.pos]}
	}
	return l.numberOrWord(refs)
}

func (l *lexer) regularRun() []byte {
	start := l.pos
	for l.pos < len(l.data) && class[l.data[l.pos]] == regular {
		l.pos++
	}
	return l.data[start:l.pos]
}

func (l *lexer) literal() object {
	d := l.data
	start, end, open := l.pos+1, l.pos+1, 1
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
	l.pos = min(end+1, len(d))
	return object{kind: kindString, raw: d[start:end]}
}

func (l *lexer) hex() object {
	d := l.data
	start := l.pos + 1
	end := start
	for end < len(d) && d[end] != '>' {
		end++
	}
	l.pos = min(end+1, len(d))
	return object{kind: kindHex, raw: d[start:end]}
}

func (l *lexer) dict(refs bool, depth int) object {
	l.pos += 2
	from := len(l.scratch)
	o := object{kind: kindDict}
	if depth > depthLimit {
		return o
	}
	for {
		l.skipSpace()
		if l.pos+1 < len(l.data) && l.data[l.pos] == '>' && l.data[l.pos+1] == '>' {
			l.pos += 2
			o.items = l.take(from)
			return o
		}
		key := l.object(false, depth+1)
		switch {
		case key.kind == kindEnd, key.kind == kindWord && (key.is("endobj") || key.is("stream")):
			o.items = l.take(from)
			return o
		case key.kind != kindName:
		case depth == 0 && l.wanted != nil && !l.wanted(key.raw):
			l.skip(refs, depth+1)
		default:
			value := l.object(refs, depth+1)
			l.scratch = append(l.scratch, key, value)
		}
	}
}

// take returns what was read since the scratch had so many items, in a slice of its own.
func (l *lexer) take(from int) []object {
	if len(l.scratch) == from {
		return nil
	}
	items := make([]object, len(l.scratch)-from)
	copy(items, l.scratch[from:])
	l.scratch = l.scratch[:from]
	return items
}

// skip reads over an object.
func (l *lexer) skip(refs bool, depth int) {
	l.skipSpace()
	if l.pos >= len(l.data) {
		return
	}
	switch c := l.data[l.pos]; {
	case c == '<' && l.pos+1 < len(l.data) && l.data[l.pos+1] == '<':
		l.pos += 2
		l.skipUntil('>', refs, depth)
		if l.pos < len(l.data) && l.data[l.pos] == '>' {
			l.pos++
		}
	case c == '[':
		l.pos++
		l.skipUntil(']', refs, depth)
	default:
		l.object(refs, depth)
	}
}

// skipUntil reads over objects up to the sign that closes them.
func (l *lexer) skipUntil(end byte, refs bool, depth int) {
	for depth <= depthLimit {
		l.skipSpace()
		if l.pos >= len(l.data) {
			return
		}
		if l.data[l.pos] == end {
			l.pos++
			return
		}
		before := l.pos
		l.skip(refs, depth+1)
		if l.pos == before {
			return
		}
	}
}

func (l *lexer) arrayOf(refs bool, depth int) object {
	l.pos++
	from := len(l.scratch)
	o := object{kind: kindArray}
	if depth > depthLimit {
		return o
	}
	for {
		l.skipSpace()
		if l.pos >= len(l.data) {
			break
		}
		if l.data[l.pos] == ']' {
			l.pos++
			break
		}
		before := l.pos
		item := l.object(refs, depth+1)
		if item.kind == kindEnd || l.pos == before {
			break
		}
		l.scratch = append(l.scratch, item)
	}
	o.items = l.take(from)
	return o
}

func (l *lexer) numberOrWord(refs bool) object {
	text := l.regularRun()
	if c := text[0]; (c < '0' || c > '9') && c != '-' && c != '.' && c != '+' {
		if string(text) == "null" {
			return object{}
		}
		return object{kind: kindWord, raw: text}
	}
	if refs && allDigits(text) {
		if end, ok := l.reference(); ok {
			l.pos = end
			n, _ := strconv.Atoi(string(text))
			return object{kind: kindRef, num: n}
		}
	}
	return object{kind: kindNumber, raw: text}
}

// reference looks ahead for " 0 R" and returns where it ends.
func (l *lexer) reference() (int, bool) {
	d, q := l.data, l.pos
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
