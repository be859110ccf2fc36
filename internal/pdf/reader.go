package pdf

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math"
)

// Text is what a page says.
type Text struct {
	Lines      []Line
	Characters int               // shown on the page
	Unknown    int               // of these, characters whose font does not say what they are
	Invisible  int               // of these, characters behind a picture: text recognition, which misreads digits
	Picture    float64           // share of the page that its largest picture covers
	Marks      bool              // pictures or drawings are there beside text
	Cropped    bool              // there is text that the page's box cuts off
	Undrawn    bool              // there are fields or notes whose look is not in the file
	Active     Active            // what the page does besides being read
	Sum        [sha256.Size]byte // of what the page draws and says
	Names      []byte            // resources that the page's content names, for the Cutter; separated by zero bytes
}

// Line is a line as it stands on the paper: cells from left to right, set apart by wide gaps.
type Line []string

// A page that is mostly a picture, with no more text than a stamp or a footer, is a scan.
const (
	scanShare      = 0.5
	coverShare     = 0.8
	scanCharacters = 300
)

// unknownShare is the share of characters without meaning from which a page counts as unreadable. Single symbols
// (a bullet, a logo) are common in readable letters.
const unknownShare = 0.05

// Reason is why the text of a page cannot be trusted.
type Reason uint8

// The reasons. Readable is none: the page was read, or it is empty.
const (
	Readable   Reason = iota
	Drawn             // a picture or a drawing, without text
	Scanned           // a picture with a little text
	Recognized        // a picture with text that a machine recognized
	Opaque            // the fonts do not say which characters the glyphs are
	Undrawn           // fields or notes whose look is left to the viewer
)

// Reason tells why the text of the page cannot be trusted.
func (t *Text) Reason() Reason {
	switch {
	case t.Undrawn:
		return Undrawn
	case len(t.Lines) == 0 && (t.Marks || t.Cropped):
		return Drawn
	case t.Picture > scanShare && t.Characters < scanCharacters:
		return Scanned
	case 2*t.Invisible > t.Characters:
		return Recognized
	case float64(t.Unknown) > unknownShare*float64(t.Characters):
		return Opaque
	}
	return Readable
}

// Reader reads pages. It keeps buffers, so each goroutine needs its own.
type Reader struct {
	d            *Document
	content      []byte
	text         []byte
	runs         []run
	codes        []byte
	joined       []byte
	names        names
	interpreters []*interpreter // by depth

	characters, unknown, invisible int
	marks, cropped, undrawn        bool
	active                         Active
	largest                        float64 // picture
	steps                          int
	box                            rectangle // what is seen of the page

	tracing bool    // where each character comes from is noted
	shown   []shown // strings that were shown
	spots   []spot  // characters, in order
	places  []int   // of each byte of joined in text; -1 where it is from none
}

// Reader returns a new Reader of the document.
func (d *Document) Reader() *Reader { return &Reader{d: d} }

// Read returns the text of page i, counted from 0.
func (r *Reader) Read(i int) (text *Text, err error) {
	defer func() {
		if x := recover(); x != nil { // no input is known that gets here; a page that did must not pass for an empty one
			text, err = nil, damaged("page %d: %v", i+1, x)
		}
	}()
	if err := r.read(i); err != nil {
		return nil, fmt.Errorf("page %d: %w", i+1, err)
	}
	return &Text{
		Lines: r.lines(), Characters: r.characters, Unknown: r.unknown, Invisible: r.invisible, Picture: r.share(), Marks: r.marks,
		Cropped: r.cropped, Undrawn: r.undrawn,
		Active: r.active, Sum: r.sum(),
		Names: bytes.Join(r.names.few, []byte{0}),
	}, nil
}

// begin forgets the page before.
func (r *Reader) begin() {
	r.text, r.runs = r.text[:0], r.runs[:0]
	r.shown, r.spots = r.shown[:0], r.spots[:0]
	r.names.clear()
	r.characters, r.unknown, r.invisible, r.marks, r.largest, r.steps = 0, 0, 0, false, 0, 0
	r.cropped, r.undrawn, r.box = false, false, rectangle{}
}

func (r *Reader) read(i int) (err error) {
	p := r.d.leaf(i)
	if p.dict.kind != kindDict {
		return damaged("it cannot be found")
	}
	if p.dict.saysTwice() {
		return damaged("its dictionary says something twice")
	}
	r.begin()
	r.active = r.d.triggersIn(p.dict.get("AA"))
	turned := r.d.rotation(&p)
	if r.box = r.d.boxOf(&p, turned); r.tracing {
		r.box = rectangle{} // what is cropped away is in the file too
	}
	if r.content, err = r.d.appendContent(r.content[:0], &p); err != nil {
		return err
	}
	resources := r.d.resolveShared(p.resources)
	if err := r.run(r.content, 0, &resources, state{ctm: turned, scale: 1}, 0, true); err != nil {
		return err
	}
	return r.annotations(&p, turned)
}

// sum is the fingerprint of a page: of its content, and of its text, which may come from forms.
func (r *Reader) sum() [sha256.Size]byte {
	h := sha256.New()
	h.Write(r.content)
	h.Write(r.text)
	return [sha256.Size]byte(h.Sum(nil))
}

// rotation turns the page as a viewer does (PDF 7.7.3.3 Rotate).
func (d *Document) rotation(p *leaf) matrix {
	switch (d.resolve(p.rotate).int()%360 + 360) % 360 {
	case 90:
		return matrix{0, -1, 1, 0, 0, 0}
	case 180:
		return matrix{-1, 0, 0, -1, 0, 0}
	case 270:
		return matrix{0, 1, -1, 0, 0, 0}
	}
	return identity
}

// picture notes a picture, which fills the unit square (PDF 8.9.5).
func (r *Reader) picture(ctm matrix) {
	r.marks = true
	r.largest = max(r.largest, math.Abs(ctm[0]*ctm[3]-ctm[1]*ctm[2]))
}

// coversPage reports whether a picture covers most of what is seen of the page.
func (r *Reader) coversPage(ctm matrix) bool {
	area := r.box.area()
	return area > 0 && math.Abs(ctm[0]*ctm[3]-ctm[1]*ctm[2]) > coverShare*area
}

func (r *Reader) share() float64 {
	if area := r.box.area(); area > 0 {
		return r.largest / area
	}
	return 0
}
