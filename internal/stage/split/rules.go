package split

import (
	"slices"
	"strings"

	"brevdue/internal/ident"
	"brevdue/internal/pdf"
	"brevdue/internal/post"
)

// everyPage: consecutive pages with the same number are a letter; a page without one is held back alone. Where the
// printed counter says that a page goes on, but its number is another, neither can be right for sure.
func (p *Plan) everyPage() {
	for i := range p.pages {
		n, problem := p.pageRecipient(i)
		last := len(p.Pieces) - 1
		goesOn := i > 0 && follows(p.pages[i].counter, p.pages[i-1].counter)
		switch {
		case last >= 0 && problem == "" && p.Pieces[last].Problem == "" && p.Pieces[last].Recipient == n && !p.startsOver(i):
			p.Pieces[last].Last = i + 1
			continue
		case last >= 0 && problem == "" && goesOn && p.Pieces[last].Problem != post.NoRecipientFound:
			p.Pieces[last].Recipient, p.Pieces[last].Problem = ident.Number{}, post.TwoRecipients
			n, problem = ident.Number{}, post.TwoRecipients
		}
		p.Pieces = append(p.Pieces, Piece{First: i + 1, Last: i + 1, Recipient: n, Problem: problem})
	}
}

// startsOver reports whether a page's counter says that it begins a letter, also to the same recipient.
func (p *Plan) startsOver(i int) bool {
	now, before := p.pages[i].counter, p.pages[i-1].counter
	return now.page == 1 && before.page > 0 && before.of > 0 && now.of > 0
}

// holdUnreadable holds back what an unreadable page may belong to: the letter before it, unless that one's counter says
// that it is complete. What follows without a beginning of its own is in the same piece already.
func (p *Plan) holdUnreadable() {
	for k := range p.Pieces {
		if p.pages[p.Pieces[k].First-1].unreadable == "" {
			continue
		}
		p.Pieces[k].Recipient, p.Pieces[k].Problem = ident.Number{}, post.UnreadablePage
		if k > 0 {
			if c := p.pages[p.Pieces[k-1].Last-1].counter; c.of == 0 || c.page != c.of {
				p.Pieces[k-1].Recipient, p.Pieces[k-1].Problem = ident.Number{}, post.UnreadablePage
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
			p.Pieces = append(p.Pieces, Piece{First: i + 1, Last: i + 1, Recipient: n, Problem: problem})
			continue
		}
		piece := &p.Pieces[len(p.Pieces)-1]
		piece.Last = i + 1
		if p.pages[i].numbered() {
			if n, ok := p.pages[i].recipient(); !ok || n != piece.Recipient {
				piece.Recipient, piece.Problem = ident.Number{}, post.TwoRecipients
			}
		}
	}
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
		p.find(post.FindingCounter, pageNumbers(c.broken),
			"Sidetallet passer ikke med siden før. Se efter, om der mangler en side, eller om siderne ligger forkert.")
	}
	return begins
}

// contradicted finds the pages where the counters say something else than a profile.
func (p *Plan) contradicted(begins []bool, c counting) {
	var odd []int
	for i := range p.pages {
		if first := p.pages[i].counter.page == 1; c.trusted && !p.pages[i].blank && p.pages[i].unreadable == "" && first != begins[i] {
			odd = append(odd, i)
		}
	}
	p.doubtful(post.FindingCounter, odd, "Sidetallet siger noget andet end profilen om, hvor brevet begynder.")
}

// beginningsByLayout is for files without a counter on every page. What is not sure about a page sends the file to a
// person.
func (p *Plan) beginningsByLayout(c counting) []bool {
	begins := make([]bool, len(p.pages))
	l, typical := layoutOf(p.pages), typicalSignals(p.pages)
	unnumbered := 0
	var doubtful []int
	for i := range p.pages {
		page := &p.pages[i]
		begins[i] = page.numbered()
		switch {
		case page.unreadable != "":
			begins[i] = true
			continue
		case page.blank:
			continue
		case !c.running && page.counter.worded && page.counter.page == 1:
			begins[i] = true
			continue
		case !c.running && i > 0 && follows(page.counter, p.pages[i-1].counter):
			begins[i] = false
			continue
		case !begins[i]:
			unnumbered++
		}
		if l == nil {
			if begins[i] && typical >= manySignals && page.signals == 0 {
				doubtful = append(doubtful, i)
			}
			continue
		}
		share := l.share(page)
		if page.doubtful(share, typical) {
			doubtful = append(doubtful, i)
		}
		begins[i] = begins[i] || share > looksLikeOther
	}
	p.doubt(l == nil && unnumbered > 0, doubtful)
	return begins
}

func (p *Plan) doubt(noLayout bool, doubtful []int) {
	if noLayout {
		p.Review = true
		p.find(post.FindingNoLayout, nil,
			"Brevene har flere sider, men hverken sidetal eller opsætning viser, hvor et brev uden nummer ville begynde. Se efter, at hver side ligger i det rigtige brev.")
	}
	if len(doubtful) > 0 {
		p.Review = true
		p.find(post.FindingLayout, pageNumbers(doubtful),
			"Det er ikke sikkert, om et brev begynder på siden. Se efter, at den ligger i det rigtige brev.")
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
func goesOn(lines []pdf.Line, signals int) bool {
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
func (p *Plan) pageRecipient(i int) (ident.Number, post.Code) {
	page := &p.pages[i]
	if n, ok := page.recipient(); ok {
		return n, ""
	}
	switch {
	case page.unreadable != "":
		return ident.Number{}, post.UnreadablePage
	case len(page.heading.numbers) > 1:
		return ident.Number{}, post.TwoRecipients
	case page.heading.wrong != nil:
		return ident.Number{}, post.UnknownRecipient
	}
	return ident.Number{}, post.NoRecipientFound
}
