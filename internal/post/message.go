package post

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"time"
)

// Message is one MeMo message that carries a letter, under a UUID of its own.
type Message struct {
	UUID         string
	Created      time.Time // createdDateTime, so that the same bytes can be posted again
	Digest       string    // SHA-256 of the message with each file's content replaced by its own
	Posts        int       // attempts that may have reached Digital Post; counted before each
	Refused      int       // of these, attempts that were answered by a refusal
	Duplicate    bool      // one of the refusals said that the UUID was known
	Accepted     time.Time // when Digital Post took it in (201, or its own word when asked)
	Transmission string    // transmissionId of the technical receipt
	RefusedLater bool      // a business receipt refused it
	Completed    bool      // a business receipt completed it
}

// EventsSince is from when Digital Post's events about the letter are asked for: a day before it was split, for clocks
// differ. When its message was made says less: a table that comes out of a backup makes the same one later.
func (l *Letter) EventsSince() time.Time {
	since := l.Current().Created
	if len(l.History) > 0 && l.History[0].At.Before(since) {
		since = l.History[0].At
	}
	return since.Add(-24 * time.Hour)
}

// MakeUUID makes the UUID of a letter's message from what does not change: an HMAC over shipment, letter and the
// number of messages that were refused before, in the shape of v4 (memoUuidType). The key is not in the table, so a
// table restored from a backup makes the same ids again and sends nothing twice (data.md, Ids before effects).
func MakeUUID(key []byte, id LetterID, refusals int) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id.Shipment()))
	mac.Write([]byte{0})
	mac.Write([]byte(id))
	_ = binary.Write(mac, binary.BigEndian, uint32(refusals))
	b := mac.Sum(nil)[:16]
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// Current returns the message that counts, or nil before the first.
func (l *Letter) Current() *Message {
	if len(l.Messages) == 0 {
		return nil
	}
	return &l.Messages[len(l.Messages)-1]
}

// Unanswered reports whether an attempt may have reached Digital Post without our knowing: ask before posting again.
func (m *Message) Unanswered() bool { return m.Accepted.IsZero() && m.Posts > m.Refused }

// MayRenew reports whether a new message under a new UUID may be sent: only when every attempt with this one was
// answered and refused, and none of them as a duplicate. In any other case a person decides.
func (m *Message) MayRenew() bool {
	refused := m.Refused
	if !m.Accepted.IsZero() && m.RefusedLater {
		refused++
	}
	return !m.Completed && !m.Duplicate && m.Posts > 0 && m.Posts == refused
}

// Begin gets a letter ready for an attempt: the UUID is stored before the first, and each attempt is counted before
// it is made. Until lease nobody else tries. It returns Unchanged when there is nothing to do now.
func (l *Letter) Begin(key []byte, now Moment, lease time.Time) error {
	if l.State != Queued && (l.State != Sending || l.Lease.After(now.At)) || now.At.Before(l.NotBefore) {
		return Unchanged
	}
	if m := l.Current(); m != nil && !m.Accepted.IsZero() { // it is there already, whatever brought it here
		l.State, l.Due, l.Lease = HandedOver, now.At.Add(now.Pace.ReceiptWithin), time.Time{}
		l.Note(now.At, WasFound, m.UUID)
		return nil
	}
	if l.State == Queued {
		if err := l.advance(Sending); err != nil {
			return err
		}
	}
	if l.Current() == nil {
		l.Messages = append(l.Messages, Message{UUID: l.makeUUID(key, 0), Created: now.At})
	}
	if l.FirstTry.IsZero() {
		l.FirstTry = now.At
	}
	l.Tries++
	l.Due, l.Lease = lease, lease
	if m := l.Current(); !m.Unanswered() {
		m.Posts++
	}
	if l.Tries > 1 {
		l.Note(now.At, WasTried, itoa(l.Tries))
	}
	return nil
}

// Again counts one more attempt with the same UUID, after Digital Post was asked and did not know it.
func (l *Letter) Again(uuid string) error {
	m := l.Current()
	if l.State != Sending || m == nil || m.UUID != uuid || !m.Accepted.IsZero() {
		return Unchanged
	}
	m.Posts++
	return nil
}

// HandOver notes that Digital Post has taken a message in: one tick for its letter. A receipt that came before the
// answer may already have moved the letter on; an answer about an older message says nothing about the current one.
func (l *Letter) HandOver(now Moment, uuid, transmission, digest string, found bool) error {
	m := l.message(uuid)
	if m == nil || m.Digest != "" && !m.Accepted.IsZero() {
		return Unchanged
	}
	m.Digest = digest
	if m.Accepted.IsZero() {
		m.Accepted, m.Transmission = now.At, transmission
	}
	if l.State != Sending || m != l.Current() {
		return nil
	}
	l.Due, l.Lease = now.At.Add(now.Pace.ReceiptWithin), time.Time{}
	what := WasHandedOver
	if found {
		what = WasFound
	}
	l.Note(now.At, what, m.UUID)
	return l.advance(HandedOver)
}

