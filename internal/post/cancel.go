package post

import (
	"context"
	"time"

	"brevdue/internal/sentence"
)

// Clearance is what a sender asks for at the last moment before it posts a letter.
type Clearance struct {
	Stop        *Stop  // of the letter's organization; nil while it may send
	Paused      bool   // of the letter's shipment: nothing leaves until a person lets it go on
	Unreleased  bool   // the letter's shipment is a draft, or can still be undone
	Cancels     int    // how often the letter's shipment was cancelled while it was being sent
	CancelledBy string // who did so last
}

// Clearances says whether a letter may still leave.
type Clearances interface {
	// Clearance reads the stop and the cancel together, as they are now.
	Clearance(ctx context.Context, org, shipment string) (Clearance, error)
}

// Cancel stops what has not left. Of a shipment that is being sent this is the door that every sender asks at the last
// moment; its letters are cancelled one by one after it, by whoever presses and by the sweep.
func (s *Shipment) Cancel(at time.Time, by string) error {
	switch s.State {
	case Uploading, Splitting, InReview, Rehearsing:
		s.State, s.CancelledBy, s.Due = ShipmentCancelled, by, at
		return nil
	case ShipmentCancelled:
		return ErrUnchanged
	case InSending:
		switch {
		case s.Waiting: // nothing has begun to leave
			s.State, s.CancelledBy, s.Waiting, s.FannedOut, s.Due = ShipmentCancelled, by, false, false, at
			return nil
		case s.Counts.Created+s.Counts.Queued > 0 || s.Counts.Total() < s.Letters:
			s.cancelRest(at, by)
			return nil
		case s.Cancels > 0: // a second click
			return ErrUnchanged
		}
	}
	return ErrNotCancelled
}

// CancelUnasked is Cancel for a shipment whose letters may have left without the table's knowing, since it came out of
// a backup. None of them is called cancelled before its sender has asked: the shipment goes on, with its door closed.
func (s *Shipment) CancelUnasked(at time.Time, by string) error {
	switch s.State {
	case Uploading, Splitting:
	case InReview:
		if err := s.StartSending("", at, time.Time{}); err != nil {
			return err
		}
		s.Unsent = true
	case InSending:
		if !s.Waiting { // else it may have gone on since the backup
			return s.Cancel(at, by)
		}
		s.Waiting, s.SendAfter = false, time.Time{}
	default:
		return s.Cancel(at, by)
	}
	s.cancelRest(at, by)
	return nil
}

// cancelRest closes the door of a shipment that is being sent. A pause ends with that: its senders ask about what was
// never answered.
func (s *Shipment) cancelRest(at time.Time, by string) {
	s.Cancels++
	s.CancelledBy, s.FannedOut, s.Due = by, false, at
	s.Paused, s.PausedBy = false, ""
}

// Holds reports whether a shipment's cancel holds a letter back. One that a person has sent again since may leave.
func (s *Shipment) Holds(l *Letter) bool { return s.State != InSending || l.Cancels < s.Cancels }

// Cancel stops a letter that has not left. One that may have left stays as it is: also one that was refused, since its
// sender asks whether that is true. A letter that is Sending, and whose attempts were all taken back, is tried by
// nobody.
func (l *Letter) Cancel(at time.Time, by string) error {
	if m := l.Current(); m != nil && m.Refused > 0 {
		return ErrUnchanged
	}
	return l.cancel(at, by)
}

func (l *Letter) cancel(at time.Time, by string) error {
	if m := l.Current(); l.State.Final() || l.State == HandedOver ||
		m != nil && (m.Unanswered() || !m.Accepted.IsZero()) {
		return ErrUnchanged
	}
	l.State, l.Due, l.Lease = Cancelled, time.Time{}, time.Time{}
	if l.Begun() { // the archive says that it was not sent
		l.archiveAnew()
		l.Due = at
	}
	l.Note(at, WasCancelled, by)
	return nil
}

// Withdraw takes an attempt back that was counted and not made, since the letter's shipment was cancelled meanwhile,
// and cancels the letter, unless a person has sent it again since. Where an attempt before it was never answered the
// letter may be at Digital Post: then that is asked about until the deadline, and a person decides.
// The same goes where an attempt was refused after the sender had asked: asked is how many refusals there were then.
func (l *Letter) Withdraw(now Clock, uuid string, c Clearance, asked int, jitter float64) error {
	m := l.Current()
	if l.State != Sending || m == nil || m.UUID != uuid {
		return ErrUnchanged
	}
	m.Attempts--
	if l.Cancels >= c.Cancels { // whoever withdraws has stood still, and others send it by now
		return nil
	}
	if !m.Unanswered() && m.Refused <= asked {
		return l.cancel(now.At, c.CancelledBy)
	}
	if now.At.Sub(l.FirstTry) >= now.Timings.RetryFor {
		return l.Fail(now, Problem{
			Code:   ChannelDown,
			Detail: string(sentence.Of("cancelled")),
			Text:   sentence.Of("cancelled-unanswered"),
		})
	}
	l.Due = now.At.Add(now.Timings.BackOff(l.Tries, jitter))
	l.Lease = l.Due
	l.Note(now.At, WasRescheduled, string(sentence.Of("cancelled-answer-missing")))
	return nil
}
