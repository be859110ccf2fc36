package text

import (
	"sync"

	"brevdue/internal/pdf/syntax"
)

// Document is a document whose text is read. It may be used from several goroutines, each with a Reader of its own.
type Document struct {
	*syntax.Document
	tables *encodings

	mu    sync.Mutex
	fonts map[int]*font // what was read once and is asked for again
	forms map[int]*form
}

// New returns the document as one whose text is read.
func New(d *syntax.Document) *Document {
	return &Document{Document: d, tables: newEncodings(), fonts: map[int]*font{}, forms: map[int]*form{}}
}
