package inflate

import "math/bits"

// A Huffman code is read with a table: the next root bits choose an entry, which is the symbol's or, for a longer code,
// says where in the same table the entries of all codes with this beginning are.
const (
	literalRoot, distanceRoot, lengthRoot = 10, 8, 7
	longest                               = 15 // bits of a code (RFC 1951, 3.2.7)

	literalCodes, distanceCodes, lengthCodes = 288, 32, 19

	// Of a complete code, at least two symbols share a beginning that is longer than root.
	literalSize  = 1<<literalRoot + literalCodes/2<<(longest-literalRoot)
	distanceSize = 1<<distanceRoot + distanceCodes/2<<(longest-distanceRoot)
)

// entry says in bits 0–5 how many bits of the code it takes, in bits 8–12 how many bits follow, and above them the
// literal, what a length or a distance begins at, or where the longer codes' entries are.
type entry uint32

const (
	isLiteral entry = 1 << 31
	isLong    entry = 1 << 15 // the code is longer than root
	isEnd     entry = 1 << 14 // of the block
	isWrong   entry = 1 << 13 // no symbol has this code, or the symbol may not be used

	valueAt, valueMask = 16, 1<<15 - 1
	extraAt, extraMask = 8, 1<<5 - 1
	sizeMask           = 1<<6 - 1
)

func (e entry) size() uint  { return uint(e & sizeMask) }
func (e entry) extra() uint { return uint(e>>extraAt) & extraMask }
func (e entry) value() int  { return int(e>>valueAt) & valueMask }

// code is a table and how many of its bits choose an entry at first.
type code struct {
	root    uint
	entries []entry
	deeper  uint // how many bits choose among the longer codes
}

// literalSymbols, distanceSymbols and lengthSymbols are the entries of all symbols, without the size of their codes
// (RFC 1951, 3.2.5 and 3.2.7).
var (
	literalSymbols, distanceSymbols = symbols()
	lengthSymbols                   = func() (s [lengthCodes]entry) {
		for i := range s {
			s[i] = entry(i) << valueAt
		}
		return s
	}()
)

func symbols() (literals [literalCodes]entry, distances [distanceCodes]entry) {
	const firstLength, lastLength = 257, 285
	for i := range firstLength - 1 {
		literals[i] = isLiteral | entry(i)<<valueAt
	}
	literals[firstLength-1] = isEnd
	for i, from := firstLength, 3; i < lastLength; i++ {
		extra := max(0, (i-261)/4)
		literals[i] = entry(from)<<valueAt | entry(extra)<<extraAt
		from += 1 << extra
	}
	literals[lastLength] = 258 << valueAt
	literals[286], literals[287] = isWrong, isWrong
	for i, from := 0, 1; i < 30; i++ {
		extra := max(0, (i-2)/2)
		distances[i] = entry(from)<<valueAt | entry(extra)<<extraAt
		from += 1 << extra
	}
	distances[30], distances[31] = isWrong, isWrong
	return literals, distances
}

// build makes the table of the code whose symbols have codes of these lengths (RFC 1951, 3.2.2), and reports whether
// there is one: all of its codes are used, or there is one code of one bit, or none.
func (c *code) build(lengths []uint8, symbols []entry) bool {
	var count, next [longest + 2]int
	for _, n := range lengths {
		count[n]++
	}
	used, most := len(lengths)-count[0], 0
	count[0] = 0
	for n := 1; n <= longest; n++ {
		next[n+1] = (next[n] + count[n]) << 1
		if count[n] > 0 {
			most = n
		}
	}
	switch whole := most > 0 && next[most+1] == 2<<most; {
	case used > 0 && !whole && !(most == 1 && used == 1):
		return false
	case !whole:
		for i := range c.entries[:1<<c.root] {
			c.entries[i] = isWrong | 1
		}
	}
	c.deeper = uint(max(0, most-int(c.root)))
	c.enter(lengths, symbols, &next)
	return true
}

