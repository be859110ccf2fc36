package post

import (
	"context"
	"strings"
)

// ArchivedCase is a case as somebody who may read it sees it, with those of its letters that they may open.
type ArchivedCase struct {
	Case    string
	Title   string // the subject of its newest letter
	Letters []ArchivedLetter
}

// ArchivedLetter is what lies of a letter in a case.
type ArchivedLetter struct {
	Letter    *Letter
	Shipment  *Shipment
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
	Object  Object // zero for a part of the record
	Content []byte // of a part of the record
}

// DocumentID names a document: its letter, and which of its documents it is.
type DocumentID string

// Letter returns the letter that a document belongs to.
func (id DocumentID) Letter() LetterID {
	letter, _, _ := strings.Cut(string(id), "~")
	return LetterID(letter)
}

// Archive shows what is archived. It finds only what the caller may read, and writes down what is opened.
type Archive interface {
	// SearchArchive returns the cases of a person or a company by number, of everybody whose name has each of the
	// words, or the case of that id.
	SearchArchive(ctx context.Context, who Caller, text string) ([]ArchivedCase, error)
	ArchivedCase(ctx context.Context, who Caller, id string) (*ArchivedCase, error)
	// ArchivedDocument returns a document that was held against its hash.
	ArchivedDocument(ctx context.Context, who Caller, id DocumentID) (*ArchivedDocument, error)
	// FiledOf returns which of a shipment's letters lie in their cases.
	FiledOf(ctx context.Context, s *Shipment, letters []*Letter) (map[LetterID]bool, error)
	// VerifyArchive holds what the caller may read against its hashes, some at a time, from after a place on.
	VerifyArchive(ctx context.Context, who Caller, after string) (ArchiveReport, error)
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
