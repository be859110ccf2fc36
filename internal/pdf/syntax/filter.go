package syntax

import (
	"bytes"
	oldlzw "compress/lzw"
	"encoding/ascii85"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zlib"
	"golang.org/x/image/tiff/lzw"

	"brevdue/internal/pdf/inflate"
)

// errShort is why a stream cannot be read to its end. What stands before is read.
var errShort = fmt.Errorf("%w: a stream is cut short", ErrDamaged)

// filtersMost is how many filters one stream may have.
const filtersMost = 8

// Decode returns the bytes of a stream behind its filters (PDF 7.4).
func (f *File) Decode(o Object) ([]byte, error) { return decoder{f}.appendDecoded(nil, o) }

// decoder undoes the filters of streams (PDF 7.4).
type decoder struct{ *File }

// appendDecoded appends the bytes of a stream behind its filters (PDF 7.4). A stream that is cut short, or whose
// filter is one for pictures, is an error.
func (d decoder) appendDecoded(buf []byte, o Object) ([]byte, error) {
	filters, params := d.filtersOf(o)
	if len(filters) > filtersMost {
		return buf, Damaged("a stream has %d filters", len(filters))
	}
	b := d.Decrypt(o)
	if len(filters) == 0 {
		if o.Stream.cut {
			return append(buf, b...), fmt.Errorf("%w: the file ends inside it", errShort)
		}
		return append(buf, b...), d.Spend(len(b))
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
func (d decoder) filtersOf(o Object) (filters []string, params []Object) {
	filter, parms := d.ResolveShared(o.Get("Filter")), d.ResolveShared(o.Get("DecodeParms"))
	if filter.Kind == KindNull {
		filter, parms = d.ResolveShared(o.Get("F")), d.ResolveShared(o.Get("DP"))
	}
	list := []Object{filter}
	if filter.Kind == KindArray {
		list = filter.Items
	}
	for i, f := range list {
		p := parms
		if parms.Kind == KindArray {
			p = d.ResolveShared(parms.Item(i))
		}
		if f = d.ResolveShared(f); f.Kind == KindName && !f.Is("Crypt") {
			filters, params = append(filters, string(f.Raw)), append(params, p)
		}
	}
	return filters, params
}

func (d decoder) unfilter(buf []byte, filter string, b []byte, params Object) ([]byte, error) {
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
		return appendHex(buf, b), d.Spend(len(b))
	case "RunLengthDecode", "RL":
		return d.unRunLength(buf, b)
	}
	return nil, Damaged("filter %s is not for text", filter)
}

func (d decoder) unASCII85(buf, b []byte) ([]byte, error) {
	if j := bytes.Index(b, []byte("~>")); j >= 0 {
		b = b[:j]
	}
	b = bytes.TrimPrefix(bytes.TrimLeft(b, " \r\n\t"), []byte("<~"))
	out := make([]byte, 4*len(b)+16)
	n, _, err := ascii85.Decode(out, b, true)
	if err != nil {
		return nil, Damaged("an ASCII85 stream: %v", err)
	}
	return append(buf, out[:n]...), d.Spend(n)
}

// unRunLength undoes PDF 7.4.5.
func (d decoder) unRunLength(buf, b []byte) ([]byte, error) {
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
	return buf, d.Spend(len(buf) - from)
}

// inflate appends what a Flate stream holds (PDF 7.4.4).
func (d decoder) inflate(buf, src []byte) ([]byte, error) {
	for len(src) > 0 && class[src[0]] == space { // some writers end "stream" with a line of their own
		src = src[1:]
	}
	if len(src) < 2 {
		return buf, Damaged("a compressed stream is empty")
	}
	from := len(buf)
	// The two bytes of the zlib header are passed over; its checksum is not asked for, as in other readers.
	buf, err := inflate.Append(buf, src[2:], int(min(decodedMost, d.left())))
	switch over := d.Spend(len(buf) - from + len(src)); { // blocks may be empty, and cost time all the same
	case over != nil:
		return buf, over
	case errors.Is(err, inflate.ErrLimit) && len(buf)-from == decodedMost:
		return buf, Damaged("a compressed stream unfolds to more than %d MB", decodedMost>>20)
	case errors.Is(err, inflate.ErrLimit):
		return buf, d.Spend(1)
	case err != nil:
		return buf, fmt.Errorf("%w: %v", errShort, err)
	}
	return buf, nil
}

// Deflate returns content as a Flate stream (PDF 7.4.4).
func Deflate(content []byte) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write(content) // a bytes.Buffer does not fail
	_ = z.Close()
	return b.Bytes()
}

// readAll appends everything that r gives, within the limits.
func (d decoder) readAll(buf []byte, r io.Reader, guess int) ([]byte, error) {
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
		if over := d.Spend(n); over != nil {
			return buf, over
		}
		switch {
		case errors.Is(err, io.EOF):
			return buf, nil
		case err != nil:
			return buf, fmt.Errorf("%w: %v", errShort, err)
		case len(buf)-from > decodedMost:
			return buf, Damaged("a compressed stream unfolds to more than %d MB", decodedMost>>20)
		}
	}
}

// unLZW undoes PDF 7.4.4: by default codes grow one code early, as in TIFF.
func (d decoder) unLZW(buf, b []byte, params Object) ([]byte, error) {
	var r io.ReadCloser
	if early := d.Resolve(params.Get("EarlyChange")); early.Kind == KindNumber && early.Int() == 0 {
		r = oldlzw.NewReader(bytes.NewReader(b), oldlzw.MSB, 8)
	} else {
		r = lzw.NewReader(bytes.NewReader(b), lzw.MSB, 8)
	}
	defer r.Close()
	return d.readAll(buf, r, 4*len(b))
}
