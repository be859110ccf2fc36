package splitter

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/sentence"
)

// readHeadings finds whom each page is addressed to, and the numbers of its heading that nothing contradicts, without
// the sender's own.
func (p *Plan) readHeadings(o Options) {
	sender := map[ident.Number]bool{}
	for _, n := range o.Sender {
		sender[n] = true
	}
	p.findAddressees()
	w := p.witnesses(sender)
	for i := range p.pages {
		page := &p.pages[i]
		if o.Label != "" {
			page.heading = headingBy(page.labelled, sender)
			continue
		}
		page.heading = w.judge(page, page.addressee)
	}
	p.witness = w
	if o.Label == "" {
		p.askAboutCVR(w)
	}
}

// findAddressees chooses the address of each page: not the sender's own, which stands on most of them.
func (p *Plan) findAddressees() {
	count, pages := map[string]int{}, 0
	for i := range p.pages {
		seen := map[string]bool{}
		for _, b := range p.pages[i].blocks {
			if name := foldName(b.name); b.name != "" && !seen[name] {
				seen[name] = true
				count[name]++
			}
		}
		if len(seen) > 0 {
			pages++
		}
	}
	for i := range p.pages {
		page := &p.pages[i]
		common := func(name string) bool { return pages >= leastForLayout && 2*count[foldName(name)] > pages }
		page.chooseAddress(common)
		if page.address != nil {
			page.addressee = page.address.name
			if second := page.address.second; second != "" && !common(second) {
				page.addressee = second + " og " + page.addressee
			}
		}
		page.addressee = cmp.Or(page.addressee, page.greeted)
	}
}

// chooseAddress chooses whom a page is addressed to, and notes the others as named. Of several addresses the sender's
// own is left out: that which most pages have, or that of an authority.
func (p *page) chooseAddress(common func(name string) bool) {
	var named []*block
	for k := range p.blocks {
		if p.blocks[k].name != "" {
			named = append(named, &p.blocks[k])
		}
	}
	for _, b := range named {
		senders := len(named) > 1 && (common(b.name) || isAuthority(b.name) && p.hasLetterheadOf(b.name))
		switch {
		case senders:
		case p.address == nil:
			p.address = b
		default:
			p.named = append(p.named, b.name)
		}
	}
	if p.address == nil && len(named) > 0 {
		p.address = named[len(named)-1]
	}
}

// isAuthority reports whether a name is that of an office, and not of a company that gets letters.
func isAuthority(name string) bool {
	return (isOrganization(name) || isDepartment(name)) && !hasLegalForm(name)
}

// hasLetterheadOf reports whether the page's letterhead or footer has a name too.
func (p *page) hasLetterheadOf(name string) bool {
	return strings.Contains(p.letterhead, foldName(name))
}

// leastForLayout is from how many pages on what they share is taken for their layout.
const leastForLayout = 3

// witnesses is what the pages of a file say together about names and numbers.
type witnesses struct {
	sender   map[ident.Number]bool
	layout   map[string]bool // names that stand beside many numbers, and so are nobody's
	cvrs     map[ident.Number]map[string]bool
	cvrPages map[ident.Number]int
	common   map[string]bool // names that most headings have: of the sender's, or no names
	numbered int             // pages with a number
	most     ident.Number    // a CVR number that most pages have
}

func (p *Plan) witnesses(sender map[ident.Number]bool) *witnesses {
	w := &witnesses{
		sender:   sender,
		layout:   map[string]bool{},
		cvrs:     map[ident.Number]map[string]bool{},
		cvrPages: map[ident.Number]int{},
	}
	w.common = p.commonNames()
	beside := map[string]map[ident.Number]bool{}
	for i := range p.pages {
		page := &p.pages[i]
		if len(page.sightings) > 0 {
			w.numbered++
		}
		seen := map[ident.Number]bool{}
		for k := range page.sightings {
			s := &page.sightings[k]
			if s.name != "" {
				name := foldName(s.name)
				if beside[name] == nil {
					beside[name] = map[ident.Number]bool{}
				}
				beside[name][s.number] = true
			}
			if n := s.number; n.Kind() == ident.CVR && !sender[n] && !seen[n] {
				seen[n] = true
				w.noteCVR(n, page.addressee)
			}
		}
	}
	for name, numbers := range beside {
		w.layout[name] = len(numbers) >= leastForLayout && 2*len(numbers) > w.numbered
	}
	for n, pages := range w.cvrPages {
		more := pages > w.cvrPages[w.most] || pages == w.cvrPages[w.most] && n.Reveal() < w.most.Reveal()
		if pages >= leastForGuess && 2*pages > w.numbered && (w.most.IsZero() || more) {
			w.most = n
		}
	}
	return w
}

