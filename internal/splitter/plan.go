package splitter

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/pdf/cut"
	"brevdue/internal/pdf/syntax"
	"brevdue/internal/pdf/text"
	"brevdue/internal/sentence"
)

// Segment is one letter to be: its pages, counted from 1, and whom it is for.
type Segment struct {
	First, Last int
	Recipient   ident.Number // zero when Problem says why there is none
	Unit        string       // P-number of the recipient's unit; "" for none
	Problem     Code
	Reason      sentence.Sentence // why; "" where the code says it all
	Dropped     bool              // a person decided that it is not sent
	DroppedBy   string            // who that was; not known of some that a program dropped
	Ordinal     int               // tells letters of the same pages apart; 0 where the pages themselves say whose it is
	byHand      bool              // a person said whom it is for
}

// Plan is what a document will be cut into. Every page is in exactly one segment.
type Plan struct {
	Pages    int
	Segments []Segment
	Findings []Finding
	Review   bool // a person has to look before anything is sent

	data     []byte
	document *syntax.Document
	text     *text.Document
	cut      *cut.Document
	pages    []page
	witness  *witnesses
	signed   bool
	flaws    syntax.Flaws
	packed   []byte // its facts, once they were asked for
	budget   int64  // bytes that its letters may still take
}

// Limits of what the letters of a file may take together, by its size: a picture that all of them share is in each.
const (
	outputLeast   = 4 << 30
	outputPerByte = 50
)

// Spend notes the size of a letter that is about to be stored. The error is a *Problem once all of them take more
// than a file of this size has any business with.
func (p *Plan) Spend(bytes int) error {
	if atomic.AddInt64(&p.budget, -int64(bytes)) >= 0 {
		return nil
	}
	return &Problem{
		Code: TooLarge,
		Text: sentence.Of("letters-too-large", (outputLeast+outputPerByte*int64(len(p.data)))>>30),
	}
}

// Options are the choices of a shipment.
type Options struct {
	Rule     Rule
	Sender   []ident.Number          // the organization's own numbers, which are no recipients; guessed when empty
	Label    string                  // what stands before the recipient's number, wherever on the page
	Begins   string                  // what stands on first pages only
	Pictures bool                    // pages that are pictures are shown to a person, and do not stop the document
	Text     bool                    // all that a letter says is kept, for Words
	Edits    []Edit                  // what a person set right
	Names    map[ident.Number]string // whom the numbers belong to, where a list was given
	Uploaded time.Time               // what undated letters were written on, at the latest
	Today    time.Time               // the day of sending: who is under 15 then has no Digital Post
	Read     func(done, all int)     // told how many pages were read, by several at once; nil for nobody
}

// Words returns the words of a letter, each once, as they are searched. There are none where Options.Text was not set,
// and of a page that is a picture.
func (p *Plan) Words(s Segment) []string {
	var all strings.Builder
	for i := s.First; i <= min(s.Last, len(p.pages)); i++ {
		all.WriteString(p.pages[i-1].text)
	}
	return slices.DeleteFunc(ident.NameWords(all.String()), func(word string) bool { return !ident.IsWord(word) })
}

func newPlan(d *syntax.Document, data []byte) *Plan {
	return &Plan{data: data, document: d, text: text.New(d), cut: cut.New(d), signed: d.Signed(),
		flaws: d.Flaws()}
}

// Make reads a document and decides where each letter begins and whom it is for. The error is a *Problem when
// nothing of the document can be sent.
func Make(ctx context.Context, data []byte, o Options) (plan *Plan, err error) {
	defer func() {
		if x := recover(); x != nil { // no file is known that gets here
			plan, err = nil, openProblem(fmt.Errorf("%w: %v", syntax.ErrDamaged, x))
		}
	}()
	d, err := syntax.Open(data)
	if err != nil {
		return nil, openProblem(err)
	}
	p := newPlan(d, data)
	pages, err := readPages(ctx, p.text, o)
	if err != nil {
		return nil, err
	}
	p.Pages, p.pages = len(pages), pages
	p.budget = outputLeast + outputPerByte*int64(len(data))
	if err := p.activeProblem(); err != nil {
		return nil, err
	}
	if err := p.decide(o); err != nil {
		if p.Segments == nil { // nothing can be shown of it
			p = nil
		}
		return p, err
	}
	return p, nil
}

