package pdf

import (
	"bytes"
	"strconv"
)

// rebuild finds the objects by searching the whole file for "n g obj", for files whose cross-reference table is
// missing, damaged or off by some bytes. A later object replaces an earlier one of the same number, as in an
// incremental update.
func (d *Document) rebuild() {
	d.rebuilt = true
	d.forget()
	found := object{kind: kindDict}
	var objectStreams []int
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
		switch t := o.get("Type"); {
		case t.is("Catalog"):
			found.items = append(found.items, name("Root"), object{kind: kindRef, num: n})
		case t.is("ObjStm"):
			objectStreams = append(objectStreams, n)
		case t.is("XRef"):
			if e := o.get("Encrypt"); e.kind != kindNull {
				found.items = append(found.items, name("Encrypt"), e)
			}
		}
	}
	for _, n := range objectStreams {
		d.adoptStream(n, &found)
	}
	d.adoptTrailers(&found)
	d.trailer = found
}

// objectEnd returns where the object at the beginning of b ends at the latest: looking further for each object would
// take time that grows with the square of the file.
func objectEnd(b []byte) int {
	for _, word := range []string{"endobj", " obj"} {
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

func (d *Document) adoptStream(n int, found *object) {
	s := d.objectStream(n)
	if s == nil {
		return
	}
	for k, m := range s.numbers {
		d.set(m, entry{where: inStream, offset: n, index: k})
		l := lexer{data: s.data, pos: min(s.offsets[k], len(s.data))}
		o := l.object(true, 0)
		if t := o.get("Type"); t.is("Catalog") {
			found.items = append(found.items, name("Root"), object{kind: kindRef, num: m})
		}
	}
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
		}
	}
}
