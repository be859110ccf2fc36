package post

import (
	"context"
	"slices"
	"time"
)

// Archiving (arkivering) is whether a letter lies in its case.
type Archiving struct {
	State    ArchiveState
	Case     string
	Record   Object // receipt, metadata and message as sent
	Tries    int
	Reported bool // its failure stands in Ubehandlet
	Edition  int  // of the record: a letter that came to another end is archived again beside it
	At       time.Time
}

// ArchiveState is where the archiving of a letter stands; "" before it is due or while it waits.
type ArchiveState string

// The ends of archiving.
const (
	Archived      ArchiveState = "Archived"
	ArchiveFailed ArchiveState = "Failed"
	Unfiled       ArchiveState = "Unfiled" // it failed before its sending had begun: no archive holds it
)

// again makes the archiving due once more, for a letter that came to a new end.
func (a *Archiving) again() {
	*a = Archiving{Edition: a.Edition + 1}
}

// Filing is what lies of a letter in its case (sag), which holds the letters of one recipient, or of one matter.
type Filing struct {
	Org, Case string
	Letter    LetterID
	Person    string   // whom the letter is for, a keyed hash; "" for nobody
	Concerns  string   // whom it is about, a keyed hash; "" for whom it is for (practice.md E2)
	Name      string   // of the recipient, as it stands in the letter
	NameKeys  []string // keyed hashes by which it is searched
	At        time.Time
	Documents []FiledDocument // the letter first; none where a version before this one has filed it
	UUID      string          // of the message that the record has; "" where it was filed after it was sent
	Message   string          // the message's SHA-256
	Record    Object          // message and metadata of while it was being sent
	Damaged   bool            // it cannot be read
}

// FiledDocument is a file in a case.
type FiledDocument struct {
	Kind   DocumentKind
	Name   string
	Type   string // media type
	Object Object
}

// DocumentKind says what a document in a case is.
type DocumentKind string

// What lies in a case. Message and receipts are parts of the letter's record.
const (
	LetterDocument     DocumentKind = "letter"
	AttachmentDocument DocumentKind = "attachment"
	MessageDocument    DocumentKind = "message"
	ReceiptDocument    DocumentKind = "receipt"
)

// Begun reports whether the sending of a letter has begun: its undo window is over, and it was queued. From that write
// on it is filed, with or without an attempt (reliability.md, safety 4; practice.md E1). One that a person has sent
// again on a day begins with its first attempt on that day.
func (l *Letter) Begun() bool {
	return len(l.Messages) > 0 ||
		!l.QueuedAt().IsZero() && !l.History[len(l.History)-1].At.Before(l.NotBefore)
}

// QueuedAt is when a letter was last queued.
func (l *Letter) QueuedAt() (at time.Time) {
	for _, e := range l.History {
		if e.What == WasQueued || e.What == WasReplayed || e.What == WasCorrected {
			at = e.At
		}
	}
	if !at.IsZero() && at.Before(l.NotBefore) {
		at = l.NotBefore
	}
	return at
}

// DeliveredBefore reports whether Digital Post has delivered a message of before the current one.
func (l *Letter) DeliveredBefore() bool {
	n := len(l.Messages)
	return n > 1 && slices.ContainsFunc(l.Messages[:n-1], func(m Message) bool { return m.Completed })
}

// archiveAnew makes the archiving of a letter due once more that came to a new end.
func (l *Letter) archiveAnew() {
	l.Archiving.again()
	if l.State.NotSent() && !l.Begun() {
		l.Archiving.State = Unfiled
	}
}

// Archivable reports whether a letter has come to an end that is archived: also a cancel, once its sending had begun.
func (l *Letter) Archivable() bool {
	return l.State == Completed || l.State.NotSent() || l.State == Cancelled && l.Begun()
}

// ArchiveTries is how often archiving is tried before a person has to choose.
const ArchiveTries = 5

