package split

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"brevdue/internal/ident"
	"brevdue/internal/pdf"
)

// page is what the rules need to know of one page.
type page struct {
	lines    []pdf.Line
	names    []byte // for cutting
	blank    bool
	counter  counter
	heading  heading
	signals  int // of a letter's first page
	mentions []ident.Number
	cvrs     []ident.Number
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

// readPages reads the text of all pages on all cores. The first page that cannot be read is the error.
func readPages(ctx context.Context, d *pdf.Document) ([]page, error) {
	pages := make([]page, d.Pages())
	errs := make([]error, len(pages))
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
					pages[i], errs[i] = readPage(r, i)
				}
			}
		})
	}
	wg.Wait()
	return pages, firstUnreadable(ctx, errs)
}

func readPage(r *pdf.Reader, i int) (page, error) {
	text, err := r.Read(i)
	if err != nil {
		return page{}, &unreadable{page: i + 1, reason: "Siden er beskadiget.", err: err}
	}
	if why := unreadableReason(text); why != "" {
		return page{}, &unreadable{page: i + 1, reason: why, err: fmt.Errorf("page %d: %s", i+1, why)}
	}
	return page{
		lines: text.Lines, names: text.Names, blank: len(text.Lines) == 0,
		counter: readCounter(text.Lines), signals: signalsOf(text.Lines), cvrs: labelledCVRs(text.Lines),
	}, nil
}

// unreadableReason says in Danish why a page cannot be read, or nothing where it can.
func unreadableReason(t *pdf.Text) string {
	switch t.Reason() {
	case pdf.Drawn, pdf.Scanned:
		return "Siden er et billede (scannet eller tegnet), så der er ingen tekst at læse."
	case pdf.Recognized:
		return "Siden er scannet. Tekst, som en maskine har gættet, bliver ikke brugt til at finde modtagere."
	case pdf.Opaque:
		return fmt.Sprintf("Skrifttypen siger ikke, hvilke tegn %d %% af siden er.", 100*t.Unknown/t.Characters)
	}
	return ""
}

// unreadable is a page that stops the whole document.
type unreadable struct {
	page   int
	pages  []int
	reason string // Danish
	err    error
}

func (u *unreadable) Error() string { return u.err.Error() }
func (u *unreadable) Unwrap() error { return u.err }

func firstUnreadable(ctx context.Context, errs []error) error {
	var first *unreadable
	for _, err := range errs {
		if u, ok := err.(*unreadable); ok {
			if first == nil {
				first = u
			}
			first.pages = append(first.pages, u.page)
		}
	}
	if first != nil {
		return first
	}
	return ctx.Err()
}