// commonNames returns the names that most of the pages with a number have in their heading.
func (p *Plan) commonNames() map[string]bool {
	count, pages := map[string]int{}, 0
	for i := range p.pages {
		if len(p.pages[i].sightings) == 0 {
			continue
		}
		pages++
		for _, name := range p.pages[i].named {
			count[foldName(name)]++
		}
	}
	common := map[string]bool{}
	for name, n := range count {
		common[name] = pages >= leastForLayout && 2*n > pages
	}
	return common
}

// judge says which numbers of a page's heading may be an addressee's.
func (w *witnesses) judge(page *page, addressee string) heading {
	h := heading{cells: map[string]bool{}}
	var others bool // the heading has numbers, and they stand with other names
	named := map[ident.Number]bool{}
	for i := range page.sightings {
		s := &page.sightings[i]
		if w.sender[s.number] {
			continue
		}
		h.cells[s.field] = true
		switch verdict := w.verdict(s, addressee); {
		case verdict == doubtRole:
		case s.wrong != nil:
			h.wrong = s.wrong
		case verdict == doubtName:
			others = true
		case verdict != "":
			h.doubt = cmp.Or(h.doubt, verdict)
		case s.number == w.most && w.isLetterheads():
		default:
			h.take(s.number)
			named[s.number] = named[s.number] || s.name != "" && !s.addressed
		}
	}
	switch {
	case h.doubt != "":
	case len(h.numbers) == 0 && others:
		h.doubt = doubtName
	case len(h.numbers) > 0:
		h.doubt = h.contradiction(page, addressee)
		if n := h.numbers[0]; h.doubt == "" && len(h.numbers) == 1 && !named[n] && w.namesAnother(page, addressee) {
			h.doubt = doubtOther
		}
	}
	return h
}

// namesAnother reports whether a heading names somebody else than its addressee, so that a number without a name may be
// theirs.
func (w *witnesses) namesAnother(page *page, addressee string) bool {
	for _, name := range page.named {
		if !w.common[foldName(name)] && (addressee == "" || compareNames(name, addressee) != alike) {
			return true
		}
	}
	return false
}

// verdict says why a number is not the addressee's, or "" where nothing contradicts it.
func (w *witnesses) verdict(s *sighting, addressee string) sentence.Sentence {
	name := s.name
	if w.layout[foldName(name)] && compareNames(name, addressee) != alike {
		name = ""
	}
	like := alike
	if name != "" && addressee != "" {
		like = compareNames(name, addressee)
	}
	named := name != "" && addressee != "" && like == alike && !s.addressed
	switch {
	case s.role == another, s.role == concerned && !named:
		return doubtRole
	case !s.understood:
		return doubtForm
	case like != alike && isCouple(addressee):
		return doubtCouple
	case like == unlike:
		return doubtName
	case like == doubtful:
		return doubtSurname
	}
	return ""
}

// contradiction says why the addressee of a page is not the one whose number it has, or "".
func (h *heading) contradiction(page *page, addressee string) sentence.Sentence {
	person, company := false, false
	for _, n := range h.numbers {
		person, company = person || n.Kind() == ident.CPR, company || n.Kind() == ident.CVR
	}
	switch {
	case person && company:
		return doubtPrivate
	case page.address != nil && page.address.another != "" && person:
		return doubtBehalf(page.address.another)
	case page.relation != "" && person:
		return doubtBehalf(page.relation)
	case person && (isOrganization(addressee) || page.address != nil && page.address.company):
		return doubtCompany
	case person && isCouple(addressee) && len(h.numbers) == 1:
		return doubtCouple
	case len(h.numbers) == 1 && bornOtherwise(h.numbers[0], page.born):
		return doubtBorn
	}
	return ""
}

