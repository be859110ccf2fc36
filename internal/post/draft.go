package post

import (
	"cmp"
	"context"
	"errors"
	"time"

	"brevdue/internal/sentence"
)

// Errors that whoever reviews or sends can be told.
var (
	ErrDraftChanged = sentence.Sentence(`§["draft-changed"]`)
	ErrTooLate      = sentence.Sentence(`§["too-late-to-undo"]`)
	ErrNotSending   = sentence.Sentence(`§["not-sending"]`)
)

// Review is a shipment in review as it is cut with the corrections that were made so far.
type Review struct {
	Revision int // of the draft: how many corrections there are, those that were undone among them
	Outline  *Outline
	Letters  []*Letter // as Send would write them; their documents are made when somebody looks
	Findings []Finding
	Content  string // as Shipment.Content
}

// Reviews shows what waits for review.
type Reviews interface {
	Review(ctx context.Context, s *Shipment) (*Review, error)
	// OldDates tells of letters in review that are old if they leave on a day (practice.md C14).
	OldDates(ctx context.Context, s *Shipment, leaves time.Time) ([]Finding, error)
	// Preview returns the PDF of a letter in review. It is cut from the upload, and kept for a day.
	Preview(ctx context.Context, s *Shipment, l *Letter) (Object, error)
}

// Drafts keeps what people correct in a review, and what was seen there. Each is a small item of its own.
type Drafts interface {
	// AddEdit adds a correction after those that the shipment has. ErrOvertaken means that there is another one by now,
	// or that the shipment has moved on.
	AddEdit(ctx context.Context, s *Shipment, e Edit) error
	// PutEdits keeps the corrections of a shipment that becomes a draft.
	PutEdits(ctx context.Context, s *Shipment, edits []Edit) error
	// Remark notes what is known of a letter of the draft; the same again is harmless.
	Remark(ctx context.Context, s *Shipment, r Remark) error
	Remarks(ctx context.Context, s *Shipment) ([]Remark, error)
	// RemoveDraft removes corrections and remarks.
	RemoveDraft(ctx context.Context, s *Shipment) error
}

// Remark is what is known of a letter of a draft beside its pages.
type Remark struct {
	Letter LetterID          `json:"letter"`
	Sum    string            `json:"sum,omitempty"`   // SHA-256 of the PDF that somebody has looked at
	Unfit  sentence.Sentence `json:"unfit,omitempty"` // why its PDF must go to nobody
	Size   int64             `json:"size,omitempty"`  // of its message, where that is too large
}

// Effective are the first n corrections without those that were undone. Each that names a recipient has its place among
// all of them as its ordinal, which no other one ever has.
func (s *Shipment) Effective(n int) []Edit {
	undone := map[int]bool{}
	for _, e := range s.Edits[:min(n, len(s.Edits))] {
		if e.Do == EditUndo {
			undone[e.Page] = true
		}
	}
	var effective []Edit
	for i, e := range s.Edits[:min(n, len(s.Edits))] {
		if e.Do == EditUndo || undone[i+1] {
			continue
		}
		e.Ordinal = i + 1
		effective = append(effective, e)
	}
	return effective
}

// Current are the corrections that count: of a frozen draft those that were frozen.
func (s *Shipment) Current() []Edit {
	if s.State == InSending {
		return s.Effective(s.Frozen)
	}
	return s.Effective(len(s.Edits))
}

// AddressedBy returns the correction that has given the letter of an ordinal its recipient; nil where the document did,
// or whoever typed all of them.
func (s *Shipment) AddressedBy(ordinal int) *Edit {
	if len(s.TypedRecipients) > 0 || ordinal < 1 || ordinal > len(s.Edits) {
		return nil
	}
	if e := &s.Edits[ordinal-1]; e.Do == EditRecipient {
		return e
	}
	return nil
}

// HasLetters reports whether the letters of a shipment are those that it sends: not of a draft, whose letters are not
// written yet, and not while they are being written.
func (s *Shipment) HasLetters() bool {
	return !s.Drafted || s.State == InSending && s.Written
}

// MayHaveLeft reports whether a letter of an undone Send may be at Digital Post all the same: in a table that came out
// of a backup a receipt has said so.
func (l *Letter) MayHaveLeft() bool {
	return len(l.Messages) > 0 || l.State != Created && l.State != Cancelled
}

// TakeOver makes a letter that may have left one of a later Send. Its sender asks Digital Post before it posts it.
func (l *Letter) TakeOver(send int, at time.Time) {
	l.Round = send
	if l.State == Cancelled {
		l.State, l.Problem = Created, nil
		l.Archiving.again()
		l.Note(at, WasSplit, "")
	}
}

