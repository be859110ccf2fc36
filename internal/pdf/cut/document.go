package cut

import (
	"sync"

	"brevdue/internal/pdf/syntax"
)

// Document is a document whose pages are cut out. It may be used from several goroutines, each with a Cutter of its
// own.
type Document struct {
	*syntax.Document

	mu        sync.Mutex
	used      map[int]*syntax.ResourceNames // by content streams
	templates map[int]*template             // of objects that were written; nil for once
	templated int                           // bytes of templates

	namedOnce, outlineOnce, tagsOnce sync.Once
	named                            map[string]syntax.Object
	outline                          map[int][]bookmark
	tags                             *tags
}

// New returns the document as one whose pages are cut out.
func New(d *syntax.Document) *Document {
	return &Document{Document: d, used: map[int]*syntax.ResourceNames{}, templates: map[int]*template{}}
}
