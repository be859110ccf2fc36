package memo

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"regexp"
	"slices"
)

// contentName is the element whose text never goes through the XML parser: it would hold all of it in memory.
const contentName = "content"

// textBound bounds the text of a message around the contents of its files.
const textBound = 8 << 20

// contents reads a message for the XML parser without what stands in <content>, which it decodes on the side.
type contents struct {
	r      *bufio.Reader
	sink   func(int) io.Writer
	out    bytes.Buffer // for the parser
	passed int
	found  []Content
	err    error // of the stream
	inside bool  // a content
	decode decoder
}

func newContents(r io.Reader, sink func(int) io.Writer) *contents {
	return &contents{r: bufio.NewReaderSize(r, 64<<10), sink: sink}
}

// of returns the n-th content.
func (c *contents) of(n int) (Content, error) {
	if n < len(c.found) {
		is := c.found[n]
		is.place = n
		return is, nil
	}
	return Content{}, errors.New("a file has no content")
}

func (c *contents) Read(p []byte) (int, error) {
	for c.out.Len() == 0 {
		if err := c.step(); err != nil {
			return 0, err
		}
	}
	return c.out.Read(p)
}

// step reads up to the next tag, and the tag.
func (c *contents) step() error {
	chunk, err := c.r.ReadSlice('<')
	text := bytes.TrimSuffix(chunk, []byte("<"))
	if c.inside {
		if err := c.decode.write(text); err != nil {
			return err
		}
	} else if err := c.pass(text); err != nil {
		return err
	}
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return nil
	case err != nil:
		if err != io.EOF {
			c.err = err
		} else if c.out.Len() > 0 {
			return nil
		}
		return err
	}
	return c.tag()
}

// pass hands text on to the parser.
func (c *contents) pass(b []byte) error {
	if c.passed += len(b); c.passed > textBound {
		return errors.New("the text of the message is too long")
	}
	c.out.Write(b)
	return nil
}

// tag reads what begins with the "<" that was just read.
func (c *contents) tag() error {
	for _, kind := range []struct {
		begin, end string
		text       bool
	}{{"!--", "-->", false}, {"![CDATA[", "]]>", true}, {"?", "?>", false}} {
		if head, err := c.r.Peek(len(kind.begin)); err == nil && string(head) == kind.begin {
			return c.until("<", kind.begin, kind.end, kind.text)
		}
	}
	tag, err := c.element()
	if err != nil {
		return err
	}
	name := localName(tag)
	if c.inside {
		if name != "/"+contentName {
			return errors.New("a content holds a tag")
		}
		if err := c.decode.close(); err != nil {
			return err
		}
		c.found[len(c.found)-1] = c.decode.content()
		c.inside = false
	} else if name == contentName {
		c.begin(bytes.HasSuffix(tag, []byte("/>")))
	}
	return c.pass(tag)
}

// begin begins a content; an empty element is one without bytes.
func (c *contents) begin(empty bool) {
	var to io.Writer = io.Discard
	if c.sink != nil {
		to = c.sink(len(c.found))
	}
	c.decode = decoder{to: to, sum: sha256.New()}
	c.found = append(c.found, c.decode.content())
	c.inside = !empty
}

// until reads a comment, an instruction or text that is marked as such, up to its end.
func (c *contents) until(open, begin, end string, isText bool) error {
	whole := []byte(open)
	for {
		b, err := c.r.ReadByte()
		if err != nil {
			return c.cut(err)
		}
		if whole = append(whole, b); len(whole) > textBound {
			return errors.New("the text of the message is too long")
		}
		if len(whole) >= len(open)+len(begin)+len(end) && bytes.HasSuffix(whole, []byte(end)) {
			break
		}
	}
	switch {
	case !c.inside:
		return c.pass(whole)
	case isText:
		return c.decode.write(whole[len(open)+len(begin) : len(whole)-len(end)])
	}
	return nil
}

// element reads a tag to its ">"; one in quotes does not end it.
func (c *contents) element() ([]byte, error) {
	tag := []byte{'<'}
	var quote byte
	for {
		b, err := c.r.ReadByte()
		if err != nil {
			return nil, c.cut(err)
		}
		if tag = append(tag, b); len(tag) > 64<<10 {
			return nil, errors.New("a tag is too long")
		}
		switch {
		case quote != 0 && b == quote:
			quote = 0
		case quote != 0:
		case b == '"' || b == '\'':
			quote = b
		case b == '>':
			return tag, nil
		}
	}
}

// cut is the end of a stream in the midst of something.
func (c *contents) cut(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	c.err = err
	return err
}

// localName returns the name of a tag without its prefix; that of an end begins with a slash.
func localName(tag []byte) string {
	name := bytes.Trim(tag, "<>")
	slash := ""
	if bytes.HasPrefix(name, []byte("/")) {
		slash, name = "/", name[1:]
	}
	if end := bytes.IndexAny(name, " \t\r\n/"); end >= 0 {
		name = name[:end]
	}
	if colon := bytes.IndexByte(name, ':'); colon > 0 && colon < len(name)-1 { // as encoding/xml reads names
		name = name[colon+1:]
	}
	return slash + string(name)
}

// decoder decodes base64 piece by piece.
type decoder struct {
	to   io.Writer
	sum  hash.Hash
	size int64
	left []byte // of a group of four that is not whole
	cut  []byte // the beginning of a reference
	over bool   // padding has been met
	buf  []byte
}

// spaceReferences is space as some writers put it into base64.
var spaceReferences = regexp.MustCompile(`&#(?:9|10|13|32|x9|xA|xa|xD|xd|x20);`)

// referenceMost is how long such a reference is.
const referenceMost = len("&#x20;")

var errBase64 = errors.New("content is not base64")

func (d *decoder) write(b []byte) error {
	if len(d.cut) > 0 || bytes.IndexByte(b, '&') >= 0 {
		b = spaceReferences.ReplaceAll(append(d.cut, b...), nil)
		d.cut = nil
		if i := bytes.LastIndexByte(b, '&'); i >= 0 && len(b)-i < referenceMost {
			b, d.cut = b[:i], bytes.Clone(b[i:])
		}
	}
	if bytes.ContainsAny(b, " \t\r\n") {
		b = slices.DeleteFunc(bytes.Clone(b), func(x byte) bool {
			return x == ' ' || x == '\t' || x == '\r' || x == '\n'
		})
	}
	if len(d.left) > 0 && len(b) > 0 {
		n := min(4-len(d.left), len(b))
		d.left, b = append(d.left, b[:n]...), b[n:]
		if len(d.left) == 4 {
			if err := d.groups(d.left); err != nil {
				return err
			}
			d.left = d.left[:0]
		}
	}
	whole := len(b) / 4 * 4
	d.left = append(d.left, b[whole:]...)
	return d.groups(b[:whole])
}

func (d *decoder) groups(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	if d.over {
		return errBase64
	}
	d.buf = slices.Grow(d.buf[:0], len(b)/4*3)[:len(b)/4*3]
	n, err := base64.StdEncoding.Decode(d.buf, b)
	if err != nil {
		return errBase64
	}
	d.over = b[len(b)-1] == '='
	d.size += int64(n)
	d.sum.Write(d.buf[:n])
	if _, err := d.to.Write(d.buf[:n]); err != nil {
		return fmt.Errorf("keep a content: %w", err)
	}
	return nil
}

func (d *decoder) close() error {
	if len(d.left) > 0 || len(d.cut) > 0 {
		return errBase64
	}
	return nil
}

func (d *decoder) content() Content {
	return Content{SHA256: hex.EncodeToString(d.sum.Sum(nil)), Size: d.size}
}
