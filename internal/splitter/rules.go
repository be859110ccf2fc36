package splitter

import (
	"slices"
	"strings"

	"brevdue/internal/ident"
	"brevdue/internal/pdf/text"
	"brevdue/internal/sentence"
)

// everyPage: consecutive pages with the same number are a letter; a page without one is held back alone. Where the
// printed counter says that a page goes on, but its number is another, neither can be right for sure.
func (p *Plan) everyPage() {
	for i := range p.pages {
		n, problem := p.pageRecipient(i)
		last := len(p.Segments) - 1
		goesOn := i > 0 && follows(p.pages[i].counter, p.pages[i-1].counter)
		switch {
		case last >= 0 && problem == "" && p.Segments[last].Problem == "" && p.Segments[last].Recipient == n &&
			!p.startsOver(i):
			p.Segments[last].Last = i + 1
			continue
		case last >= 0 && problem == "" && goesOn && p.Segments[last].Problem != NoRecipientFound:
			p.Segments[last].Recipient, p.Segments[last].Problem = ident.Number{}, TwoRecipients
			n, problem = ident.Number{}, TwoRecipients
		}
		p.Segments = append(p.Segments, Segment{First: i + 1, Last: i + 1, Recipient: n, Problem: problem})
	}
}

// startsOver reports whether a page's counter says that it begins a letter, also to the same recipient.
func (p *Plan) startsOver(i int) bool {
	now, before := p.pages[i].counter, p.pages[i-1].counter
	return now.page == 1 && before.page > 0 && before.of > 0 && now.of > 0
}

// holdUnreadable holds back what an unreadable page may belong to: the letter before it, unless that one's counter says
// that it is complete. What follows without a beginning of its own is in the same segment already.
func (p *Plan) holdUnreadable() {
	for k := range p.Segments {
		if p.pages[p.Segments[k].First-1].unreadable == "" {
			continue
		}
		p.Segments[k].Recipient, p.Segments[k].Problem = ident.Number{}, UnreadablePage
		if k > 0 {
			if c := p.pages[p.Segments[k-1].Last-1].counter; c.of == 0 || c.page != c.of {
				p.Segments[k-1].Recipient, p.Segments[k-1].Problem = ident.Number{}, UnreadablePage
			}
		}
	}
}

// firstPage: a number begins a letter, and pages without one follow it. Where a letter begins is told by the page
// counters if there are any, else by the numbers and the layout of first pages; where neither can show a letter
// without a number, a person has to look.
func (p *Plan) firstPage(told bool) {
	begins := p.beginnings(told)
	for i := range p.pages {
		if i == 0 || begins[i] {
			n, problem := p.pageRecipient(i)
			p.Segments = append(p.Segments, Segment{First: i + 1, Last: i + 1, Recipient: n, Problem: problem})
			continue
		}
		segment := &p.Segments[len(p.Segments)-1]
		segment.Last = i + 1
		if !p.goesTo(i, segment) {
			segment.Recipient, segment.Problem = ident.Number{}, TwoRecipients
		}
	}
}

// goesTo reports whether a page that goes on a letter has no number but its recipient's. Numbers of others, who are
// named with them, are what the letter is about.
func (p *Plan) goesTo(i int, segment *Segment) bool {
	page := &p.pages[i]
	if !page.numbered() {
		return true
	}
	if n, ok := page.recipient(); ok && n == segment.Recipient {
		return true
	}
	if p.witness == nil || len(page.labelled) > 0 {
		return false
	}
	h := p.witness.judge(page, p.pages[segment.First-1].addressee)
	return h.wrong == nil && (len(h.numbers) == 0 && (h.doubt == "" || h.doubt == doubtName) ||
		len(h.numbers) == 1 && h.numbers[0] == segment.Recipient)
}

// beginnings tells which pages begin a letter: those that a profile says, or what the pages themselves say.
func (p *Plan) beginnings(told bool) []bool {
	c := countersOf(p.pages)
	if told {
		begins := make([]bool, len(p.pages))
		for i := range p.pages {
			begins[i] = p.pages[i].begins || p.pages[i].unreadable != ""
		}
		p.contradicted(begins, c)
		return begins
	}
	if !c.trusted {
		return p.beginningsByLayout(c)
	}
	begins := make([]bool, len(p.pages))
	for i := range p.pages {
		begins[i] = p.pages[i].counter.page == 1 || p.pages[i].unreadable != ""
	}
	if len(c.broken) > 0 {
		p.Review = true
		p.find(FindingCounter, pageNumbers(c.broken),
			sentence.Of("page-counter"))
	}
	return begins
}

// contradicted finds the pages where the counters say something else than a profile.
func (p *Plan) contradicted(begins []bool, c counting) {
	var odd []int
	for i := range p.pages {
		if first := p.pages[i].counter.page == 1; c.trusted && !p.pages[i].blank && p.pages[i].unreadable == "" &&
			first != begins[i] {
			odd = append(odd, i)
		}
	}
	p.doubtful(FindingCounter, odd, sentence.Of("counter-against-profile"))
}

