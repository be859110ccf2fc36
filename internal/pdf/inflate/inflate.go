// Package inflate undoes Deflate (RFC 1951) from one piece of memory into another. All input is there at once, so there
// is no state between calls and no window to copy; that is what it gains over compress/flate and klauspost/compress. On
// damaged data it gives the bytes that compress/flate gives, and an error wherever that gives one.
package inflate

import (
	"errors"
	"sync"
)

// What ends the decoding of damaged data. The bytes before are given.
var (
	ErrCorrupt = errors.New("the compressed data are corrupt")
	ErrShort   = errors.New("the compressed data end too early")
	ErrLimit   = errors.New("the data are longer than allowed")
)

// decoder holds the state of one stream between its blocks.
type decoder struct {
	src []byte
	pos int // of the next byte of src that is not in bits

	bits uint64 // that were read and not used; the next is the lowest
	have uint   // how many those are

	out   []byte // as long as its capacity
	n     int    // how much of out is written
	start int    // where this stream begins in out
	most  int    // how long it may become

	least uint // bits that an end of block takes

	literals, distances code
	literalEntries      [literalSize]entry
	distanceEntries     [distanceSize]entry
	lengthEntries       [1 << lengthRoot]entry
	fixed               bool // the codes are the fixed ones, also of the stream before
	lengths             [literalCodes + distanceCodes]uint8
}

var decoders = sync.Pool{New: func() any {
	d := new(decoder)
	d.literals = code{root: literalRoot, entries: d.literalEntries[:]}
	d.distances = code{root: distanceRoot, entries: d.distanceEntries[:]}
	return d
}}

// Append appends to buf what the Deflate stream at the beginning of src holds. What follows the stream is not read. A
// stream that holds more than most bytes is ErrLimit.
func Append(buf, src []byte, most int) ([]byte, error) {
	d := decoders.Get().(*decoder)
	d.src, d.pos, d.bits, d.have = src, 0, 0, 0
	d.out, d.n, d.start, d.most = buf[:cap(buf)], len(buf), len(buf), most
	err := d.blocks()
	if d.n-d.start > most {
		d.n, err = d.start+most, ErrLimit
	}
	buf = d.out[:d.n]
	d.src, d.out = nil, nil // the pool keeps neither
	decoders.Put(d)
	return buf, err
}

func (d *decoder) blocks() error {
	for last := false; !last; {
		head, err := d.take(3)
		if err != nil {
			return err
		}
		last = head&1 == 1
		switch head >> 1 {
		case 0:
			err = d.stored()
		case 1:
			d.fixedCodes()
			err = d.compressed()
		case 2:
			if err = d.dynamicCodes(); err == nil {
				err = d.compressed()
			}
		default:
			err = ErrCorrupt
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// fill reads bytes until at least 56 bits are there or the input ends.
func (d *decoder) fill() {
	for d.have < 56 && d.pos < len(d.src) {
		d.bits |= uint64(d.src[d.pos]) << d.have
		d.pos++
		d.have += 8
	}
}

// take returns the next count bits, at most 16.
func (d *decoder) take(count uint) (int, error) {
	if d.have < count {
		if d.fill(); d.have < count {
			return 0, ErrShort
		}
	}
	v := d.bits & (1<<count - 1)
	d.bits >>= count
	d.have -= count
	return int(v), nil
}

// stored copies a block that is not compressed (RFC 1951, 3.2.4). As much as there is of it is given.
func (d *decoder) stored() error {
	d.bits >>= d.have & 7
	d.have &^= 7
	size, err := d.take(16)
	if err != nil {
		return err
	}
	check, err := d.take(16)
	if err != nil {
		return err
	}
	if size != check^0xFFFF {
		return ErrCorrupt
	}
	d.pos -= int(d.have / 8) // bytes that were read ahead belong to the block
	d.bits, d.have = 0, 0
	there := min(size, len(d.src)-d.pos)
	if err := d.grow(there); err != nil {
		return err
	}
	d.n += copy(d.out[d.n:], d.src[d.pos:d.pos+there])
	d.pos += there
	if there < size {
		return ErrShort
	}
	return nil
}

// grow makes room for more bytes.
func (d *decoder) grow(more int) error {
	if d.n-d.start > d.most {
		return ErrLimit
	}
	if d.n+more <= len(d.out) {
		return nil
	}
	guess := max(min(4*len(d.src)+512, 1<<20), d.n-d.start)
	more = max(more, min(guess, d.most-(d.n-d.start)+room)) // a bomb gets no more memory than its limit
	out := make([]byte, d.n+more)
	copy(out, d.out[:d.n])
	d.out = out
	return nil
}
