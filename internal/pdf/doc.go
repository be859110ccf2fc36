// Package pdf reads the text of a PDF page by page, in lines as they stand on the paper, and cuts pages out into
// documents of their own that carry nothing which those pages do not use. It reads lazily: an object is parsed when
// it is asked for, and the file itself is never copied.
//
// Invariant: a page whose text cannot be told for sure is an error or says so (Text.Unreadable); it is never just
// a page without text. Time and memory are bounded by the size of the file, whatever it says of itself.
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
	"sync/atomic"
)

// Errors that tell why a file cannot be used.
var (
	ErrNotPDF    = errors.New("not a PDF file")
	ErrEncrypted = errors.New("the PDF file is locked with a password, or in a way that is not read")
	ErrDamaged   = errors.New("the PDF file is damaged")
)

// Document is an open PDF file. It may be read from several goroutines, each with a Reader or Cutter of its own.
type Document struct {
	data    []byte
	entries []entry // the cross-reference table by object number
	freed   []int   // of the section that is being read
	trailer object
	rebuilt bool // the cross-reference table was found by searching, not by reading
	pages   []page
	pageOf  map[int]int // object number -> page index

	lock       *lock
	lockNumber int   // object number of the encryption dictionary
	ends       []int // where "endstream" stands, once one was looked for

	work      atomic.Int64 // what reading has cost so far
	mu        sync.Mutex
	parsed    parsed
	templated int // bytes of templates
	tables    *encodings

	namedOnce, outlineOnce, tagsOnce sync.Once
	named                            map[string]object
	outline                          map[int][]bookmark
	tags                             *tags
}

// parsed is what was read once and is asked for again.
type parsed struct {
	streams map[int]*objectStream
	objects map[int]object
	fonts   map[int]*font
	forms   map[int]*form
	used    map[int]*names // by content streams

	templates map[int]*template // of objects that were written; nil for once
}

// Limits of what a file may ask for, by its size (Document.work).
const (
	least       = 32 << 20  // of decoded bytes, for the smallest file
	perByte     = 200       // decoded bytes per byte of the file
	decodedMost = 256 << 20 // of one stream
)

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
	if d.readXref() && d.holds() {
		if err = d.enter(); err == nil || errors.Is(err, ErrEncrypted) {
			return d, err
		}
	}
	d.rebuild()
	return d, d.enter()
}

// enter reads what every use of a document needs.
func (d *Document) enter() error {
	if err := d.unlock(); err != nil {
		return err
	}
	if err := d.adoptStreams(); err != nil {
		return err
	}
	return d.readPages()
}

// Pages returns how many pages the document has.
func (d *Document) Pages() int { return len(d.pages) }

func (d *Document) forget() {
	d.entries, d.trailer, d.lock = nil, object{}, nil
	d.forgetParsed()
}

func (d *Document) forgetParsed() {
	d.parsed = parsed{map[int]*objectStream{}, map[int]object{}, map[int]*font{}, map[int]*form{}, map[int]*names{}, map[int]*template{}}
}

// spend notes work, in bytes decoded or things done, and fails when a file of this size has no business with so much.
func (d *Document) spend(n int) error {
	if limit := least + perByte*int64(len(d.data)); d.work.Add(int64(n)) > limit {
		return damaged("it asks for more than %d MB of work", limit>>20)
	}
	return nil
}

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrDamaged}, args...)...)
}
