package post

import (
	"context"
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
)

// again makes the archiving due once more, for a letter that came to a new end.
func (a *Archiving) again() {
	*a = Archiving{Edition: a.Edition + 1}
}

// Case (sag) is what letters of one recipient, or of one matter, are archived in.
type Case struct {
	Org, ID string
	Letter  LetterID
	Person  string // whom the letter is for (Person); "" for nobody
	Opened  time.Time
}

// ArchiveTries is how often archiving is tried before a person has to choose.
const ArchiveTries = 5

// Archive notes that document and receipt lie in the case. Where archiving was given up meanwhile, its row stands: it
// is for a person to archive again.
func (l *Letter) Archive(now Clock, a Archiving) error {
	if !l.State.Final() || l.State == Cancelled || l.Archiving.State != "" || l.Archiving.Edition != a.Edition {
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

// Cases stores archive cases.
type Cases interface {
	// Ensure opens the cases that are missing, and puts letters into them.
	Ensure(ctx context.Context, cases ...Case) error
	// LettersOf returns the letters to a person, or those in a case.
	LettersOf(ctx context.Context, org, person string) ([]LetterID, error)
}
