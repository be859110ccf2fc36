package post

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"
)

// Receipt (kvittering) is a business receipt as Digital Post gave it.
type Receipt struct {
	ID        string // under which Digital Post keeps it until it is deleted; "" when it was pushed
	MessageID LetterID
	UUID      string
	Status    ReceiptStatus
	ErrorCode string
	At        time.Time // Digital Post's own time
	Got       time.Time
	Raw       []byte // the bytes as received
	SHA256    string // of Raw
}

// ReceiptStatus is receiptStatus of API 1.68.0.
type ReceiptStatus string

// The four values of the enum (digital-post.md 3.2).
const (
	ReceiptReceived   ReceiptStatus = "RECEIVED" // the technical receipt
	ReceiptCompleted  ReceiptStatus = "COMPLETED"
	ReceiptInvalid    ReceiptStatus = "INVALID"
	ReceiptNotAllowed ReceiptStatus = "NOT_ALLOWED"
)

// Seal fingerprints the bytes of a receipt.
func (r *Receipt) Seal() {
	sum := sha256.Sum256(r.Raw)
	r.SHA256 = hex.EncodeToString(sum[:])
}

// Verify reports whether the stored bytes are the ones that were received.
func (r *Receipt) Verify() bool {
	sum := sha256.Sum256(r.Raw)
	return hex.EncodeToString(sum[:]) == r.SHA256
}

// DuplicateCode says that a UUID was known already. It is the simulator's invention: what the real system answers is
// not known (digital-post.md 3.2).
const DuplicateCode = "memo.uuid.duplicate"

// ErrStrayReceipt means that a receipt names a UUID that was never stored for its letter.
const ErrStrayReceipt = constError("the receipt's UUID is not one of the letter's")

type constError string

func (e constError) Error() string { return string(e) }

// Take stores a receipt in its letter and moves the letter to its end: COMPLETED beats any refusal, whichever comes
// first; a receipt that comes twice, late, or before the answer to the call ends in the same place.
func (l *Letter) Take(r Receipt, now Moment) error {
	m := l.message(r.UUID)
	if m == nil {
		return ErrStrayReceipt
	}
	for _, known := range l.Receipts {
		if known.SHA256 == r.SHA256 {
			return Unchanged
		}
	}
	r.Got = now.At
	l.Receipts = append(l.Receipts, r)
	switch r.Status {
	case ReceiptCompleted:
		return l.complete(m, r, now)
	case ReceiptInvalid, ReceiptNotAllowed:
		return l.refuseLater(m, r, now)
	}
	return nil
}

// Adopt knows a message again that was sent before the table was restored from a backup: its receipt carries the UUID that
// the letter's first message is always made with.
func (l *Letter) Adopt(key []byte, r Receipt, now Moment) {
	if len(key) == 0 || l.Current() != nil || r.UUID != l.makeUUID(key, 0) {
		return
	}
	l.Messages = append(l.Messages, Message{UUID: r.UUID, Created: now.At, Posts: 1, Accepted: r.At})
	l.Note(now.At, WasFound, r.UUID)
}

func (l *Letter) message(uuid string) *Message {
	for i := range l.Messages {
		if l.Messages[i].UUID == uuid {
			return &l.Messages[i]
		}
	}
	return nil
}

func (l *Letter) complete(m *Message, r Receipt, now Moment) error {
	m.Completed = true
	if m.Accepted.IsZero() {
		m.Accepted, m.Transmission = r.At, ""
	}
	if l.State == Completed {
		return nil
	}
	if l.corrected(m) {
		return l.deliveredBefore(now, m)
	}
	l.State, l.Problem, l.Shown, l.Lease, l.Due = Completed, nil, false, time.Time{}, now.Look()
	l.Archiving.again()
	l.Note(now.At, WasCompleted, m.UUID)
	return nil
}

// corrected reports whether a message is of before a person set its letter right.
func (l *Letter) corrected(m *Message) bool {
	return m != l.Current() && slices.ContainsFunc(l.Corrections, func(c Corrected) bool { return c.UUID == m.UUID })
}

// deliveredBefore is what happens when Digital Post, after it has refused a message, delivers it all the same, and its
// letter was set right meanwhile: that is no tick for the letter as it is now. What has not left waits for a person.
func (l *Letter) deliveredBefore(now Moment, m *Message) error {
	l.Note(now.At, LateDelivery, m.UUID)
	if c := l.Current(); l.State == Queued || l.State == Sending && c.Posts == 0 {
		return l.Fail(now, Problem{Code: Refused, Detail: "sen levering", Text: "Digital Post afviste først brevet og har nu alligevel leveret det, som det var før rettelsen. Det rettede brev er ikke sendt. Tag stilling til, om det stadig skal sendes."})
	}
	return nil
}

func (l *Letter) refuseLater(m *Message, r Receipt, now Moment) error {
	m.RefusedLater = true
	m.Duplicate = m.Duplicate || r.ErrorCode == DuplicateCode
	if m.Accepted.IsZero() {
		m.Accepted = r.At
	}
	if l.State == Completed || m != l.Current() {
		l.Note(now.At, LateRefusal, r.ErrorCode)
		return nil
	}
	l.Note(now.At, WasRefused, r.ErrorCode)
	if l.State == Failed && Explain(l.Problem.Code).Class != Permanent { // it was given up; now we know better why
		l.State = Sending
	}
	if l.State.Final() {
		return nil
	}
	return l.Fail(now, Problem{Code: CodeOfReceipt(r.ErrorCode), Detail: r.ErrorCode})
}
