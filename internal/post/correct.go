package post

import (
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
		l.Messages = append(l.Messages, Message{UUID: MakeUUID(key, l.ID, len(l.Messages)), Created: now.At})
	}
	l.Corrections = append(l.Corrections, was)
	if !c.Recipient.IsZero() {
		l.Recipient = c.Recipient
	}
	if c.Subject != "" {
		l.Subject = c.Subject
	}
	l.queueAgain(now)
	l.Note(now.At, WasCorrected, by)
	return nil
}

// queueAgain takes a failed letter back to where it waits to be sent.
func (l *Letter) queueAgain(now Moment) {
	l.State, l.Problem, l.Shown, l.Tries = Queued, nil, false, 0
	l.FirstTry, l.Lease, l.Due = time.Time{}, time.Time{}, now.Look()
	l.Archiving = Archiving{Edition: l.Archiving.Edition}
}
