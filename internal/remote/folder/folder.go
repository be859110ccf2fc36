// Package folder puts letters into a folder that a case system imports from: on this machine, or behind WebDAV
// (systems.md 1.7). A case is a folder below its year; beside the files of a letter lies a JSON that says what they
// are, and indeks.csv lists the letters of the case.
//
// Invariant: a file is whole or not there; no name has a person's number; what others have put there is not
// overwritten.
//
// letters in cases -> [folder] -> files
package folder

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// Files is where files lie. Names have slashes.
type Files interface {
	// Ready returns why nothing can be put there.
	Ready(ctx context.Context) error
	// Read returns a file; one that is not there is post.ErrNotFound.
	Read(ctx context.Context, name string) ([]byte, error)
	// Write puts a file there, whole or not at all, in the place of one that is there, and makes the folders it lies
	// in.
	Write(ctx context.Context, name string, content []byte) error
	// Names returns the files of a folder; none where it is not there.
	Names(ctx context.Context, dir string) ([]string, error)
}

// Archive implements post.Archive over files.
type Archive struct {
	Files   Files
	Name    string // of the archive, for messages
	Numbers bool   // a file with the recipient's number is put beside each letter (practice.md E11)
	Now     func() time.Time
}

// EnsureCase implements post.Archive. A folder is made with its first file.
func (a *Archive) EnsureCase(ctx context.Context, w post.CaseWanted, _ post.Once) (post.CaseRef, error) {
	number := w.Ours
	if w.Given != "" {
		number = w.Given
	}
	year := a.Now().In(post.Denmark()).Format("2006")
	return post.CaseRef{ID: path.Join(year, post.FileName(number)), Number: number}, a.Files.Ready(ctx)
}

// note is the JSON beside a letter. Its names are for whoever imports it (docs/connect.md).
type note struct {
	Letter    post.LetterID    `json:"letter"`
	Title     string           `json:"title"`
	Status    string           `json:"status"`
	Ended     bool             `json:"ended"`
	NoReceipt string           `json:"noReceipt,omitempty"`
	Type      string           `json:"documentType,omitempty"`
	KLE       string           `json:"kle,omitempty"`
	Sender    string           `json:"sender"`
	Filed     string           `json:"filed"`
	Documents []post.FiledCopy `json:"documents"`
}

func noteName(letter post.LetterID) string { return string(letter) + ".json" }

// Find implements post.Archive: what the letter's JSON says that lies there.
func (a *Archive) Find(ctx context.Context, c post.CaseRef, letter post.LetterID) (map[post.DocumentID]string, error) {
	found := map[post.DocumentID]string{}
	is, err := a.note(ctx, path.Join(c.ID, noteName(letter)))
	for _, d := range is.Documents {
		found[d.ID] = d.Ref
	}
	if errors.Is(err, post.ErrNotFound) {
		err = nil
	}
	return found, err
}

func (a *Archive) note(ctx context.Context, name string) (is note, err error) {
	content, err := a.Files.Read(ctx, name)
	if err == nil {
		err = json.Unmarshal(content, &is)
	}
	return is, err
}

// fileName is what a document is called. The message of a letter that was sent anew is another file.
func fileName(d post.OutgoingDocument) string {
	title, ext := d.Title, path.Ext(d.Name)
	switch d.Kind {
	case post.LetterDocument:
		ext = ".pdf"
	case post.AttachmentDocument:
		title = fmt.Sprintf("bilag %d - %s", d.Number, strings.TrimSuffix(d.Title, ext))
	case post.MessageDocument, post.ReceiptDocument:
		title += " " + d.SHA256[:8]
	}
	return post.FileName(fmt.Sprintf("%s - %s%s", d.Letter.Letter, title, ext))
}

// others is how many files of others, under a name of ours, are looked past.
const others = 20

// File implements post.Archive. The same bytes are there already; other ones get a name beside, and a person is told.
func (a *Archive) File(ctx context.Context, c post.CaseRef, d post.OutgoingDocument, _ post.Once) (string, error) {
	if err := a.Files.Ready(ctx); err != nil {
		return "", err
	}
	name := fileName(d)
	free := name
	for n := 2; n < others; n++ {
		there, err := a.Files.Read(ctx, path.Join(c.ID, free))
		if errors.Is(err, post.ErrNotFound) {
			break
		}
		if err != nil {
			return "", err
		}
		if bytes.Equal(there, d.Content) {
			return free, nil
		}
		ext := path.Ext(name)
		free = fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(name, ext), n, ext)
	}
	if err := a.Files.Write(ctx, path.Join(c.ID, free), d.Content); err != nil {
		return "", err
	}
	if free != name {
		return "", post.FailedTransfer(sentence.Of("archive-file-changed", a.Name, name))
	}
	return name, nil
}

// Confirm implements post.Archive: the letter's JSON, and the index of its case. Whoever calls it has the lease of the
// case: two who wrote its index at the same time would lose each other's rows.
func (a *Archive) Confirm(ctx context.Context, c post.CaseRef, w post.CaseWanted, s post.SendingStatus,
	once post.Once) error {
	if err := a.Files.Ready(ctx); err != nil {
		return err
	}
	name := path.Join(c.ID, noteName(s.Letter))
	old, err := a.note(ctx, name)
	first := errors.Is(err, post.ErrNotFound)
	if err != nil && !first {
		return err
	}
	if err := once.Keep(post.Repeatable); err != nil {
		return err
	}
	if first && a.Numbers && !w.Person.IsZero() { // whoever imports it removes it: it does not come again
		number := path.Join(c.ID, string(s.Letter)+".nummer.txt")
		if err := a.Files.Write(ctx, number, []byte(w.Person.Reveal()+"\r\n")); err != nil {
			return err
		}
	}
	is := note{s.Letter, s.Title, s.Status, s.Ended, s.Reason, s.Type, s.KLE, s.Sender,
		s.Filed.In(post.Denmark()).Format(time.DateOnly), s.Documents}
	if len(is.Documents) == 0 { // the letter is for another one now: what lies here stays
		is.Documents = old.Documents
	}
	content, err := json.MarshalIndent(is, "", "  ")
	if err != nil {
		return err
	}
	if err := a.Files.Write(ctx, name, content); err != nil {
		return err
	}
	return a.index(ctx, c, is)
}
