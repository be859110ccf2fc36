package inflate

import "encoding/binary"

const (
	endOfBlock = 256

	// room is what one round of the fast loop may write: three literals or a copy of 258 bytes, in pieces of eight.
	room = 258 + 8
	// pairBits is the most that a length and its distance take.
	pairBits = longest + 5 + longest + 13
)

// compressed decodes a block with the codes that were built.
func (d *decoder) compressed() error {
	for {
		if err := d.grow(room); err != nil {
			return err
		}
		ended, err := d.fast()
		if ended || err != nil {
			return err
		}
		if len(d.out)-d.n < room {
			continue
		}
		if ended, err = d.symbol(); ended || err != nil {
			return err
		}
	}
}

// fast decodes while so much input and room are left that no symbol can want more.
func (d *decoder) fast() (ended bool, err error) {
	src, out, literals := d.src, d.out, d.literals.entries
	bits, have, pos, n := d.bits, d.have, d.pos, d.n
	deeper := d.literals.deeper
	for pos+8 <= len(src) && n+room <= len(out) {
		bits |= binary.LittleEndian.Uint64(src[pos:]) << (have & 63)
		pos += int(63-have) >> 3
		have |= 56
		e := literals[bits&(1<<literalRoot-1)]
		if e&isLiteral != 0 {
			out[n] = byte(e >> valueAt)
			n++
			bits >>= e & sizeMask
			have -= e.size()
			if e = literals[bits&(1<<literalRoot-1)]; e&isLiteral != 0 {
				out[n] = byte(e >> valueAt)
				n++
				bits >>= e & sizeMask
				have -= e.size()
				if e = literals[bits&(1<<literalRoot-1)]; e&isLiteral != 0 {
					out[n] = byte(e >> valueAt)
					n++
					bits >>= e & sizeMask
					have -= e.size()
					continue
				}
			}
			if have < pairBits {
				continue
			}
		}
		if e&isLong != 0 {
			bits >>= literalRoot
			have -= literalRoot
			e = literals[e.value()+int(bits&(1<<(deeper&63)-1))]
			if e&isLiteral != 0 {
				out[n] = byte(e >> valueAt)
				n++
				bits >>= e & sizeMask
				have -= e.size()
				continue
			}
		}
		bits >>= e & sizeMask
		have -= e.size()
		if e&(isEnd|isWrong) != 0 {
			ended, err = e&isEnd != 0, wrong(e)
			break
		}
		length := e.value() + int(bits&(1<<e.extra()-1))
		bits >>= e.extra()
		have -= e.extra()
		e = d.distances.entries[bits&(1<<distanceRoot-1)]
		if e&isLong != 0 {
			bits >>= distanceRoot
			have -= distanceRoot
			e = d.distances.entries[e.value()+int(bits&(1<<d.distances.deeper-1))]
		}
		bits >>= e & sizeMask
		have -= e.size()
		away := e.value() + int(bits&(1<<e.extra()-1))
		bits >>= e.extra()
		have -= e.extra()
		if e&isWrong != 0 || away > n-d.start {
			err = ErrCorrupt
			break
		}
		n = repeat(out, n, away, length)
	}
	bits &= 1<<have - 1
	d.bits, d.have, d.pos, d.n = bits, have, pos, n
	return ended, err
}

func wrong(e entry) error {
	if e&isWrong != 0 {
		return ErrCorrupt
	}
	return nil
}

// repeat appends to out[:n] the length bytes that stand so far away from its end. It may write up to seven bytes more.
func repeat(out []byte, n, away, length int) int {
	end := n + length
	if away >= 8 {
		for ; n < end; n += 8 {
			binary.LittleEndian.PutUint64(out[n:], binary.LittleEndian.Uint64(out[n-away:]))
		}
		return end
	}
	for ; n < end; n++ {
		out[n] = out[n-away]
	}
	return end
}

// symbol decodes one symbol, where the input is about to end.
func (d *decoder) symbol() (ended bool, err error) {
	if d.fill(); d.have < d.least { // compress/flate gives no literal that is followed by less than an end of block
		return false, ErrShort
	}
	e, err := d.entryOf(&d.literals)
	switch {
	case err != nil:
		return false, err
	case e&isLiteral != 0:
		d.out[d.n] = byte(e >> valueAt)
		d.n++
		return false, nil
	case e&isEnd != 0:
		return true, nil
	}
	more, err := d.take(e.extra())
	if err != nil {
		return false, err
	}
	length := e.value() + more
	if e, err = d.entryOf(&d.distances); err != nil {
		return false, err
	}
	if more, err = d.take(e.extra()); err != nil {
		return false, err
	}
	away := e.value() + more
	if away > d.n-d.start {
		return false, ErrCorrupt
	}
	d.n = repeat(d.out, d.n, away, length)
	return false, nil
}

// entryOf takes the code of a symbol.
func (d *decoder) entryOf(c *code) (entry, error) {
	d.fill()
	e := c.entries[d.bits&(1<<c.root-1)]
	size := e.size()
	if e&isLong != 0 {
		e = c.entries[e.value()+int(d.bits>>c.root&(1<<c.deeper-1))]
		size += e.size()
	}
	switch {
	case size > d.have:
		return 0, ErrShort
	case e&isWrong != 0:
		return 0, ErrCorrupt
	}
	d.bits >>= size
	d.have -= size
	return e, nil
}
