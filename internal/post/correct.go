package post

import (
	"crypto/hmac"
	"crypto/sha256"
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
	UUID      string // of the message that was refused; "" when none was made
}

// MayCorrect reports whether recipient and subject can still be set right: nothing of the letter may be at Digital Post.
func (l *Letter) MayCorrect() bool {
	if l.State != Failed {
		return false
	}
	m := l.Current()
	return m == nil || m.Posts == 0 || m.MayRenew()
}

// Correct sets a letter right and queues it. It is a message of its own, so it gets a UUID of its own.
func (l *Letter) Correct(key []byte, now Moment, by string, c Correction) error {
	if !l.MayCorrect() {
		return Unchanged
	}
	was := Corrected{At: now.At, By: by, Recipient: l.Recipient, Subject: l.Subject}
	if m := l.Current(); m != nil {
		was.UUID = m.UUID
	}
	l.Corrections = append(l.Corrections, was)
	if !c.Recipient.IsZero() {
		l.Recipient = c.Recipient
	}
	if c.Subject != "" {
		l.Subject = c.Subject
	}
	if l.Current() != nil {
		l.Messages = append(l.Messages, Message{UUID: l.makeUUID(key, len(l.Messages)), Created: now.At})
	}
	l.queueAgain(now)
	l.Note(now.At, WasCorrected, by)
	return nil
}

// makeUUID makes the UUID of a letter's message. That of a corrected letter has recipient and subject in it too, so that a
// table from before the correction never takes another message for this one.
func (l *Letter) makeUUID(key []byte, refusals int) string {
	if len(l.Corrections) > 0 {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte("corrected\x00" + string(l.Recipient.Kind()) + l.Recipient.Reveal() + "\x00" + l.Subject))
		key = mac.Sum(nil)
	}
	return MakeUUID(key, l.ID, refusals)
}

// queueAgain takes a failed letter back to where it waits to be sent.
func (l *Letter) queueAgain(now Moment) {
	l.State, l.Problem, l.Shown, l.Tries = Queued, nil, false, 0
	l.FirstTry, l.Lease, l.NotBefore, l.Due = time.Time{}, time.Time{}, time.Time{}, now.Look()
	l.Archiving = Archiving{Edition: l.Archiving.Edition}
}
