package split

import (
	"context"
	"errors"
	"fmt"

	"brevdue/internal/ident"
	"brevdue/internal/pdf"
	"brevdue/internal/post"
)

// Piece is one letter to be: its pages, counted from 1, and whom it is for.
type Piece struct {
	First, Last int
	Recipient   ident.Number // zero when Problem says why there is none
	Problem     post.Code
	Dropped     string // who decided that it is not sent
	byHand      bool   // a person said whom it is for
}

// Plan is what a document will be cut into. Every page is in exactly one piece.
type Plan struct {
	Pages    int
	Pieces   []Piece
	Findings []post.Finding
	Review   bool // a person has to look before anything is sent

	document *pdf.Document
	pages    []page
}

// Options are the choices of a shipment.
type Options struct {
	Rule     post.Rule
	Sender   []ident.Number          // the organization's own numbers, which are no recipients; guessed when empty
	Label    string                  // what stands before the recipient's number, wherever on the page
	Begins   string                  // what stands on first pages only
	Pictures bool                    // pages that are pictures are shown to a person, and do not stop the document
	Edits    []post.Edit             // what a person set right
	Names    map[ident.Number]string // whom the numbers belong to, where a list was given
}

// Make reads a document and decides where each letter begins and whom it is for. The error is a *post.Problem when
// nothing of the document can be sent.
func Make(ctx context.Context, data []byte, o Options) (plan *Plan, err error) {
	defer func() {
		if x := recover(); x != nil { // no file is known that gets here
			plan, err = nil, openProblem(fmt.Errorf("%w: %v", pdf.ErrDamaged, x))
		}
	}()
	d, err := pdf.Open(data)
	if err != nil {
		return nil, openProblem(err)
	}
	pages, err := readPages(ctx, d, o)
	if err != nil {
		return nil, err
	}
	p := &Plan{Pages: len(pages), document: d, pages: pages}
	if err := p.activeProblem(); err != nil {
		return nil, err
	}
	if err := p.unreadableProblem(o.Pictures); err != nil {
		return nil, err
	}
	p.readHeadings(o)
	if o.Rule == post.EveryPage {
		p.everyPage()
	} else {
		p.firstPage(o.Begins != "")
	}
	p.holdUnreadable()
	p.edit(o.Edits)
	anyone := p.anyRecipient() // before names are held against the list
	p.report(o.Names)
	if !anyone && len(o.Edits) == 0 && !p.anyPicture(o.Pictures) {
		return p, &post.Problem{Code: post.NoRecipientFound,
			Text: "Der er ingen CPR- eller CVR-numre i dokumentet, som kan bruges. Nummeret skal stå på en linje for sig selv øverst i brevet, med »CPR-nr.:« eller »CVR-nr.:« foran. Intet er sendt."}
	}
	if err := p.Outline().Conserved(); err != nil { // every page in is in exactly one letter out (reliability.md, safety 2)
		return p, fmt.Errorf("split: %w", err)
	}
	return p, nil
}

// unreadableProblem is why nothing of a document can be used: more of it cannot be read than can.
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
	return &post.Problem{Code: post.UnreadableDocument,
		Text: fmt.Sprintf("Dokumentet kan ikke læses (%s). %s Intet er sendt.", post.PageList(bad), p.pages[bad[0]-1].unreadable)}
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

// Whole is the plan for recipients that are given: each gets the whole document.
func Whole(data []byte, recipients []ident.Number) (*Plan, error) {
	d, err := pdf.Open(data)
	if err != nil {
		return nil, openProblem(err)
	}
	p := &Plan{Pages: d.Pages(), document: d}
	if err := p.activeProblem(); err != nil {
		return nil, err
	}
	for _, n := range recipients {
		p.Pieces = append(p.Pieces, Piece{First: 1, Last: p.Pages, Recipient: n})
	}
	return p, nil
}

func openProblem(err error) error {
	p := &post.Problem{Code: post.UnreadableDocument, Cause: err}
	switch {
	case errors.Is(err, pdf.ErrEncrypted):
		p.Text = "Dokumentet er krypteret eller låst med en adgangskode. Gem det uden kode, og prøv igen. Intet er sendt."
	case errors.Is(err, pdf.ErrNotPDF):
		p.Text = "Filen er ikke en PDF. Gem eller udskriv dokumentet som PDF, og prøv igen. Intet er sendt."
	default:
		p.Text = "PDF-filen er beskadiget, og alle sider kan ikke findes. Gem den på ny, og prøv igen. Intet er sendt."
	}
	return p
}

// readHeadings finds the numbers of each page, without the sender's own.
func (p *Plan) readHeadings(o Options) {
	sender := map[ident.Number]bool{}
	for _, n := range o.Sender {
		sender[n] = true
	}
	if guess := guessSender(p.pages); !guess.IsZero() && !sender[guess] {
		sender[guess] = true
		p.find(post.FindingSenderGuessed, nil, fmt.Sprintf(
			"CVR %s står i de fleste breve og er regnet for afsenderens eget nummer, ikke for en modtager.", guess))
	}
	for i := range p.pages {
		page := &p.pages[i]
		if o.Label != "" {
			page.heading = headingBy(page.labelled, sender)
			continue
		}
		page.heading = readHeading(page.top, sender)
	}
}

// leastForGuess is from how many pages with the number the sender is guessed.
const leastForGuess = 5

// guessSender returns the CVR number that stands on most pages beside the recipient's number or outside the heading,
// as a letterhead or a footer does. A company that gets most of the letters is no sender.
func guessSender(pages []page) ident.Number {
	count, named := map[ident.Number]int{}, 0
	for i := range pages {
		h := readHeading(pages[i].top, nil)
		if len(h.numbers) > 0 || len(pages[i].cvrs) > 0 {
			named++
		}
		seen := map[ident.Number]bool{}
		for _, n := range pages[i].cvrs {
			if !seen[n] && (!h.has(n) || len(h.numbers) > 1) {
				seen[n] = true
				count[n]++
			}
		}
	}
	var guess ident.Number
	for n, c := range count {
		more := c > count[guess] || c == count[guess] && n.Reveal() < guess.Reveal()
		if c >= leastForGuess && 2*c > named && (guess.IsZero() || more) {
			guess = n
		}
	}
	return guess
}

func (p *Plan) find(code post.FindingCode, pages []int, text string) {
	p.Findings = append(p.Findings, post.Finding{Code: code, Pages: pages, Text: text})
}

func (p *Plan) anyRecipient() bool {
	for i := range p.Pieces {
		if !p.Pieces[i].Recipient.IsZero() {
			return true
		}
	}
	return false
}

// Cutter cuts the pieces of a plan. Each goroutine needs its own.
type Cutter struct {
	plan *Plan
	cut  *pdf.Cutter
}

// Cutter returns a new Cutter of the plan.
func (p *Plan) Cutter() *Cutter { return &Cutter{plan: p, cut: p.document.Cutter()} }

// Cut returns the PDF of a piece. The bytes are valid until the next Cut.
func (c *Cutter) Cut(piece Piece) []byte {
	return c.cut.Cut(piece.First-1, piece.Last-piece.First+1, c.plan.namesOf(piece))
}

// namesOf returns the resources that each page of a piece names.
func (p *Plan) namesOf(piece Piece) [][]byte {
	names := make([][]byte, 0, piece.Last-piece.First+1)
	for i := piece.First - 1; i < piece.Last; i++ {
		names = append(names, p.pages[i].names)
	}
	return names
}
