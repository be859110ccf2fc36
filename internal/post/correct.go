package post

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"time"

	"brevdue/internal/ident"
)

// Correction is what a person sets right before a letter is sent again. What is zero stays.
type Correction struct {
	Recipient ident.Number
	Subject   string
}

// Corrected is what a letter was before a correction: the new version is linked to the old.
type Corrected struct {
	At        time.Time
	By        string
	Recipient ident.Number
	Subject   string
	Unit      string // P-number of before
	UUID      string // of the message that was refused; "" when none was made
}

// MayCorrect reports whether recipient and subject can still be set right: nothing of the letter may be at Digital
// Post.
func (l *Letter) MayCorrect() bool {
	if !l.State.NotSent() || l.Unfit != "" {
		return false
	}
	m := l.Current()
	return m == nil || m.Attempts == 0 || m.MayRenew()
}

// MarkOf is a mark of a number that stands in a letter's PDF, by which it is recognized there.
func MarkOf(letter LetterID, n ident.Number) string {
	sum := sha256.Sum256([]byte(string(letter) + "\x00" + n.Reveal()))
	return base64.RawURLEncoding.EncodeToString(sum[:8])
}

// Carries reports whether a number stands in the PDF of a letter that must go out without its recipient's.
func (l *Letter) Carries(n ident.Number) bool {
	return len(l.Remaining) > 0 && slices.Contains(l.Remaining, MarkOf(l.ID, n))
}

// Correct sets a letter right and queues it. It is a message of its own, so it gets a UUID of its own.
func (l *Letter) Correct(uuids UUIDs, now Clock, by string, c Correction) error {
	if !l.MayCorrect() || l.Carries(c.Recipient) {
		return ErrUnchanged
	}
	was := Corrected{At: now.At, By: by, Recipient: l.Recipient, Subject: l.Subject, Unit: l.Unit}
	if m := l.Current(); m != nil {
		was.UUID = m.UUID
	}
	l.Corrections = append(l.Corrections, was)
	if !c.Recipient.IsZero() {
		l.Recipient, l.Unit = c.Recipient, "" // a P-number belongs to its company (practice.md C3)
	}
	if c.Subject != "" {
		l.Subject = c.Subject
	}
	if l.Current() != nil {
		l.Messages = append(l.Messages, Message{UUID: l.uuid(uuids, len(l.Messages)), Created: now.At})
	}
	l.queueAgain(now)
	l.Note(now.At, WasCorrected, by)
	return nil
}

// queueAgain takes a failed letter back to where it waits to be sent.
func (l *Letter) queueAgain(now Clock) {
	l.State, l.Problem, l.Reported, l.Tries = Queued, nil, false, 0
	l.Container = "" // what is not known of it a person takes upon themselves
	l.Reviewed = ""  // and they know more than the review did
	l.FirstTry, l.Lease, l.NotBefore, l.Due = time.Time{}, time.Time{}, time.Time{}, now.NextCheck()
	l.Archiving = Archiving{Edition: l.Archiving.Edition}
}
