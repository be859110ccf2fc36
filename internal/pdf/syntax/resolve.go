package syntax

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
func (f *File) parseAt(offset, want int) (Object, bool) {
	number, generation, l, ok := f.headerAt(offset)
	if !ok || want >= 0 && number != want {
		return Object{}, false
	}
	s := scratches.Get().(*[]Object)
	l.scratch = (*s)[:0]
	o := l.Object(true, 0)
	*s = l.scratch
	scratches.Put(s)
	if o.Kind == KindDict {
		l.skipSpace()
		if bytes.HasPrefix(f.data[l.Pos:], []byte("stream")) {
			raw, cut := f.streamAt(l.Pos+len("stream"), o.Get("Length"))
			o.Stream = &Stream{raw, number, generation, cut}
		}
	}
	if f.lock != nil && number != f.lockNumber {
		f.lock.openStrings(&o, number, generation)
	}
	return o, true
}

// scratches are kept, because most objects are small and read once.
var scratches = sync.Pool{New: func() any { return new([]Object) }}

// skim is Object with only the wanted entries of a dictionary, up to one that is enough. Of an encrypted file it reads
// no strings.
func (f *File) skim(n int, wanted func(key []byte) bool, enough func(key []byte, value Object) bool) Object {
	if n >= 0 && n < len(f.entries) {
		if e := f.entries[n]; e.where == inFile {
			if number, _, l, ok := f.headerAt(e.offset); ok && number == n {
				s := scratches.Get().(*[]Object)
				defer scratches.Put(s)
				l.wanted, l.enough, l.scratch = wanted, enough, (*s)[:0]
				o := l.Object(true, 0)
				*s = l.scratch
				return o
			}
		}
	}
	return f.Object(n)
}

// headerAt reads "12 0 obj".
func (f *File) headerAt(offset int) (number, generation int, l Lexer, ok bool) {
	if offset < 0 || offset >= len(f.data) {
		return 0, 0, l, false
	}
	l = Lexer{Data: f.data, Pos: offset}
	number, first := l.plainInt()
	generation, second := l.plainInt()
	l.skipSpace()
	if !first || !second || !bytes.HasPrefix(l.Data[l.Pos:], []byte("obj")) {
		return 0, 0, l, false
	}
	l.Pos += len("obj")
	return number, generation, l, true
}

// plainInt reads digits.
func (l *Lexer) plainInt() (v int, ok bool) {
	l.skipSpace()
	from := l.Pos
	for l.Pos < len(l.Data) && l.Pos-from < 10 && l.Data[l.Pos]-'0' <= 9 {
		v = v*10 + int(l.Data[l.Pos]-'0')
		l.Pos++
	}
	return v, l.Pos > from
}

// streamAt returns the bytes up to endstream: by /Length where that holds, else by searching; cut when there is none.
func (f *File) streamAt(pos int, length Object) (data []byte, cut bool) {
	b := f.data
	if pos < len(b) && b[pos] == '\r' {
		pos++
	}
	if pos < len(b) && b[pos] == '\n' {
		pos++
	}
	if length.Kind == KindRef {
		length = f.plainNumber(length.Num)
	}
	if n := length.Int(); length.Kind == KindNumber && n >= 0 && n <= len(b)-pos {
		after := Lexer{Data: b, Pos: pos + n}
		after.skipSpace()
		if bytes.HasPrefix(b[after.Pos:], []byte("endstream")) {
			return b[pos : pos+n], false
		}
	}
	end, found := f.endOfStream(pos)
	for n := 0; n < 2 && end > pos && (b[end-1] == '\n' || b[end-1] == '\r'); n++ {
		end--
	}
	return b[pos:end], !found
}

// endOfStream finds the next "endstream". All are looked for once: one search per stream would take time that grows
// with the square of the file.
func (f *File) endOfStream(pos int) (end int, found bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ends == nil {
		f.ends = []int{}
		for at := 0; ; {
			i := bytes.Index(f.data[at:], []byte("endstream"))
			if i < 0 {
				break
			}
			f.ends = append(f.ends, at+i)
			at += i + len("endstream")
		}
	}
	if k, _ := slices.BinarySearch(f.ends, pos); k < len(f.ends) {
		return f.ends[k], true
	}
	return len(f.data), false
}

