package syntax

import (
	"bytes"
	"strconv"
	"unicode/utf16"
)

// TextString reads a text string: UTF-16 or UTF-8 with its mark, or one byte a character, of which those that are not
// Latin 1 are dashes and other signs (PDF 7.9.2.2 and annex D.3).
func TextString(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		units := make([]uint16, 0, len(b)/2)
		for i := 2; i+1 < len(b); i += 2 {
			units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
		}
		return string(utf16.Decode(units))
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		return string(b[3:])
	}
	runes := make([]rune, len(b))
	for i, c := range b {
		runes[i] = rune(c)
		if c >= 0x80 && c < 0xA0 {
			runes[i] = '-'
		}
	}
	return string(runes)
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

// AppendString appends the bytes that a string object stands for (PDF 7.3.4).
func AppendString(buf []byte, o Object) []byte { return AppendLiteral(buf, o.Kind, o.Raw) }

// AppendLiteral is AppendString for a string of either kind as it stands in the file.
func AppendLiteral(buf []byte, k Kind, raw []byte) []byte {
	switch {
	case k == KindHex:
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