// enter writes the entries of all symbols. next are the first codes of each length.
func (c *code) enter(lengths []uint8, symbols []entry, next *[longest + 2]int) {
	free := 1 << c.root // where the entries of the next beginning go
	if c.deeper > 0 {
		clear(c.entries[:free]) // else a beginning would look taken
	}
	for symbol, length := range lengths {
		if length == 0 {
			continue
		}
		n := uint(length)
		reversed := int(bits.Reverse16(uint16(next[n])) >> (16 - n))
		next[n]++
		if n <= c.root {
			fill(c.entries[:1<<c.root], reversed, 1<<n, symbols[symbol]|entry(n))
			continue
		}
		first := &c.entries[reversed&(1<<c.root-1)]
		if *first&isLong == 0 {
			*first = isLong | entry(free)<<valueAt | entry(c.root)
			free += 1 << c.deeper
		}
		from := first.value()
		fill(c.entries[from:from+1<<c.deeper], reversed>>c.root, 1<<(n-c.root), symbols[symbol]|entry(n-c.root))
	}
}

func fill(entries []entry, from, step int, e entry) {
	for i := from; i < len(entries); i += step {
		entries[i] = e
	}
}

// fixedCodes are those of RFC 1951, 3.2.6. They are built once for blocks that follow each other: an empty block has
// ten bits, and nobody may have a table built for each.
func (d *decoder) fixedCodes() {
	d.least = 7
	if d.fixed {
		return
	}
	d.fixed = true
	lengths := d.lengths[:literalCodes]
	for i := range lengths {
		switch {
		case i < 144:
			lengths[i] = 8
		case i < 256:
			lengths[i] = 9
		case i < 280:
			lengths[i] = 7
		default:
			lengths[i] = 8
		}
	}
	d.literals.build(lengths, literalSymbols[:])
	for i := range distanceCodes {
		lengths[i] = 5
	}
	d.distances.build(lengths[:distanceCodes], distanceSymbols[:])
}

// lengthOrder is in which order the lengths of the codes of lengths stand (RFC 1951, 3.2.7).
var lengthOrder = [lengthCodes]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// dynamicCodes reads the codes of a block (RFC 1951, 3.2.7).
func (d *decoder) dynamicCodes() error {
	d.fixed = false
	head, err := d.take(14)
	if err != nil {
		return err
	}
	literals, distances, lengths := head&31+257, head>>5&31+1, head>>10+4
	if literals > 286 || distances > 30 {
		return ErrCorrupt
	}
	var own [lengthCodes]uint8
	for _, symbol := range lengthOrder[:lengths] {
		n, err := d.take(3)
		if err != nil {
			return err
		}
		own[symbol] = uint8(n)
	}
	c := code{root: lengthRoot, entries: d.lengthEntries[:]}
	if !c.build(own[:], lengthSymbols[:]) {
		return ErrCorrupt
	}
	if err := d.codeLengths(&c, d.lengths[:literals+distances]); err != nil {
		return err
	}
	if !d.literals.build(d.lengths[:literals], literalSymbols[:]) ||
		!d.distances.build(d.lengths[literals:literals+distances], distanceSymbols[:]) {
		return ErrCorrupt
	}
	d.least = uint(d.lengths[endOfBlock])
	return nil
}

// codeLengths reads the lengths of codes, which are themselves coded.
func (d *decoder) codeLengths(c *code, lengths []uint8) error {
	for i := 0; i < len(lengths); {
		e, err := d.entryOf(c)
		if err != nil {
			return err
		}
		symbol := e.value()
		if symbol < 16 {
			lengths[i] = uint8(symbol)
			i++
			continue
		}
		var repeated uint8
		times, extra := 3, uint(2)
		switch {
		case symbol == 16 && i == 0:
			return ErrCorrupt
		case symbol == 16:
			repeated = lengths[i-1]
		case symbol == 17:
			extra = 3
		default:
			times, extra = 11, 7
		}
		more, err := d.take(extra)
		if err != nil {
			return err
		}
		if times += more; times > len(lengths)-i {
			return ErrCorrupt
		}
		for range times {
			lengths[i] = repeated
			i++
		}
	}
	return nil
}