// plainNumber reads a number object and never a stream: a /Length that points to its own stream would recurse
// without end.
func (f *File) plainNumber(n int) Object {
	if n < 0 || n >= len(f.entries) || f.entries[n].where != inFile {
		return Object{}
	}
	if number, _, l, ok := f.headerAt(f.entries[n].offset); ok && number == n {
		if o := l.Object(false, 0); o.Kind == KindNumber {
			return o
		}
	}
	return Object{}
}

func (f *File) objectStream(n int) *objectStream {
	f.mu.Lock()
	s, ok := f.parsed.streams[n]
	f.mu.Unlock()
	if ok {
		return s
	}
	s = f.readObjectStream(n)
	f.mu.Lock()
	f.parsed.streams[n] = s
	f.mu.Unlock()
	return s
}

func (f *File) readObjectStream(n int) *objectStream {
	if n < 0 || n >= len(f.entries) || f.entries[n].where != inFile {
		return nil
	}
	o, ok := f.parseAt(f.entries[n].offset, n)
	if !ok || !o.IsStream() {
		return nil
	}
	b, err := f.Decode(o)
	first, count := f.plainOrOwn(o.Get("First")), f.plainOrOwn(o.Get("N"))
	if err != nil || first < 0 || first > len(b) {
		return nil
	}
	s := &objectStream{data: b}
	l := Lexer{Data: b[:first]}
	for range count {
		number, offset := l.Object(false, 0), l.Object(false, 0)
		if number.Kind != KindNumber || offset.Kind != KindNumber || offset.Int() < 0 || first+offset.Int() > len(b) {
			break
		}
		s.numbers = append(s.numbers, number.Int())
		s.offsets = append(s.offsets, first+offset.Int())
	}
	return s
}

// plainOrOwn reads a number that may stand in another object, but in no stream of objects.
func (f *File) plainOrOwn(o Object) int {
	if o.Kind == KindRef {
		o = f.plainNumber(o.Num)
	}
	return o.Int()
}

// Object parses object n. Parsing is cheap; what many pages share is kept by ResolveShared.
func (f *File) Object(n int) Object {
	if n < 0 || n >= len(f.entries) {
		return Object{}
	}
	switch e := f.entries[n]; e.where {
	case inFile:
		if o, ok := f.parseAt(e.offset, n); ok {
			return o
		}
	case inStream:
		s := f.objectStream(e.offset)
		if s == nil {
			return Object{}
		}
		if k := f.find(s, n, e.index); k >= 0 {
			l := Lexer{Data: s.data, Pos: s.offsets[k]}
			return l.Object(true, 0)
		}
	}
	return Object{}
}

func (f *File) find(s *objectStream, n, guess int) int {
	if guess >= 0 && guess < len(s.numbers) && s.numbers[guess] == n {
		return guess
	}
	f.mu.Lock()
	defer f.mu.Unlock()
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

// Resolve follows references.
func (f *File) Resolve(o Object) Object {
	for i := 0; o.Kind == KindRef && i < 20; i++ {
		o = f.Object(o.Num)
	}
	return o
}

// keptObjects is how many shared objects are remembered.
const keptObjects = 4096

// ResolveShared is Resolve with a memory, for resources and fonts.
func (f *File) ResolveShared(o Object) Object {
	if o.Kind != KindRef {
		return o
	}
	f.mu.Lock()
	v, ok := f.parsed.objects[o.Num]
	f.mu.Unlock()
	if ok {
		return v
	}
	v = f.Resolve(o)
	f.mu.Lock()
	if len(f.parsed.objects) < keptObjects {
		f.parsed.objects[o.Num] = v
	}
	f.mu.Unlock()
	return v
}