// Owns reports whether a letter is one of those that a shipment sends, and not one that a Send has left which was
// undone. Nobody removes those of a shipment that was cancelled, so they count.
func (s *Shipment) Owns(l *Letter) bool {
	return l.Round == s.Sends || s.State == ShipmentCancelled && l.Round < s.Sends
}

// SameDraft reports whether a draft is the one that was read: neither corrected nor sent since.
func (s *Shipment) SameDraft(read *Shipment) bool {
	return read.State == InReview && s.Drafted == read.Drafted && s.Sends == read.Sends &&
		len(s.Edits) == len(read.Edits)
}

// WaitsUntil is when a shipment leaves that was sent and waits; zero for one that does not.
func (s *Shipment) WaitsUntil() time.Time {
	if s.State != InSending || !s.Waiting {
		return time.Time{}
	}
	return s.SendAfter
}

// Undo (fortryd) takes a Send back before anything has begun to leave: the shipment is a draft again. Its letters are
// removed before the next Send writes its own.
func (s *Shipment) Undo() error {
	if s.State != InSending {
		return ErrNotSending
	}
	if !s.Waiting || !s.Drafted {
		return ErrTooLate
	}
	s.State, s.Waiting, s.SendAfter, s.FannedOut, s.Due = InReview, false, time.Time{}, false, time.Time{}
	s.Paused, s.PausedBy = false, ""
	return nil
}

// Release ends the undo window. From this write on the letters leave, and no Undo comes through.
func (s *Shipment) Release(at time.Time) error {
	if s.State != InSending || !s.Waiting || s.Paused || at.Before(s.SendAfter) {
		return ErrUnchanged
	}
	s.Waiting = false
	return nil
}

// Pause holds back what has not left, until Continue.
func (s *Shipment) Pause(by string) error {
	if s.State != InSending || s.Over() {
		return ErrNotSending
	}
	if s.Paused {
		return ErrUnchanged
	}
	s.Paused, s.PausedBy = true, by
	return nil
}

// Continue lets a paused shipment go on.
func (s *Shipment) Continue(at time.Time) error {
	if s.State != InSending {
		return ErrNotSending
	}
	if !s.Paused {
		return ErrUnchanged
	}
	s.Paused, s.PausedBy = false, ""
	if !s.Due.IsZero() {
		s.Due = at
	}
	return nil
}

// BreakDown ends a shipment that broke down while it was split, or while its letters were written: before anything
// leaves. It can be split again, but for one that was tried out.
func (s *Shipment) BreakDown(now Clock) error {
	if s.State == Rehearsing { // it ends with what is known: nobody has anything to solve
		return s.EndRehearsal(Rehearsal{Held: []HeldBack{{Unknown, s.Letters}}}, now)
	}
	writing := s.State == InSending && s.Drafted && !s.Written
	if s.State != Uploading && s.State != Splitting && !writing {
		return ErrUnchanged
	}
	s.State, s.Waiting, s.Due = SplitRefused, false, now.NextCheck()
	s.Problem = &Problem{Code: Unknown, Detail: s.ID, At: now.At}
	return nil
}

// DraftLetters are the letters of an outline as Send would write them.
func DraftLetters(s *Shipment, o *Outline) []*Letter {
	letters := make([]*Letter, len(o.Letters))
	for i, l := range o.Letters {
		letters[i] = &Letter{
			ID:        DraftLetterID(s.ID, l.First, l.Last, l.Ordinal),
			Org:       s.Org,
			Number:    i + 1,
			First:     l.First,
			Last:      l.Last,
			Recipient: l.Recipient,
			Unit:      cmp.Or(l.Unit, s.UnitOf(l.Ordinal)),
			State:     Created,
		}
		if l.Problem != "" {
			letters[i].Problem = &Problem{Code: l.Problem}
			if l.Reason != "" {
				letters[i].Problem.Text = sentence.Of("held-because", l.Reason)
			}
		}
		if l.Dropped {
			letters[i].State = Cancelled
		}
	}
	return letters
}

// NotNow reports whether an error says that a shipment does not stand where what was pressed can be done.
func NotNow(err error) bool {
	for _, e := range []error{ErrNotInReview, ErrNotCancelled, ErrAlreadySent, ErrNoSuchPage, ErrNoSuchEdit, ErrTooLate,
		ErrNotSending} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}
