package pdf

import "unicode/utf16"

// readCMap reads a ToUnicode map (PDF 9.10.3) and whether its codes have one byte.
func readCMap(b []byte) (map[uint32]string, bool) {
	m, oneByte := map[uint32]string{}, false
	l := lexer{data: b}
	var args []object
	for {
		o := l.object(false, 0)
		if o.kind == kindEnd {
			return m, oneByte
		}
		if o.kind != kindWord {
			args = append(args, o)
			continue
		}
		switch string(o.raw) {
		case "endcodespacerange":
			oneByte = len(args) > 0 && len(appendString(nil, args[0])) == 1
		case "endbfchar":
			for i := 0; i+1 < len(args); i += 2 {
				m[codeOf(args[i])] = utf16Text(appendString(nil, args[i+1]))
			}
		case "endbfrange":
			for i := 0; i+2 < len(args); i += 3 {
				readRange(m, codeOf(args[i]), codeOf(args[i+1]), args[i+2])
			}
		}
		args = args[:0]
	}
}

func readRange(m map[uint32]string, low, high uint32, to object) {
	if high < low || high-low > 65535 || len(m) > 1<<17 { // more characters than a font has
		return
	}
	if to.kind == kindArray {
		for k, o := range to.items {
			m[low+uint32(k)] = utf16Text(appendString(nil, o))
		}
		return
	}
	text := appendString(nil, to)
	for c := low; ; c++ {
		m[c] = utf16Text(text)
		for i := len(text) - 1; i >= 0; i-- {
			text[i]++
			if text[i] != 0 {
				break
			}
		}
		if c == high {
			return
		}
	}
}

func codeOf(o object) uint32 {
	var v uint32
	for _, c := range appendString(nil, o) {
		v = v<<8 | uint32(c)
	}
	return v
}

// utf16Text decodes big-endian UTF-16 and takes ligatures apart. Characters that say nothing give "".
func utf16Text(b []byte) string {
	units := make([]uint16, 0, len(b)/2+1)
	if len(b) == 1 {
		units = append(units, uint16(b[0]))
	}
	for i := 0; i+1 < len(b); i += 2 {
		units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
	}
	runes := utf16.Decode(units)
	if len(runes) == 1 {
		switch r := runes[0]; {
		case r >= 0xFB00 && r <= 0xFB04:
			return [...]string{"ff", "fi", "fl", "ffi", "ffl"}[r-0xFB00]
		case r == 0 || r == 0xFFFD:
			return ""
		}
	}
	return string(runes)
}
