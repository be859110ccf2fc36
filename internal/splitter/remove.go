package splitter

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"unicode"
	"unicode/utf8"

	"brevdue/internal/ident"
	"brevdue/internal/pdf/syntax"
	"brevdue/internal/pdf/text"
	"brevdue/internal/sentence"
)

// finderOf finds a number in a text in all forms in which it is printed: with dashes, blanks, a slash or nothing
// between its digits, also at the end of a line. Inside a longer number it is another one.
func finderOf(n ident.Number) syntax.Find {
	digits := n.Reveal()
	return func(text string) [][2]int {
		var spans [][2]int
		for i := 0; i < len(text); i++ {
			if text[i] != digits[0] || i > 0 && isDigit(text[i-1]) {
				continue
			}
			if end := matchDigits(text, i, digits); end > 0 {
				spans = append(spans, [2]int{i, end})
				i = end - 1
			}
		}
		return spans
	}
}

// betweenMost is how many signs may stand between two digits of a number: more than any way to print it has.
const betweenMost = 4

// matchDigits returns where the digits end that begin at i, or 0.
func matchDigits(text string, i int, digits string) int {
	k, between := 0, 0
	for i < len(text) && k < len(digits) {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == rune(digits[k]):
			k, between = k+1, 0
		case unicode.IsLetter(r) || unicode.IsDigit(r) || between == betweenMost:
			return 0
		default:
			between++
		}
		i += size
	}
	if k < len(digits) || i < len(text) && isDigit(text[i]) {
		return 0
	}
	return i
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// NotRemoved says that a number could not be proven to be gone.
const NotRemoved sentence.Sentence = `§["number-not-removed"]`

// NotCut says that a page can neither be cut as it stands nor without what may be another's.
const NotCut sentence.Sentence = `§["page-not-cut"]`

// Lost reports whether a page of the last Cut could not be cut as it stands.
func (c *Cutter) Lost() bool { return c.cut.Lost() }

// CutWithout returns the PDF of a segment from which its recipient's number was removed for good; where the recipient
// is not known yet, all numbers that may be one. The error says that they could not be proven to be gone.
func (c *Cutter) CutWithout(segment Segment) ([]byte, error) {
	numbers := c.plan.removed(segment)
	if len(numbers) == 0 {
		return c.Cut(segment), nil
	}
	first, count, find := segment.First-1, segment.Last-segment.First+1, findersOf(numbers)
	redaction, err := c.plan.text.Redact(first, count, find)
	if err != nil {
		return nil, err
	}
	content := c.cut.CutRedacted(first, count, c.plan.namesOf(segment), redaction)
	return content, text.ProveGone(content, find)
}

// Letter is a segment as it was cut.
type Letter struct {
	Content []byte            // valid until the next cut
	Unfit   sentence.Sentence // why it must go to nobody; "" where it may
	Cause   error             // of that, for the log
	Left    []ident.Number    // what can be read as a CPR number and stays in it, where numbers are removed
}

// Letter cuts a segment as it is sent: a signed file that is one letter as it is, and with removeCPR without its
// recipient's number.
func (c *Cutter) Letter(segment Segment, removeCPR bool) Letter {
	if whole, kept := c.plan.KeptWhole(); kept && !removeCPR {
		return Letter{Content: whole}
	}
	l, text := Letter{}, NotRemoved
	if removeCPR {
		l.Content, l.Cause = c.CutWithout(segment)
		l.Left = c.plan.Left(segment)
	}
	if l.Content == nil {
		l.Content = c.Cut(segment)
	}
	if l.Cause == nil && c.Lost() {
		l.Cause, text = syntax.ErrDamaged, NotCut
	}
	if l.Cause != nil {
		l.Unfit = text
	}
	return l
}

// CutOne cuts one letter of a document as it is sent, and reads no other page than the letter's.
func CutOne(ctx context.Context, data []byte, segment Segment, removeCPR bool) (l Letter, err error) {
	defer func() {
		if x := recover(); x != nil { // no file is known that gets here
			err = openProblem(fmt.Errorf("%w: %v", syntax.ErrDamaged, x))
		}
	}()
	d, err := syntax.Open(data)
	if err != nil {
		return Letter{}, openProblem(err)
	}
	p := newPlan(d, data)
	p.Pages = d.Pages()
	if segment.First < 1 || segment.Last < segment.First || segment.Last > p.Pages {
		return Letter{}, fmt.Errorf("pages %d to %d of %d", segment.First, segment.Last, p.Pages)
	}
	p.pages = make([]page, p.Pages)
	r := p.text.Reader()
	for i := segment.First - 1; i < segment.Last && ctx.Err() == nil; i++ {
		p.pages[i] = readPage(r, i, Options{})
	}
	if segment.First == 1 && segment.Last == p.Pages {
		p.Segments = []Segment{segment}
	}
	return p.Cutter().Letter(segment, removeCPR), ctx.Err()
}

// removed returns the numbers that a segment must not carry.
func (p *Plan) removed(segment Segment) []ident.Number {
	if !segment.Recipient.IsZero() {
		if segment.Recipient.Kind() == ident.CPR {
			return []ident.Number{segment.Recipient}
		}
		return nil
	}
	var numbers []ident.Number
	for i := segment.First - 1; i < segment.Last; i++ {
		page := &p.pages[i]
		numbers = append(numbers, page.mentions...)
		for _, s := range slices.Concat(page.sightings, page.elsewhere, page.hidden) {
			if s.number.Kind() == ident.CPR {
				numbers = append(numbers, s.number)
			}
		}
	}
	return distinct(numbers)
}

// Left returns what can be read as a CPR number and stays in a segment.
func (p *Plan) Left(segment Segment) []ident.Number {
	gone := p.removed(segment)
	var numbers []ident.Number
	for i := segment.First - 1; i < segment.Last; i++ {
		numbers = append(numbers, p.pages[i].numbers...)
	}
	return slices.DeleteFunc(distinct(numbers), func(n ident.Number) bool { return slices.Contains(gone, n) })
}

// distinct returns numbers in the order of their digits, each once.
func distinct(numbers []ident.Number) []ident.Number {
	slices.SortFunc(numbers, func(a, b ident.Number) int { return cmp.Compare(a.Reveal(), b.Reveal()) })
	return slices.Compact(numbers)
}

// findersOf finds any of some numbers.
func findersOf(numbers []ident.Number) syntax.Find {
	finders := make([]syntax.Find, len(numbers))
	for i, n := range numbers {
		finders[i] = finderOf(n)
	}
	return func(text string) [][2]int {
		var spans [][2]int
		for _, find := range finders {
			spans = append(spans, find(text)...)
		}
		return spans
	}
}
