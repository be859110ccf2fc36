package splitter

import (
	"context"
	"crypto/sha256"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"brevdue/internal/ident"
	"brevdue/internal/pdf/syntax"
	"brevdue/internal/pdf/text"
	"brevdue/internal/sentence"
)

// page is what the rules need to know of one page.
type page struct {
	top        []text.Line // what stands before the running text
	names      []byte      // for cutting
	blank      bool
	unreadable sentence.Sentence // why; "" where it was read
	picture    bool              // that is why
	guess      string            // the recipient's number as a machine reads it off a picture
	active     syntax.Active
	goesOn     bool // it reads as the continuation of another
	counter    counter
	heading    heading
	signals    int     // of a letter's first page
	blocks     []block // addresses before the running text
	addressee  string  // whom the letter is addressed to, as the witness of its number
	address    *block  // of the addressee; nil where there is none
	greeted    string
	relation   string     // the greeting, where it is to somebody else than the one whom the letter is about
	sightings  []sighting // numbers before the running text
	named      []string   // who else is named there
	units      []unit     // P-numbers before the running text
	printed    string     // the date of a letter, as it stands in its heading; "" for none
	days       []string   // all dates of the page
	born       string     // a date of birth that stands there, as six digits
	letterlike bool       // it has what only first pages have: a greeting and more
	elsewhere  []sighting // numbers further down, outside of running text
	hidden     []sighting // numbers that nobody sees
	covered    []sighting // numbers that are covered up
	letterhead string     // what letterhead and footer say, folded
	labelled   []string   // numbers behind the label of a profile
	begins     bool       // what a profile says of first pages stands here
	mentions   []ident.Number
	numbers    []ident.Number    // all that can be read as a CPR number, accounts too
	shortened  bool              // it was read as far as it goes
	torn       bool              // its words are not read for sure
	sum        [sha256.Size]byte // of what is on the page
	said       [sha256.Size]byte // of what it says, whoever wrote the file
	text       string            // all that it says, where that was asked for
}

// numbered reports whether the heading has a number, be it a wrong or a doubtful one.
func (p *page) numbered() bool {
	return len(p.heading.numbers) > 0 || p.heading.wrong != nil || p.heading.doubt != ""
}

// recipient returns the one number of the heading.
func (p *page) recipient() (ident.Number, bool) {
	if len(p.heading.numbers) == 1 && p.heading.wrong == nil && p.heading.doubt == "" {
		return p.heading.numbers[0], true
	}
	return ident.Number{}, false
}

// pagesAtOnce is how many pages a reader takes before it asks for more.
const pagesAtOnce = 16

// readPages reads the text of all pages on all cores.
func readPages(ctx context.Context, d *text.Document, o Options) ([]page, error) {
	pages := make([]page, d.Pages())
	var next, done atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			r := d.Reader()
			for {
				from := int(next.Add(pagesAtOnce)) - pagesAtOnce
				if from >= len(pages) || ctx.Err() != nil {
					return
				}
				to := min(from+pagesAtOnce, len(pages))
				for i := from; i < to; i++ {
					pages[i] = readPage(r, i, o)
				}
				if n := done.Add(int64(to - from)); o.Read != nil {
					o.Read(int(n), len(pages))
				}
			}
		})
	}
	wg.Wait()
	return pages, ctx.Err()
}

