package post

import (
	"context"
	"slices"
	"time"
)

// Restored says whether the installation's table came out of a backup. Such a table does not know what has left since,
// so nothing leaves before an operator says so, and after that no letter of the time before leaves without asking
// Digital Post whether it is there.
type Restored struct {
	Held   bool      // nothing leaves
	Before time.Time // letters from before this are asked for first; zero for none
}

// Restorations tells of restorations.
type Restorations interface {
	Restored(ctx context.Context) (Restored, error)
}

// From reports whether a shipment is from before a restoration: its letters may have been split and sent since.
func (r Restored) From(s *Shipment) bool { return s.Created.Before(r.Before) }

// LostUUIDs are the UUIDs under which the letter may have left between a backup and its return, beside that of its
// current message: it may have been corrected, refused or taken up once more in that time, and the table does not know.
// Whoever repeats a lost correction makes its UUID anew; where that message was never posted, and another one followed,
// its UUID is among them. Digital Post can be asked for a UUID, and not for a letter, so there is a bound to the tries
// that are looked for.
func (l *Letter) LostUUIDs(uuids UUIDs) []string {
	versions := []*Letter{l}
	if len(l.Corrections) > 0 && l.Corrections[0].Recipient == l.Recipient && l.Corrections[0].Subject == l.Subject {
		versions = append(versions, &Letter{ID: l.ID, Recipient: l.Recipient}) // corrected, and back
	}
	ahead := 3
	if len(l.Corrections) > 0 || l.Tries > 1 || len(l.Messages) > 1 || l.HadTrouble() {
		ahead = 12 // whoever has corrected it once may have tried many times
	}
	var lost []string
	for _, version := range versions {
		for refusals := range len(l.Messages) + ahead {
			uuid := version.uuid(uuids, refusals)
			if m := l.message(uuid); m == nil || m.Attempts == 0 && m != l.Current() {
				lost = append(lost, uuid)
			}
		}
	}
	return lost
}

// FindLost notes that Digital Post has the letter under a UUID of the time between a backup and its return. The attempt
// that was counted for the current message is not made. A message of that UUID that was made anew, and never posted, is
// the one that was found; no correction has followed it, for it says what the letter says now.
func (l *Letter) FindLost(now Clock, current, uuid string) error {
	m := l.Current()
	again := l.message(uuid)
	if l.State != Sending || m == nil || m.UUID != current || again != nil && (again == m || again.Attempts > 0) {
		return ErrUnchanged
	}
	m.Attempts--
	l.Messages = slices.DeleteFunc(l.Messages, func(m Message) bool { return m.UUID == uuid })
	for i := range l.Corrections {
		if l.Corrections[i].UUID == uuid {
			l.Corrections[i].UUID = ""
		}
	}
	l.Messages = append(l.Messages, Message{UUID: uuid, Created: now.At, Attempts: 1, Accepted: now.At})
	l.Due, l.Lease = now.At.Add(now.Timings.ReceiptWithin), time.Time{}
	l.Note(now.At, WasFound, uuid)
	return l.advance(HandedOver)
}
