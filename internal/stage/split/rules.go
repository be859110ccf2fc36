package split

import (
	"fmt"
	"strings"

	"brevdue/internal/ident"
	"brevdue/internal/post"
)

// everyPage: consecutive pages with the same number are a letter; a page without one is held back alone.
func (p *Plan) everyPage() {
	for i := range p.pages {
		n, problem := p.pageRecipient(i)
		if last := len(p.Pieces) - 1; problem == "" && last >= 0 && p.Pieces[last].Recipient == n && p.Pieces[last].Problem == "" {
			p.Pieces[last].Last = i + 1
			continue
		}
		p.Pieces = append(p.Pieces, Piece{First: i + 1, Last: i + 1, Recipient: n, Problem: problem})
	}
}

// firstPage: a number begins a letter, and pages without one follow it. Where a letter begins is told by the page
// counters if there are any, else by the numbers and the layout of first pages; where neither can show a letter
// without a number, a person has to look.
func (p *Plan) firstPage() {
	begins := p.beginnings()
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

func (p *Plan) beginnings() []bool {
	begins := make([]bool, len(p.pages))
	if c := countersOf(p.pages); c.trusted {
		for i := range p.pages {
			begins[i] = p.pages[i].counter.page == 1
		}
		if len(c.broken) > 0 {
			p.Review = true
			p.find(post.FindingCounter, pageNumbers(c.broken),
				"Sidetallet passer ikke med siden før. Se efter, om der mangler en side, eller om siderne ligger forkert.")
		}
		return begins
	}
	l, unnumbered := layoutOf(p.pages), 0
	var doubtful []int
	for i := range p.pages {
		page := &p.pages[i]
		begins[i] = page.numbered()
		if !begins[i] && !page.blank {
			unnumbered++
		}
		if l == nil || page.blank {
			continue
		}
		share := l.share(page)
		switch {
		case begins[i] && share < looksLikeFirst, !begins[i] && share > looksLikeOther && share < looksLikeFirst:
			doubtful = append(doubtful, i)
		}
		begins[i] = begins[i] || share > looksLikeOther
	}
	if l == nil && unnumbered > 0 {
		p.Review = true
		p.find(post.FindingNoLayout, nil,
			"Brevene har flere sider, men hverken sidetal eller opsætning viser, hvor et brev uden nummer ville begynde. Se efter, at hver side ligger i det rigtige brev.")
	}
	if len(doubtful) > 0 {
		p.Review = true
		p.find(post.FindingLayout, pageNumbers(doubtful),
			"Siden ligner ikke de andre breves første side. Se efter, om et brev begynder her.")
	}
	return begins
}

// pageRecipient returns the recipient that the heading of a page names, or why there is none.
func (p *Plan) pageRecipient(i int) (ident.Number, post.Code) {
	page := &p.pages[i]
	if n, ok := page.recipient(); ok {
		return n, ""
	}
	switch {
	case len(page.heading.numbers) > 1:
		return ident.Number{}, post.TwoRecipients
	case page.heading.wrong != nil:
		return ident.Number{}, post.UnknownRecipient
	}
	return ident.Number{}, post.NoRecipientFound
}

// report adds the findings that a person sees in the review.
func (p *Plan) report() {
	held := map[post.Code][]int{}
	for _, piece := range p.Pieces {
		if piece.Problem != "" {
			held[piece.Problem] = append(held[piece.Problem], piece.First)
		}
	}
	for _, code := range []post.Code{post.NoRecipientFound, post.TwoRecipients, post.UnknownRecipient} {
		if pages := held[code]; len(pages) > 0 {
			p.find(post.FindingCode(code), pages, heldText(code, len(pages)))
		}
	}
	for i := range p.pages {
		if m := p.pages[i].mentions; len(m) > 0 {
			p.find(post.FindingMention, []int{i + 1}, fmt.Sprintf(
				"%s er nævnt i teksten og er ikke regnet for modtager.", joinNumbers(m)))
		}
	}
}

func heldText(code post.Code, n int) string {
	which := "Brevet, der begynder her, bliver"
	if n > 1 {
		which = fmt.Sprintf("%d breve, der begynder her, bliver", n)
	}
	why := map[post.Code]string{
		post.NoRecipientFound: "der er intet CPR- eller CVR-nummer i brevhovedet",
		post.TwoRecipients:    "der er to forskellige numre i samme brev",
		post.UnknownRecipient: "nummeret kan ikke være rigtigt",
	}
	return fmt.Sprintf("%s holdt tilbage: %s.", which, why[code])
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