func readPage(r *text.Reader, i int, o Options) page {
	t, err := r.Read(i)
	if err != nil {
		return page{unreadable: sentence.Of("unreadable-damaged")}
	}
	p := page{names: t.Names, active: t.Active, sum: t.Sum, unreadable: unreadableReason(t)}
	if p.unreadable != "" {
		reason := t.Reason()
		p.picture = reason == text.Drawn || reason == text.Scanned || reason == text.Recognized
		return p
	}
	p.said = saidOf(t.Lines)
	if o.Text {
		p.text = allOf(t.Lines)
	}
	end := headingLines(t.Lines)
	p.blank = len(t.Lines) == 0 && len(t.Hidden) == 0
	p.counter, p.signals = readCounter(t.Lines), signalsOf(t.Lines, end)
	p.goesOn = goesOn(t.Lines, p.signals)
	p.mentions, p.numbers = mentions(slices.Concat(t.Lines, t.Hidden))
	p.shortened, p.torn = t.Shortened, isTorn(t.Lines)
	p.top = cloneLines(t.Lines[:end]) // what is kept of the lines below is part of these
	p.blocks, p.greeted = blocksOf(p.top, t.Left), strings.Clone(greetedIn(t.Lines))
	p.sightings = sightingsIn(p.top, t.Left, p.blocks)
	p.named, p.born = namedIn(p.top, t.Left, p.blocks), bornIn(p.top)
	p.units = unitsIn(p.top)
	p.printed, p.days = printedDate(p.top), daysIn(t.Lines)
	p.relation = greetedAnother(t.Lines)
	p.letterlike = p.signals >= manySignals && greets(t.Lines)
	p.elsewhere = sightingsBelow(t.Lines, t.Left, end)
	p.hidden, p.covered = sightingsIn(t.Hidden, nil, nil), sightingsIn(t.Covered, nil, nil)
	p.letterhead = letterheadOf(t.Lines)
	p.labelled, p.begins = labelledBy(
		o.Label,
		slices.Concat(t.Lines, t.Hidden),
	), o.Begins != "" &&
		says(t.Lines, o.Begins)
	return p
}

// textMost is how much of what a page says is kept.
const textMost = 16 << 10

// allOf is what the lines of a page say.
func allOf(lines []text.Line) string {
	var all strings.Builder
	for _, line := range lines {
		for _, cell := range line {
			if all.Len()+len(cell) > textMost {
				return all.String()
			}
			all.WriteString(cell)
			all.WriteByte('\n')
		}
	}
	return all.String()
}

// saidOf is the fingerprint of what a page says. Another export of the same letter sets it apart otherwise.
func saidOf(lines []text.Line) [sha256.Size]byte {
	text := make([]byte, 0, 4096)
	for _, line := range lines {
		for _, cell := range line {
			for i := range len(cell) {
				if cell[i] > ' ' {
					text = append(text, cell[i])
				}
			}
		}
	}
	return sha256.Sum256(text)
}

// letterheadOf is what the lines of a page say that are letterhead or footer.
func letterheadOf(lines []text.Line) string {
	var b strings.Builder
	for i := range lines {
		if i >= counterLines && i < len(lines)-counterLines {
			continue
		}
		if r := rowOf(lines, nil, i); len(r.fields) > 1 && isLetterhead(r.fields) {
			b.WriteString(foldName(strings.Join(r.fields, " ")))
		}
	}
	return b.String()
}

// cloneLines copies lines, so that the text of the whole page need not be kept for them.
func cloneLines(lines []text.Line) []text.Line {
	cells := 0
	var b strings.Builder
	for _, line := range lines {
		for _, cell := range line {
			cells++
			b.WriteString(cell)
		}
	}
	rest, all := b.String(), make([]string, 0, cells)
	out := make([]text.Line, len(lines))
	for i, line := range lines {
		first := len(all)
		for _, cell := range line {
			all = append(all, rest[:len(cell)])
			rest = rest[len(cell):]
		}
		out[i] = all[first:len(all):len(all)]
	}
	return out
}

// unreadableReason says why a page cannot be read, or nothing where it can.
func unreadableReason(t *text.Text) sentence.Sentence {
	switch t.Reason() {
	case text.Drawn, text.Scanned:
		return sentence.Of("unreadable-picture")
	case text.Recognized:
		return sentence.Of("unreadable-scan")
	case text.Undrawn:
		return sentence.Of("unreadable-fields")
	case text.Short:
		return sentence.Of("unreadable-short")
	case text.Opaque:
		return sentence.Of("unreadable-fonts", 100*max(t.Unknown, t.Symbols)/max(1, t.Characters))
	}
	return ""
}
