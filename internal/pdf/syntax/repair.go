package syntax

import (
	"bytes"
	"strconv"
)

// rebuilder makes the cross-reference table of a file anew.
type rebuilder struct{ *File }

// rebuild finds the objects by searching the whole file for "n g obj", for files whose cross-reference table is
// missing, damaged or off by some bytes. A later object replaces an earlier one of the same number, as in an
// incremental update.
func (r rebuilder) rebuild() {
	r.forget()
	found := Object{Kind: KindDict}
	for pos := 0; ; {
		i := bytes.Index(r.data[pos:], []byte(" obj"))
		if i < 0 {
			break
		}
		end := pos + i
		pos = end + len(" obj")
		n, start, ok := r.headerBefore(end)
		if !ok {
			continue
		}
		if n < len(r.entries) {
			r.entries[n] = entry{}
		}
		r.set(n, entry{where: inFile, offset: start})
		l := Lexer{Data: r.data[:pos+objectEnd(r.data[pos:])], Pos: pos}
		o := l.Object(true, 0)
		l.skipSpace()
		if o.Kind == KindDict && bytes.HasPrefix(r.data[l.Pos:], []byte("stream")) { // its data are no objects
			pos = max(pos, r.streamEnd(l.Pos+len("stream"), o.Get("Length")))
		}
		switch {
		case r.TypeIs(o, "Catalog"):
			found.Items = append([]Object{Name("Root"), {Kind: KindRef, Num: n}}, found.Items...)
		case r.TypeIs(o, "XRef"):
			found.Items = append(found.Items, o.Items...)
		}
	}
	r.adoptTrailers(&found)
	r.trailer = found
}

// streamEnd returns where the data of a stream end, as far as can be told before all objects are found.
func (r rebuilder) streamEnd(pos int, length Object) int {
	if length.Kind == KindRef {
		end, _ := r.endOfStream(pos)
		return end
	}
	data, _ := r.streamAt(pos, length)
	return pos + len(data)
}

// TypeIs reports whether a dictionary says that it is of a type.
func (f *File) TypeIs(o Object, want string) bool {
	t := o.Get("Type")
	return t.Is(want)
}

// objectEnd returns where the object at the beginning of b ends at the latest: looking further for each object would
// take time that grows with the square of the file.
func objectEnd(b []byte) int {
	for _, word := range []string{" obj", "endobj"} {
		if i := bytes.Index(b, []byte(word)); i >= 0 {
			b = b[:i]
		}
	}
	return len(b)
}

// headerBefore reads "12 0" backwards from the space before "obj".
func (r rebuilder) headerBefore(end int) (n, start int, ok bool) {
	b := r.data
	generation := end
	for generation > 0 && b[generation-1] >= '0' && b[generation-1] <= '9' {
		generation--
	}
	if generation == end || generation == 0 || class[b[generation-1]] != space {
		return 0, 0, false
	}
	stop := generation
	for stop > 0 && class[b[stop-1]] == space {
		stop--
	}
	start = stop
	for start > 0 && b[start-1] >= '0' && b[start-1] <= '9' {
		start--
	}
	if start == stop || stop-start > 9 {
		return 0, 0, false
	}
	n, err := strconv.Atoi(string(b[start:stop]))
	return n, start, err == nil
}

// adoptStreams adds the objects of object streams to a table that was rebuilt. A stream's objects replace what stands
// before it in the file, and not what comes after.
func (r rebuilder) adoptStreams() {
	for n := range r.entries {
		if e := r.entries[n]; e.where == inFile {
			if o, ok := r.parseAt(e.offset, n); ok && o.IsStream() && r.TypeIs(o, "ObjStm") {
				r.adoptStream(n, e.offset)
			}
		}
	}
	if r.trailer.Get("Root").Kind != KindRef {
		r.trailer.Items = append(r.trailer.Items, Name("Root"), Object{Kind: KindRef, Num: r.catalogInStreams()})
	}
}

func (r rebuilder) adoptStream(n, offset int) {
	s := r.objectStream(n)
	if s == nil {
		return
	}
	for k, m := range s.numbers {
		if m >= 0 && m < len(r.entries) && r.entries[m].where != 0 {
			if r.placeOf(r.entries[m]) > offset {
				continue
			}
			r.entries[m] = entry{}
		}
		r.set(m, entry{where: inStream, offset: n, index: k})
	}
}

// placeOf returns where in the file an object stands, or the stream that it is in.
func (r rebuilder) placeOf(e entry) int {
	if e.where == inStream && e.offset >= 0 && e.offset < len(r.entries) {
		return r.entries[e.offset].offset
	}
	return e.offset
}

func (r rebuilder) catalogInStreams() int {
	for n := range r.entries {
		if r.entries[n].where == inStream && r.TypeIs(r.Object(n), "Catalog") {
			return n
		}
	}
	return 0
}

// adoptTrailers puts the last trailer first: get returns the first value of a key.
func (r rebuilder) adoptTrailers(found *Object) {
	for pos := 0; ; {
		i := bytes.Index(r.data[pos:], []byte("trailer"))
		if i < 0 {
			return
		}
		pos += i + len("trailer")
		l := Lexer{Data: r.data, Pos: pos}
		if o := l.Object(true, 0); o.Get("Root").Kind == KindRef {
			found.Items = append(append([]Object{}, o.Items...), found.Items...)
			pos = l.Pos
		}
	}
}
