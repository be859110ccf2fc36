package pdf

import (
	"bytes"
	"compress/flate"
	"encoding/ascii85"
	"io"
	"sync"
)

// decodedLimit bounds what one stream may unfold to.
const decodedLimit = 256 << 20

type inflater struct {
	reader io.ReadCloser
	source bytes.Reader
}

var inflaters = sync.Pool{New: func() any { return &inflater{reader: flate.NewReader(bytes.NewReader(nil))} }}

func (d *Document) decode(o object) ([]byte, error) { return d.appendDecoded(nil, o) }

// appendDecoded appends the bytes of a stream behind its filters (PDF 7.4). A stream that is cut short, or whose
// filter is one for pictures, is an error.
func (d *Document) appendDecoded(buf []byte, o object) ([]byte, error) {
	filter := d.resolveShared(o.get("Filter"))
	if filter.kind == kindNull {
		return append(buf, o.stream...), nil
	}
	filters := []object{filter}
	if filter.kind == kindArray {
		filters = filter.items
	}
	params := d.resolveShared(o.get("DecodeParms"))
	b := o.stream
	for i, f := range filters {
		p := params
		if params.kind == kindArray && i < len(params.items) {
			p = d.resolveShared(params.items[i])
		}
		var err error
		if b, err = unfilter(string(d.resolveShared(f).raw), b, p); err != nil {
			return buf, err
		}
	}
	return append(buf, b...), nil
}

func unfilter(filter string, b []byte, params object) ([]byte, error) {
	switch filter {
	case "FlateDecode", "Fl":
		out, err := inflate(b)
		if predictor := params.get("Predictor"); err == nil && predictor.kind == kindNumber && predictor.int() > 9 {
			columns := 1
			if c := params.get("Columns"); c.kind == kindNumber {
				columns = c.int()
			}
			out = undoPNG(out, columns)
		}
		return out, err
	case "ASCII85Decode", "A85":
		if j := bytes.Index(b, []byte("~>")); j >= 0 {
			b = b[:j]
		}
		b = bytes.TrimPrefix(b, []byte("<~"))
		out := make([]byte, 4*len(b)+16)
		n, _, err := ascii85.Decode(out, b, true)
		if err != nil {
			return nil, damaged("an ASCII85 stream: %v", err)
		}
		return out[:n], nil
	case "ASCIIHexDecode", "AHx":
		if j := bytes.IndexByte(b, '>'); j >= 0 {
			b = b[:j]
		}
		return appendHex(nil, b), nil
	}
	return nil, damaged("filter %s is not for text", filter)
}

func inflate(src []byte) ([]byte, error) {
	if len(src) < 2 {
		return nil, damaged("a compressed stream is empty")
	}
	f := inflaters.Get().(*inflater)
	defer inflaters.Put(f)
	f.source.Reset(src[2:]) // the two bytes of the zlib header; its checksum is not asked for, as in other readers
	if err := f.reader.(flate.Resetter).Reset(&f.source, nil); err != nil {
		return nil, err
	}
	dst := make([]byte, 0, 4*len(src)+512)
	for {
		if len(dst) == cap(dst) {
			dst = append(dst, 0)[:len(dst)]
		}
		n, err := f.reader.Read(dst[len(dst):cap(dst)])
		dst = dst[:len(dst)+n]
		switch {
		case err == io.EOF:
			return dst, nil
		case err != nil:
			return dst, damaged("a compressed stream: %v", err)
		case len(dst) > decodedLimit:
			return dst, damaged("a compressed stream unfolds to more than %d MB", decodedLimit>>20)
		}
	}
}

// undoPNG undoes the PNG predictors for one byte per sample, as cross-reference streams use them (PDF 7.4.4.4).
func undoPNG(b []byte, columns int) []byte {
	if columns < 1 || columns > len(b) {
		return b
	}
	rows := len(b) / (columns + 1)
	out := make([]byte, 0, rows*columns)
	previous := make([]byte, columns)
	for r := range rows {
		filter, row := b[r*(columns+1)], b[r*(columns+1)+1:(r+1)*(columns+1)]
		for i := range row {
			var left, corner byte
			if i > 0 {
				left, corner = row[i-1], previous[i-1]
			}
			switch up := previous[i]; filter {
			case 1:
				row[i] += left
			case 2:
				row[i] += up
			case 3:
				row[i] += byte((int(left) + int(up)) / 2)
			case 4:
				row[i] += paeth(left, up, corner)
			}
		}
		out = append(out, row...)
		previous = row
	}
	return out
}

func paeth(left, up, corner byte) byte {
	a, b, c := int(left), int(up), int(corner)
	p := a + b - c
	pa, pb, pc := abs(p-a), abs(p-b), abs(p-c)
	switch {
	case pa <= pb && pa <= pc:
		return left
	case pb <= pc:
		return up
	}
	return corner
}

func abs(a int) int {
	if a < 0 {
		return -a
	}
	return a
}
