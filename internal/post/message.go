package post

import (
	"slices"
	"time"
)

// Message is one MeMo message that carries a letter, under a UUID of its own.
type Message struct {
	UUID         string
	Created      time.Time // createdDateTime, so that the same bytes can be posted again
	Digest       string    // SHA-256 of the message with each file's content replaced by its own
	Attempts     int       // attempts that may have reached Digital Post; counted before each
	Refused      int       // of these, attempts that were answered by a refusal
	Duplicate    bool      // one of the refusals said that the UUID was known
	Accepted     time.Time // when Digital Post took it in (201, or its own word when asked)
	Transmission string    // transmissionId of the technical receipt
	RefusedLater bool      // a business receipt refused it
	Completed    bool      // a business receipt completed it
	Way          string    // by which connection its last attempt left; see Ways
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

// UUIDs makes the UUID of a letter's message from what does not change: its id, what was corrected and the number of
// its messages before, which were refused or never posted. The same of all three is the same UUID (data.md, Ids before
// effects).
type UUIDs func(letter, corrected string, refusals int) string

// uuid makes the UUID of the letter's message after so many refusals. That of a corrected letter has recipient and
// subject in it too, so that a table from before the correction never takes another message for this one.
func (l *Letter) uuid(uuids UUIDs, refusals int) string {
	corrected := ""
	// A recipient who was typed in the review is a part of it too: in a table of before, another one may have the
	// ordinal.
	if p, _ := l.ID.Place(); len(l.Corrections) > 0 || p.Ordinal > 0 {
		corrected = l.Recipient.Key() + "\x00" + l.Subject
	}
	return uuids(string(l.ID), corrected, refusals)
}

// Current returns the message that counts, or nil before the first.
func (l *Letter) Current() *Message {
	if len(l.Messages) == 0 {
		return nil
	}
	return &l.Messages[len(l.Messages)-1]
}

// NextMessage is the message that a letter leaves by: the one that it has, or the one that its first attempt stores. It
// is made of what was written when the letter was queued, so that the archive can file it before any attempt.
func (l *Letter) NextMessage(uuids UUIDs) Message {
	if m := l.Current(); m != nil {
		return *m
	}
	return Message{UUID: l.uuid(uuids, 0), Created: l.QueuedAt()}
}

// Unanswered reports whether an attempt may have reached Digital Post without our knowing: ask before posting again.
func (m *Message) Unanswered() bool { return m.Accepted.IsZero() && m.Attempts > m.Refused }

// MayRenew reports whether a new message under a new UUID may be sent: only when every attempt with this one was
// answered and refused, and none of them as a duplicate. In any other case a person decides.
func (m *Message) MayRenew() bool {
	refused := m.Refused
	if !m.Accepted.IsZero() && m.RefusedLater { // the attempt that was taken in was refused by its receipt
		refused++
	}
	return !m.Completed && !m.Duplicate && m.Attempts > 0 && refused >= m.Attempts
}

// Begin gets a letter ready for an attempt: the UUID is stored before the first, and each attempt is counted before
// it is made. Until lease nobody else tries. It returns Unchanged when there is nothing to do now.
func (l *Letter) Begin(uuids UUIDs, now Clock, lease time.Time) error {
	if l.State != Queued && (l.State != Sending || l.Lease.After(now.At)) || now.At.Before(l.NotBefore) {
		return ErrUnchanged
	}
	if m := l.Current(); m != nil && !m.Accepted.IsZero() { // it is there already, whatever brought it here
		l.State, l.Due, l.Lease = HandedOver, now.At.Add(now.Timings.ReceiptWithin), time.Time{}
		l.Note(now.At, WasFound, m.UUID)
		return nil
	}
	if l.State == Queued {
		if err := l.advance(Sending); err != nil {
			return err
		}
	}
	if l.Current() == nil {
		m := l.NextMessage(uuids)
		if m.Created.IsZero() {
			m.Created = now.At
		}
		l.Messages = append(l.Messages, m)
	}
	if l.FirstTry.IsZero() {
		l.FirstTry = now.At
	}
	l.Tries++
	l.Due, l.Lease = lease, lease
	if m := l.Current(); !m.Unanswered() {
		m.Attempts++
	}
	if l.Tries > 1 {
		l.Note(now.At, WasTried, itoa(l.Tries))
	}
	return nil
}

// CountAttempt counts one more attempt with the same UUID, after Digital Post was asked and did not know it.
func (l *Letter) CountAttempt(uuid string) error {
	m := l.Current()
	if l.State != Sending || m == nil || m.UUID != uuid || !m.Accepted.IsZero() {
		return ErrUnchanged
	}
	m.Attempts++
	return nil
}

// HandOver notes that Digital Post has taken a message in: one tick for its letter. A receipt that came before the
// answer may already have moved the letter on; an answer about an older message says nothing about the current one.
func (l *Letter) HandOver(now Clock, uuid, transmission, digest string, found bool) error {
	m := l.message(uuid)
	if m == nil || m.Digest != "" && !m.Accepted.IsZero() {
		return ErrUnchanged
	}
	m.Digest = digest
	if m.Accepted.IsZero() {
		m.Accepted, m.Transmission = now.At, transmission
	}
	if l.State != Sending || m != l.Current() {
		return nil
	}
	l.Due, l.Lease = now.At.Add(now.Timings.ReceiptWithin), time.Time{}
	what := WasHandedOver
	if found {
		what = WasFound
	}
	l.Note(now.At, what, m.UUID)
	return l.advance(HandedOver)
}

// Reschedule waits for another try, or fails when the deadline has passed. Jitter is between 0 and 1.
func (l *Letter) Reschedule(now Clock, uuid string, jitter float64, why string) error {
	if m := l.Current(); l.State != Sending || m == nil || m.UUID != uuid {
		return ErrUnchanged
	}
	if now.At.Sub(l.FirstTry) >= now.Timings.RetryFor {
		return l.Fail(now, Problem{Code: l.silenceCode(), Detail: why})
	}
	l.Due = now.At.Add(now.Timings.BackOff(l.Tries, jitter))
	l.Lease = l.Due
	l.Note(now.At, WasRescheduled, why)
	return nil
}

// WaitForMachine waits for our own machine, which has run out of something, for as long as it takes. It says nothing
// about Digital Post, so the deadline for that begins anew.
func (l *Letter) WaitForMachine(now Clock, uuid string, jitter float64) error {
	if m := l.Current(); l.State != Sending || m == nil || m.UUID != uuid {
		return ErrUnchanged
	}
	l.FirstTry = time.Time{}
	l.Due = now.At.Add(now.Timings.BackOff(l.Tries, jitter))
	l.Lease = l.Due
	return nil
}

// Refuse notes that an attempt was answered by a refusal. One of an older message does not end the letter.
func (l *Letter) Refuse(now Clock, uuid string, duplicate bool, p Problem) error {
	m := l.message(uuid)
	if m == nil {
		return ErrUnchanged
	}
	m.Refused++
	m.Duplicate = m.Duplicate || duplicate
	if m != l.Current() {
		return nil
	}
	late := l.State == Failed && duplicate && !m.Unanswered()
	if late && ResponseTo(l.Problem.Code).Class == Temporary {
		l.fail(now, p) // what it waited for to be sent again has come, and says that a person decides
	}
	if l.State != Sending {
		return nil
	}
	return l.Fail(now, p)
}

// ConfirmDelivered is what Replay does when Digital Post turns out to have the message that was thought refused: it
// knows it, or it had taken it in with an answer that came when the letter was given up already.
func (l *Letter) ConfirmDelivered(now Clock, uuid string, known bool) error {
	m := l.Current()
	if !l.State.NotSent() || m == nil || m.UUID != uuid || m.RefusedLater || !known && m.Accepted.IsZero() {
		return ErrUnchanged
	}
	what := WasHandedOver
	if m.Accepted.IsZero() {
		m.Accepted, what = now.At, WasFound
	}
	l.State, l.Problem, l.Reported, l.Due = HandedOver, nil, false, now.At.Add(now.Timings.ReceiptWithin)
	l.Archiving = Archiving{Edition: l.Archiving.Edition}
	l.Note(now.At, what, uuid)
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
	case l.State == HandedOver, l.State.NotSent() && m != nil && !m.Accepted.IsZero() && !m.RefusedLater:
		return ReplayAsks
	case l.State.NotSent() && (l.Recipient.IsZero() || l.Problem != nil &&
		!slices.Contains(ResponseTo(l.Problem.Code).Remedies, OfferReplay)):
		return ReplayNothing
	case l.State.NotSent() && (m == nil || m.Attempts == 0 || m.MayRenew() || m.Unanswered()):
		return ReplaySends
	case l.Archiving.State == ArchiveFailed:
		return ReplayArchive
	}
	return ReplayNothing
}

// Requeue is the way back for a failed letter: the same letter, and the same UUID unless MayRenew. It leaves on a day,
// or at once.
func (l *Letter) Requeue(uuids UUIDs, now Clock, by string, on time.Time) error {
	if l.Replayable() != ReplaySends {
		return ErrUnchanged
	}
	if m := l.Current(); m != nil && m.MayRenew() {
		l.Messages = append(l.Messages, Message{UUID: l.uuid(uuids, len(l.Messages)), Created: now.At})
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
func (l *Letter) ArchiveAgain(now Clock, by string) error {
	if l.Archiving.State != ArchiveFailed {
		return ErrUnchanged
	}
	l.Archiving.again()
	l.Due = now.NextCheck()
	l.Note(now.At, ArchivedAgain, by)
	return nil
}

// MissReceipt notes that the receipt has not come within the deadline; it goes on being waited for. It is said once.
func (l *Letter) MissReceipt(now Clock) error {
	if l.State != HandedOver {
		return ErrUnchanged
	}
	l.Due = now.At.Add(now.Timings.ReceiptWithin)
	if !l.Reported {
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
