package split

import (
	"errors"

	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/splitter"
)

// options are what a shipment asks the splitter for.
func (h *Handler) options(s *post.Shipment, names map[ident.Number]string) splitter.Options {
	current := s.Current()
	edits := make([]splitter.Edit, len(current))
	for i, e := range current {
		edits[i] = splitter.Edit{
			Do:        splitter.EditKind(e.Do),
			Page:      e.Page,
			Recipient: e.Recipient,
			Ordinal:   e.Ordinal,
			By:        e.By,
			At:        e.At,
		}
	}
	return splitter.Options{
		Rule:     splitter.Rule(s.Rule),
		Sender:   s.OwnNumbers,
		Names:    names,
		Label:    s.Label,
		Begins:   s.FirstPageText,
		Text:     true, // it is kept when the letters are written
		Edits:    edits,
		Pictures: h.Recognizer != nil,
		Uploaded: s.Created.In(post.Denmark()),
		Today:    h.Now().In(post.Denmark()),
	}
}

// problemOf returns why nothing of a document can be sent, nil where an error says something else.
func problemOf(err error) *post.Problem {
	var p *splitter.Problem
	if !errors.As(err, &p) {
		return nil
	}
	return &post.Problem{Code: post.Code(p.Code), Text: p.Text, Cause: p.Cause}
}

// segmentProblem returns why a letter is held back, or nil.
func segmentProblem(segment *splitter.Segment) *post.Problem {
	if segment.Problem == "" {
		return nil
	}
	p := &post.Problem{Code: post.Code(segment.Problem)}
	if segment.Reason != "" {
		p.Text = sentence.Of("held-because", segment.Reason)
	}
	return p
}

func findingsOf(plan *splitter.Plan) []post.Finding {
	if plan == nil {
		return nil
	}
	findings := make([]post.Finding, len(plan.Findings))
	for i, f := range plan.Findings {
		findings[i] = post.Finding{Code: post.FindingCode(f.Code), Pages: f.Pages, Text: f.Text}
	}
	return findings
}

// outlineOf keeps of a plan what a review shows, page by page and letter by letter.
func outlineOf(plan *splitter.Plan) *post.Outline {
	found := plan.Outline()
	o := &post.Outline{}
	for _, p := range found.Pages {
		o.Pages = append(
			o.Pages,
			post.OutlinePage{Sum: p.Sum, Empty: p.Empty, Unreadable: p.Unreadable, Guess: p.Guess},
		)
	}
	for _, l := range found.Letters {
		letter := post.OutlineLetter{
			First:     l.First,
			Last:      l.Last,
			Name:      l.Name,
			Problem:   post.Code(l.Problem),
			Reason:    l.Reason,
			Dropped:   l.Dropped,
			Recipient: l.Recipient,
			Ordinal:   l.Ordinal,
			Unit:      l.Unit,
		}
		for _, f := range l.Findings {
			letter.Findings = append(letter.Findings, post.FindingCode(f))
		}
		o.Letters = append(o.Letters, letter)
	}
	return o
}
