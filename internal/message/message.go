// Package message puts a letter into its MeMo message. Send, archive and whoever wants to see the message make it
// here, so that it is the same each time.
//
// Invariant: shipment, letter and message id alone decide the bytes.
//
// Shipment, Letter -> [message] -> memo.Message
package message

import (
	"cmp"
	"time"

	"brevdue/internal/memo"
	"brevdue/internal/post"
)

// MainName is the file name of every letter: a person's name or number has no place in it.
const MainName = "Brev.pdf"

// Make returns the message of a letter without the contents of its files.
func Make(s *post.Shipment, l *post.Letter, m *post.Message) *memo.Message {
	body := &memo.Body{
		Created: memo.At(m.Created),
		Main:    memo.MainDocument{Label: MainName, Files: file(MainName, "application/pdf", l.Document)},
	}
	for _, p := range s.Parts[1:] {
		document := memo.AdditionalDocument{Label: p.Name, Files: file(p.Name, p.Type, p.Object)}
		body.Additional = append(body.Additional, document)
	}
	return &memo.Message{Version: string(s.MeMo), Header: header(s, l, m), Body: body}
}

func header(s *post.Shipment, l *post.Letter, m *post.Message) memo.Header {
	h := memo.Header{
		Type: memo.DigitalPost, UUID: memo.UUID(m.UUID), ID: string(l.ID), Label: cmp.Or(l.Subject, s.Subject),
		Mandatory: memo.No, LegalNotification: memo.No,
		Sender: memo.Sender{
			ID: s.Sender.Number.Reveal(), Type: string(s.Sender.Number.Kind()), Label: s.Sender.Name,
		},
		Recipient: memo.Recipient{ // ten digits (digital-post.md 10.5)
			ID: l.Recipient.Reveal(), Type: string(l.Recipient.Kind()),
		},
	}
	if s.AllowReply {
		h.Reply = memo.Yes
	}
	choose(&h, s, l)
	return h
}

// choose writes what the sender has chosen.
func choose(h *memo.Header, s *post.Shipment, l *post.Letter) {
	o := &s.Options
	h.Notification = memo.Notification(o.Notification)
	h.NotBefore = memo.Date(o.DeliverOn)
	if day, err := time.ParseInLocation(time.DateOnly, o.ReplyBy, post.Denmark()); err == nil {
		h.ReplyBy = memo.At(day.AddDate(0, 0, 1).Add(-time.Second)) // until the end of that day
	}
	if o.Mandatory {
		h.Mandatory = memo.Yes
	}
	if o.Legal {
		h.LegalNotification = memo.Yes
	}
	if o.TypeName != "" {
		h.Code = o.TypeName
		if s.Area.KLE != "" {
			h.Content = &memo.ContentData{KLE: &memo.KLEData{
				Key: s.Area.KLE, Version: kleVersion, Label: o.TypeName,
			}}
		}
	}
	if l.Unit != "" {
		unit := &memo.ProductionUnit{Number: memo.PNumber(l.Unit)}
		h.Recipient.Attention = &memo.AttentionData{ProductionUnit: unit}
	}
}

// kleVersion is what stands where MeMo wants the version of KLE: the organization's numbers say none.
const kleVersion = "KLE"

func file(name, media string, o post.Object) []memo.File {
	content := memo.Content{SHA256: o.SHA256, Size: o.Size}
	return []memo.File{{Name: name, EncodingFormat: media, Language: "da", Content: content}}
}

// Size returns how many bytes a letter has as a message, closely enough to hold it against the limit.
func Size(s *post.Shipment, document int64) int64 {
	const text = 8 << 10 // of the message around the files
	n := memo.EncodedLength(document) + text
	for _, p := range s.Parts[1:] {
		n += memo.EncodedLength(p.Object.Size)
	}
	return n
}
