package post

import (
	"context"
	"strings"
	"time"

	"brevdue/internal/sentence"
)

// ArchiveQuery is what is searched for in an archive.
type ArchiveQuery struct {
	Text         string // a number, a case, or words of names and subjects; "" where what letters say is searched
	Words        string // that stand in the letter itself; "" for any
	From, To     string // days on which it was filed, both of them too; "" for any
	DocumentType string // "" for any
}

// Period reads the first and the last day of a period, each of which may be left out: it is from a moment on, and
// before another; zero times for any.
func Period(first, last string) (from, before time.Time, err error) {
	var wrong Mistakes
	day := func(field, text string, days int) (t time.Time) {
		if text == "" {
			return t
		}
		d, err := ParseDay(text)
		if err != nil {
			wrong = append(wrong, Mistake{Field: field, Text: sentence.Of("day-form")})
			return t
		}
		return time.Date(d.Year(), d.Month(), d.Day()+days, 0, 0, 0, 0, Denmark())
	}
	from, before = day("from", first, 0), day("to", last, 1)
	if len(wrong) == 0 && !from.IsZero() && !before.IsZero() && !from.Before(before) {
		wrong = Mistakes{{Field: "to", Text: sentence.Of("archive-period")}}
	}
	if len(wrong) > 0 {
		return from, before, wrong
	}
	return from, before, nil
}

// Found is what a search has found, the newest letters first.
type Found struct {
	Cases []ArchivedCase
	More  bool // there is more than is shown
}

// ArchivedCase is a case as somebody who may read it sees it, with those of its letters that they may open.
type ArchivedCase struct {
	Case    string
	Title   string // the subject of its newest letter
	Letters []ArchivedLetter
	More    bool // there are more letters than are shown
}

// ArchivedLetter is what lies of a letter in a case. A letter that was corrected lies, as it was, with whom it was for
// first: there nothing is shown of whom it is for now.
type ArchivedLetter struct {
	ID        LetterID
	Number    int // its place in its shipment
	Shipment  *Shipment
	State     LetterState
	Archiving ArchiveState
	Recipient string // masked; "" for nobody
	Concerns  string // whom it is about, masked; "" for its recipient
	Name      string // of the recipient, as it stands in the letter; "" where it was not read
	Title     string // the subject; it says so where the letter was not sent (practice.md E1)
	Status    string // how far its sending has come, in words
	Filed     Filing
	Documents []ArchivedDocument
}

// ArchivedDocument is a document in a case: a file, or a part of the letter's record.
type ArchivedDocument struct {
	ID      DocumentID
	Kind    DocumentKind
	Name    string
	SHA256  string
	Object  Object // the file, or the record that it is a part of
	Content []byte // of a part of the record
}

// Part reports whether a document is a part of a record.
func (d ArchivedDocument) Part() bool { return d.Kind == MessageDocument || d.Kind == ReceiptDocument }

// DocumentID names a document: its letter, which of its documents it is, and, for a letter that was corrected, with
// whom it lies as it was.
type DocumentID string

// Letter returns the letter that a document belongs to.
func (id DocumentID) Letter() LetterID {
	letter, _, _ := strings.Cut(string(id), "~")
	return LetterID(letter)
}

// Under returns the person with whom a document lies as it was; "" for one that lies where its letter lies now.
func (id DocumentID) Under() string {
	_, part, _ := strings.Cut(string(id), "~")
	_, under, _ := strings.Cut(part, "~")
	return under
}

// ArchiveReading shows what is archived. It finds only what the caller may read, and writes down what is opened.
type ArchiveReading interface {
	// SearchArchive returns the cases of a person or a company by number, those of letters that have each of the words
	// in the recipient's name or in their subject, or the case of that id.
	SearchArchive(ctx context.Context, who Caller, q ArchiveQuery) (*Found, error)
	ArchivedCase(ctx context.Context, who Caller, id string) (*ArchivedCase, error)
	// ArchivedDocument returns a document that was held against its hash.
	ArchivedDocument(ctx context.Context, who Caller, id DocumentID) (*ArchivedDocument, error)
	// FiledOf returns which of a shipment's letters lie in their cases.
	FiledOf(ctx context.Context, s *Shipment, letters []*Letter) (map[LetterID]bool, error)
	// VerifyArchive holds what the caller may read against its hashes, some at a time, from after a place on.
	VerifyArchive(ctx context.Context, who Caller, after string) (ArchiveReport, error)
}

// ArchiveExports gives what is archived away.
type ArchiveExports interface {
	// ExportCase returns a zip file of a case, as far as the caller may read it. It is kept for a day.
	ExportCase(ctx context.Context, who Caller, id string) (Object, error)
}

// ArchiveReport is what came of holding an archive against its hashes.
type ArchiveReport struct {
	Letters, Documents int
	Damaged            []DocumentID
	Next               string // the place to go on from; "" where all was read
}

// Archived reports whether something in the archive can be read.
func (s Sight) Archived(a Area) bool {
	return s.Grants.MayAt(RightArchive, a) &&
		(!a.Confidential || s.owns(a) || s.Grants.MayAt(RightConfidential, a))
}
