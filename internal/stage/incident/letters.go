package incident

import (
	"fmt"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// Letter is a letter as the data protection officer reads it: numbers stand in the clear.
type Letter struct {
	Number      int              `json:"number"`
	ID          post.LetterID    `json:"id"`
	Pages       [2]int           `json:"pages"`
	Recipient   string           `json:"recipient"`
	State       post.LetterState `json:"state"`
	Code        post.Code        `json:"code,omitempty"`
	Document    post.Object      `json:"document"`
	Messages    []message        `json:"messages"`
	Receipts    []receipt        `json:"receipts"`
	Corrections []correction     `json:"corrections,omitempty"`
	History     []post.Event     `json:"history"`
}

type message struct {
	UUID     string    `json:"uuid"`
	Created  time.Time `json:"created"`
	Accepted time.Time `json:"accepted,omitzero"`
	Digest   string    `json:"digest,omitempty"` // of the message with each file's content replaced by its SHA-256
	Refused  bool      `json:"refused,omitempty"`
}

type receipt struct {
	Status   post.ReceiptStatus `json:"status"`
	UUID     string             `json:"uuid"`
	Received time.Time          `json:"received"`
	SHA256   string             `json:"sha256"`
	File     string             `json:"file"`
}

type correction struct {
	At        time.Time `json:"at"`
	By        string    `json:"by"`
	Recipient string    `json:"recipient"` // before
	UUID      string    `json:"uuid,omitempty"`
}

func numberOf(n ident.Number) string {
	if n.IsZero() {
		return ""
	}
	return string(n.Kind()) + " " + n.Reveal()
}

func receiptName(l *post.Letter, i int) string {
	return fmt.Sprintf("kvitteringer/%06d-%d.json", l.Number, i+1)
}

func letterOf(l *post.Letter) Letter {
	out := Letter{
		Number:    l.Number,
		ID:        l.ID,
		Pages:     [2]int{l.First, l.Last},
		Recipient: numberOf(l.Recipient),
		State:     l.State,
		Document:  l.Document,
		Messages:  []message{},
		Receipts:  []receipt{},
		History:   texts.History(l.History),
	}
	if l.Problem != nil {
		out.Code = l.Problem.Code
	}
	for _, m := range l.Messages {
		out.Messages = append(
			out.Messages,
			message{m.UUID, m.Created, m.Accepted, m.Digest, m.RefusedLater || m.Refused > 0},
		)
	}
	for i, r := range l.Receipts {
		out.Receipts = append(out.Receipts, receipt{r.Status, r.UUID, r.Received, r.SHA256, receiptName(l, i)})
	}
	for _, c := range l.Corrections {
		out.Corrections = append(out.Corrections, correction{c.At, c.By, numberOf(c.Recipient), c.UUID})
	}
	return out
}

// Shipment is what is said of the shipment itself.
type Shipment struct {
	ID          string             `json:"id"`
	Subject     string             `json:"subject"`
	Sender      string             `json:"sender"`
	By          string             `json:"by"`
	Environment post.Environment   `json:"environment"`
	Created     time.Time          `json:"created"`
	Sent        time.Time          `json:"sent,omitzero"`
	State       post.ShipmentState `json:"state"`
	Rule        post.Rule          `json:"rule"`
	Parts       []post.Part        `json:"parts"`
	Pages       int                `json:"pages"`
	Letters     int                `json:"letters"`
	Split       int                `json:"split"` // version
	Counts      post.Counts        `json:"counts"`
	Findings    []post.Finding     `json:"findings"`
	Edits       []post.Edit        `json:"edits,omitempty"`   // of the review: who changed which page, numbers masked
	Outline     string             `json:"outline,omitempty"` // SHA-256 of what the split found
}

func shipmentOf(s *post.Shipment) Shipment {
	return Shipment{
		s.ID,
		s.Subject,
		s.Sender.Number.Reveal(),
		s.By,
		s.Environment,
		s.Created,
		s.SentAt,
		s.Derived(),
		s.Rule,
		s.Parts,
		s.Pages,
		s.Letters,
		s.Version,
		s.Counts,
		texts.Findings(s.Findings),
		s.Edits,
		s.Outline,
	}
}
