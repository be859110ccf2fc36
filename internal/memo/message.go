// Package memo writes and reads MeMo 1.1 and 1.2 messages. A message is written as a stream: its text is small and
// stands in memory, the files are encoded as they are read.
//
// Invariant: the same Message gives the same bytes, always, so that an attempt can be repeated; and Skeleton, which
// has each file's SHA-256 in place of its content, gives the same digest exactly when the bytes are the same.
//
// Message -> [memo] -> XML · XML -> [memo] -> Message without contents
package memo

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"io"
	"strconv"
	"time"
)

// Namespace is that of both versions (digital-post.md 1.1). SF1601 asks for the prefix to be "memo".
const Namespace = "https://DigitalPost.dk/MeMo-1"

// Message is a Digital Post message (messageType DIGITALPOST).
type Message struct {
	Version    string // "1.1" or "1.2"
	UUID       string // v4
	ID         string // the sender's own
	Label      string // what the recipient sees as subject
	Reply      bool
	Sender     Party
	Recipient  Party
	Created    time.Time
	Main       File
	Additional []File

	text [][]byte // once it has been made; contents of files do not stand in it
}

// Party is who sends or receives.
type Party struct {
	ID    string
	Type  string // CPR or CVR
	Label string // optional for a recipient
}

// File is a document with one file.
type File struct {
	Name     string
	Type     string // encodingFormat
	Language string
	Content  []byte
	SHA256   string // hex, of Content
	Size     int64
}

// digestMark stands in a skeleton where the content of a file was.
const digestMark = "sha256:"

// segments returns the text of the message, cut where the contents of the files belong. It is made once: a message that
// is being written does not change any more, but for the contents of its files.
func (m *Message) segments() [][]byte {
	if m.text != nil {
		return m.text
	}
	w := writer{}
	attributes := ` memoVersion="` + m.Version + `"`
	if m.Version == "1.1" { // required in 1.1, removed in 1.2 (digital-post.md 1.3)
		attributes += ` memoSchVersion="1.1.0"`
	}
	w.raw(
		`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<memo:Message xmlns:memo="` + Namespace + `"` +
			attributes + `>`,
	)
	m.header(&w)
	w.open("MessageBody")
	w.element("createdDateTime", m.Created.UTC().Format("2006-01-02T15:04:05.000Z"))
	w.document("MainDocument", m.Main)
	for _, f := range m.Additional {
		w.document("AdditionalDocument", f)
	}
	w.close("MessageBody")
	w.close("Message")
	m.text = append(w.done, w.buf.Bytes())
	return m.text
}

func (m *Message) header(w *writer) {
	w.open("MessageHeader")
	w.element("messageType", "DIGITALPOST")
	w.element("messageUUID", m.UUID)
	w.element("messageID", m.ID)
	w.element("label", m.Label)
	if m.Reply {
		w.element("reply", "true")
	}
	w.element("mandatory", "false") // required in 1.1, allowed in 1.2
	w.element("legalNotification", "false")
	w.open("Sender")
	w.element("senderID", m.Sender.ID)
	w.element("idType", m.Sender.Type)
	w.element("label", m.Sender.Label)
	w.close("Sender")
	w.open("Recipient")
	w.element("recipientID", m.Recipient.ID)
	w.element("idType", m.Recipient.Type)
	if m.Recipient.Label != "" {
		w.element("label", m.Recipient.Label)
	}
	w.close("Recipient")
	w.close("MessageHeader")
}

// writer gathers text and is cut at each content.
type writer struct {
	buf  bytes.Buffer
	done [][]byte
}

func (w *writer) raw(s string)      { w.buf.WriteString(s) }
func (w *writer) open(name string)  { w.raw("<memo:" + name + ">") }
func (w *writer) close(name string) { w.raw("</memo:" + name + ">") }

func (w *writer) element(name, text string) {
	w.open(name)
	_ = xml.EscapeText(&w.buf, []byte(text)) // a bytes.Buffer does not fail
	w.close(name)
}

func (w *writer) document(name string, f File) {
	w.open(name)
	w.element("label", f.Name)
	w.open("File")
	w.element("encodingFormat", f.Type)
	w.element("filename", f.Name)
	w.element("language", f.Language)
	w.open("content")
	w.done = append(w.done, bytes.Clone(w.buf.Bytes()))
	w.buf.Reset()
	w.close("content")
	w.close("File")
	w.close(name)
}

func (m *Message) files() []*File {
	files := []*File{&m.Main}
	for i := range m.Additional {
		files = append(files, &m.Additional[i])
	}
	return files
}

// Skeleton returns the message with "sha256:" and the hash in place of each file's content.
func (m *Message) Skeleton() []byte {
	var out []byte
	files := m.files()
	for i, s := range m.segments() {
		out = append(out, s...)
		if i < len(files) {
			out = append(out, digestMark+files[i].SHA256...)
		}
	}
	return out
}

// Digest is the SHA-256 of the skeleton.
func (m *Message) Digest() string {
	sum := sha256.Sum256(m.Skeleton())
	return hex.EncodeToString(sum[:])
}

// Length returns how many bytes the message has.
func (m *Message) Length() int64 {
	var n int64
	for _, s := range m.segments() {
		n += int64(len(s))
	}
	for _, f := range m.files() {
		n += EncodedLength(f.Size)
	}
	return n
}

// EncodedLength returns how many bytes a content takes in a message: base64 grows by a third.
func EncodedLength(size int64) int64 { return (size + 2) / 3 * 4 }

// Body returns a reader of the message.
func (m *Message) Body() io.Reader {
	var readers []io.Reader
	files := m.files()
	for i, s := range m.segments() {
		readers = append(readers, bytes.NewReader(s))
		if i < len(files) {
			readers = append(readers, &encoder{content: files[i].Content})
		}
	}
	return io.MultiReader(readers...)
}

// encoder reads bytes as base64.
type encoder struct {
	content []byte
	encoded []byte
	buf     [8192]byte
}

func (e *encoder) Read(p []byte) (int, error) {
	if len(e.encoded) == 0 {
		if len(e.content) == 0 {
			return 0, io.EOF
		}
		n := min(len(e.content), base64.StdEncoding.DecodedLen(len(e.buf)))
		base64.StdEncoding.Encode(e.buf[:], e.content[:n])
		e.encoded = e.buf[:base64.StdEncoding.EncodedLen(n)]
		e.content = e.content[n:]
	}
	n := copy(p, e.encoded)
	e.encoded = e.encoded[n:]
	return n, nil
}

func formatVersion(v string) (float64, error) { return strconv.ParseFloat(v, 64) }
