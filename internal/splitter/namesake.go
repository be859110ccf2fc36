package splitter

import (
	"slices"

	"brevdue/internal/ident"
	"brevdue/internal/sentence"
)

// fewNamesakes is the share of letters to namesakes at one address up to which they are told and not held: in thousands
// of letters some are there by chance, and each carries its own number.
const fewNamesakes = 0.002

// householdOf tells people of one name at one address: whatever their middle names, and on whichever floor.
func householdOf(b *block) string {
	name := nameOf(b.name)
	given := ""
	if len(name.given) > 0 {
		given = name.given[0]
	}
	return given + " " + name.last + "|" + foldName(b.street) + "|" + foldName(b.town)
}

// namesakes returns the numbers of people who share name and address with somebody of another number, or whose number
// stands in the letter to somebody of the same name (practice.md A3).
func (p *Plan) namesakes() map[ident.Number]bool {
	at, mixed := map[string]int{}, map[ident.Number]bool{}
	var pages []int
	for k, segment := range p.Segments {
		b := p.pages[segment.First-1].address
		if b == nil || segment.Recipient.Kind() != ident.CPR {
			continue
		}
		key := householdOf(b)
		if other, ok := at[key]; ok && p.Segments[other].Recipient != segment.Recipient {
			mixed[p.Segments[other].Recipient], mixed[segment.Recipient] = true, true
			pages = append(pages, p.Segments[other].First, segment.First)
		}
		at[key] = k
	}
	if few := float64(len(mixed)) <= fewNamesakes*float64(len(p.Segments)); few && len(mixed) > 0 {
		slices.Sort(pages)
		p.find(
			FindingOtherName,
			slices.Compact(pages),
			sentence.Of("namesakes"),
		)
		clear(mixed)
	}
	p.bothNumbers(mixed)
	return mixed
}

// bothNumbers marks namesakes of whom one's letter carries the other's number too.
func (p *Plan) bothNumbers(mixed map[ident.Number]bool) {
	names := map[ident.Number]string{}
	for _, segment := range p.Segments {
		if segment.Recipient.Kind() == ident.CPR {
			names[segment.Recipient] = foldName(p.pages[segment.First-1].addressee)
		}
	}
	for _, segment := range p.Segments {
		for i := segment.First - 1; i < segment.Last; i++ {
			for _, n := range p.pages[i].mentions {
				if name := names[n]; n != segment.Recipient && name != "" && name == names[segment.Recipient] {
					mixed[n], mixed[segment.Recipient] = true, true
				}
			}
		}
	}
}
