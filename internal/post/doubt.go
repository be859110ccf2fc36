package post

import (
	"time"

	"brevdue/internal/sentence"
)

// Doubt is that Digital Post has said something against what it said before, of a letter that had come to its end. The
// letter's state does not move for it (COMPLETED beats any refusal), so a row in Ubehandlet tells a person.
type Doubt struct {
	Problem
	Reported bool // its row stands, or has stood, in Ubehandlet
}

// What Digital Post has said against its own word.
const (
	refusedAfterTicks sentence.Sentence = `§["refused-after-ticks"]`

	deliveredAfterCancel sentence.Sentence = `§["delivered-after-cancel"]`

	deliveredAsItWas sentence.Sentence = `§["delivered-as-it-was"]`

	deliveredBeforeItLeft sentence.Sentence = `§["delivered-before-it-left"]`
)

// doubts notes what has to be told, once, and files it. The letter stays in the sweep's view until it is told.
func (l *Letter) doubts(now Clock, detail string, text sentence.Sentence) {
	if l.Doubt != nil && l.Doubt.Text == text {
		return
	}
	if l.Archivable() {
		l.archiveAnew()
	}
	l.Doubt = &Doubt{Problem: Problem{Code: ChangedAnswer, Detail: detail, Text: text, At: now.At}}
	if l.Due.IsZero() || l.State.Final() {
		l.Due = now.NextCheck()
	}
}

// ShowDoubt notes that a row stands in Ubehandlet for what was doubted at a moment.
func (l *Letter) ShowDoubt(at time.Time) error {
	if l.Doubt == nil || l.Doubt.Reported || !l.Doubt.At.Equal(at) {
		return ErrUnchanged
	}
	l.Doubt.Reported = true
	l.clearDueIfDone()
	return nil
}

// Doubted reports whether something has to be told, and is not yet.
func (l *Letter) Doubted() bool { return l.Doubt != nil && !l.Doubt.Reported }

// About reports whether a letter still is as a row says.
func (f *Failure) About(l *Letter) bool {
	switch {
	case f.Archive != "": // its transfer knows
		return true
	}
	switch f.Problem.Code {
	case ArchiveFailedCode:
		return l.Archiving.State == ArchiveFailed
	case ChangedAnswer:
		return l.Doubt != nil
	case NoReceipt:
		return l.State == HandedOver
	}
	return l.State.NotSent() && l.Problem.Code == f.Problem.Code
}

// Dismiss notes that a person has handled in another way what a row says: it does not come back by a dead letter that
// comes late. A letter that failed is dismissed by that.
func (l *Letter) Dismiss(now Clock, f *Failure, by string) {
	what := WasDismissed
	if l.State.NotSent() {
		what = RowDismissed
	}
	switch since := f.Since; {
	case f.Problem.Code == ArchiveFailedCode && l.Archiving.At.Equal(since):
		_ = l.ReportArchiving()
	case f.Problem.Code == ChangedAnswer:
		_ = l.ShowDoubt(since)
	case f.Problem.Code == NoReceipt && l.State == HandedOver && l.Current().Accepted.Equal(since):
		_ = l.Report()
	case l.State == Failed && l.Problem.Code == f.Problem.Code && l.Problem.At.Equal(since):
		_ = l.Report()
		l.State, what = Dismissed, WasDismissed
	}
	l.Note(now.At, what, by)
}
