package split

import (
	"context"
	"crypto/sha256"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"brevdue/internal/ident"
	"brevdue/internal/pdf"
)

// page is what the rules need to know of one page.
type page struct {
	top        []pdf.Line // what stands before the running text
	names      []byte     // for cutting
	blank      bool
	unreadable string // why, in Danish; "" where it was read
	picture    bool   // that is why
	guess      string // the recipient's number as a machine reads it off a picture
	active     pdf.Active
	goesOn     bool // it reads as the continuation of another
	counter    counter
	heading    heading
	signals    int // of a letter's first page
	addressee  string
	greeted    string
	labelled   []string // numbers behind the label of a profile
	begins     bool     // what a profile says of first pages stands here
	mentions   []ident.Number
	cvrs       []ident.Number
	sum        [sha256.Size]byte // of what is on the page
}

// numbered reports whether the heading has a number, be it a wrong one.
func (p *page) numbered() bool { return len(p.heading.numbers) > 0 || p.heading.wrong != nil }

// recipient returns the one number of the heading.
func (p *page) recipient() (ident.Number, bool) {
	if len(p.heading.numbers) == 1 && p.heading.wrong == nil {
		return p.heading.numbers[0], true
	}
	return ident.Number{}, false
}

// pagesAtOnce is how many pages a reader takes before it asks for more.
const pagesAtOnce = 16

// readPages reads the text of all pages on all cores.
func readPages(ctx context.Context, d *pdf.Document, o Options) ([]page, error) {
	pages := make([]page, d.Pages())
	var next atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			r := d.Reader()
			for {
				from := int(next.Add(pagesAtOnce)) - pagesAtOnce
				if from >= len(pages) || ctx.Err() != nil {
					return
				}
				for i := from; i < min(from+pagesAtOnce, len(pages)); i++ {
					pages[i] = readPage(r, i, o)
				}
			}
		})
	}
	wg.Wait()
	return pages, ctx.Err()
}

func readPage(r *pdf.Reader, i int, o Options) page {
	text, err := r.Read(i)
	if err != nil {
		return page{unreadable: "Siden er beskadiget."}
	}
	p := page{names: text.Names, active: text.Active, sum: text.Sum, unreadable: unreadableReason(text)}
	if p.unreadable != "" {
		reason := text.Reason()
		p.picture = reason == pdf.Drawn || reason == pdf.Scanned || reason == pdf.Recognized
		return p
	}
	end := headingLines(text.Lines)
	p.blank = len(text.Lines) == 0
	p.counter, p.signals = readCounter(text.Lines), signalsOf(text.Lines)
	p.goesOn = goesOn(text.Lines, p.signals)
	p.mentions, p.cvrs = mentions(text.Lines), labelledCVRs(text.Lines)
	p.addressee, p.greeted = addresseeOf(text.Lines[:end]), greetedIn(text.Lines)
	p.top = cloneLines(text.Lines[:end])
	p.labelled, p.begins = labelledBy(o.Label, text.Lines), o.Begins != "" && says(text.Lines, o.Begins)
	return p
}

// cloneLines copies lines, so that the text of the whole page need not be kept for them.
func cloneLines(lines []pdf.Line) []pdf.Line {
	cells := 0
	var b strings.Builder
	for _, line := range lines {
		for _, cell := range line {
			cells++
			b.WriteString(cell)
		}
	}
	text, all := b.String(), make([]string, 0, cells)
	out := make([]pdf.Line, len(lines))
	for i, line := range lines {
		first := len(all)
		for _, cell := range line {
			all = append(all, text[:len(cell)])
			text = text[len(cell):]
		}
		out[i] = all[first:len(all):len(all)]
	}
	return out
}

// unreadableReason says in Danish why a page cannot be read, or nothing where it can.
func unreadableReason(t *pdf.Text) string {
	switch t.Reason() {
	case pdf.Drawn, pdf.Scanned:
		return "Siden er et billede (scannet eller tegnet), så der er ingen tekst at læse."
	case pdf.Recognized:
		return "Siden er scannet. Tekst, som en maskine har gættet, bliver ikke brugt til at finde modtagere."
	case pdf.Undrawn:
		return "Siden har felter eller noter, hvis udseende ikke står i filen. Udskriv dokumentet til PDF på ny."
	case pdf.Opaque:
		return fmt.Sprintf("Skrifttypen siger ikke, hvilke tegn %d %% af siden er.", 100*t.Unknown/t.Characters)
	}
	return ""
}
