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

func (p *Plan) cutAt(k, page int) {
	piece := p.Pieces[k]
	n, problem := p.pageRecipient(page - 1)
	rest := Piece{First: page, Last: piece.Last, Recipient: n, Problem: problem}
	p.Pieces[k].Last = page - 1
	if !piece.byHand { // what held the two together back may be in the part that was cut off
		p.Pieces[k].Recipient, p.Pieces[k].Problem = p.pageRecipient(piece.First - 1)
	}
	p.Pieces = slices.Insert(p.Pieces, k+1, rest)
}

// mergeWithBefore joins a letter to the one before it, which keeps its recipient. Two different ones are for a person to
// decide.
func (p *Plan) mergeWithBefore(k int) {
	before, piece := &p.Pieces[k-1], p.Pieces[k]
	before.Last = piece.Last
	switch {
	case before.Problem != "" && piece.Problem == "":
		before.Recipient, before.Problem = piece.Recipient, ""
	case before.Problem == "" && piece.Problem == "" && before.Recipient != piece.Recipient:
		before.Recipient, before.Problem = ident.Number{}, post.TwoRecipients
	}
	p.Pieces = slices.Delete(p.Pieces, k, k+1)
}
