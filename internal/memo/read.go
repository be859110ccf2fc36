package memo

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// ErrInvalid means that a message is not valid MeMo.
var ErrInvalid = errors.New("memo.invalid")

// Read parses a message. The contents of its files are hashed and left out.
func Read(b []byte) (*Message, error) { return read(b, false) }

// ReadWhole parses a message with the contents of its files.
func ReadWhole(b []byte) (*Message, error) { return read(b, true) }

func read(b []byte, whole bool) (*Message, error) {
	skeleton, files, err := takeContents(b, whole)
	if err != nil {
		return nil, err
	}
	p := parser{d: xml.NewDecoder(bytes.NewReader(skeleton)), m: &Message{}, files: files}
	if err := p.run(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return p.m, nil
}

// takeContents returns the message without what stands in <content>, and what stood there.
func takeContents(b []byte, whole bool) ([]byte, []File, error) {
	var out []byte
	var files []File
	for {
		start := bytes.Index(b, []byte("content>"))
		if start < 0 || bytes.HasSuffix(b[:start], []byte("/")) {
			return append(out, b...), files, nil
		}
		start += len("content>")
		end := bytes.IndexByte(b[start:], '<')
		if end < 0 {
			return nil, nil, fmt.Errorf("%w: content has no end", ErrInvalid)
		}
		f, err := fileOf(b[start : start+end])
		if err != nil {
			return nil, nil, fmt.Errorf("%w: content: %w", ErrInvalid, err)
		}
		if !whole {
			f.Content = nil
		}
		files = append(files, f)
		out = append(out, b[:start]...)
		b = b[start+end:]
		if closing := bytes.IndexByte(b, '>'); closing >= 0 {
			out = append(out, b[:closing+1]...)
			b = b[closing+1:]
		}
	}
}

func fileOf(encoded []byte) (File, error) {
	content := make([]byte, base64.StdEncoding.DecodedLen(len(encoded)))
	n, err := base64.StdEncoding.Decode(content, encoded)
	if err != nil {
		n, err = base64.StdEncoding.Decode(content, bytes.Join(bytes.Fields(encoded), nil))
	}
	sum := sha256.Sum256(content[:n])
	return File{Content: content[:n], SHA256: hex.EncodeToString(sum[:]), Size: int64(n)}, err
}

// grammar lists the children of each element that we write or receive, in the order of the schema
// (MeMo_core.xsd 1.2; 1.1 differs in Representative). A question mark may be missing, a star may be missing or come
// often, a plus comes once or more.
var grammar = map[string][]string{
	"Message": {"MessageHeader", "MessageBody?"},
	"MessageHeader": {
		"messageType",
		"messageUUID",
		"messageID?",
		"messageCode?",
		"label",
		"notification?",
		"additionalNotification?",
		"reply?",
		"replyByDateTime?",
		"doNotDeliverUntilDate?",
		"mandatory?",
		"legalNotification?",
		"postType?",
		"Sender",
		"Recipient",
		"ContentData?",
		"ForwardData?",
		"ReplyData*",
	},
	"Sender": {
		"senderID",
		"idType",
		"idTypeLabel?",
		"label",
		"AttentionData?",
		"ContactPoint?",
		"Representative?",
	},
	"Recipient":          {"recipientID", "idType", "idTypeLabel?", "label?", "AttentionData?", "ContactPoint?"},
	"MessageBody":        {"createdDateTime", "MainDocument", "AdditionalDocument*", "TechnicalDocument*"},
	"MainDocument":       {"mainDocumentID?", "label?", "File+", "Action*"},
	"AdditionalDocument": {"additionalDocumentID?", "label?", "File+", "Action*"},
	"TechnicalDocument":  {"technicalDocumentID?", "label?", "File+"},
	"File":               {"encodingFormat", "filename", "language", "content"},
}

// place is an open element with the position in its grammar.
type place struct {
	name string
	rule []string
	next int
	seen bool // the rule at next has been met
}

type parser struct {
	d     *xml.Decoder
	m     *Message
	files []File
	stack []place
	text  strings.Builder
	read  int // files
}

func (p *parser) run() error {
	for {
		token, err := p.d.Token()
		if err == io.EOF {
			if len(p.stack) > 0 || p.m.UUID == "" {
				return errors.New("the message ends too early")
			}
			return nil
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if err := p.start(t); err != nil {
				return err
			}
		case xml.CharData:
			p.text.Write(t)
		case xml.EndElement:
			if err := p.end(); err != nil {
				return err
			}
		}
	}
}

func (p *parser) start(t xml.StartElement) error {
	name := t.Name.Local
	if len(p.stack) == 0 {
		if name != "Message" || t.Name.Space != Namespace {
			return fmt.Errorf("the root is %s in %q", name, t.Name.Space)
		}
		for _, a := range t.Attr {
			if a.Name.Local == "memoVersion" {
				p.m.Version = a.Value
			}
		}
		if v, err := formatVersion(p.m.Version); err != nil || v != 1.1 && v != 1.2 {
			return fmt.Errorf("memoVersion %q is not known", p.m.Version)
		}
	} else if err := p.stack[len(p.stack)-1].allow(name); err != nil {
		return err
	}
	p.stack = append(p.stack, place{name: name, rule: grammar[name]})
	p.text.Reset()
	if name == "File" {
		if p.read >= len(p.files) {
			return errors.New("a file has no content")
		}
		f := p.files[p.read]
		p.read++
		if p.parent(2) == "MainDocument" && p.m.Main.SHA256 == "" {
			p.m.Main = f
		} else {
			p.m.Additional = append(p.m.Additional, f)
		}
	}
	return nil
}

// allow moves to the rule for a child, past rules that may be missing.
func (e *place) allow(child string) error {
	if e.rule == nil { // an element whose children are not looked at
		return nil
	}
	for ; e.next < len(e.rule); e.next, e.seen = e.next+1, false {
		rule := e.rule[e.next]
		name := strings.TrimRight(rule, "?*+")
		switch often := strings.ContainsAny(rule, "*+"); {
		case name == child && (!e.seen || often):
			e.seen = true
			return nil
		case !e.seen && !strings.ContainsAny(rule, "?*"):
			return fmt.Errorf("tag name %q is not allowed. Possible tag names are: <%s>", child, name)
		}
	}
	return fmt.Errorf("tag name %q is not allowed in %s", child, e.name)
}

// complete reports a required child that never came.
func (e *place) complete() error {
	for i := e.next; i < len(e.rule); i++ {
		if !strings.ContainsAny(e.rule[i], "?*") && !(i == e.next && e.seen) {
			return fmt.Errorf("%s has no %s", e.name, strings.TrimRight(e.rule[i], "+"))
		}
	}
	return nil
}

func (p *parser) parent(up int) string {
	if len(p.stack) < up {
		return ""
	}
	return p.stack[len(p.stack)-up].name
}

func (p *parser) end() error {
	e := p.stack[len(p.stack)-1]
	if err := e.complete(); err != nil {
		return err
	}
	err := p.leaf(p.parent(2), e.name, p.text.String())
	p.stack = p.stack[:len(p.stack)-1]
	p.text.Reset()
	return err
}

// leaf keeps what we need of the text of an element, and checks types (MeMo_dataTypes.xsd).
func (p *parser) leaf(parent, name, text string) error {
	target := p.m.field(parent, name)
	switch {
	case target != nil:
		*target = text
		if name == "messageUUID" && !IsUUID(text) {
			return fmt.Errorf("messageUUID is not a UUID of version 4")
		}
		if len([]rune(text)) > 256 {
			return fmt.Errorf("%s is longer than 256 characters", name)
		}
	case parent == "MessageHeader" && name == "reply":
		p.m.Reply = text == "true" || text == "1"
	case parent == "MessageHeader" && name == "messageType" &&
		!slices.Contains([]string{"DIGITALPOST", "NEMSMS"}, text):
		return fmt.Errorf("messageType %q is not known", text)
	case parent == "MessageBody" && name == "createdDateTime":
		t, err := time.Parse(time.RFC3339, text)
		if err != nil || !strings.HasSuffix(text, "Z") {
			return errors.New("createdDateTime is not a time in UTC")
		}
		p.m.Created = t
	case parent == "File":
		p.fileLeaf(name, text)
	}
	return nil
}

// field returns where the text of an element of the header belongs, or nil.
func (m *Message) field(parent, name string) *string {
	switch parent {
	case "MessageHeader":
		switch name {
		case "messageUUID":
			return &m.UUID
		case "messageID":
			return &m.ID
		case "label":
			return &m.Label
		}
	case "Sender":
		return m.Sender.field(name, "senderID")
	case "Recipient":
		return m.Recipient.field(name, "recipientID")
	}
	return nil
}

func (p *Party) field(name, id string) *string {
	switch name {
	case id:
		return &p.ID
	case "idType":
		return &p.Type
	case "label":
		return &p.Label
	}
	return nil
}

func (p *parser) fileLeaf(name, text string) {
	f := &p.m.Main
	if p.parent(3) != "MainDocument" || len(p.m.Additional) > 0 {
		f = &p.m.Additional[len(p.m.Additional)-1]
	}
	switch name {
	case "encodingFormat":
		f.Type = text
	case "filename":
		f.Name = text
	case "language":
		f.Language = text
	}
}

// IsUUID reports whether text is a UUID as memoUuidType wants it: version 4.
func IsUUID(text string) bool {
	if len(text) != 36 {
		return false
	}
	for i, r := range strings.ToLower(text) {
		switch {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if r != '-' {
				return false
			}
		case i == 14 && r != '4',
			i == 19 && !strings.ContainsRune("89ab", r),
			!strings.ContainsRune("0123456789abcdef", r):
			return false
		}
	}
	return true
}
