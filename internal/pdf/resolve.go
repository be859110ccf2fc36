package pdf

import (
	"bytes"
	"slices"
	"sync"
)

// objectStream is a decoded stream of objects (PDF 7.5.7).
type objectStream struct {
	data    []byte
	numbers []int
	offsets []int
	at      map[int]int // number -> index, for streams whose table and index disagree
}

// parseAt reads the object at an offset. With want >= 0 it must have that number.
func (d *Document) parseAt(offset, want int) (object, bool) {
	number, generation, l, ok := d.headerAt(offset)
	if !ok || want >= 0 && number != want {
		return object{}, false
	}
	s := scratches.Get().(*[]object)
	l.scratch = (*s)[:0]
	o := l.object(true, 0)
	*s = l.scratch
	scratches.Put(s)
	if o.kind == kindDict {
		l.skipSpace()
		if bytes.HasPrefix(d.data[l.pos:], []byte("stream")) {
			raw, cut := d.streamAt(l.pos+len("stream"), o.get("Length"))
			o.stream = &stream{raw, number, generation, cut}
		}
	}
	if d.lock != nil && number != d.lockNumber {
		d.lock.openStrings(&o, number, generation)
	}
	return o, true
}

// scratches are kept, because most objects are small and read once.
var scratches = sync.Pool{New: func() any { return new([]object) }}

// skim is object with only the wanted entries of a dictionary. Of an encrypted file it reads no strings.
func (d *Document) skim(n int, wanted func(key []byte) bool) object {
	if n >= 0 && n < len(d.entries) {
		if e := d.entries[n]; e.where == inFile {
			if number, _, l, ok := d.headerAt(e.offset); ok && number == n {
				s := scratches.Get().(*[]object)
				defer scratches.Put(s)
				l.wanted, l.scratch = wanted, (*s)[:0]
				o := l.object(true, 0)
				*s = l.scratch
				return o
			}
		}
	}
	return d.object(n)
}

// headerAt reads "12 0 obj".
func (d *Document) headerAt(offset int) (number, generation int, l lexer, ok bool) {
	if offset < 0 || offset >= len(d.data) {
		return 0, 0, l, false
	}
	l = lexer{data: d.data, pos: offset}
	number, first := l.plainInt()
	generation, second := l.plainInt()
	l.skipSpace()
	if !first || !second || !bytes.HasPrefix(l.data[l.pos:], []byte("obj")) {
		return 0, 0, l, false
	}
	l.pos += len("obj")
	return number, generation, l, true
}

// plainInt reads digits.
func (l *lexer) plainInt() (v int, ok bool) {
	l.skipSpace()
	from := l.pos
	for l.pos < len(l.data) && l.pos-from < 10 && l.data[l.pos]-'0' <= 9 {
		v = v*10 + int(l.data[l.pos]-'0')
		l.pos++
	}
	return v, l.pos > from
}

// streamAt returns the bytes up to endstream: by /Length where that holds, else by searching; cut when there is none.
func (d *Document) streamAt(pos int, length object) (data []byte, cut bool) {
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
	if n := length.int(); length.kind == kindNumber && n >= 0 && n <= len(b)-pos {
		after := lexer{data: b, pos: pos + n}
		after.skipSpace()
		if bytes.HasPrefix(b[after.pos:], []byte("endstream")) {
			return b[pos : pos+n], false
		}
	}
	end, found := d.endOfStream(pos)
	for n := 0; n < 2 && end > pos && (b[end-1] == '\n' || b[end-1] == '\r'); n++ {
		end--
	}
	return b[pos:end], !found
}

// endOfStream finds the next "endstream". All are looked for once: one search per stream would take time that grows
// with the square of the file.
func (d *Document) endOfStream(pos int) (end int, found bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ends == nil {
		d.ends = []int{}
		for at := 0; ; {
			i := bytes.Index(d.data[at:], []byte("endstream"))
			if i < 0 {
				break
			}
			d.ends = append(d.ends, at+i)
			at += i + len("endstream")
		}
	}
	if k, _ := slices.BinarySearch(d.ends, pos); k < len(d.ends) {
		return d.ends[k], true
	}
	return len(d.data), false
}

// plainNumber reads a number object and never a stream: a /Length that points to its own stream would recurse
// without end.
func (d *Document) plainNumber(n int) object {
	if n < 0 || n >= len(d.entries) || d.entries[n].where != inFile {
		return object{}
	}
	if number, _, l, ok := d.headerAt(d.entries[n].offset); ok && number == n {
		if o := l.object(false, 0); o.kind == kindNumber {
			return o
		}
	}
	return object{}
}

func (d *Document) objectStream(n int) *objectStream {
	d.mu.Lock()
	s, ok := d.parsed.streams[n]
	d.mu.Unlock()
	if ok {
		return s
	}
	s = d.readObjectStream(n)
	d.mu.Lock()
	d.parsed.streams[n] = s
	d.mu.Unlock()
	return s
}

func (d *Document) readObjectStream(n int) *objectStream {
	if n < 0 || n >= len(d.entries) || d.entries[n].where != inFile {
		return nil
	}
	o, ok := d.parseAt(d.entries[n].offset, n)
	if !ok || !o.isStream() {
		return nil
	}
	b, err := d.decode(o)
	first, count := d.plainOrOwn(o.get("First")), d.plainOrOwn(o.get("N"))
	if err != nil || first < 0 || first > len(b) {
		return nil
	}
	s := &objectStream{data: b}
	l := lexer{data: b[:first]}
	for range count {
		number, offset := l.object(false, 0), l.object(false, 0)
		if number.kind != kindNumber || offset.kind != kindNumber || offset.int() < 0 || first+offset.int() > len(b) {
			break
		}
		s.numbers = append(s.numbers, number.int())
		s.offsets = append(s.offsets, first+offset.int())
	}
	return s
}

// plainOrOwn reads a number that may stand in another object, but in no stream of objects.
func (d *Document) plainOrOwn(o object) int {
	if o.kind == kindRef {
		o = d.plainNumber(o.num)
	}
	return o.int()
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
		if k := d.find(s, n, e.index); k >= 0 {
			l := lexer{data: s.data, pos: s.offsets[k]}
			return l.object(true, 0)
		}
	}
	return object{}
}

func (d *Document) find(s *objectStream, n, guess int) int {
	if guess >= 0 && guess < len(s.numbers) && s.numbers[guess] == n {
		return guess
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if s.at == nil {
		s.at = make(map[int]int, len(s.numbers))
		for i, m := range s.numbers {
			s.at[m] = i
		}
	}
	if k, ok := s.at[n]; ok {
		return k
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

// keptObjects is how many shared objects are remembered.
const keptObjects = 4096

// resolveShared is resolve with a memory, for resources and fonts.
func (d *Document) resolveShared(o object) object {
	if o.kind != kindRef {
		return o
	}
	d.mu.Lock()
	v, ok := d.parsed.objects[o.num]
	d.mu.Unlock()
	if ok {
		return v
	}
	v = d.resolve(o)
	d.mu.Lock()
	if len(d.parsed.objects) < keptObjects {
		d.parsed.objects[o.num] = v
	}
	d.mu.Unlock()
	return v
}