// beginningsByLayout is for files without a counter on every page. What is not sure about a page sends the file to a
// person.
func (p *Plan) beginningsByLayout(c counting) []bool {
	begins := make([]bool, len(p.pages))
	l, typical := layoutOf(p.pages), typicalSignals(p.pages)
	unnumbered := 0
	var unsure []int
	addressee, first := "", 0 // of the letter so far
	for i := range p.pages {
		page := &p.pages[i]
		begins[i] = page.numbered()
		repeats := i > 0 && page.repeats(&p.pages[first])
		if begins[i] && !repeats || i == 0 {
			addressee, first = page.addressee, i
		}
		switch {
		case page.unreadable != "":
			begins[i] = true
			continue
		case page.blank:
			continue
		case page.startsFor(addressee):
			if compareNames(page.address.name, addressee) == doubtful {
				unsure = append(unsure, i)
			}
			begins[i], addressee, first = true, page.addressee, i
			continue
		case !c.running && page.counter.worded && page.counter.page == 1:
			begins[i] = true
			continue
		case repeats:
			begins[i] = false
			continue
		case !page.numbered() && page.letterlike:
			begins[i], addressee, first = true, page.addressee, i
			continue
		case !c.running && i > 0 && follows(page.counter, p.pages[i-1].counter):
			begins[i] = false
			continue
		case !begins[i]:
			unnumbered++
		}
		if l == nil {
			if begins[i] && typical >= manySignals && page.signals == 0 {
				unsure = append(unsure, i)
			}
			continue
		}
		share := l.share(page)
		if page.doubtful(share, typical) {
			unsure = append(unsure, i)
		}
		begins[i] = begins[i] || share > looksLikeOther
	}
	p.doubt(l == nil && unnumbered > 0, unsure)
	return begins
}

// repeats reports whether a page only repeats the number of the letter before it, as headers of later pages do.
func (p *page) repeats(first *page) bool {
	n, ok := p.recipient()
	m, fine := first.recipient()
	return ok && fine && n == m && p.address == nil && !p.letterlike && p.signals < manySignals
}

// startsFor reports whether a page is addressed to somebody else than the letter before it.
func (p *page) startsFor(addressee string) bool {
	return !p.numbered() && p.address != nil && addressee != "" && compareNames(p.address.name, addressee) != alike &&
		(p.signals > 1 || !isOrganization(p.address.name))
}

func (p *Plan) doubt(noLayout bool, doubtful []int) {
	if noLayout {
		p.Review = true
		p.find(FindingNoLayout, nil, sentence.Of("no-counter-no-layout"))
	}
	if len(doubtful) > 0 {
		p.Review = true
		p.find(FindingLayout, pageNumbers(doubtful), sentence.Of("unusual-first-page"))
	}
}

// doubtful reports whether it is unsure what a page is, by its share of the layout: a numbered page that does not look
// like the other first pages, or one without a number that looks like some first page, or like nothing known.
func (p *page) doubtful(share float64, typical int) bool {
	switch {
	case p.numbered():
		return share < looksLikeFirst || typical >= manySignals && p.signals == 0
	case share >= looksLikeFirst:
		return false
	case share > looksLikeOther, p.signals >= manySignals:
		return true
	}
	return !p.goesOn
}

// goesOn reports whether a page reads as the continuation of another: it begins with running text, or with the heading
// of an enclosure.
func goesOn(lines []text.Line, signals int) bool {
	for _, line := range lines {
		if _, prose := proseIn(line); prose {
			return true
		}
		switch word := lettersOf(strings.SplitN(line[0], " ", 2)[0]); {
		case strings.HasPrefix(word, "bilag"), strings.HasPrefix(word, "side"), strings.HasPrefix(word, "fortsat"):
			return true
		}
		if signals > 0 {
			return false
		}
	}
	return false
}

// typicalSignals is how many signals the numbered pages have at the median.
func typicalSignals(pages []page) int {
	var all []int
	for i := range pages {
		if pages[i].numbered() {
			all = append(all, pages[i].signals)
		}
	}
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// pageRecipient returns the recipient that the heading of a page names, or why there is none.
func (p *Plan) pageRecipient(i int) (ident.Number, Code) {
	page := &p.pages[i]
	if n, ok := page.recipient(); ok {
		return n, ""
	}
	switch {
	case page.unreadable != "":
		return ident.Number{}, UnreadablePage
	case page.heading.doubt != "":
		return ident.Number{}, DoubtfulRecipient
	case len(page.heading.numbers) > 1:
		return ident.Number{}, TwoRecipients
	case page.heading.wrong != nil:
		return ident.Number{}, UnknownRecipient
	}
	return ident.Number{}, NoRecipientFound
}
