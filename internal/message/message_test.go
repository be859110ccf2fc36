package message_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"brevdue/internal/memo"
	"brevdue/internal/message"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// letter is a letter of a shipment with one attachment, and its message.
func letter(t *testing.T) (*post.Shipment, *post.Letter, *post.Message) {
	t.Helper()
	s, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 1)
	s.Parts = append(s.Parts, post.Part{Name: "Klagevejledning.pdf", Type: "application/pdf",
		Object: post.Object{SHA256: strings.Repeat("b", 64), Size: 3000}})
	l := letters[0]
	l.Document = post.Object{SHA256: strings.Repeat("a", 64), Size: 2000}
	return s, l, &post.Message{UUID: "7b0f4c4e-0000-4000-8000-000000000001", Created: posttest.Start}
}

// TestMessageSaysWhatTheLetterSays: recipient, subject, reply and files, and the letter's id and its message's UUID.
func TestMessageSaysWhatTheLetterSays(t *testing.T) {
	s, l, m := letter(t)
	s.AllowReply = true
	got := message.Make(s, l, m)
	switch {
	case string(got.Header.UUID) != m.UUID, got.Header.ID != string(l.ID), !got.Body.Created.Time().Equal(m.Created):
		t.Errorf("it is another message: %s %s %s", got.Header.UUID, got.Header.ID, got.Body.Created)
	case got.Header.Recipient.ID != l.Recipient.Reveal(), got.Header.Recipient.Type != string(l.Recipient.Kind()):
		t.Errorf("it goes to a %s", got.Header.Recipient.Type)
	case got.Header.Label != s.Subject, !got.Header.Reply.Is(), got.Header.Sender.ID != s.Sender.Number.Reveal():
		t.Errorf("subject %q, reply %v", got.Header.Label, got.Header.Reply)
	case len(got.Files()) != 2, got.Files()[0].Name != message.MainName,
		got.Files()[0].Content.SHA256 != l.Document.SHA256, got.Files()[1].Name != "Klagevejledning.pdf",
		got.Files()[1].Content.SHA256 != s.Parts[1].Object.SHA256:
		t.Errorf("its files are %+v", got.Files())
	}
	l.Subject = "Rettet emne"
	if got := message.Make(s, l, m); got.Header.Label != "Rettet emne" {
		t.Errorf("a subject that a person has corrected: %q", got.Header.Label)
	}
	if strings.Contains(message.MainName, l.Recipient.Reveal()) {
		t.Error("the file's name names a person")
	}
}

// TestWhatIsChosenStandsInTheMessage: each option of a sender is an element of the message, and it is valid MeMo.
func TestWhatIsChosenStandsInTheMessage(t *testing.T) {
	s, l, m := letter(t)
	m.UUID = "7b0f4c4e-0000-4000-8000-000000000001"
	s.AllowReply, s.Area.KLE, l.Unit = true, "27.03.04", "1000000001"
	s.Options = post.Options{ReplyBy: "2026-12-24", DeliverOn: "2026-12-01", Mandatory: true, Legal: true,
		Notification: "Nyt brev", TypeName: "Tilskud"}
	got := message.Make(s, l, m)
	if err := got.Check(); err != nil {
		t.Fatal(err)
	}
	h := got.Header
	switch {
	case h.ReplyBy != "2026-12-24T22:59:59.000Z", h.NotBefore != "2026-12-01", !h.Mandatory.Is(),
		!h.LegalNotification.Is(), h.Notification != "Nyt brev", h.Code != "Tilskud":
		t.Errorf("%+v", h)
	case h.Content.KLE.Key != "27.03.04", h.Content.KLE.Label != "Tilskud":
		t.Errorf("%+v", h.Content.KLE)
	case h.Recipient.Attention.ProductionUnit.Number != "1000000001":
		t.Errorf("%+v", h.Recipient.Attention)
	}
}

// TestSameMessageEachTime: shipment, letter and message id alone decide the bytes.
func TestSameMessageEachTime(t *testing.T) {
	s, l, m := letter(t)
	first, second := message.Make(s, l, m), message.Make(s, l, m)
	if !bytes.Equal(first.Skeleton(), second.Skeleton()) || first.Digest() != second.Digest() {
		t.Error("made twice it is another one")
	}
	other := *m
	other.UUID = "7b0f4c4e-0000-4000-8000-000000000002"
	if message.Make(s, l, &other).Digest() == first.Digest() {
		t.Error("another message has the same digest")
	}
}

// TestSizeIsNoLessThanTheMessage: what is held against the limit is at least what is sent, and not far above it.
func TestSizeIsNoLessThanTheMessage(t *testing.T) {
	s, l, m := letter(t)
	for _, size := range []int64{0, 1, 57, 100_000, 3_000_000} {
		l.Document.Size = size
		made := message.Make(s, l, m)
		made.Files()[0].Content.Bytes, made.Files()[1].Content.Bytes = make([]byte, size), make([]byte, 3000)
		sent, err := io.Copy(io.Discard, made.Reader())
		posttest.Check(t, err)
		said := message.Size(s, size)
		if said < sent || said > sent+16<<10 {
			t.Errorf("a document of %d bytes: %d are sent, %d are reckoned with", size, sent, said)
		}
	}
	if n := memo.EncodedLength(3_000_000); message.Size(s, 3_000_000) <= n {
		t.Errorf("attachments are not reckoned with: %d", n)
	}
}

// TestFileNamesAreRefusedAlike: a name that the user may choose is one that a message may have.
func TestFileNamesAreRefusedAlike(t *testing.T) {
	for r := rune(1); r < 0x3100; r++ {
		s, l, m := letter(t)
		s.Parts[1].Name = "bilag" + string(r) + "1.pdf"
		_, chosen := post.CheckFileName(s.Parts[1].Name)
		if err := message.Make(s, l, m).Check(); err != nil && chosen == nil {
			t.Errorf("%U may be chosen, and is refused then: %v", r, err)
		}
	}
}
