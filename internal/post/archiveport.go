package post

import (
	"context"
	"errors"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/sentence"
)

// Archive is an archive outside Brevdue: a case system, or a folder. Each call is repeatable. What makes something
// writes down before that it does (Once), and is called again only when nothing was made, or with the token that makes
// the archive answer as before.
//
// Once Keep was called, whatever was to be made may be there unless the error says ErrNotMade. A *Problem in an error
// is for a person: it is not tried again.
type Archive interface {
	// EnsureCase returns the case that is wanted, made where there is none and it may be. Without one it returns
	// ErrNoCase.
	EnsureCase(ctx context.Context, w CaseWanted, once Once) (CaseRef, error)
	// Find returns the documents of a letter that lie in a case, by their ids. One that was filed just now may not be
	// found yet.
	Find(ctx context.Context, c CaseRef, letter LetterID) (map[DocumentID]string, error)
	// File puts a document into a case: a letter, an attachment, its message or a receipt. It returns what the archive
	// calls it.
	File(ctx context.Context, c CaseRef, d OutgoingDocument, once Once) (string, error)
	// Confirm reads back that a case is that of whom the letter is for, and says there how far its sending has come. It
	// is a document of its own where the archive has no other place for it.
	Confirm(ctx context.Context, c CaseRef, w CaseWanted, s SendingStatus, once Once) error
}

// CaseWanted is which case a letter goes into.
type CaseWanted struct {
	Given  string  // the number of a case; "" for the person's own
	Ours   string  // our id of the case, the same at every try
	Known  CaseRef // that was found or made before; it is returned where it is open, and about the person
	Title  string
	KLE    string
	Person ident.Number // whom it is about; zero where that is not known any more: the letter is for another one now
	Create bool         // it may be made
}

// CaseRef is a case as its archive knows it.
type CaseRef struct {
	ID     string `json:"id,omitempty"`
	Number string `json:"number,omitempty"` // what people call it
}

// OutgoingDocument is a document on its way into an archive.
type OutgoingDocument struct {
	ID      DocumentID // of this content: another content has another id
	Kind    DocumentKind
	Title   string
	Number  int    // of an attachment or a receipt, from 1
	Name    string // of the file
	Type    string // media type
	Content []byte
	SHA256  string
	Letter  SendingStatus // as far as it is known when the document is filed
}

// StatusDocument is a document that says how the sending of a letter ended, where an archive has no other place for it.
const StatusDocument DocumentKind = "status"

// SendingStatus is how far the sending of a letter has come, in the words that stand in its case.
type SendingStatus struct {
	ID        DocumentID // of this status
	Letter    LetterID
	Title     string // it says so where the letter was not sent (practice.md E1)
	Status    string
	Ended     bool
	Reason    string // why there is no receipt; "" where there is one
	Type      string // of document
	KLE       string
	Sender    string // CVR number
	Person    ident.Number
	Filed     time.Time // in Brevdue's own archive
	Documents []FiledCopy
}

// FiledCopy is a document of a letter that lies in the archive.
type FiledCopy struct {
	ID     DocumentID   `json:"id"`
	Kind   DocumentKind `json:"kind"`
	Ref    string       `json:"name"`
	SHA256 string       `json:"sha256"`
}

// Once is how something is made one time only. Keep writes down, right before the call that makes it, that it begins
// and by which token the archive would know the call again; where it fails the call is not made.
type Once struct {
	Token string // of a call before this one that was not answered; "" for none
	Keep  func(token string) error
}

// Repeatable is the token of a call that says the same again, as often as it is made. It is kept all the same: whoever
// has stood still for long must not say what was true before.
const Repeatable = "again"

// Errors of an archive outside.
var (
	// ErrNoCase means that there is no case, and that none may be made.
	ErrNoCase = errors.New("no such case")
	// ErrNotMade means that an archive has answered, and made nothing.
	ErrNotMade = errors.New("the archive has made nothing")
	// ErrNotListed means that a case is not among those of whom the letter is for: not yet, or it is another one's.
	ErrNotListed = errors.New("the case is not among the recipient's")
	// ErrLeased means that somebody else works on it.
	ErrLeased = errors.New("somebody else works on it")
)

// FailedTransfer is why an archive cannot take something, in words for a person. It is not tried again by itself.
func FailedTransfer(why sentence.Sentence) *Problem {
	return &Problem{Code: ArchiveFailedCode, Text: why}
}
