package splitter

import (
	"cmp"
	"crypto/sha256"
	"slices"
	"strings"

	"brevdue/internal/ident"
	"brevdue/internal/pdf/syntax"
	"brevdue/internal/sentence"
)

// report adds the findings that a person sees in the review.
func (p *Plan) report(o Options) {
	p.reportUnreadable()
	p.reportNames(o.Names)
	p.reportHeld()
	p.reportAgain()
	p.reportModulus()
	p.reportHidden()
	p.reportShortened()
	p.reportDates(o.Uploaded, o.Today)
	p.reportFlaws()
	for i := range p.pages {
		if m := p.pages[i].mentioned(); len(m) > 0 {
			p.find(FindingMention, []int{i + 1}, sentence.Of("mention", joinNumbers(m)))
		}
	}
}

// reportFlaws gives advice on the file: nothing is held back for it.
func (p *Plan) reportFlaws() {
	if p.flaws.Untagged {
		p.find(FindingUntagged, nil, sentence.Of("untagged"))
	}
	if len(p.flaws.Odd) > 0 {
		p.find(FindingPageSize, pageNumbers(p.flaws.Odd), sentence.Of("page-size"))
	}
	if len(p.flaws.Unembedded) > 0 {
		p.find(FindingFonts, nil, sentence.Of("fonts-not-embedded", strings.Join(p.flaws.Unembedded, ", ")))
	}
}

// reportHidden tells of numbers that nobody sees. They are no recipients unless a profile says so.
func (p *Plan) reportHidden() {
	for i := range p.pages {
		var numbers []ident.Number
		for k := range p.pages[i].hidden {
			if n := p.pages[i].hidden[k].number; !n.IsZero() && !p.pages[i].heading.has(n) {
				numbers = append(numbers, n)
			}
		}
		if len(numbers) > 0 {
			p.find(FindingHidden, []int{i + 1}, sentence.Of("hidden-number", joinNumbers(numbers)))
		}
	}
}

// doubtful is a finding that a person has to look at before anything leaves.
func (p *Plan) doubtful(code FindingCode, indexes []int, text sentence.Sentence) {
	if len(indexes) > 0 {
		p.Review = true
		p.find(code, pageNumbers(indexes), text)
	}
}

// mentioned returns the CPR numbers of a page that are not its recipient's.
func (p *page) mentioned() []ident.Number {
	var others []ident.Number
	for _, n := range p.mentions {
		if !p.heading.has(n) {
			others = append(others, n)
		}
	}
	return others
}

// reportShortened sends a file to a person where a page without a number is cut short: what is missing may be its
// number.
func (p *Plan) reportShortened() {
	var short []int
	for i := range p.pages {
		if p.pages[i].shortened && !p.pages[i].numbered() {
			short = append(short, i)
		}
	}
	p.doubtful(FindingLayout, short, sentence.Of("page-cut-short"))
}

// reportUnreadable tells of the pages that nobody could read, by the reason.
func (p *Plan) reportUnreadable() {
	byReason, reasons := map[sentence.Sentence][]int{}, []sentence.Sentence{}
	for i := range p.pages {
		if why := p.pages[i].unreadable; why != "" {
			if byReason[why] == nil {
				reasons = append(reasons, why)
			}
			byReason[why] = append(byReason[why], i)
		}
	}
	for _, why := range reasons {
		p.doubtful(FindingUnreadablePage, byReason[why],
			sentence.Of("page-unreadable", why))
	}
}

// reportHeld tells which letters are held back, and why.
func (p *Plan) reportHeld() {
	type cause struct {
		code   Code
		reason sentence.Sentence
	}
	held, causes := map[cause][]int{}, []cause{}
	for _, segment := range p.Segments {
		reason := cmp.Or(segment.Reason, heldBecause[segment.Problem])
		if c := (cause{segment.Problem, reason}); reason != "" && !segment.Dropped {
			if held[c] == nil {
				causes = append(causes, c)
			}
			held[c] = append(held[c], segment.First)
		}
	}
	slices.SortStableFunc(causes, func(a, b cause) int { return cmp.Compare(a.code, b.code) })
	for _, c := range causes {
		text := sentence.Of("letter-held", c.reason)
		if n := len(held[c]); n > 1 {
			text = sentence.Of("letters-held", n, c.reason)
		}
		p.find(FindingCode(c.code), held[c], text)
	}
}

// heldBecause are the reasons that need no more words. Unreadable pages are told page by page.
var heldBecause = map[Code]sentence.Sentence{
	NoRecipientFound:  `§["held-no-recipient"]`,
	TwoRecipients:     `§["held-two-recipients"]`,
	UnknownRecipient:  `§["held-wrong-number"]`,
	WrongName:         `§["held-wrong-name"]`,
	DoubtfulRecipient: `§["held-doubtful"]`,
}

