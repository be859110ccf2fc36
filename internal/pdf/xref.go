package pdf

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
func (d *Document) set(n int, e entry) {
	if n < 0 || n > len(d.data)+sparse {
		return
	}
	for len(d.entries) <= n {
		d.entries = append(d.entries, make([]entry, max(n+1-len(d.entries), len(d.entries)/2))...)
	}
	if d.entries[n].where == 0 {
		d.entries[n] = e
	}
}

// readXref follows the chain of cross-reference sections from startxref and reports whether it holds.
func (d *Document) readXref() bool {
	i := bytes.LastIndex(d.data, []byte("startxref"))
	if i < 0 {
		return false
	}
	l := lexer{data: d.data, pos: i + len("startxref")}
	offset := l.object(false, 0).int()
	seen := map[int]bool{} // each section once, and all of them no longer than the file and its share
	for first := true; offset > 0 && offset < len(d.data) && !seen[offset]; first = false {
		seen[offset] = true
		trailer, ok := d.readSection(offset)
		if !ok || len(seen) > sectionLimit {
			return false
		}
		if first {
			d.trailer = trailer
		}
		previous := trailer.get("Prev")
		if previous.kind != kindNumber {
			break
		}
		offset = previous.int()
	}
	return d.trailer.get("Root").kind == kindRef
}

// readSection reads a table or a stream of entries and returns its trailer dictionary.
func (d *Document) readSection(offset int) (object, bool) {
	l := lexer{data: d.data, pos: offset}
	if word := l.object(false, 0); word.kind != kindWord || !word.is("xref") {
		return d.readXrefStream(offset)
	}
	for {
		start := l.object(false, 0)
		if start.kind == kindWord && start.is("trailer") {
			break
		}
		count := l.object(false, 0)
		if start.kind != kindNumber || !d.readEntries(&l, start.int(), count.int()) {
			return object{}, false
		}
	}
	trailer := l.object(true, 0)
	if hybrid := trailer.get("XRefStm"); hybrid.kind == kindNumber { // PDF 7.5.8.4
		d.readXrefStream(hybrid.int())
	}
	for _, n := range d.freed { // last: what older readers take for free is in the stream
		d.set(n, entry{where: free})
	}
	d.freed = d.freed[:0]
	return trailer, true
}

func (d *Document) readEntries(l *lexer, start, count int) bool {
	if count > len(l.data)/18 || d.spend(20*max(count, 1)) != nil {
		return false
	}
	for k := range count {
		l.skipSpace()
		p := l.pos
		if p+18 > len(l.data) || !allDigits(l.data[p:p+10]) || l.data[p+10] != ' ' {
			return false
		}
		if l.data[p+17] == 'n' {
			d.set(start+k, entry{where: inFile, offset: bigInt(l.data[p : p+10])})
		} else {
			d.freed = append(d.freed, start+k)
		}
		l.pos = p + 18
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

func (d *Document) readXrefStream(offset int) (object, bool) {
	o, ok := d.parseAt(offset, -1)
	if !ok || !o.isStream() {
		return o, false
	}
	b, err := d.decode(o)
	widths := o.get("W")
	if err != nil || len(widths.items) < 3 {
		return o, false
	}
	w0, w1, w2 := widths.items[0].int(), widths.items[1].int(), widths.items[2].int()
	row := w0 + w1 + w2
	if w0 < 0 || w1 < 0 || w2 < 0 || row == 0 || row > 32 {
		return o, false
	}
	if d.spend(len(b)) != nil {
		return o, false
	}
	sections := o.get("Index").items
	if len(sections) == 0 {
		sections = []object{{kind: kindNumber, raw: []byte("0")}, o.get("Size")}
	}
	for i := 0; i+1 < len(sections); i += 2 {
		start, count := sections[i].int(), sections[i+1].int()
		for k := 0; k < count && len(b) >= row; k++ {
			where := inFile // PDF 7.5.8.2: the default of a missing type
			if w0 > 0 {
				where = uint8(bigEndian(b[:w0]))
			}
			f1, f2 := bigEndian(b[w0:w0+w1]), bigEndian(b[w0+w1:row])
			b = b[row:]
			switch where {
			case inFile, inStream:
				d.set(start+k, entry{where: where, offset: f1, index: f2})
			default:
				d.set(start+k, entry{where: free})
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
