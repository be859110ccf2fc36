package post

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"brevdue/internal/sentence"
)

// Receipt (kvittering) is a business receipt as Digital Post gave it.
type Receipt struct {
	Org       string // by whose own connection it came; "" for that of the installation
	ID        string // under which Digital Post keeps it until it is deleted; "" when it was pushed
	MessageID LetterID
	UUID      string
	Status    ReceiptStatus
	ErrorCode string
	Issued    time.Time // Digital Post's own time
	Received  time.Time
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

// SetHash sets SHA256 to the hash of Raw.
func (r *Receipt) SetHash() {
	sum := sha256.Sum256(r.Raw)
	r.SHA256 = hex.EncodeToString(sum[:])
}

// Verify reports whether the stored bytes are the ones that were received.
func (r *Receipt) Verify() bool {
	sum := sha256.Sum256(r.Raw)
	return hex.EncodeToString(sum[:]) == r.SHA256
}

// takenIn is when Digital Post had the message at the latest: its receipt may not say.
func (r *Receipt) takenIn(now Clock) time.Time {
	if r.Issued.IsZero() {
		return now.At
	}
	return r.Issued
}

// DuplicateCode says that a UUID was known already. It is the simulator's invention: what the real system answers is
// not known (digital-post.md 3.2).
const DuplicateCode = "memo.uuid.duplicate"

// ErrOrphanReceipt means that a receipt names a UUID that was never stored for its letter.
const ErrOrphanReceipt = constError("the receipt's UUID is not one of the letter's")

type constError string

func (e constError) Error() string { return string(e) }

// ErrOtherOrganization means that a receipt came by the connection of another organization than its letter's.
const ErrOtherOrganization = constError("the receipt came by another organization's connection")

// Foreign reports whether a receipt came by the connection of another organization than the letter's: it says nothing
// about the letter (practice.md C10, C13).
func (l *Letter) Foreign(r Receipt) bool { return r.Org != "" && r.Org != l.Org }

// Take stores a receipt in its letter and moves the letter to its end: COMPLETED beats any refusal, whichever comes
// first; a receipt that comes twice, late, or before the answer to the call ends in the same place.
func (l *Letter) Take(r Receipt, now Clock) error {
	m := l.message(r.UUID)
	if m == nil {
		return ErrOrphanReceipt
	}
	for _, known := range l.Receipts {
		if known.SHA256 == r.SHA256 {
			return ErrUnchanged
		}
	}
	r.Received = now.At
	l.Receipts = append(l.Receipts, r)
	if l.Archiving.State == Archived { // its record is to have this one, too
		l.archiveAnew()
		l.Due = now.NextCheck()
	}
	switch r.Status {
	case ReceiptCompleted:
		return l.complete(m, r, now)
	case ReceiptInvalid, ReceiptNotAllowed:
		return l.refuseLater(m, r, now)
	}
	return nil
}

// RestoreMessage knows a message again that was sent before the table was restored from a backup: its receipt carries
// the UUID that the letter's next message is always made with.
func (l *Letter) RestoreMessage(uuids UUIDs, r Receipt, now Clock) {
	m := l.Current()
	if uuids == nil || m != nil && !m.MayRenew() || r.UUID != l.uuid(uuids, len(l.Messages)) {
		return
	}
	l.Messages = append(l.Messages, Message{UUID: r.UUID, Created: now.At, Attempts: 1, Accepted: r.takenIn(now)})
	if l.State.Final() { // it had left, so it is archived
		l.archiveAnew()
		l.Due = now.NextCheck()
	}
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

// complete takes a COMPLETED receipt. It gives the second tick only to the letter as it is now: one that was cancelled,
// or corrected after this message, is told to a person instead.
func (l *Letter) complete(m *Message, r Receipt, now Clock) error {
	if m.Completed {
		return nil
	}
	m.Completed = true
	if m.Accepted.IsZero() {
		m.Accepted, m.Transmission = r.takenIn(now), ""
	}
	switch {
	case l.State == Completed && !l.corrected(m):
		return nil
	case l.State == Cancelled:
		l.Note(now.At, LateDelivery, m.UUID)
		l.doubts(now, string(sentence.Of("late-delivery")), deliveredAfterCancel)
		return nil
	case l.corrected(m):
		return l.deliveredBefore(now, m)
	}
	l.State, l.Problem, l.Reported, l.Lease, l.Due = Completed, nil, false, time.Time{}, now.NextCheck()
	l.archiveAnew()
	l.Note(now.At, WasCompleted, m.UUID)
	return nil
}

// corrected reports whether a message was made before a person corrected its letter: it, or one that followed it, was
// the current one then.
func (l *Letter) corrected(m *Message) bool {
	i := slices.IndexFunc(l.Messages, func(other Message) bool { return other.UUID == m.UUID })
	return slices.ContainsFunc(l.Messages[i:], func(other Message) bool {
		return slices.ContainsFunc(l.Corrections, func(c Corrected) bool { return c.UUID == other.UUID })
	})
}

// deliveredBefore is what happens when Digital Post, after it has refused a message, delivers it all the same, and its
// letter was set right meanwhile: that is no tick for the letter as it is now. What has not left waits for a person.
func (l *Letter) deliveredBefore(now Clock, m *Message) error {
	l.Note(now.At, LateDelivery, m.UUID)
	if c := l.Current(); l.State == Queued || l.State == Sending && c.Attempts == 0 {
		return l.Fail(
			now,
			Problem{Code: Refused, Detail: string(sentence.Of("late-delivery")), Text: deliveredBeforeItLeft},
		)
	}
	l.doubts(now, string(sentence.Of("late-delivery")), deliveredAsItWas)
	return nil
}

// refuseLater takes a refusal by receipt. It ends the letter only when it is about the current message and no COMPLETED
// came before; otherwise it is noted, and told where it contradicts two ticks.
func (l *Letter) refuseLater(m *Message, r Receipt, now Clock) error {
	known := m.RefusedLater
	m.RefusedLater = true
	m.Duplicate = m.Duplicate || r.ErrorCode == DuplicateCode
	if m.Accepted.IsZero() {
		m.Accepted = r.takenIn(now)
	}
	if l.State == Completed || m != l.Current() {
		l.Note(now.At, LateRefusal, r.ErrorCode)
		if m.Completed {
			l.doubts(now, r.ErrorCode, refusedAfterTicks)
		}
		return nil
	}
	l.Note(now.At, WasRefused, r.ErrorCode)
	if l.State.NotSent() && ResponseTo(l.Problem.Code).Class != Permanent { // it was given up; now we know better why
		l.State = Sending
	}
	if l.State.NotSent() && !known { // its record has the reason, and not this receipt
		l.archiveAnew()
		l.Due = now.NextCheck()
	}
	if l.State.Final() {
		return nil
	}
	return l.Fail(now, Problem{Code: CodeOfReceipt(r.ErrorCode), Detail: r.ErrorCode})
}

// OrphanReceipts keeps receipts that belong to no letter, so that none is lost. One whose letter was ErrNotFound and
// has been written meanwhile, as after a restore, is not kept but ErrExists: it is the letter's.
type OrphanReceipts interface {
	Keep(ctx context.Context, r Receipt, why error) error
}
