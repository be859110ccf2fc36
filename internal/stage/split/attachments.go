package split

import (
	"context"

	"brevdue/internal/attachment"
	"brevdue/internal/message"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// unfit looks at the attachments before anything is sent, and says what is wrong with each of them; nil for nothing.
func (h *Handler) unfit(ctx context.Context, s *post.Shipment) (*post.Problem, error) {
	var wrong []any
	for _, p := range s.Parts[1:] {
		if p.Object.Key != p.Key { // the copy of one that was looked at
			continue
		}
		content, done, err := h.Objects.Open(ctx, p.Object)
		if err != nil {
			return nil, err
		}
		if err := attachment.Check(p.Name, content); err != nil {
			wrong = append(wrong, sentence.Of("attachment-unfit", post.SentenceOf(err)))
		}
		done()
	}
	if text := tooLarge(s); text != "" {
		wrong = append(wrong, text)
	}
	if len(wrong) == 0 {
		return nil, nil
	}
	return &post.Problem{
		Code: post.UnfitAttachment,
		Text: sentence.Of("nothing-sent", sentence.Of("sentences", wrong...)),
	}, nil
}

// tooLarge says that no letter can be sent with the attachments, as large as they are in a message. Where all get the
// whole document it counts; else each letter is held against the limit when it is cut.
func tooLarge(s *post.Shipment) sentence.Sentence {
	document := int64(0)
	if len(s.TypedRecipients) > 0 {
		document = s.Parts[0].Object.Size
	}
	size := message.Size(s, document)
	if size <= post.MessageLimit {
		return ""
	}
	what := sentence.Of("attachments-fill")
	switch {
	case len(s.Parts) == 1:
		what = sentence.Of("document-fills")
	case document > 0:
		what = sentence.Of("document-and-attachments-fill")
	}
	return post.TooLarge(what, size)
}
