package pdf

import "bytes"

// objectStream is a decoded stream of objects (PDF 7.5.7).
type objectStream struct {
	data    []byte
	numbers []int
	offsets []int
}

// parseAt reads the object at an offset. With want >= 0 it must have that number.
func (d *Document) parseAt(offset, want int) (object, bool) {
	if offset < 0 || offset >= len(d.data) {
		return object{}, false
	}
	l := lexer{data: d.data, pos: offset}
	number, generation, word := l.object(false, 0), l.object(false, 0), l.object(false, 0)
	if number.kind != kindNumber || generation.kind != kindNumber || !word.is("obj") ||
		(want >= 0 && number.int() != want) {
		return object{}, false
	}
	o := l.object(true, 0)
	if o.kind == kindDict {
		l.skipSpace()
		if bytes.HasPrefix(d.data[l.pos:], []byte("stream")) {
			o.stream, o.isStream = d.streamAt(l.pos+len("stream"), o.get("Length")), true
		}
	}
	return o, true
}

// streamAt returns the bytes up to endstream: by /Length where that holds, else by searching.
func (d *Document) streamAt(pos int, length object) []byte {
	b := d.data
	if pos < len(b) && b[pos] == '\r' {
		pos++
	}
	if pos < len(b) && b[pos] == '\n' {
		pos++
	}
	if length.kind == kindRef {
		length = d.plainNumber(length.num)
	}
	if n := length.int(); length.kind == kindNumber && n >= 0 && pos+n <= len(b) {
		after := lexer{data: b, pos: pos + n}
		after.skipSpace()
		if bytes.HasPrefix(b[after.pos:], []byte("endstream")) {
			return b[pos : pos+n]
		}
	}
	i := bytes.Index(b[pos:], []byte("endstream"))
	if i < 0 {
		return b[pos:]
	}
	n := i
	for n > 0 && (b[pos+n-1] == '\n' || b[pos+n-1] == '\r') && i-n < 2 {
		n--
	}
	return b[pos : pos+n]
}

// plainNumber reads a number object and never a stream: a /Length that points to its own stream would recurse
// without end.
func (d *Document) plainNumber(n int) object {
	if n < 0 || n >= len(d.entries) {
		return object{}
	}
	if e := d.entries[n]; e.where == inFile && e.offset < len(d.data) {
		l := lexer{data: d.data, pos: e.offset}
		for range 3 {
			l.object(false, 0)
		}
		if o := l.object(false, 0); o.kind == kindNumber {
			return o
		}
	}
	return object{}
}

func (d *Document) objectStream(n int) *objectStream {
	d.mu.Lock()
	s, ok := d.streams[n]
	d.mu.Unlock()
	if ok {
		return s
	}
	s = d.readObjectStream(n)
	d.mu.Lock()
	d.streams[n] = s
	d.mu.Unlock()
	return s
}

func (d *Document) readObjectStream(n int) *objectStream {
	if n < 0 || n >= len(d.entries) || d.entries[n].where != inFile {
		return nil
	}
	o, ok := d.parseAt(d.entries[n].offset, n)
	if !ok || !o.isStream {
		return nil
	}
	b, err := d.decode(o)
	first, count := d.resolve(o.get("First")).int(), d.resolve(o.get("N")).int()
	if err != nil || first < 0 || first > len(b) {
		return nil
	}
	s := &objectStream{data: b}
	l := lexer{data: b[:first]}
	for range count {
		number, offset := l.object(false, 0), l.object(false, 0)
		if number.kind != kindNumber || offset.kind != kindNumber || offset.int() < 0 || offset.int() > len(b) {
			break
		}
		s.numbers = append(s.numbers, number.int())
		s.offsets = append(s.offsets, first+offset.int())
	}
	return s
}

// object parses object n. Parsing is cheap; what many pages share is kept by resolveShared.
func (d *Document) object(n int) object {
	if n < 0 || n >= len(d.entries) {
		return object{}
	}
	switch e := d.entries[n]; e.where {
	case inFile:
		if o, ok := d.parseAt(e.offset, n); ok {
			return o
		}
	case inStream:
		s := d.objectStream(e.offset)
		if s == nil {
			return object{}
		}
		if k := s.find(n, e.index); k >= 0 && s.offsets[k] >= 0 && s.offsets[k] <= len(s.data) {
			l := lexer{data: s.data, pos: s.offsets[k]}
			return l.object(true, 0)
		}
	}
	return object{}
}

func (s *objectStream) find(n, guess int) int {
	if guess >= 0 && guess < len(s.numbers) && s.numbers[guess] == n {
		return guess
	}
	for i, m := range s.numbers {
		if m == n {
			return i
		}
	}
	return -1
}

// resolve follows references.
func (d *Document) resolve(o object) object {
	for i := 0; o.kind == kindRef && i < 20; i++ {
		o = d.object(o.num)
	}
	return o
}

// resolveShared is resolve with a memory, for resources and fonts.
func (d *Document) resolveShared(o object) object {
	if o.kind != kindRef {
		return o
	}
	d.mu.Lock()
	v, ok := d.cache[o.num]
	d.mu.Unlock()
	if ok {
		return v
	}
	v = d.resolve(o)
	d.mu.Lock()
	if len(d.cache) < 4096 {
		d.cache[o.num] = v
	}
	d.mu.Unlock()
	return v
}
