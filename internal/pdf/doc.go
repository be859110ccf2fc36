// Package pdf reads the text of a PDF page by page, in lines as they stand on the paper, and cuts pages out into
// documents of their own that carry nothing which those pages do not use. It reads lazily: an object is parsed when
// it is asked for, and the file itself is never copied.
//
// Invariant: a page whose text cannot be told for sure is an error or says so (Text.Unreadable); it is never just
// a page without text.
//
// bytes -> [pdf] -> lines per page, cut documents
//
// Sections cited as "PDF 7.5.4" are those of ISO 32000-1:2008.
package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
)

// Errors that tell why a file cannot be used.
var (
	ErrNotPDF    = errors.New("not a PDF file")
	ErrEncrypted = errors.New("the PDF file is encrypted")
	ErrDamaged   = errors.New("the PDF file is damaged")
)

// Document is an open PDF file. It may be read from several goroutines, each with a Reader or Cutter of its own.
type Document struct {
	data    []byte
	entries []entry // the cross-reference table by object number
	trailer object
	rebuilt bool // the cross-reference table was found by searching, not by reading
	pages   []page
	pageOf  map[int]int // object number -> page index

	mu      sync.Mutex
	streams map[int]*objectStream
	cache   map[int]object
	fonts   map[int]*font
	tables  *encodings
}

// Open reads the structure of a file. The bytes must not change while the Document is used.
func Open(data []byte) (d *Document, err error) {
	defer func() {
		if x := recover(); x != nil { // no input is known that gets here
			d, err = nil, damaged("%v", x)
		}
	}()
	if !bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")) { // PDF 7.5.2, and implementation note 13
		return nil, ErrNotPDF
	}
	d = &Document{data: data, tables: newEncodings()}
	d.forget()
	if !d.readXref() || !d.hasPages() {
		d.rebuild()
	}
	if d.trailer.get("Encrypt").kind != kindNull {
		return nil, ErrEncrypted
	}
	if err := d.readPages(); err != nil {
		return nil, err
	}
	return d, nil
}

// Pages returns how many pages the document has.
func (d *Document) Pages() int { return len(d.pages) }

func (d *Document) forget() {
	d.entries = nil
	d.streams, d.cache, d.fonts = map[int]*objectStream{}, map[int]object{}, map[int]*font{}
}

func (d *Document) hasPages() bool {
	root := d.resolve(d.trailer.get("Root"))
	pages := d.resolve(root.get("Pages"))
	return pages.kind == kindDict && d.resolve(pages.get("Kids")).kind == kindArray
}

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrDamaged}, args...)...)
}
