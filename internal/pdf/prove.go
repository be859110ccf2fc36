package pdf

import (
	"bytes"
	"strings"
	"unicode/utf16"
)

// proveGone reads a document as somebody would who looks for what was removed: its pages, also what is cropped away;
// every stream that can draw, also those that no page names; and all strings and names.
func proveGone(data []byte, find Find) error {
	d, err := Open(data)
	if err != nil {
		return err
	}
	traced, plain := d.Reader(), d.Reader()
	traced.tracing = true
	for i := range d.Pages() {
		left, err := traced.hits(i, find)
		if err != nil {
			return err
		}
		text, err := plain.Read(i)
		if err != nil {
			return err
		}
		var all []string
		for _, line := range text.Lines {
			all = append(all, line...)
		}
		if len(left) > 0 || len(find(strings.Join(all, " "))) > 0 {
			return damaged("page %d: what was to be removed is still there", i+1)
		}
	}
	for n := range d.entries {
		o := d.object(n)
		if inStrings(&o, find) {
			return damaged("what was to be removed is still there, in object %d", n)
		}
		if err := traced.proveStream(o, find); err != nil {
			return err
		}
	}
	return nil
}

// proveStream looks into a stream that draws.
func (r *Reader) proveStream(o object, find Find) error {
	if !o.isStream() || !r.d.typeIsForm(o) && o.get("PatternType").kind == kindNull {
		return nil
	}
	content, err := r.d.decode(o)
	if err != nil {
		return err
	}
	own := r.d.resolveShared(o.get("Resources"))
	r.begin()
	if err := r.run(content, o.stream.num, &own, state{ctm: identity, scale: 1}, 0, false); err != nil {
		return err
	}
	left, err := r.found(find)
	if err == nil && len(left) > 0 {
		err = damaged("what was to be removed is still there, in object %d", o.stream.num)
	}
	return err
}

func inStrings(o *object, find Find) bool {
	switch o.kind {
	case kindString, kindHex:
		return len(find(textOfString(appendString(nil, *o)))) > 0
	case kindName:
		return len(find(string(o.raw))) > 0
	}
	for i := range o.items {
		if inStrings(&o.items[i], find) {
			return true
		}
	}
	return false
}

// textOfString reads a text string: UTF-16 or UTF-8 with its mark, or one byte a character, of which those that are not
// Latin 1 are dashes and other signs (PDF 7.9.2.2 and annex D.3).
func textOfString(b []byte) string {
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
