package pdf

import (
	"brevdue/internal/pdf/cut"
	"brevdue/internal/pdf/syntax"
	"brevdue/internal/pdf/text"
)

// Errors that tell why a file cannot be used.
var (
	ErrNotPDF    = syntax.ErrNotPDF
	ErrEncrypted = syntax.ErrEncrypted
	ErrDamaged   = syntax.ErrDamaged
)

// What a page says, how it is read and cut, and what a file would do besides.
type (
	Text   = text.Text
	Line   = text.Line
	Reason = text.Reason
	Reader = text.Reader
	Cutter = cut.Cutter
	Active = syntax.Active
	Find   = syntax.Find
)

// The reasons why the text of a page cannot be trusted.
const (
	Readable   = text.Readable
	Drawn      = text.Drawn
	Scanned    = text.Scanned
	Recognized = text.Recognized
	Opaque     = text.Opaque
	Undrawn    = text.Undrawn
	Short      = text.Short
)

// The kinds of what a file would do.
const (
	Script       = syntax.Script
	Launch       = syntax.Launch
	Attachment   = syntax.Attachment
	HiddenLayers = syntax.HiddenLayers
	DynamicForm  = syntax.DynamicForm
)

// Document is an open PDF file. It may be read from several goroutines, each with a Reader or Cutter of its own.
type Document struct {
	file *syntax.Document
	text *text.Document
	cut  *cut.Document
}

// Open reads the structure of a file. The bytes must not change while the Document is used.
func Open(data []byte) (*Document, error) {
	d, err := syntax.Open(data)
	if err != nil {
		return nil, err
	}
	return &Document{d, text.New(d), cut.New(d)}, nil
}

// Pages returns how many pages the document has.
func (d *Document) Pages() int { return d.file.Pages() }

// Active returns what the file as a whole would do. What single pages would do is in their Text.
func (d *Document) Active() Active { return d.file.Active() }

// Reader returns a new Reader of the document.
func (d *Document) Reader() *Reader { return d.text.Reader() }

// Cutter returns a new Cutter of the document.
func (d *Document) Cutter() *Cutter { return d.cut.Cutter() }
