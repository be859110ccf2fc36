// Package memo writes and reads MeMo 1.1 and 1.2 messages, all of both schemas (MeMo_core.xsd). Both ways are streams:
// the text of a message is small and stands in memory, the contents of its files pass through.
//
// Invariant: the same Message gives the same bytes, always, so that an attempt can be repeated; and Skeleton, which
// has each file's SHA-256 in place of its content, gives the same digest exactly when the bytes are the same.
//
// Message -> [memo] -> XML · XML -> [memo] -> Message, contents hashed or passed on
package memo

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
)

// Message is a message of Digital Post, or a NemSMS.
type Message struct {
	Version string // memoVersion: "1.1" or "1.2"
	Header  Header `memo:"MessageHeader"`
	Body    *Body  `memo:"MessageBody?"`

	Unknown []Unknown // what was read and stands in neither schema

	text  [][]byte // once it has been made; contents of files do not stand in it
	files []*File
}

// Unknown is an element or attribute that we do not know, with the text in it.
type Unknown struct {
	Path string // such as MessageHeader/newElement
	Text string
}

// segments returns the text of the message, cut where the contents of the files belong. It is made once: a message that
// is being written does not change any more, but for the contents of its files.
func (m *Message) segments() [][]byte {
	if m.text == nil {
		m.text, m.files = write(m), m.Files()
	}
	return m.text
}

// digestMark stands in a skeleton where the content of a file was.
const digestMark = "sha256:"

// Skeleton returns the message with "sha256:" and the hash in place of each file's content.
func (m *Message) Skeleton() []byte {
	var out []byte
	for i, s := range m.segments() {
		out = append(out, s...)
		if i < len(m.files) {
			out = append(out, digestMark+m.files[i].Content.SHA256...)
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
	for _, f := range m.files {
		n += EncodedLength(f.Content.Size)
	}
	return n
}

// EncodedLength returns how many bytes a content takes in a message: base64 grows by a third.
func EncodedLength(size int64) int64 { return (size + 2) / 3 * 4 }

// forbiddenInFileName is refused since 10 September 2025 (digital-post.md 2, Filename/URL rule); post.CheckFileName
// tells users of it.
const forbiddenInFileName = "<>:\"/\\|?*\r\n\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009" +
	"\u200a\u2028\u205f\u2060\u3000"

// Check returns why Digital Post would refuse a message, as far as that is known: the schema of its version, names of
// files and addresses of actions. The error names the element, never its text: that may be a person's number.
func (m *Message) Check() error {
	if m.Version != "1.1" && m.Version != "1.2" {
		return fmt.Errorf("%w: memoVersion %q is not known", ErrInvalid, m.Version)
	}
	if err := checkElements(reflect.ValueOf(m).Elem(), m.Version, ""); err != nil {
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if m.Header.Type == NemSMS && m.Header.Notification == "" {
		return fmt.Errorf("%w: a NemSMS has no notification", ErrInvalid)
	}
	for _, f := range m.Files() {
		if f.Name == "" || strings.ContainsAny(f.Name, forbiddenInFileName) {
			return fmt.Errorf("%w: filename has a character that is not allowed", ErrInvalid)
		}
	}
	return m.checkActions()
}

func (m *Message) checkActions() error {
	if m.Body == nil {
		return nil
	}
	actions := m.Body.Main.Actions
	for _, d := range m.Body.Additional {
		actions = append(actions[:len(actions):len(actions)], d.Actions...)
	}
	for _, a := range actions {
		if a.EntryPoint != nil && !a.EntryPoint.URL.isHTTPS() {
			return fmt.Errorf("%w: url is not https", ErrInvalid)
		}
	}
	return nil
}

// check is the choice of the schema that the order of elements does not say.
func (a Action) check() error {
	if a.Reservation != nil && a.EntryPoint != nil {
		return errors.New("has both a Reservation and an EntryPoint")
	}
	return nil
}

// Bytes returns a short message whole, such as one without large files.
func (m *Message) Bytes() ([]byte, error) { return io.ReadAll(m.Reader()) }
