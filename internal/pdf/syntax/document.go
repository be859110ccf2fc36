package syntax

import (
	"bytes"
	"errors"
	"sync"
)

// Document is the structure of an open PDF file (PDF 7.7): its pages and what holds for all of them. It may be read
// from several goroutines.
type Document struct {
	*File
	pages []pageRef

	pageOfOnce, contentOnce, signedOnce sync.Once

	pageOf  map[int]int // object number -> page index
	content *optionalContent
	signed  bool
}

// Limits of what hangs below what: real trees are balanced, and real forms are not drawn by one another.
const (
	TreeDepth   = 200 // of the page tree, of name trees, outlines and structure trees
	FormsDeep   = 12  // forms in forms
	ActionsDeep = 50  // actions that follow one another, and fields above an annotation
	fieldsDeep  = 32  // of the tree of form fields
)

// Open reads the structure of a file. The bytes must not change while the Document is used.
func Open(data []byte) (d *Document, err error) {
	defer func() {
		if x := recover(); x != nil { // no input is known that gets here
			d, err = nil, Damaged("%v", x)
		}
	}()
	if !bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")) { // PDF 7.5.2, and implementation note 13
		return nil, ErrNotPDF
	}
	d = &Document{File: &File{data: data}}
	d.forget()
	if x := (xrefReader{File: d.File}); x.readXref() && x.holds() {
		if err = d.enter(); err == nil || errors.Is(err, ErrEncrypted) {
			return d, err
		}
	}
	return d, d.enterRebuilt()
}

// enter reads what every use of a document needs.
func (d *Document) enter() error {
	if err := (encryption{File: d.File}).unlock(); err != nil {
		return err
	}
	return d.readPages()
}

// enterRebuilt is enter with a cross-reference table that is found by searching, and not by reading.
func (d *Document) enterRebuilt() error {
	x := rebuilder{d.File}
	x.rebuild()
	if err := (encryption{File: d.File}).unlock(); err != nil {
		return err
	}
	x.adoptStreams()
	return d.readPages()
}

// Pages returns how many pages the document has.
func (d *Document) Pages() int { return len(d.pages) }

// PageObject returns the object number of page i, counted from 0.
func (d *Document) PageObject(i int) int { return d.pages[i].num }

// PageOf returns which page has an object number, if one has.
func (d *Document) PageOf(num int) (i int, ok bool) {
	d.pageOfOnce.Do(func() {
		d.pageOf = make(map[int]int, len(d.pages))
		for i := range d.pages {
			d.pageOf[d.pages[i].num] = i
		}
	})
	i, ok = d.pageOf[num]
	return i, ok
}

// Catalog returns the dictionary that all others hang from (PDF 7.7.2).
func (d *Document) Catalog() Object { return d.ResolveShared(d.trailer.Get("Root")) }