// Archive notes that documents and record lie in the case, and how many receipts the record has. Where archiving was
// given up meanwhile, its row stands: it is for a person to archive again.
func (l *Letter) Archive(now Clock, a Archiving, receipts int) error {
	if !l.Archivable() || l.Archiving.State != "" || l.Archiving.Edition != a.Edition ||
		receipts != len(l.Receipts) { // one has come while the record was made: the sweep comes back for it
		return ErrUnchanged
	}
	a.State, a.At = Archived, now.At
	l.Archiving = a
	l.Note(now.At, WasArchived, a.Case)
	if l.State != Completed || !l.HadTrouble() { // else the sweep sees to it that its rows are closed
		l.clearDueIfDone()
	}
	return nil
}

// LeaveUnfiled notes that a letter which a version before has left to the archive is not filed.
func (l *Letter) LeaveUnfiled() error {
	if !l.State.NotSent() || l.Begun() || l.Archiving.State != "" {
		return ErrUnchanged
	}
	l.Archiving.State = Unfiled
	l.clearDueIfDone()
	return nil
}

// RescheduleArchiving waits for another try, or gives up; sending is never held up by it.
func (l *Letter) RescheduleArchiving(now Clock, jitter float64) error {
	if l.Archiving.State != "" {
		return ErrUnchanged
	}
	l.Archiving.Tries++
	l.Due = now.At.Add(now.Timings.BackOff(l.Archiving.Tries, jitter))
	if l.Archiving.Tries >= ArchiveTries {
		l.Archiving.State, l.Archiving.At, l.Due = ArchiveFailed, now.At, now.NextCheck()
		l.Note(now.At, ArchivingFailed, "")
	}
	return nil
}

// WaitToArchive waits for our own machine, which has run out of something: that spends no try.
func (l *Letter) WaitToArchive(now Clock, jitter float64) error {
	if l.Archiving.State != "" {
		return ErrUnchanged
	}
	l.Due = now.At.Add(now.Timings.BackOff(2, jitter))
	return nil
}

// ReportArchiving notes that the failed archiving stands in Ubehandlet.
func (l *Letter) ReportArchiving() error {
	if l.Archiving.State != ArchiveFailed || l.Archiving.Reported {
		return ErrUnchanged
	}
	l.Archiving.Reported = true
	l.clearDueIfDone()
	return nil
}

// Titled says by which words of their subject letters are found in the archive.
type Titled struct {
	Org, Shipment string
	Letter        LetterID // that alone, whose subject was corrected; "" for all of the shipment
	Subject       string
	Keys          []string // keyed hashes of its words
	At            time.Time
}

// Titles stores by which words of their subjects letters are found.
type Titles interface {
	// FileTitle notes them. Twice is once.
	FileTitle(ctx context.Context, t Titled) error
	// TitledUnder returns what is found under a key, from after a place on, and where the next page begins; "" for
	// none.
	TitledUnder(ctx context.Context, org, key, after string, limit int) (found []Titled, next string, err error)
}

// Cases stores what lies in archive cases.
type Cases interface {
	// File notes what lies of a letter in its case, after the places under which it is found. Twice is once. Without a
	// case a letter is known under its person alone.
	File(ctx context.Context, f Filing) error
	// Filed returns what lies of letters in their cases, in that order; nil for nothing. Of each Filing that is given
	// only organization, letter and case count; in place of the case may stand the person.
	Filed(ctx context.Context, of ...Filing) ([]*Filing, error)
	// FiledUnder returns what lies in a case, or of a person, or under a key of a name, or with the key "" in all
	// cases, from after a place on, and where the next page begins; "" for none.
	FiledUnder(ctx context.Context, org, key, after string, limit int) (found []*Filing, next string, err error)
	// LettersOf returns the letters to a person, or those in a case.
	LettersOf(ctx context.Context, org, person string) ([]LetterID, error)
}
