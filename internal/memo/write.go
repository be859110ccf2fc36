package memo

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"io"
	"reflect"
	"slices"
)

// writer gathers text and is cut at each content.
type writer struct {
	version  string
	buf      bytes.Buffer
	done     [][]byte
	prefixes []string // of namespaces in use, beside memo
}

// write returns the text of a message, cut at each content.
func write(m *Message) [][]byte {
	w := writer{version: m.Version}
	w.children(reflect.ValueOf(m).Elem())
	w.close("memo:Message")
	segments := append(w.done, w.buf.Bytes())

	root := `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<memo:Message xmlns:memo="` + Namespace + `"`
	slices.Sort(w.prefixes)
	for _, p := range slices.Compact(w.prefixes) {
		root += ` xmlns:` + p + `="` + namespaces[p] + `"`
	}
	root += ` memoVersion="` + m.Version + `"`
	if m.Version == "1.1" { // required in 1.1, removed in 1.2 (digital-post.md 1.3)
		root += ` memoSchVersion="1.1.0"`
	}
	segments[0] = append([]byte(root+">"), segments[0]...)
	return segments
}

func (w *writer) open(tag string)  { w.buf.WriteString("<" + tag + ">") }
func (w *writer) close(tag string) { w.buf.WriteString("</" + tag + ">") }

// children writes the elements of a struct in the order of the schema.
func (w *writer) children(v reflect.Value) {
	for _, e := range childrenOf(v.Type()) {
		for _, is := range valuesOf(v.Field(e.field)) {
			if is.Kind() == reflect.String && is.String() == "" && e.mayBeMissing(w.version) || !e.isIn(w.version) {
				continue
			}
			if e.prefix != "memo" {
				w.prefixes = append(w.prefixes, e.prefix)
			}
			w.open(e.tag())
			switch {
			case is.Type() == contentType:
				w.done = append(w.done, bytes.Clone(w.buf.Bytes()))
				w.buf.Reset()
			case is.Kind() == reflect.Struct:
				w.children(is)
			default:
				_ = xml.EscapeText(&w.buf, []byte(is.String())) // a bytes.Buffer does not fail
			}
			w.close(e.tag())
		}
	}
}

// Reader returns a reader of the message. Contents that do not stand in memory are opened when their turn comes.
func (m *Message) Reader() io.Reader {
	var readers []io.Reader
	for i, s := range m.segments() {
		readers = append(readers, bytes.NewReader(s))
		if i < len(m.files) {
			readers = append(readers, &encoder{content: m.files[i].Content})
		}
	}
	return io.MultiReader(readers...)
}

// encoder reads a content as base64, and fails where it is not as long as was said: then so is the message.
type encoder struct {
	content Content
	from    io.ReadCloser
	read    int64
	raw     [24 << 10]byte
	buf     [32 << 10]byte
	encoded []byte
	err     error
}

func (e *encoder) Read(p []byte) (int, error) {
	for len(e.encoded) == 0 {
		if e.err != nil {
			return 0, e.err
		}
		e.fill()
	}
	n := copy(p, e.encoded)
	e.encoded = e.encoded[n:]
	return n, nil
}

// fill encodes the next piece. All pieces but the last are of whole groups of three bytes.
func (e *encoder) fill() {
	if e.from == nil {
		if e.from, e.err = e.content.open(); e.err != nil {
			return
		}
	}
	n, err := io.ReadFull(e.from, e.raw[:])
	e.read += int64(n)
	base64.StdEncoding.Encode(e.buf[:], e.raw[:n])
	e.encoded = e.buf[:base64.StdEncoding.EncodedLen(n)]
	switch {
	case err == nil && e.read <= e.content.Size:
		return
	case err != nil && err != io.EOF && err != io.ErrUnexpectedEOF:
		e.err = fmt.Errorf("content of a file: %w", err)
	case e.read != e.content.Size:
		e.err = fmt.Errorf("a file has %d bytes, not %d", e.read, e.content.Size)
		e.encoded = nil
	default:
		e.err = io.EOF
	}
	_ = e.from.Close() // it was only read
}