// decide plans the letters of the pages that were read.
func (p *Plan) decide(o Options) error {
	if err := p.unreadableProblem(o.Pictures); err != nil {
		return err
	}
	p.readHeadings(o)
	if o.Rule == EveryPage {
		p.everyPage()
	} else {
		p.firstPage(o.Begins != "")
	}
	p.holdUnreadable()
	p.edit(o.Edits)
	p.holdDoubtful(o)
	p.chooseUnits()
	p.report(o)
	p.reportSignature()
	if !p.anyNumber() && len(o.Edits) == 0 && !p.anyPicture(o.Pictures) {
		if slices.ContainsFunc(p.pages, func(page page) bool { return page.shortened }) {
			p.Segments = nil
			return openProblem(syntax.ErrDamaged)
		}
		return &Problem{Code: NoRecipientFound, Text: sentence.Of("no-number-in-document")}
	}
	// every page in is in exactly one letter out (reliability.md, safety 2)
	if err := p.Outline().Conserved(); err != nil {
		return fmt.Errorf("split: %w", err)
	}
	return nil
}

// unreadableProblem is why nothing of a document can be used: at least half of its pages cannot be read. nil for
// others.
func (p *Plan) unreadableProblem(pictures bool) error {
	var bad []int
	for i := range p.pages {
		if p.pages[i].unreadable != "" && !(pictures && p.pages[i].picture) {
			bad = append(bad, i+1)
		}
	}
	if 2*len(bad) < len(p.pages) || len(bad) == 0 {
		return nil
	}
	return &Problem{Code: UnreadableDocument,
		Text: sentence.Of("document-unreadable", pageList(bad), p.pages[bad[0]-1].unreadable)}
}

// anyPicture reports whether there are pictures for a person to look at.
func (p *Plan) anyPicture(pictures bool) bool {
	for i := range p.pages {
		if pictures && p.pages[i].picture {
			return true
		}
	}
	return false
}

// Whole is the plan for recipients that are given: each gets the whole document. Of the options the days count.
func Whole(ctx context.Context, data []byte, recipients []ident.Number, o Options) (*Plan, error) {
	d, err := syntax.Open(data)
	if err != nil {
		return nil, openProblem(err)
	}
	p := newPlan(d, data)
	p.Pages = d.Pages()
	if d.HasHiddenLayers() {
		return nil, activeProblem(syntax.HiddenLayers, nil)
	}
	if p.pages, err = readPages(ctx, p.text, Options{Text: o.Text}); err != nil {
		return nil, err
	}
	if err := p.activeProblem(); err != nil {
		return nil, err
	}
	for i, n := range recipients {
		p.Segments = append(p.Segments, Segment{First: 1, Last: p.Pages, Recipient: n, Ordinal: i + 1})
	}
	p.reportDates(o.Uploaded, o.Today)
	p.reportFlaws()
	if d.Signed() {
		p.find(FindingSignature, nil, sentence.Of("signature-kept"))
	}
	return p, nil
}

func openProblem(err error) error {
	p := &Problem{Code: UnreadableDocument, Cause: err}
	switch {
	case errors.Is(err, syntax.ErrEncrypted):
		p.Text = sentence.Of("document-encrypted")
	case errors.Is(err, syntax.ErrNotPDF):
		p.Text = sentence.Of("not-a-pdf")
	default:
		p.Text = sentence.Of("document-damaged")
	}
	return p
}

func (p *Plan) find(code FindingCode, pages []int, text sentence.Sentence) {
	p.Findings = append(p.Findings, Finding{Code: code, Pages: pages, Text: text})
}

// keepsWhole reports whether the one letter of a signed file goes out as it is, so that the signature holds.
func (p *Plan) keepsWhole() bool {
	return len(p.Segments) == 1 && p.signed
}

// KeptWhole returns the file itself where its one letter goes out as it is.
func (p *Plan) KeptWhole() ([]byte, bool) { return p.data, p.keepsWhole() }

// anyNumber reports whether there is a number that a person could look at.
func (p *Plan) anyNumber() bool {
	return slices.ContainsFunc(p.pages, func(page page) bool {
		return page.numbered() || len(page.sightings)+len(page.elsewhere)+len(page.hidden) > 0
	})
}

// Cutter cuts the segments of a plan. Each goroutine needs its own.
type Cutter struct {
	plan *Plan
	cut  *cut.Cutter
}

// Cutter returns a new Cutter of the plan.
func (p *Plan) Cutter() *Cutter { return &Cutter{plan: p, cut: p.cut.Cutter()} }

// Cut returns the PDF of a segment. The bytes are valid until the next Cut.
func (c *Cutter) Cut(segment Segment) []byte {
	return c.cut.Cut(segment.First-1, segment.Last-segment.First+1, c.plan.namesOf(segment))
}

// namesOf returns the resources that each page of a segment names.
func (p *Plan) namesOf(segment Segment) [][]byte {
	names := make([][]byte, 0, segment.Last-segment.First+1)
	for i := segment.First - 1; i < segment.Last; i++ {
		names = append(names, p.pages[i].names)
	}
	return names
}
