package splitter

import (
	"slices"

	"brevdue/internal/ident"
)

// edit does what a person set right, in the order in which it was said. What does not fit any more is left out: it was
// checked against the letters when it was said.
func (p *Plan) edit(edits []Edit) {
	for _, e := range edits {
		if e.Page < 1 || e.Page > p.Pages {
			continue
		}
		k := p.segmentOf(e.Page)
		begins := p.Segments[k].First == e.Page
		switch {
		case e.Do == EditCut && !begins:
			p.cutAt(k, e.Page)
		case e.Do == EditMerge && begins && k > 0:
			p.mergeWithBefore(k)
		case e.Do == EditRecipient && begins:
			p.Segments[k].Recipient, p.Segments[k].Problem, p.Segments[k].byHand = e.Recipient, "", true
			p.Segments[k].Dropped, p.Segments[k].DroppedBy, p.Segments[k].Ordinal = false, "", e.Ordinal
		case e.Do == EditDrop && begins:
			p.Segments[k].Dropped, p.Segments[k].DroppedBy, p.Segments[k].Problem = true, e.By, ""
		}
	}
}

// segmentOf returns which segment a page is in.
func (p *Plan) segmentOf(page int) int {
	k, found := slices.BinarySearchFunc(
		p.Segments,
		page,
		func(segment Segment, page int) int { return segment.First - page },
	)
	if !found {
		k--
	}
	return k
}

// cutAt cuts a segment in two. Each part is judged by its own pages; what a person said of the whole stays with its
// first.
func (p *Plan) cutAt(k, page int) {
	segment := p.Segments[k]
	rest := Segment{First: page, Last: segment.Last, Dropped: segment.Dropped, DroppedBy: segment.DroppedBy}
	rest.Recipient, rest.Problem = p.judged(rest, true)
	p.Segments[k].Last = page - 1
	if !segment.byHand {
		p.Segments[k].Recipient, p.Segments[k].Problem = p.judged(p.Segments[k], true)
	}
	p.Segments = slices.Insert(p.Segments, k+1, rest)
}

// mergeWithBefore joins a letter to the one before it. A page that cannot be read is where the person says; two
// different recipients are for a person to decide. Of two letters of which one is not sent, neither can say what
// becomes of both.
func (p *Plan) mergeWithBefore(k int) {
	before, segment := p.Segments[k-1], p.Segments[k]
	if before.Dropped != segment.Dropped {
		return
	}
	both := Segment{First: before.First, Last: segment.Last, byHand: before.byHand || segment.byHand}
	both.Dropped, both.DroppedBy, both.Ordinal = before.Dropped, before.DroppedBy, before.Ordinal
	one, problem := p.said(before)
	two, other := p.said(segment)
	switch {
	case problem == NoRecipientFound:
		both.Recipient, both.Problem, both.Ordinal = two, other, segment.Ordinal
	case problem != "" || other == NoRecipientFound:
		both.Recipient, both.Problem = one, problem
	case other != "":
		both.Problem = other
	case one == two:
		both.Recipient = one
	default:
		both.Problem = TwoRecipients
	}
	p.Segments[k-1] = both
	p.Segments = slices.Delete(p.Segments, k, k+1)
}

// said says whom a segment is for: a person's word, or what its pages say.
func (p *Plan) said(segment Segment) (ident.Number, Code) {
	if segment.byHand && segment.Problem == "" {
		return segment.Recipient, ""
	}
	return p.judged(segment, false)
}

// judged says whom a segment is for by all of its pages: the one number in their headings, or why there is none.
func (p *Plan) judged(segment Segment, unreadable bool) (ident.Number, Code) {
	var found []ident.Number
	for i := segment.First - 1; i < segment.Last; i++ {
		page := &p.pages[i]
		switch {
		case page.unreadable != "" && unreadable:
			return ident.Number{}, UnreadablePage
		case page.heading.wrong != nil:
			return ident.Number{}, UnknownRecipient
		case page.heading.doubt != "":
			return ident.Number{}, DoubtfulRecipient
		}
		for _, n := range page.heading.numbers {
			if !slices.Contains(found, n) {
				found = append(found, n)
			}
		}
	}
	switch len(found) {
	case 0:
		return ident.Number{}, NoRecipientFound
	case 1:
		return found[0], ""
	}
	return ident.Number{}, TwoRecipients
}