// reportNames compares the names in the letters with the list that was given, and with each other.
func (p *Plan) reportNames(names map[ident.Number]string) {
	earlier := map[ident.Number]string{}
	var other, greeted, missing []int
	for k := range p.Segments {
		segment := &p.Segments[k]
		first := &p.pages[segment.First-1]
		if compareNames(first.addressee, first.greeted) != alike && !segment.Dropped {
			greeted = append(greeted, segment.First-1)
		}
		if segment.Recipient.IsZero() || segment.Dropped || segment.byHand {
			continue
		}
		n, name := segment.Recipient, cmp.Or(first.addressee, first.greeted)
		if compareNames(earlier[n], name) == unlike {
			other = append(other, segment.First-1)
		}
		earlier[n] = cmp.Or(name, earlier[n])
		switch listed, ok := names[n]; {
		case len(names) > 0 && !ok:
			missing = append(missing, segment.First-1)
		case compareNames(listed, name) == unlike:
			segment.Recipient, segment.Problem = ident.Number{}, WrongName
		}
	}
	p.reportOtherNames(other)
	p.doubtful(FindingName, greeted, sentence.Of("greets-another"))
	p.doubtful(FindingName, missing, sentence.Of("not-on-name-list"))
}

// fewNames is the share of letters whose number stands with another name elsewhere that a person need not look at: in
// thousands of letters some number is wrong in the sender's own list, and the letter says so.
const fewNames = 0.001

func (p *Plan) reportOtherNames(other []int) {
	text := sentence.Of("number-with-two-names")
	switch {
	case len(other) == 0:
	case float64(len(other)) > fewNames*float64(len(p.Segments)):
		p.doubtful(FindingName, other, text)
	default:
		p.find(FindingOtherName, pageNumbers(other), text)
	}
}

// reportAgain tells of recipients that come back later in the file, and of letters that are there twice.
func (p *Plan) reportAgain() {
	seen := map[ident.Number]bool{}
	sums := map[[sha256.Size]byte]bool{}
	var again, twice []int
	for _, segment := range p.Segments {
		if segment.Recipient.IsZero() || segment.Dropped {
			continue
		}
		sum := p.sumOf(segment)
		switch {
		case sums[sum]:
			twice = append(twice, segment.First-1)
		case seen[segment.Recipient]:
			again = append(again, segment.First-1)
		}
		seen[segment.Recipient], sums[sum] = true, true
	}
	p.doubtful(FindingDuplicate, twice, sentence.Of("letter-twice"))
	if len(again) > 0 {
		p.find(FindingAgain, pageNumbers(again), sentence.Of("recipient-again"))
	}
}

// sumOf is the fingerprint of what a segment says, with whom it is for.
func (p *Plan) sumOf(segment Segment) [sha256.Size]byte {
	h := sha256.New()
	h.Write([]byte(segment.Recipient.Reveal()))
	for i := segment.First - 1; i < segment.Last; i++ {
		h.Write(p.pages[i].sum[:])
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// mostFit is the share of a file's numbers that must fit modulus 11 before one that does not is worth a word: numbers
// without it have been issued since 2007 (digital-post.md 7).
const mostFit = 0.8

func (p *Plan) reportModulus() {
	var odd []int
	all := 0
	for _, segment := range p.Segments {
		if segment.Recipient.Kind() != ident.CPR {
			continue
		}
		all++
		if !segment.Recipient.FitsModulus11() {
			odd = append(odd, segment.First)
		}
	}
	if len(odd) > 0 && float64(all-len(odd)) >= mostFit*float64(all) {
		p.find(FindingModulus, odd, sentence.Of("modulus-11"))
	}
}

// activeProblem is why a document that does something by itself is not sent.
func (p *Plan) activeProblem() error {
	active, pages := p.document.Active(), []int{}
	for i := range p.pages {
		if p.pages[i].active != 0 {
			active |= p.pages[i].active
			pages = append(pages, i+1)
		}
	}
	if active == 0 {
		return nil
	}
	return activeProblem(active, pages)
}

func activeProblem(active syntax.Active, pages []int) error {
	text := sentence.Of("active-document", activeWords(active))
	if len(pages) > 0 {
		text = sentence.Of("active-pages", activeWords(active), pageList(pages))
	}
	return &Problem{Code: ActiveContent, Text: text}
}

// reportSignature tells of a digital signature: it holds for the whole file only.
func (p *Plan) reportSignature() {
	switch {
	case !p.signed:
	case p.keepsWhole():
		p.find(FindingSignature, nil, sentence.Of("signature-one-letter"))
	default:
		p.find(FindingSignature, nil, sentence.Of("signature-lost"))
	}
}

func activeWords(active syntax.Active) sentence.Sentence {
	var words []any
	for _, w := range []struct {
		is   syntax.Active
		code string
	}{
		{syntax.Script, "active-script"}, {syntax.Launch, "active-launch"}, {syntax.Attachment, "active-attachment"},
		{syntax.HiddenLayers, "active-layers"}, {syntax.DynamicForm, "active-form"},
	} {
		if active&w.is != 0 {
			words = append(words, sentence.Of(w.code))
		}
	}
	return sentence.Of("and", words...)
}

func joinNumbers(numbers []ident.Number) string {
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = n.String()
	}
	return strings.Join(words, ", ")
}

func pageNumbers(indexes []int) []int {
	numbers := make([]int, len(indexes))
	for i, n := range indexes {
		numbers[i] = n + 1
	}
	return numbers
}

// pageList says pages in words.
func pageList(pages []int) sentence.Sentence {
	all := make([]any, len(pages))
	for i, p := range pages {
		all[i] = p
	}
	return sentence.Of("pages", all...)
}
