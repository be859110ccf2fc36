package pdf

import (
	"bytes"
	"strconv"
)

// holds reports whether every object in use stands where the cross-reference table says. One that does not may be a
// form with somebody's number in it: then the whole table is not believed.
func (d *Document) holds() bool {
	for n, e := range d.entries {
		if e.where != inFile || n == 0 {
			continue
		}
		if number, _, _, ok := d.headerAt(e.offset); !ok || number != n {
			return false
		}
	}
	return true
}

// rebuild finds the objects by searching the whole file for "n g obj", for files whose cross-reference table is
// missing, damaged or off by some bytes. A later object replaces an earlier one of the same number, as in an
// incremental update.
func (d *Document) rebuild() {
	d.forget()
	d.rebuilt = true
	found := object{kind: kindDict}
	for pos := 0; ; {
		i := bytes.Index(d.data[pos:], []byte(" obj"))
		if i < 0 {
			break
		}
		end := pos + i
		pos = end + len(" obj")
		n, start, ok := d.headerBefore(end)
		if !ok {
			continue
		}
		if n < len(d.entries) {
			d.entries[n] = entry{}
		}
		d.set(n, entry{where: inFile, offset: start})
		l := lexer{data: d.data[:pos+objectEnd(d.data[pos:])], pos: pos}
		o := l.object(true, 0)
		if l.skipSpace(); o.kind == kindDict && bytes.HasPrefix(d.data[l.pos:], []byte("stream")) { // its data are no objects
			pos = max(pos, d.streamEnd(l.pos+len("stream"), o.get("Length")))
		}
		switch {
		case d.typeIs(o, "Catalog"):
			found.items = append([]object{name("Root"), {kind: kindRef, num: n}}, found.items...)
		case d.typeIs(o, "XRef"):
			found.items = append(found.items, o.items...)
		}
	}
	d.adoptTrailers(&found)
	d.trailer = found
}

// streamEnd returns where the data of a stream end, as far as can be told before all objects are found.
func (d *Document) streamEnd(pos int, length object) int {
	if length.kind == kindRef {
		end, _ := d.endOfStream(pos)
		return end
	}
	data, _ := d.streamAt(pos, length)
	return pos + len(data)
}

func (d *Document) typeIs(o object, want string) bool {
	t := o.get("Type")
	return t.is(want)
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

func name(s string) object { return object{kind: kindName, raw: []byte(s)} }

// headerBefore reads "12 0" backwards from the space before "obj".
func (d *Document) headerBefore(end int) (n, start int, ok bool) {
	b := d.data
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
func (d *Document) adoptStreams() error {
	if !d.rebuilt {
		return nil
	}
	for n := range d.entries {
		if e := d.entries[n]; e.where == inFile {
			if o, ok := d.parseAt(e.offset, n); ok && o.isStream() && d.typeIs(o, "ObjStm") {
				d.adoptStream(n, e.offset)
			}
		}
	}
	if d.trailer.get("Root").kind != kindRef {
		d.trailer.items = append(d.trailer.items, name("Root"), object{kind: kindRef, num: d.catalogInStreams()})
	}
	return nil
}

func (d *Document) adoptStream(n, offset int) {
	s := d.objectStream(n)
	if s == nil {
		return
	}
	for k, m := range s.numbers {
		if m >= 0 && m < len(d.entries) && d.entries[m].where != 0 {
			if d.placeOf(d.entries[m]) > offset {
				continue
			}
			d.entries[m] = entry{}
		}
		d.set(m, entry{where: inStream, offset: n, index: k})
	}
}

// placeOf returns where in the file an object stands, or the stream that it is in.
func (d *Document) placeOf(e entry) int {
	if e.where == inStream && e.offset >= 0 && e.offset < len(d.entries) {
		return d.entries[e.offset].offset
	}
	return e.offset
}

func (d *Document) catalogInStreams() int {
	for n := range d.entries {
		if d.entries[n].where == inStream && d.typeIs(d.object(n), "Catalog") {
			return n
		}
	}
	return 0
}

// adoptTrailers puts the last trailer first: get returns the first value of a key.
func (d *Document) adoptTrailers(found *object) {
	for pos := 0; ; {
		i := bytes.Index(d.data[pos:], []byte("trailer"))
		if i < 0 {
			return
		}
		pos += i + len("trailer")
		l := lexer{data: d.data, pos: pos}
		if o := l.object(true, 0); o.get("Root").kind == kindRef {
			found.items = append(append([]object{}, o.items...), found.items...)
			pos = l.pos
		}
	}
}
