package memo

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
)

// Body is MessageBody.
type Body struct {
	Created    DateTime             `memo:"createdDateTime"`
	Main       MainDocument         `memo:"MainDocument"`
	Additional []AdditionalDocument `memo:"AdditionalDocument*"`
	Technical  []TechnicalDocument  `memo:"TechnicalDocument*"`
}

// MainDocument is the letter. Its files are variants of one document.
type MainDocument struct {
	ID      string   `memo:"mainDocumentID?"`
	Label   string   `memo:"label?"`
	Files   []File   `memo:"File+"`
	Actions []Action `memo:"Action*"`
}

// AdditionalDocument is an attachment.
type AdditionalDocument struct {
	ID      string   `memo:"additionalDocumentID?"`
	Label   string   `memo:"label?"`
	Files   []File   `memo:"File+"`
	Actions []Action `memo:"Action*"`
}

// TechnicalDocument is for systems.
type TechnicalDocument struct {
	ID    string `memo:"technicalDocumentID?"`
	Label string `memo:"label?"`
	Files []File `memo:"File+"`
}

// File is a file of a document.
type File struct {
	EncodingFormat string   `memo:"encodingFormat"` // media type
	Name           string   `memo:"filename"`
	Language       Language `memo:"language"`
	Content        Content  `memo:"content"`
}

// Content is what stands in a file: in memory, or where it is opened each time that it is written.
type Content struct {
	Bytes  []byte
	Open   func() (io.ReadCloser, error) // in place of Bytes
	SHA256 string                        // hex
	Size   int64

	place int // among the contents of the message that it was read from
}

// ContentOf is a content that stands in memory.
func ContentOf(b []byte) Content {
	sum := sha256.Sum256(b)
	return Content{Bytes: b, SHA256: hex.EncodeToString(sum[:]), Size: int64(len(b))}
}

func (c Content) open() (io.ReadCloser, error) {
	if c.Open != nil {
		return c.Open()
	}
	return io.NopCloser(bytes.NewReader(c.Bytes)), nil
}

// Action is something that the recipient can do, such as paying. It has a reservation, an entry point or neither.
type Action struct {
	Label       string       `memo:"label"`
	Code        string       `memo:"actionCode"` // digital-post.md 1.4
	Start       DateTime     `memo:"startDateTime?"`
	End         DateTime     `memo:"endDateTime?"`
	Reservation *Reservation `memo:"Reservation?"`
	EntryPoint  *EntryPoint  `memo:"EntryPoint?"`
}

// Reservation is an appointment.
type Reservation struct {
	Description    string   `memo:"description"`
	UUID           UUID     `memo:"reservationUUID"`
	Abstract       string   `memo:"abstract"`
	Location       string   `memo:"location"`
	Start          DateTime `memo:"startDateTime"`
	End            DateTime `memo:"endDateTime"`
	OrganizerMail  string   `memo:"organizerMail?"`
	OrganizerLabel string   `memo:"organizerName?"`
}

// EntryPoint is a page.
type EntryPoint struct {
	URL URI `memo:"url"`
}

// Documents returns the files of a message, document by document as they stand in it.
func (m *Message) Documents() (documents [][]*File) {
	if m.Body == nil {
		return nil
	}
	add := func(files []File) {
		var of []*File
		for i := range files {
			of = append(of, &files[i])
		}
		documents = append(documents, of)
	}
	add(m.Body.Main.Files)
	for i := range m.Body.Additional {
		add(m.Body.Additional[i].Files)
	}
	for i := range m.Body.Technical {
		add(m.Body.Technical[i].Files)
	}
	return documents
}

// Files returns the files of all documents.
func (m *Message) Files() (files []*File) {
	for _, of := range m.Documents() {
		files = append(files, of...)
	}
	return files
}