// PutOff waits for another try, or fails when the deadline has passed. Jitter is between 0 and 1.
func (l *Letter) PutOff(now Moment, uuid string, jitter float64, why string) error {
	if m := l.Current(); l.State != Sending || m == nil || m.UUID != uuid {
		return Unchanged
	}
	if now.At.Sub(l.FirstTry) >= now.Pace.RetryFor {
		return l.Fail(now, Problem{Code: ChannelDown, Detail: why})
	}
	l.Due = now.At.Add(now.Pace.BackOff(l.Tries, jitter))
	l.Lease = l.Due
	l.Note(now.At, WasPutOff, why)
	return nil
}

// Refuse notes that an attempt was answered by a refusal. One of an older message does not end the letter.
func (l *Letter) Refuse(now Moment, uuid string, duplicate bool, p Problem) error {
	m := l.message(uuid)
	if m == nil {
		return Unchanged
	}
	m.Refused++
	m.Duplicate = m.Duplicate || duplicate
	if l.State != Sending || m != l.Current() {
		return nil
	}
	return l.Fail(now, p)
}

// FoundAfterAll is what Replay does when Digital Post turns out to have the message that was thought refused.
func (l *Letter) FoundAfterAll(now Moment, uuid string) error {
	m := l.Current()
	if l.State != Failed || m == nil || m.UUID != uuid || m.RefusedLater {
		return Unchanged
	}
	if m.Accepted.IsZero() {
		m.Accepted = now.At
	}
	l.State, l.Problem, l.Shown, l.Due = HandedOver, nil, false, now.At.Add(now.Pace.ReceiptWithin)
	l.Archiving = Archiving{Edition: l.Archiving.Edition}
	l.Note(now.At, WasFound, uuid)
	return nil
}

// Replaying is what Replay would do with a letter.
type Replaying string

// What Replay can do.
const (
	ReplaySends   Replaying = "send"    // it is queued again, under the rule for the UUID
	ReplayAsks    Replaying = "ask"     // Digital Post has it: ask for the receipt, post nothing
	ReplayArchive Replaying = "archive" // only the archiving is done again
	ReplaySplits  Replaying = "split"   // the document is split again
	ReplayNothing Replaying = "nothing" // a person has to decide or to correct something first
)

// Replayable returns what a replay of the letter does.
func (l *Letter) Replayable() Replaying {
	m := l.Current()
	switch {
	case l.State == HandedOver, l.State == Failed && m != nil && !m.Accepted.IsZero() && !m.RefusedLater:
		return ReplayAsks
	case l.State == Failed && (l.Recipient.IsZero() || l.Problem != nil && !slices.Contains(Explain(l.Problem.Code).Remedies, OfferReplay)):
		return ReplayNothing
	case l.State == Failed && (m == nil || m.Posts == 0 || m.MayRenew() || m.Unanswered()):
		return ReplaySends
	case l.Archiving.State == ArchiveFailed:
		return ReplayArchive
	}
	return ReplayNothing
}

// Requeue is the way back for a failed letter: the same letter, and the same UUID unless MayRenew. It leaves on a day,
// or at once.
func (l *Letter) Requeue(key []byte, now Moment, by string, on time.Time) error {
	if l.Replayable() != ReplaySends {
		return Unchanged
	}
	if m := l.Current(); m != nil && m.MayRenew() {
		l.Messages = append(l.Messages, Message{UUID: l.makeUUID(key, len(l.Messages)), Created: now.At})
	}
	l.queueAgain(now)
	if on.After(now.At) {
		l.Due, l.NotBefore = on, on
		by += ", " + on.Format("2006-01-02")
	}
	l.Note(now.At, WasReplayed, by)
	return nil
}

// ArchiveAgain is the way back for a letter that could not be archived.
func (l *Letter) ArchiveAgain(now Moment, by string) error {
	if l.Archiving.State != ArchiveFailed {
		return Unchanged
	}
	l.Archiving.again()
	l.Due = now.Look()
	l.Note(now.At, WasReplayed, by)
	return nil
}

// MissReceipt notes that the receipt has not come within the deadline; it goes on being waited for. It is said once.
func (l *Letter) MissReceipt(now Moment) error {
	if l.State != HandedOver {
		return Unchanged
	}
	l.Due = now.At.Add(now.Pace.ReceiptWithin)
	if !l.Shown {
		l.Note(now.At, ReceiptMissing, "")
	}
	return nil
}

// HadTrouble reports whether the letter may have, or have had, a row in Ubehandlet.
func (l *Letter) HadTrouble() bool {
	for _, e := range l.History {
		if e.What == WasFailed || e.What == ReceiptMissing {
			return true
		}
	}
	return false
}
