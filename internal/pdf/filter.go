package pdf

import (
	"bytes"
	oldlzw "compress/lzw"
	"encoding/ascii85"
	"errors"
	"io"
	"sync"

	"github.com/klauspost/compress/flate"
	"golang.org/x/image/tiff/lzw"
)

type inflater struct {
	reader io.ReadCloser
	source bytes.Reader
}

var inflaters = sync.Pool{New: func() any { return &inflater{reader: flate.NewReader(bytes.NewReader(nil))} }}

// filtersMost is how many filters one stream may have.
const filtersMost = 8

func (d *Document) decode(o object) ([]byte, error) { return d.appendDecoded(nil, o) }

// appendDecoded appends the bytes of a stream behind its filters (PDF 7.4). A stream that is cut short, or whose
// filter is one for pictures, is an error.
func (d *Document) appendDecoded(buf []byte, o object) ([]byte, error) {
	filters, params := d.filtersOf(o)
	if len(filters) > filtersMost {
		return buf, damaged("a stream has %d filters", len(filters))
	}
	b := d.plain(o)
	if len(filters) == 0 {
		if o.stream.cut {
			return buf, damaged("the file ends inside a stream")
		}
		return append(buf, b...), d.spend(len(b))
	}
	for i, f := range filters[:len(filters)-1] {
		var err error
		if b, err = d.unfilter(nil, f, b, params[i]); err != nil {
			return buf, err
		}
	}
	last := len(filters) - 1
	return d.unfilter(buf, filters[last], b, params[last])
}

// filtersOf returns the names and the parameters of a stream's filters. What was said of decryption is done with.
func (d *Document) filtersOf(o object) (filters []string, params []object) {
	filter, parms := d.resolveShared(o.get("Filter")), d.resolveShared(o.get("DecodeParms"))
	if filter.kind == kindNull {
		filter, parms = d.resolveShared(o.get("F")), d.resolveShared(o.get("DP"))
	}
	list := []object{filter}
	if filter.kind == kindArray {
		list = filter.items
	}
	for i, f := range list {
		p := parms
		if parms.kind == kindArray {
			p = d.resolveShared(parms.item(i))
		}
		if f = d.resolveShared(f); f.kind == kindName && !f.is("Crypt") {
			filters, params = append(filters, string(f.raw)), append(params, p)
		}
	}
	return filters, params
}

func (d *Document) unfilter(buf []byte, filter string, b []byte, params object) ([]byte, error) {
	switch filter {
	case "FlateDecode", "Fl":
		return d.unpredicted(buf, params, func(buf []byte) ([]byte, error) { return d.inflate(buf, b) })
	case "LZWDecode", "LZW":
		return d.unpredicted(buf, params, func(buf []byte) ([]byte, error) { return d.unLZW(buf, b, params) })
	case "ASCII85Decode", "A85":
		return d.unASCII85(buf, b)
	case "ASCIIHexDecode", "AHx":
		if j := bytes.IndexByte(b, '>'); j >= 0 {
			b = b[:j]
		}
		return appendHex(buf, b), d.spend(len(b))
	case "RunLengthDecode", "RL":
		return d.unRunLength(buf, b)
	}
	return nil, damaged("filter %s is not for text", filter)
}

func (d *Document) unASCII85(buf, b []byte) ([]byte, error) {
	if j := bytes.Index(b, []byte("~>")); j >= 0 {
		b = b[:j]
	}
	b = bytes.TrimPrefix(bytes.TrimLeft(b, " \r\n\t"), []byte("<~"))
	out := make([]byte, 4*len(b)+16)
	n, _, err := ascii85.Decode(out, b, true)
	if err != nil {
		return nil, damaged("an ASCII85 stream: %v", err)
	}
	return append(buf, out[:n]...), d.spend(n)
}

// unRunLength undoes PDF 7.4.5.
func (d *Document) unRunLength(buf, b []byte) ([]byte, error) {
	from := len(buf)
	for i := 0; i < len(b) && b[i] != 128; {
		if n := int(b[i]); n < 128 {
			end := min(i+2+n, len(b))
			buf = append(buf, b[i+1:end]...)
			i = end
		} else if i+1 < len(b) {
			for range 257 - n {
				buf = append(buf, b[i+1])
			}
			i += 2
		} else {
			break
		}
	}
	return buf, d.spend(len(buf) - from)
}

// inflate appends what a Flate stream holds (PDF 7.4.4).
func (d *Document) inflate(buf, src []byte) ([]byte, error) {
	for len(src) > 0 && class[src[0]] == space { // some writers end "stream" with a line of their own
		src = src[1:]
	}
	if len(src) < 2 {
		return buf, damaged("a compressed stream is empty")
	}
	f := inflaters.Get().(*inflater)
	defer inflaters.Put(f)
	f.source.Reset(src[2:]) // the two bytes of the zlib header; its checksum is not asked for, as in other readers
	if err := f.reader.(flate.Resetter).Reset(&f.source, nil); err != nil {
		return buf, err
	}
	return d.readAll(buf, f.reader, 4*len(src)+512)
}

// readAll appends everything that r gives, within the limits.
func (d *Document) readAll(buf []byte, r io.Reader, guess int) ([]byte, error) {
	if free := cap(buf) - len(buf); free < guess && free < 4096 {
		buf = append(buf, make([]byte, min(guess, 1<<20))...)[:len(buf)]
	}
	from := len(buf)
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if over := d.spend(n); over != nil {
			return buf, over
		}
		switch {
		case errors.Is(err, io.EOF):
			return buf, nil
		case err != nil:
			return buf, damaged("a compressed stream: %v", err)
		case len(buf)-from > decodedMost:
			return buf, damaged("a compressed stream unfolds to more than %d MB", decodedMost>>20)
		}
	}
}

// unLZW undoes PDF 7.4.4: by default codes grow one code early, as in TIFF.
func (d *Document) unLZW(buf, b []byte, params object) ([]byte, error) {
	var r io.ReadCloser
	if early := d.resolve(params.get("EarlyChange")); early.kind == kindNumber && early.int() == 0 {
		r = oldlzw.NewReader(bytes.NewReader(b), oldlzw.MSB, 8)
	} else {
		r = lzw.NewReader(bytes.NewReader(b), lzw.MSB, 8)
	}
	defer r.Close()
	return d.readAll(buf, r, 4*len(b))
}
