package text

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math"
	"slices"

	"brevdue/internal/pdf/syntax"
)

// Text is what a page says.
type Text struct {
	Lines      []Line
	Hidden     []Line            // text that nobody sees: white, clipped away, in no colour; of scans it is not told
	Covered    []Line            // text that is covered up, or too small to be read
	Left       [][]float32       // where each cell of Lines begins, in points from the left
	Characters int               // shown on the page
	Unknown    int               // of these, characters whose font does not say what they are
	Symbols    int               // of these, ornaments and characters of private use: what a lost encoding looks like
	Invisible  int               // of these, characters behind a picture: text recognition, which misreads digits
	Picture    float64           // share of the page that its largest picture covers
	Marks      bool              // pictures or drawings are there beside text
	Cropped    bool              // there is text that the page's box cuts off
	Undrawn    bool              // there are fields or notes whose look is not in the file
	Shortened  bool              // a stream of the page is cut short: it was read as far as it goes, as viewers do
	Active     syntax.Active     // what the page does besides being read
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

// fewCharacters is what a page of drawings may have of text beside them.
const fewCharacters = 20

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
	Short             // the page is cut short before its text
)

// Reason tells why the text of the page cannot be trusted.
func (t *Text) Reason() Reason {
	switch {
	case t.Undrawn:
		return Undrawn
	case len(t.Lines) == 0 && t.Shortened:
		return Short
	case 2*max(t.Unknown, t.Symbols) > t.Characters && t.Characters >= fewCharacters && t.Invisible == 0:
		return Opaque
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
	d *Document
	layout
	content      []byte
	codes        []byte
	patches      []patch
	points       []float64
	names        syntax.ResourceNames
	interpreters []*interpreter // by depth

	characters, unknown, invisible int
	marks, cropped, undrawn        bool
	shortened                      bool
	active                         syntax.Active
	largest                        float64 // picture
	steps                          int
	hiddenBy                       int       // layers around what is drawn that are not seen
	box                            rectangle // what is seen of the page

	shown []shown // strings that were shown
	spots []spot  // characters, in order
}

// Reader returns a new Reader of the document.
func (d *Document) Reader() *Reader { return &Reader{d: d} }

// Read returns the text of page i, counted from 0.
func (r *Reader) Read(i int) (text *Text, err error) {
	defer func() {
		// no input is known that gets here; a page that did must not pass for an empty one
		if x := recover(); x != nil {
			text, err = nil, syntax.Damaged("page %d: %v", i+1, x)
		}
	}()
	if err := r.read(i); err != nil {
		return nil, fmt.Errorf("page %d: %w", i+1, err)
	}
	hidden, covered, err := r.apart()
	if err != nil {
		return nil, fmt.Errorf("page %d: %w", i+1, err)
	}
	lines, left := r.lines()
	return &Text{
		Lines:      lines,
		Left:       left,
		Hidden:     hidden,
		Covered:    covered,
		Characters: r.characters,
		Unknown:    r.unknown,
		Symbols:    symbolsIn(r.text),
		Invisible:  r.invisible,
		Picture:    r.share(),
		Marks:      r.marks,
		Cropped:    r.cropped,
		Undrawn:    r.undrawn,
		Shortened:  r.shortened,
		Active:     r.active,
		Sum:        r.sum(),
		Names:      bytes.Join(r.names.Keys(), []byte{0}),
	}, nil
}

// apart takes the text that nobody sees out of the page's, and returns what of it is told. A scan's text lies behind
// its picture and is not told: what a machine has guessed is no number. Nor is what stands in a layer that is off.
func (r *Reader) apart() (hidden, over []Line, err error) {
	if err := r.settleVisibility(); err != nil {
		return nil, nil, err
	}
	all := slices.Clone(r.runs)
	only := func(l visibility) []run {
		return slices.DeleteFunc(slices.Clone(all), func(segment run) bool { return segment.visibility != l })
	}
	if len(only(visible)) == len(all) {
		return nil, nil, nil
	}
	if r.share() <= scanShare && r.active&syntax.HiddenLayers == 0 {
		r.runs = only(invisible)
		hidden, _ = r.lines()
		r.runs = only(covered)
		over, _ = r.lines()
	}
	r.runs = only(visible)
	return hidden, over, nil
}

// symbolsIn counts ornaments (U+2700 to U+27BF) and characters of private use (U+E000 to U+F8FF).
func symbolsIn(text []byte) (n int) {
	for i := 0; i+2 < len(text); i++ {
		switch c := text[i]; {
		case c < 0xe2:
		case c == 0xe2 && text[i+1] >= 0x9c && text[i+1] <= 0x9e, c == 0xee, c == 0xef && text[i+1] <= 0xa3:
			n++
		}
	}
	return n
}

// begin forgets the page before.
func (r *Reader) begin() {
	r.text, r.runs, r.patches = r.text[:0], r.runs[:0], r.patches[:0]
	r.shown, r.spots = r.shown[:0], r.spots[:0]
	r.names.Clear()
	r.characters, r.unknown, r.invisible, r.marks, r.largest, r.steps = 0, 0, 0, false, 0, 0
	r.cropped, r.undrawn, r.shortened, r.box, r.hiddenBy = false, false, false, rectangle{}, 0
}

func (r *Reader) read(i int) (err error) {
	p := r.d.Page(i)
	if p.Dict.Kind != syntax.KindDict {
		return syntax.Damaged("it cannot be found")
	}
	if p.Dict.HasDuplicateKey() {
		return syntax.Damaged("its dictionary says something twice")
	}
	r.begin()
	r.active = r.d.AdditionalActions(p.Dict.Get("AA"))
	turned := r.d.rotation(&p)
	if r.box = r.d.boxOf(&p, turned); r.tracing {
		r.box = rectangle{} // what is cropped away is in the file too
	}
	if r.content, err = r.d.AppendContents(r.content[:0], &p, &r.shortened); err != nil {
		return err
	}
	resources := r.d.ResolveShared(p.Resources)
	if err := r.run(r.content, 0, &resources, start(turned), 0, true); err != nil {
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
func (d *Document) rotation(p *syntax.Page) matrix {
	switch (d.Resolve(p.Rotate).Int()%360 + 360) % 360 {
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
