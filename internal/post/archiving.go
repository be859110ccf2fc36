package post

import "time"

// Archiving (arkivering) is whether a letter lies in its case.
type Archiving struct {
	State   ArchiveState
	Case    string
	Record  Object // receipt, metadata and message as sent
	Tries   int
	Shown   bool // its failure stands in Ubehandlet
	Edition int  // of the record: a letter that came to another end is archived again beside it
	At      time.Time
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

// Archive notes that document and receipt lie in the case.
func (l *Letter) Archive(now Moment, a Archiving) error {
	if !l.State.Final() || l.State == Cancelled || l.Archiving.State == Archived || l.Archiving.Edition != a.Edition {
		return Unchanged
	}
	a.State, a.At = Archived, now.At
	l.Archiving = a
	l.Note(now.At, WasArchived, a.Case)
	l.settle()
	return nil
}

// ArchivePutOff waits for another try, or gives up; sending is never held up by it.
func (l *Letter) ArchivePutOff(now Moment, jitter float64) error {
	if l.Archiving.State != "" {
		return Unchanged
	}
	l.Archiving.Tries++
	l.Due = now.At.Add(now.Pace.BackOff(l.Archiving.Tries, jitter))
	if l.Archiving.Tries >= ArchiveTries {
		l.Archiving.State, l.Archiving.At, l.Due = ArchiveFailed, now.At, now.Look()
		l.Note(now.At, ArchivingFailed, "")
	}
	return nil
}

// ShowArchiving notes that the failed archiving stands in Ubehandlet.
func (l *Letter) ShowArchiving() error {
	if l.Archiving.State != ArchiveFailed || l.Archiving.Shown {
		return Unchanged
	}
	l.Archiving.Shown = true
	l.settle()
	return nil
}
