package split

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/splitter"
	"brevdue/internal/workflow"
)

// Review implements post.Reviews: the draft is planned from what was read of the document, with the corrections that
// count.
func (h *Handler) Review(ctx context.Context, s *post.Shipment) (*post.Review, error) {
	if !s.Drafted {
		return h.reviewOfBefore(ctx, s)
	}
	r := &post.Review{Revision: len(s.Edits), Findings: s.Findings}
	if len(s.TypedRecipients) > 0 {
		r.Outline = typedOutline(s)
		r.Letters = post.DraftLetters(s, r.Outline)
		return r, nil
	}
	plan, err := h.replan(ctx, s)
	if err != nil {
		return nil, err
	}
	remarks, err := h.Drafts.Remarks(ctx, s)
	if err != nil {
		return nil, err
	}
	r.Outline, r.Content = outlineOf(plan), plan.Content()
	r.Findings = append(findingsOf(plan), post.RepeatsOf(s.Findings)...)
	r.Letters = post.DraftLetters(s, r.Outline)
	held := map[post.LetterID]*post.Problem{}
	for _, m := range remarks {
		switch {
		case m.Unfit != "":
			held[m.Letter] = &post.Problem{Code: post.UnreadablePage, Text: m.Unfit}
		case m.Size > 0:
			held[m.Letter] = tooLargeLetter(m.Size)
		}
	}
	for i, l := range r.Letters {
		if p := held[l.ID]; p != nil {
			l.Problem, l.Unfit, r.Outline.Letters[i].Problem = p, unfitOf(p), p.Code
		}
	}
	return r, nil
}

// OldDates implements post.Reviews. Of a document for typed recipients it is known from its split.
func (h *Handler) OldDates(ctx context.Context, s *post.Shipment, leaves time.Time) ([]post.Finding, error) {
	found := s.Findings
	if s.Drafted && len(s.TypedRecipients) == 0 {
		plan, err := h.replanOn(ctx, s, leaves)
		if err != nil {
			return nil, err
		}
		found = findingsOf(plan)
	}
	return slices.DeleteFunc(slices.Clone(found), func(f post.Finding) bool { return !f.OldDate() }), nil
}

func unfitOf(p *post.Problem) (unfit sentence.Sentence) {
	if p.Code == post.UnreadablePage {
		unfit = p.Text
	}
	return unfit
}

// reviewOfBefore is the review of a shipment whose letters a version before this one has written already.
func (h *Handler) reviewOfBefore(ctx context.Context, s *post.Shipment) (*post.Review, error) {
	r := &post.Review{Revision: len(s.Edits), Findings: s.Findings, Content: s.Content}
	var err error
	if r.Outline, err = h.Outlines.Outline(ctx, s); err != nil {
		return nil, err
	}
	err = workflow.EachPage(ctx, h.Lists, s, func(letters []*post.Letter) error {
		r.Letters = append(r.Letters, letters...)
		return nil
	})
	return r, err
}

// typedOutline is that of a document which each typed recipient gets as a whole.
func typedOutline(s *post.Shipment) *post.Outline {
	o := &post.Outline{}
	for i, n := range s.TypedRecipients {
		o.Letters = append(o.Letters, post.OutlineLetter{First: 1, Last: s.Pages, Recipient: n, Ordinal: i + 1})
	}
	return o
}

// Preview implements post.Reviews.
func (h *Handler) Preview(ctx context.Context, s *post.Shipment, l *post.Letter) (post.Object, error) {
	switch {
	case l.Document.Key != "":
		return l.Document, nil
	case len(s.TypedRecipients) > 0:
		return s.Parts[0].Object, nil
	}
	_, rest, _ := cutID(l.ID)
	key := path.Join("previews", s.ID, strconv.Itoa(s.Sends), rest+".pdf") // cut anew after a Send that came back
	o, err := h.Uploads.First(ctx, key)
	if !errors.Is(err, post.ErrNotFound) {
		return o, err
	}
	data, done, err := h.Objects.Open(ctx, s.Parts[0].Object)
	if err != nil {
		return post.Object{}, err
	}
	defer done()
	segment := splitter.Segment{First: l.First, Last: l.Last, Recipient: l.Recipient}
	cut, err := h.Cut(ctx, data, segment, s.RemoveCPR)
	if err != nil {
		return post.Object{}, fmt.Errorf("letter %s: %w", l.ID, err)
	}
	// First, since whoever finds the file has nothing to note any more.
	if err := h.Drafts.Remark(ctx, s, post.Remark{Letter: l.ID, Sum: sumOf(cut.Content)}); err != nil {
		return post.Object{}, err
	}
	objects, err := h.Objects.Put(ctx, post.File{Org: s.Org, Key: key, Content: cut.Content})
	if err != nil {
		return post.Object{}, err
	}
	return objects[0], nil
}