// holdDoubtful holds back the letters whose number the rest of the letter or of the file contradicts. What a person has
// said stands.
func (p *Plan) holdDoubtful(o Options) {
	named, namesakes := p.namedShare(), p.namesakes()
	for k := range p.Segments {
		segment := &p.Segments[k]
		if segment.Problem != "" {
			segment.Reason = cmp.Or(segment.Reason, p.reasonOf(segment))
		}
		if segment.Problem == NoRecipientFound && segment.Reason != "" { // no number is the addressee's
			segment.Problem = DoubtfulRecipient
		}
		if segment.byHand || segment.Dropped || segment.Recipient.IsZero() {
			continue
		}
		reason := p.young(segment, o.Today)
		if reason == "" && o.Label == "" {
			reason = p.contradictedBy(segment, named, namesakes)
		}
		if reason != "" {
			segment.hold(DoubtfulRecipient, reason)
		}
	}
}

// reasonOf says in words why a letter has no recipient.
func (p *Plan) reasonOf(segment *Segment) sentence.Sentence {
	first := &p.pages[segment.First-1]
	switch segment.Problem {
	case DoubtfulRecipient:
		for i := segment.First - 1; i < segment.Last; i++ {
			if doubt := p.pages[i].heading.doubt; doubt != "" {
				return doubt
			}
		}
	case NoRecipientFound:
		if len(first.hidden) > 0 {
			return doubtHidden
		}
		switch {
		case len(first.heading.cells) > 0:
			return doubtRole
		case len(first.elsewhere) > 0:
			return doubtPlace
		case len(first.covered) > 0:
			return doubtCovered
		}
	}
	return ""
}

func (segment *Segment) hold(code Code, reason sentence.Sentence) {
	segment.Recipient, segment.Problem, segment.Reason = ident.Number{}, code, reason
}

// young reports who is under 15 on the day of sending: Digital Post begins there (practice.md A2).
func (p *Plan) young(segment *Segment, today time.Time) sentence.Sentence {
	if born, ok := segment.Recipient.Born(); ok && !today.IsZero() && born.AddDate(15, 0, 0).After(today) {
		return doubtYoung
	}
	return ""
}

func (p *Plan) contradictedBy(segment *Segment, named bool, namesakes map[ident.Number]bool) sentence.Sentence {
	first := &p.pages[segment.First-1]
	switch {
	case first.torn:
		return doubtTorn
	case segment.Recipient.Kind() == ident.CVR && p.isSenders(segment.Recipient, first):
		return doubtCVR
	case first.addressee == "" && (named || first.namesOwner(segment.Recipient)):
		return doubtAbsent
	case namesakes[segment.Recipient]:
		return doubtNamesake
	}
	for i := range first.hidden {
		if first.hidden[i].number != segment.Recipient {
			return doubtHidden
		}
	}
	for i := range first.covered {
		if n := first.covered[i].number; n.Kind() == ident.CPR && n != segment.Recipient {
			return doubtMasked
		}
	}
	for i := range first.elsewhere {
		if s := &first.elsewhere[i]; p.isSecond(s, segment.Recipient, first) {
			return doubtBelow
		}
	}
	for i := segment.First; i < segment.Last; i++ {
		if b := p.pages[i].address; b != nil && compareNames(b.name, first.addressee) != alike &&
			!isOrganization(b.name) {
			return doubtLater
		}
	}
	return ""
}

// namesOwner reports whether a number stands with a name, so that the layout carries names (practice.md A1).
func (p *page) namesOwner(n ident.Number) bool {
	return slices.ContainsFunc(p.sightings, func(s sighting) bool { return s.number == n && s.name != "" })
}

// isSecond reports whether a number under the heading is another person's without anything saying so.
func (p *Plan) isSecond(s *sighting, recipient ident.Number, first *page) bool {
	if s.number.Kind() != ident.CPR || s.number == recipient || s.wrong != nil || s.role != itself {
		return false
	}
	return s.name == "" || compareNames(s.name, first.addressee) != unlike
}

// mostUnnamed is the share of letters without a name from which the layout of a file carries none.
const mostUnnamed = 0.75

// namedShare reports whether the letters of the file carry names, so that one without is odd.
func (p *Plan) namedShare() bool {
	unnamed, all := 0, 0
	for _, segment := range p.Segments {
		if segment.Problem == UnreadablePage {
			continue
		}
		all++
		if p.pages[segment.First-1].addressee == "" {
			unnamed++
		}
	}
	return unnamed < all && float64(unnamed) < mostUnnamed*float64(all)
}
