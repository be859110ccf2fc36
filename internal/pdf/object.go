package pdf

import (
	"bytes"
	"math"
	"strconv"
)

type kind uint8

const (
	kindNull kind = iota
	kindNumber
	kindName
	kindString
	kindHex
	kindArray
	kindDict
	kindRef
	kindWord // an operator or keyword
	kindEnd
)

// object is one PDF object (PDF 7.3). The bytes are those of the file, without delimiters.
type object struct {
	kind   kind
	num    int      // of a reference
	raw    []byte   // name, string, number or word as it stands in the file
	items  []object // of an array; of a dictionary as key, value, key, value
	stream *stream  // behind a dictionary
}

// stream is the data of a stream object.
type stream struct {
	raw             []byte // as it stands in the file
	num, generation int    // of its object: an encrypted one is unlocked with them
	cut             bool   // the file ends before it does
}

func (o object) isStream() bool  { return o.stream != nil }
func (o object) number() float64 { return parseNumber(o.raw) }

// int returns a number without its fraction; one that no file has use for is -1.
func (o object) int() int {
	v := parseNumber(o.raw)
	if v != v || math.Abs(v) > 1<<40 {
		return -1
	}
	return int(v)
}
func (o object) is(word string) bool {
	return string(o.raw) == word
}

// get returns the value of a key, or the null object.
func (o *object) get(key string) object {
	if o.kind == kindDict {
		for i := 0; i+1 < len(o.items); i += 2 {
			if string(o.items[i].raw) == key {
				return o.items[i+1]
			}
		}
	}
	return object{}
}

// saysTwice reports whether a dictionary has a key twice: readers differ in which they take.
func (o *object) saysTwice() bool {
	for i := 0; i+1 < len(o.items) && i < 128; i += 2 {
		for k := 0; k < i; k += 2 {
			if string(o.items[k].raw) == string(o.items[i].raw) {
				return true
			}
		}
	}
	return false
}

// item returns an element of an array, or the null object.
func (o object) item(i int) object {
	if o.kind == kindArray && i >= 0 && i < len(o.items) {
		return o.items[i]
	}
	return object{}
}

// parseNumber reads what PDF 7.3.3 allows, and no exponents.
func parseNumber(b []byte) float64 {
	negative, i := false, 0
	if i < len(b) && (b[i] == '-' || b[i] == '+') {
		negative = b[i] == '-'
		i++
	}
	v := 0.0
	for ; i < len(b) && b[i] >= '0' && b[i] <= '9'; i++ {
		v = v*10 + float64(b[i]-'0')
	}
	if i < len(b) && b[i] == '.' {
		f := 0.1
		for i++; i < len(b) && b[i] >= '0' && b[i] <= '9'; i++ {
			v += float64(b[i]-'0') * f
			f *= 0.1
		}
	}
	if negative {
		return -v
	}
	return v
}

// unescapeName replaces #20 and the like (PDF 7.3.5).
func unescapeName(b []byte) []byte {
	if bytes.IndexByte(b, '#') < 0 {
		return b
	}
	var out []byte
	for i := 0; i < len(b); i++ {
		if b[i] == '#' && i+2 < len(b) {
			if v, err := strconv.ParseUint(string(b[i+1:i+3]), 16, 8); err == nil {
				out = append(out, byte(v))
				i += 2
				continue
			}
		}
		out = append(out, b[i])
	}
	return out
}

// appendString appends the bytes that a string object stands for (PDF 7.3.4).
func appendString(buf []byte, o object) []byte { return appendLiteral(buf, o.kind, o.raw) }

func appendLiteral(buf []byte, k kind, raw []byte) []byte {
	switch {
	case k == kindHex:
		return appendHex(buf, raw)
	case bytes.IndexByte(raw, '\\') < 0:
		return append(buf, raw...)
	}
	return appendEscaped(buf, raw)
}

// hexValue is the value of a digit plus one.
var hexValue = func() (t [256]byte) {
	for i, c := range []byte("0123456789abcdef") {
		t[c] = byte(i) + 1
	}
	for i, c := range []byte("ABCDEF") {
		t[c] = byte(i) + 11
	}
	return t
}()

func appendHex(buf, b []byte) []byte {
	var high byte // plus one
	for _, c := range b {
		switch v := hexValue[c]; {
		case v == 0:
		case high == 0:
			high = v
		default:
			buf = append(buf, (high-1)<<4|(v-1))
			high = 0
		}
	}
	if high != 0 {
		buf = append(buf, (high-1)<<4)
	}
	return buf
}

func appendEscaped(buf, b []byte) []byte {
	for i := 0; i < len(b); i++ {
		if b[i] != '\\' {
			buf = append(buf, b[i])
			continue
		}
		i++
		if i >= len(b) {
			break
		}
		switch c := b[i]; c {
		case 'n':
			buf = append(buf, '\n')
		case 'r':
			buf = append(buf, '\r')
		case 't':
			buf = append(buf, '\t')
		case 'b':
			buf = append(buf, '\b')
		case 'f':
			buf = append(buf, '\f')
		case '\n':
		case '\r':
			if i+1 < len(b) && b[i+1] == '\n' {
				i++
			}
		default:
			if c < '0' || c > '7' {
				buf = append(buf, c)
				continue
			}
			v := 0
			for k := 0; k < 3 && i < len(b) && b[i] >= '0' && b[i] <= '7'; k++ {
				v = v*8 + int(b[i]-'0')
				i++
			}
			i--
			buf = append(buf, byte(v))
		}
	}
	return buf
}
