package memo

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// ErrInvalid means that a message is not valid MeMo.
var ErrInvalid = errors.New("memo.invalid")

// Reading says how a message is read. The contents of its files are decoded and hashed as they pass, and go to Sink.
type Reading struct {
	Strict bool // refuse what does not stand in the schema; else it is kept in Unknown
	Sink   func(file int) io.Writer
}

// Read reads a message as Digital Post does: strictly, and the contents of its files are hashed and left out.
func Read(r io.Reader) (*Message, error) { return Reading{Strict: true}.Read(r) }

// ReadWhole reads somebody else's message with the contents of its files.
func ReadWhole(b []byte) (*Message, error) {
	var contents []*bytes.Buffer
	m, err := Reading{Sink: func(int) io.Writer {
		contents = append(contents, new(bytes.Buffer))
		return contents[len(contents)-1]
	}}.Read(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	for _, f := range m.Files() {
		f.Content.Bytes = contents[f.Content.place].Bytes()
	}
	return m, nil
}

// Read reads a message.
func (o Reading) Read(r io.Reader) (*Message, error) {
	contents := newContents(r, o.Sink)
	p := parser{d: xml.NewDecoder(contents), m: &Message{}, contents: contents, strict: o.Strict}
	if err := p.run(); err != nil {
		if contents.err != nil { // the stream broke, which says nothing about the message
			return nil, contents.err
		}
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return p.m, nil
}

// frame is an open element: its value, and the place in the order of its children.
type frame struct {
	name     string
	value    reflect.Value
	children []element
	next     int
	count    int // of the child at next
}

// depthMost bounds how deep elements stand in each other; the schemas need eight.
const depthMost = 32

type parser struct {
	d        *xml.Decoder
	m        *Message
	contents *contents
	strict   bool
	stack    []frame
	text     strings.Builder
	skipped  int // depth in an element that we do not know
	file     int // contents that have been met
	over     bool
}

func (p *parser) run() error {
	for {
		token, err := p.d.Token()
		if err == io.EOF {
			if !p.over {
				return errors.New("the message ends too early")
			}
			if p.file != len(p.contents.found) { // else one of them would be another file's
				return errors.New("a content belongs to no file")
			}
			return nil
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			err = p.start(t)
		case xml.CharData:
			p.text.Write(t)
		case xml.EndElement:
			err = p.end()
		case xml.Directive:
			err = errors.New("a document type is not allowed")
		}
		if err != nil {
			return err
		}
	}
}

func (p *parser) start(t xml.StartElement) error {
	switch {
	case p.skipped > 0:
		p.skipped++
		p.countContent(t.Name.Local)
		return p.deep()
	case p.over:
		return errors.New("something follows the message")
	case len(p.stack) == 0:
		return p.root(t)
	}
	parent := &p.stack[len(p.stack)-1]
	if parent.children == nil {
		return fmt.Errorf("%s holds a tag %q", parent.name, t.Name.Local)
	}
	if err := p.noText(parent.name); err != nil {
		return err
	}
	e, err := parent.allow(t.Name, p.m.Version)
	if err != nil {
		if p.strict || parent.knows(t.Name) {
			return err
		}
		p.skipped = 1
		p.keep(t.Name.Local, "")
		p.countContent(t.Name.Local)
		return nil
	}
	if err := p.attributes(t); err != nil {
		return err
	}
	p.stack = append(p.stack, frameOf(e.name, slot(parent.value.Field(e.field))))
	return p.deep()
}

// frameOf opens an element that has a value.
func frameOf(name string, v reflect.Value) frame {
	f := frame{name: name, value: v}
	if v.Kind() == reflect.Struct && v.Type() != contentType {
		f.children = childrenOf(v.Type())
	}
	return f
}

// slot makes room for one more value of an element.
func slot(field reflect.Value) reflect.Value {
	switch field.Kind() {
	case reflect.Slice:
		field.Set(reflect.Append(field, reflect.Zero(field.Type().Elem())))
		return field.Index(field.Len() - 1)
	case reflect.Pointer:
		field.Set(reflect.New(field.Type().Elem()))
		return field.Elem()
	}
	return field
}

func (p *parser) deep() error {
	if len(p.stack)+p.skipped > depthMost {
		return errors.New("elements stand too deep in each other")
	}
	return nil
}

func (p *parser) countContent(name string) {
	if name == contentName {
		p.file++
	}
}

func (p *parser) root(t xml.StartElement) error {
	if t.Name.Local != "Message" || t.Name.Space != Namespace {
		return fmt.Errorf("the root is %s in %q", t.Name.Local, t.Name.Space)
	}
	for _, a := range t.Attr {
		switch {
		case a.Name.Local == "memoVersion" && a.Name.Space == "":
			p.m.Version = strings.TrimSpace(a.Value)
		case a.Name.Local == "memoSchVersion", isNamespace(a.Name):
		case p.strict:
			return fmt.Errorf("attribute %q is not allowed", a.Name.Local)
		default:
			p.keep("@"+a.Name.Local, a.Value)
		}
	}
	v, err := strconv.ParseFloat(p.m.Version, 64)
	switch {
	case err == nil && v == 1.1:
		p.m.Version = "1.1"
	case err == nil && v == 1.2:
		p.m.Version = "1.2"
	case err != nil || p.strict || v < 1 || v >= 2:
		return fmt.Errorf("memoVersion %q is not known", p.m.Version)
	}
	p.stack = append(p.stack, frameOf("Message", reflect.ValueOf(p.m).Elem()))
	p.text.Reset()
	return nil
}

// isNamespace reports whether an attribute is about the XML and not about the message.
func isNamespace(n xml.Name) bool {
	return n.Space == "xmlns" || n.Local == "xmlns" || n.Space == "http://www.w3.org/2001/XMLSchema-instance" ||
		n.Space == "http://www.w3.org/XML/1998/namespace"
}

func (p *parser) attributes(t xml.StartElement) error {
	for _, a := range t.Attr {
		if isNamespace(a.Name) {
			continue
		}
		if p.strict {
			return fmt.Errorf("attribute %q is not allowed", a.Name.Local)
		}
		p.keep(t.Name.Local+"/@"+a.Name.Local, a.Value)
	}
	return nil
}

// keep notes what we do not know.
func (p *parser) keep(name, text string) {
	path := ""
	for _, f := range p.stack[min(1, len(p.stack)):] {
		path += f.name + "/"
	}
	p.m.Unknown = append(p.m.Unknown, Unknown{path + name, text})
}

func (f *frame) knows(n xml.Name) bool {
	return slices.ContainsFunc(f.children, func(e element) bool {
		return e.name == n.Local && namespaces[e.prefix] == n.Space
	})
}

// allow moves to the rule for a child, past those that may be missing.
func (f *frame) allow(n xml.Name, version string) (*element, error) {
	var possible []string
	for i := f.next; i < len(f.children); i++ {
		e := &f.children[i]
		again := i == f.next && f.count > 0
		switch {
		case again && f.count >= e.most || !e.isIn(version):
			continue
		case e.name == n.Local && namespaces[e.prefix] == n.Space:
			if !again {
				f.next, f.count = i, 0
			}
			f.count++
			return e, nil
		}
		possible = append(possible, "<"+e.name+">")
		if !again && !e.mayBeMissing(version) {
			break
		}
	}
	return nil, fmt.Errorf("tag name %q is not allowed. Possible tag names are: %s", n.Local,
		strings.Join(possible, ","))
}

// complete reports a required child that never came.
func (f *frame) complete(version string) error {
	for i := f.next; i < len(f.children); i++ {
		if e := &f.children[i]; !e.mayBeMissing(version) && (i != f.next || f.count == 0) {
			return fmt.Errorf("%s has no %s", f.name, e.name)
		}
	}
	return nil
}

// noText refuses text between elements, and forgets the space there.
func (p *parser) noText(where string) error {
	defer p.text.Reset()
	if strings.TrimSpace(p.text.String()) != "" {
		return fmt.Errorf("%s holds text", where)
	}
	return nil
}

func (p *parser) end() error {
	if p.skipped > 0 {
		if p.skipped--; p.skipped == 0 {
			p.m.Unknown[len(p.m.Unknown)-1].Text = strings.TrimSpace(p.text.String())
			p.text.Reset()
		}
		return nil
	}
	f := p.stack[len(p.stack)-1]
	p.stack = p.stack[:len(p.stack)-1]
	p.over = len(p.stack) == 0
	switch {
	case f.children != nil:
		if err := errors.Join(p.noText(f.name), f.complete(p.m.Version)); err != nil {
			return err
		}
		if choice, ok := f.value.Interface().(simple); ok {
			return choice.check()
		}
		return nil
	case f.value.Type() == contentType:
		p.text.Reset()
		c, err := p.contents.of(p.file)
		p.file++
		f.value.Set(reflect.ValueOf(c))
		return err
	}
	return p.leaf(f)
}

// leaf keeps the text of an element, and checks its type.
func (p *parser) leaf(f frame) error {
	defer p.text.Reset()
	text := p.text.String()
	if collapses(f.value.Interface()) {
		text = strings.TrimSpace(text)
	}
	f.value.SetString(text)
	if err := checkText(f.value.Interface()); err != nil {
		return fmt.Errorf("%s %w", f.name, err)
	}
	return nil
}
