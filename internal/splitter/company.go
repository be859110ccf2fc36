package splitter

import (
	"brevdue/internal/ident"
	"brevdue/internal/sentence"
)

// leastForGuess is on how many pages a CVR number must stand before it is taken for one that most letters have.
const leastForGuess = 5

func (w *witnesses) noteCVR(n ident.Number, addressee string) {
	if w.cvrs[n] == nil {
		w.cvrs[n] = map[string]bool{}
	}
	w.cvrs[n][foldName(addressee)] = true
	w.cvrPages[n]++
}

// isLetterheads reports whether the common CVR number stands in letters to different addressees, or to people.
func (w *witnesses) isLetterheads() bool {
	addressees := w.cvrs[w.most]
	for name := range addressees {
		if len(addressees) > 1 || !isOrganization(name) {
			return true
		}
	}
	return false
}

// askAboutCVR asks once per document about a CVR number that most of its letters have and that is not known as the
// sender's: thirty letters to one employer look like a letterhead (practice.md A5).
func (p *Plan) askAboutCVR(w *witnesses) {
	if w.most.IsZero() {
		return
	}
	text := sentence.Of("cvr-most-letters", w.most.String())
	if w.isLetterheads() {
		text = sentence.Of("cvr-letterhead", w.most.String())
	}
	p.Review = true
	p.find(FindingSenderGuessed, nil, text)
}

// isSenders reports whether a company's number may be the sender's own: the letter is addressed to a person, or the
// number stands where a letterhead would have it. Where letters to other companies stand beside it, each with a number
// of its own, it is the addressee's.
func (p *Plan) isSenders(n ident.Number, first *page) bool {
	office := first.addressee != "" && !isOrganization(first.addressee)
	for i := range first.sightings {
		office = office || first.sightings[i].number == n && first.sightings[i].office
	}
	if !office {
		return false
	}
	addressees, others := map[string]bool{}, false
	for i := range p.pages {
		for _, m := range p.pages[i].heading.numbers {
			switch {
			case m == n:
				addressees[foldName(p.pages[i].addressee)] = true
			case m.Kind() == ident.CVR:
				others = true
			}
		}
	}
	return len(addressees) > 1 || !others
}
