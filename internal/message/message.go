// Package message puts a letter into its MeMo message. Send, archive and whoever wants to see the message make it
// here, so that it is the same each time.
//
// Invariant: shipment, letter and message id alone decide the bytes.
//
// Shipment, Letter -> [message] -> memo.Message
package message

import (
	"cmp"

	"brevdue/internal/memo"
	"brevdue/internal/post"
)

// MainName is the file name of every letter: a person's name or number has no place in it.
const MainName = "Brev.pdf"

// Make returns the message of a letter without the contents of its files.
func Make(s *post.Shipment, l *post.Letter, m *post.Message) *memo.Message {
	message := &memo.Message{
		Version: string(
			s.MeMo,
		), UUID: m.UUID, ID: string(l.ID), Label: cmp.Or(l.Subject, s.Subject), Reply: s.AllowReply,
		Sender: memo.Party{ID: s.Sender.Number.Reveal(), Type: string(s.Sender.Number.Kind()), Label: s.Sender.Name},
		Recipient: memo.Party{
			ID:   l.Recipient.Reveal(),
			Type: string(l.Recipient.Kind()),
		}, // ten digits (digital-post.md 10.5)
		Created: m.Created,
		Main:    file(MainName, "application/pdf", l.Document),
	}
	for _, p := range s.Parts[1:] {
		message.Additional = append(message.Additional, file(p.Name, p.Type, p.Object))
	}
	return message
}

func file(name, media string, o post.Object) memo.File {
	return memo.File{Name: name, Type: media, Language: "da", SHA256: o.SHA256, Size: o.Size}
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
