package post

import (
	"context"
	"time"
)

// LegalNotice is a legal notification (forkyndelse) that Digital Post has, and whose recipient is not known to have
// been notified: only Digital Post's own event says that, never a receipt (practice.md C7).
type LegalNotice struct {
	Org    string
	Letter LetterID
	UUID   string // of its message
	Since  time.Time
	Next   time.Time // when it is asked about again
}

// LegalNoticesFor is for how long it is asked about.
const LegalNoticesFor = 365 * 24 * time.Hour

// LegalNotices stores those that wait.
type LegalNotices interface {
	PutLegalNotice(ctx context.Context, n LegalNotice) error
	// DueLegalNotices returns up to limit that are to be asked about by then, of all organizations.
	DueLegalNotices(ctx context.Context, by time.Time, limit int) ([]LegalNotice, error)
	DropLegalNotice(ctx context.Context, n LegalNotice) error
}

// LegalChannel asks Digital Post which recipients were notified.
type LegalChannel interface {
	// LegallyNotified returns when the recipients of messages were notified, by UUID; nothing of the others.
	LegallyNotified(ctx context.Context, org string, uuids []string, since time.Time) (map[string]time.Time, error)
}

// NotifyLegally notes that the letter's recipient was notified.
func (l *Letter) NotifyLegally(now Clock, uuid string, at time.Time) error {
	if l.message(uuid) == nil || !l.Notified.IsZero() {
		return ErrUnchanged
	}
	l.Notified = at
	l.Note(now.At, WasLegallyNotified, at.In(Denmark()).Format("2.1.2006 15:04"))
	return nil
}
