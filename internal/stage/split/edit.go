package split

import (
	"slices"

	"brevdue/internal/ident"
	"brevdue/internal/post"
)

// edit does what a person set right, in the order in which it was said. What does not fit any more is left out: it was
// checked against the letters when it was said.
func (p *Plan) edit(edits []post.Edit) {
	for _, e := range edits {
		if e.Page < 1 || e.Page > p.Pages {
			continue
		}
		k := p.pieceOf(e.Page)
		begins := p.Pieces[k].First == e.Page
		switch {
		case e.Do == post.EditCut && !begins:
			p.cutAt(k, e.Page)
		case e.Do == post.EditMerge && begins && k > 0:
			p.mergeWithBefore(k)
		case e.Do == post.EditRecipient && begins:
			p.Pieces[k].Recipient, p.Pieces[k].Problem, p.Pieces[k].Dropped, p.Pieces[k].byHand = e.Recipient, "", "", true
		case e.Do == post.EditDrop && begins:
			p.Pieces[k].Dropped, p.Pieces[k].Problem = e.By, ""
		}
	}
}

// pieceOf returns which piece a page is in.
func (p *Plan) pieceOf(page int) int {
	k, found := slices.BinarySearchFunc(p.Pieces, page, func(piece Piece, page int) int { return piece.First - page })
	if !found {
		k--
	}
	return k
}

// cutAt cuts a piece in two. Each part is judged by its own pages; what a person said of the whole stays with its first.
func (p *Plan) cutAt(k, page int) {
	piece := p.Pieces[k]
	rest := Piece{First: page, Last: piece.Last, Dropped: piece.Dropped}
	rest.Recipient, rest.Problem = p.judged(rest, true)
	p.Pieces[k].Last = page - 1
	if !piece.byHand {
		p.Pieces[k].Recipient, p.Pieces[k].Problem = p.judged(p.Pieces[k], true)
	}
	p.Pieces = slices.Insert(p.Pieces, k+1, rest)
}

// mergeWithBefore joins a letter to the one before it. A page that cannot be read is where the person says; two different
// recipients are for a person to decide. Of two letters of which one is not sent, neither can say what becomes of both.
func (p *Plan) mergeWithBefore(k int) {
	before, piece := p.Pieces[k-1], p.Pieces[k]
	if (before.Dropped == "") != (piece.Dropped == "") {
		return
	}
	both := Piece{First: before.First, Last: piece.Last, Dropped: before.Dropped, byHand: before.byHand || piece.byHand}
	one, problem := p.said(before)
	two, other := p.said(piece)
	switch {
	case problem == post.NoRecipientFound:
		both.Recipient, both.Problem = two, other
	case problem != "" || other == post.NoRecipientFound:
		both.Recipient, both.Problem = one, problem
	case other != "":
		both.Problem = other
	case one == two:
		both.Recipient = one
	default:
		both.Problem = post.TwoRecipients
	}
	p.Pieces[k-1] = both
	p.Pieces = slices.Delete(p.Pieces, k, k+1)
}

// said says whom a piece is for: a person's word, or what its pages say.
func (p *Plan) said(piece Piece) (ident.Number, post.Code) {
	if piece.byHand && piece.Problem == "" {
		return piece.Recipient, ""
	}
	return p.judged(piece, false)
}

// judged says whom a piece is for by all of its pages: the one number in their headings, or why there is none.
func (p *Plan) judged(piece Piece, unreadable bool) (ident.Number, post.Code) {
	var found []ident.Number
	for i := piece.First - 1; i < piece.Last; i++ {
		page := &p.pages[i]
		switch {
		case page.unreadable != "" && unreadable:
			return ident.Number{}, post.UnreadablePage
		case page.heading.wrong != nil:
			return ident.Number{}, post.UnknownRecipient
		}
		for _, n := range page.heading.numbers {
			if !slices.Contains(found, n) {
				found = append(found, n)
			}
		}
	}
	switch len(found) {
	case 0:
		return ident.Number{}, post.NoRecipientFound
	case 1:
		return found[0], ""
	}
	return ident.Number{}, post.TwoRecipients
}
