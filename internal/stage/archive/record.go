package archive

import (
	"cmp"
	"fmt"
	"time"

	"brevdue/internal/keys"
	"brevdue/internal/message"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

// Record is what lies beside a letter's document in its case.
type Record struct {
	Letter      post.LetterID    `json:"letter"`
	Shipment    string           `json:"shipment"`
	Environment post.Environment `json:"environment"`
	Title       string           `json:"title"`  // the subject; it says so where the letter was not sent (practice.md E1)
	Status      string           `json:"status"` // of its sending, in words
	Subject     string           `json:"subject"`
	Sender      string           `json:"sender"`
	Recipient   recipient        `json:"recipient,omitzero"`
	Concerns    recipient        `json:"concerns,omitzero"` // whom it is about, where that is another one
	Pages       [2]int           `json:"pages"`
	State       post.LetterState `json:"state"`
	Problem     *post.Problem    `json:"problem,omitempty"`
	Document    post.Object      `json:"document"`
	Receipts    []receipt        `json:"receipts,omitempty"`
	NoReceipt   string           `json:"noReceipt,omitempty"` // why there is none
	Message     string           `json:"message,omitempty"`   // as it leaves, or would have left: see Status
	History     []post.Event     `json:"history"`
	uuid        string           // of the message
}

type recipient struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

type receipt struct {
	Received time.Time `json:"received"`
	SHA256   string    `json:"sha256"` // of raw, which is base64: the bytes as they came
	Raw      []byte    `json:"raw"`
}

// statusOf names the words for how far the sending of a letter has come.
func statusOf(l *post.Letter) sentence.Sentence {
	m := l.Current()
	switch {
	case !l.State.Final():
		return sentence.Of("archive-underway")
	case l.State == post.Completed || m != nil && m.Completed:
		return sentence.Of("archive-sent")
	case l.DeliveredBefore():
		return sentence.Of("archive-sent-before")
	case m != nil && (m.Unanswered() || !m.Accepted.IsZero() && !m.RefusedLater):
		return sentence.Of("archive-doubtful")
	}
	return sentence.Of("archive-not-sent")
}

// title is what a letter is called in its case.
func title(subject string, status sentence.Sentence) string {
	if status.Code() == "archive-not-sent" {
		return texts.Of(status) + ": " + subject
	}
	return subject
}

// record returns the JSON that is filed beside a letter. Its texts are written out, for it is read without Brevdue.
func (h *Handler) record(s *post.Shipment, l *post.Letter) (r Record, err error) {
	subject, status := cmp.Or(l.Subject, s.Subject), statusOf(l)
	r = Record{
		Letter:      l.ID,
		Title:       title(subject, status),
		Status:      texts.Of(status),
		Shipment:    s.ID,
		Environment: s.Environment,
		Subject:     subject,
		Sender:      s.Sender.Number.Reveal(),
		Pages: [2]int{
			l.First,
			l.Last,
		},
		State:    l.State,
		Problem:  texts.Spoken(l.Problem),
		Document: l.Document,
		History:  texts.History(l.History),
	}
	if !l.Recipient.IsZero() {
		r.Recipient = recipient{string(l.Recipient.Kind()), l.Recipient.Reveal()}
	}
	if !s.Concerns.IsZero() {
		r.Concerns = recipient{string(s.Concerns.Kind()), s.Concerns.Reveal()}
	}
	for _, k := range l.Receipts {
		if !k.Verify() {
			return r, fmt.Errorf("letter %s: a receipt does not match its hash", l.ID)
		}
		r.Receipts = append(r.Receipts, receipt{k.Received, k.SHA256, k.Raw})
	}
	if len(r.Receipts) == 0 {
		switch {
		case l.Problem != nil:
			r.NoReceipt = texts.Problem(l.Problem)
		case l.State.Final():
			r.NoReceipt = texts.Say("not-sent")
		default:
			r.NoReceipt = texts.Say("receipt-awaited")
		}
	}
	if l.Begun() || l.Current() != nil {
		m := l.NextMessage(keys.UUIDs(h.UUIDKey))
		message := message.Make(s, l, &m)
		if m.Digest != "" && message.Digest() != m.Digest {
			return r, fmt.Errorf("letter %s: the message cannot be made again as it was sent", l.ID)
		}
		r.Message, r.uuid = string(message.Skeleton()), m.UUID
	}
	return r, nil
}
