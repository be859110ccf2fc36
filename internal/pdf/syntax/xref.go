package syntax

import "bytes"

// entry says where an object stands (PDF 7.5.4 and 7.5.8).
type entry struct {
	where  uint8
	offset int // in the file, or the number of the object stream
	index  int // in the object stream
}

const (
	inFile uint8 = iota + 1
	inStream
	free
)

// sparse is how far object numbers may run ahead of the bytes of the file. No writer counts like that, and a crafted
// number must not ask for all memory.
const sparse = 10_000

// sectionLimit is how many updates a file may have had.
const sectionLimit = 1000

// set keeps the first entry of an object: newer sections are read before older ones.
func (f *File) set(n int, e entry) {
	if n < 0 || n > len(f.data)+sparse {
		return
	}
	for len(f.entries) <= n {
		f.entries = append(f.entries, make([]entry, max(n+1-len(f.entries), len(f.entries)/2))...)
	}
	if f.entries[n].where == 0 {
		f.entries[n] = e
	}
}

// xrefReader reads the cross-reference table of a file.
type xrefReader struct {
	*File
	freed []int // of the section that is being read
}

// readXref follows the chain of cross-reference sections from startxref and reports whether it holds.
func (x *xrefReader) readXref() bool {
	i := bytes.LastIndex(x.data, []byte("startxref"))
	if i < 0 {
		return false
	}
	l := Lexer{Data: x.data, Pos: i + len("startxref")}
	offset := l.Object(false, 0).Int()
	seen := map[int]bool{} // each section once, and all of them no longer than the file and its share
	for first := true; offset > 0 && offset < len(x.data) && !seen[offset]; first = false {
		seen[offset] = true
		trailer, ok := x.readSection(offset)
		if !ok || len(seen) > sectionLimit {
			return false
		}
		if first {
			x.trailer = trailer
		}
		previous := trailer.Get("Prev")
		if previous.Kind != KindNumber {
			break
		}
		offset = previous.Int()
	}
	return x.trailer.Get("Root").Kind == KindRef
}

// readSection reads a table or a stream of entries and returns its trailer dictionary.
func (x *xrefReader) readSection(offset int) (Object, bool) {
	l := Lexer{Data: x.data, Pos: offset}
	if word := l.Object(false, 0); word.Kind != KindKeyword || !word.Is("xref") {
		return x.readXrefStream(offset)
	}
	for {
		start := l.Object(false, 0)
		if start.Kind == KindKeyword && start.Is("trailer") {
			break
		}
		count := l.Object(false, 0)
		if start.Kind != KindNumber || !x.readEntries(&l, start.Int(), count.Int()) {
			return Object{}, false
		}
	}
	trailer := l.Object(true, 0)
	if hybrid := trailer.Get("XRefStm"); hybrid.Kind == KindNumber { // PDF 7.5.8.4
		x.readXrefStream(hybrid.Int())
	}
	for _, n := range x.freed { // last: what older readers take for free is in the stream
		x.set(n, entry{where: free})
	}
	x.freed = x.freed[:0]
	return trailer, true
}

func (x *xrefReader) readEntries(l *Lexer, start, count int) bool {
	if count > len(l.Data)/18 || x.Spend(20*max(count, 1)) != nil {
		return false
	}
	for k := range count {
		l.skipSpace()
		p := l.Pos
		if p+18 > len(l.Data) || !allDigits(l.Data[p:p+10]) || l.Data[p+10] != ' ' {
			return false
		}
		if l.Data[p+17] == 'n' {
			x.set(start+k, entry{where: inFile, offset: bigInt(l.Data[p : p+10])})
		} else {
			x.freed = append(x.freed, start+k)
		}
		l.Pos = p + 18
	}
	return true
}

func bigInt(digits []byte) int {
	v := 0
	for _, c := range digits {
		v = v*10 + int(c-'0')
	}
	return v
}

func (x *xrefReader) readXrefStream(offset int) (Object, bool) {
	o, ok := x.parseAt(offset, -1)
	if !ok || !o.IsStream() {
		return o, false
	}
	b, err := x.Decode(o)
	widths := o.Get("W")
	if err != nil || len(widths.Items) < 3 {
		return o, false
	}
	w0, w1, w2 := widths.Items[0].Int(), widths.Items[1].Int(), widths.Items[2].Int()
	row := w0 + w1 + w2
	if w0 < 0 || w1 < 0 || w2 < 0 || row == 0 || row > 32 {
		return o, false
	}
	if x.Spend(len(b)) != nil {
		return o, false
	}
	sections := o.Get("Index").Items
	if len(sections) == 0 {
		sections = []Object{{Kind: KindNumber, Raw: []byte("0")}, o.Get("Size")}
	}
	for i := 0; i+1 < len(sections); i += 2 {
		start, count := sections[i].Int(), sections[i+1].Int()
		for k := 0; k < count && len(b) >= row; k++ {
			where := inFile // PDF 7.5.8.2: the default of a missing type
			if w0 > 0 {
				where = uint8(bigEndian(b[:w0]))
			}
			f1, f2 := bigEndian(b[w0:w0+w1]), bigEndian(b[w0+w1:row])
			b = b[row:]
			switch where {
			case inFile, inStream:
				x.set(start+k, entry{where: where, offset: f1, index: f2})
			default:
				x.set(start+k, entry{where: free})
			}
		}
	}
	return o, true
}

func bigEndian(b []byte) int {
	v := 0
	for _, c := range b {
		v = v<<8 | int(c)
	}
	return v
}

// holds reports whether every object in use stands where the cross-reference table says. One that does not may be a
// form with somebody's number in it: then the whole table is not believed.
func (x *xrefReader) holds() bool {
	for n, e := range x.entries {
		if e.where != inFile || n == 0 {
			continue
		}
		if number, _, _, ok := x.headerAt(e.offset); !ok || number != n {
			return false
		}
	}
	return true
}
