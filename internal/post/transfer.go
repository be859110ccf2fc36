package post

import (
	"context"
	"time"
)

// Transfer is what has come of putting a letter into an archive outside Brevdue, for one whom it was for: a letter that
// was corrected has one more.
type Transfer struct {
	Org     string
	Letter  LetterID
	Archive string // the id of its ArchiveConnection
	Person  string // whom the letter is for, a keyed hash

	State     TransferState
	Given     string          // the case that a person has chosen in Ubehandlet; "" for the rule
	Case      CaseRef         // where it lies
	Steps     map[string]Step // by document
	Tries     int
	Since     time.Time // the first try that failed
	Problem   *Problem  // why the last one did
	Failed    time.Time // it stands in Ubehandlet since then
	Inspected time.Time // a person has looked whether what was in doubt is there, and had it tried again
	Reported  bool      // its row is there
	Lease     Lease     // who works on it
	Wakes     int       // how often something has come to its letter
	Due       time.Time // when it is tried, or looked at; zero for never
	Revision  int64
}

// TransferState is where a transfer stands; "" while it is due.
type TransferState string

// The states of a transfer.
const (
	Transferred       TransferState = "Filed"    // letter and message lie there; its end is awaited
	TransferCompleted TransferState = "Archived" // with the receipt, or with why there is none
	TransferFailed    TransferState = "Failed"   // it waits for a person
	TransferDismissed TransferState = "Dismissed"
	TransferUnfiled   TransferState = "Unfiled" // the letter was corrected before anything of it came there
)

// TransferKey names a transfer.
type TransferKey struct {
	Letter  LetterID
	Archive string
	Person  string
}

// Key returns the key of a transfer.
func (t *Transfer) Key() TransferKey { return TransferKey{t.Letter, t.Archive, t.Person} }

// Step is one thing that is made in an archive. What makes it is written down before the call that does (data.md, ids
// before effects): after an answer that was lost the archive is asked, and nothing is made a second time.
type Step struct {
	Begun time.Time `json:"begun,omitzero"`
	Token string    `json:"token,omitempty"` // by which the archive knows a call that it has answered before; "" for none
	Ref   string    `json:"ref,omitempty"`   // of what was made; "" while it is not known to be there
}

// Inspected reports whether a person has looked, since nobody knew whether something was made, and had it tried again:
// one is asked after Timings.Doubt, by a clock that may be a little off.
func (s Step) Inspected(looked time.Time, t Timings) bool {
	return s.Ref == "" && !s.Begun.IsZero() && looked.Sub(s.Begun) >= t.Doubt-t.Doubt/10
}

// Doubtful reports whether nobody knows whether something was made, and a call with its token could not tell. A person
// who has looked since knows.
func (s Step) Doubtful(looked time.Time, t Timings) bool {
	return s.Ref == "" && s.Token == "" && !s.Begun.IsZero() && !s.Inspected(looked, t)
}

// Lease is held by who works on something, so that two do not.
type Lease struct {
	Holder string    `json:"holder,omitempty"`
	Until  time.Time `json:"until,omitzero"`
}

// Take takes a lease for a while, or says ErrLeased.
func (l *Lease) Take(holder string, now time.Time, span time.Duration) error {
	if l.Holder != holder && now.Before(l.Until) {
		return ErrLeased
	}
	*l = Lease{holder, now.Add(span)}
	return nil
}

// Held returns ErrLeased unless somebody holds the lease.
func (l *Lease) Held(holder string, now time.Time) error {
	if l.Holder != holder || !now.Before(l.Until) {
		return ErrLeased
	}
	return nil
}

// Wake makes a transfer due: something has come to its letter. One that a person has to see to, or has seen to, stays.
func (t *Transfer) Wake(at time.Time) error {
	if t.State == TransferFailed || t.State == TransferDismissed {
		return ErrUnchanged
	}
	if t.State == TransferCompleted || t.State == TransferUnfiled { // it is not any more
		t.State = ""
	}
	t.Wakes++
	if t.Due.IsZero() || t.Due.After(at) {
		t.Due = at
	}
	return nil
}

// Wait has a transfer looked at later; nothing has failed.
func (t *Transfer) Wait(at time.Time) {
	t.Due, t.Lease = at, Lease{}
}

// Reschedule waits for another try. What cannot succeed by itself waits for a person, and so does what was tried for as
// long as a temporary failure may last.
func (t *Transfer) Reschedule(now Clock, jitter float64, p Problem, permanent bool) {
	t.Tries++
	if t.Since.IsZero() {
		t.Since = now.At
	}
	p.At = now.At
	t.Problem, t.Lease = &p, Lease{}
	t.Due = now.At.Add(now.Timings.BackOff(t.Tries, jitter))
	if permanent || now.At.Sub(t.Since) >= now.Timings.RetryFor {
		t.State, t.Failed, t.Reported, t.Due = TransferFailed, now.At, false, now.NextCheck()
	}
}

// Settle notes how far a transfer has come.
func (t *Transfer) Settle(state TransferState, due time.Time) {
	t.State, t.Due, t.Lease = state, due, Lease{}
	t.Tries, t.Since, t.Problem = 0, time.Time{}, nil
}

// Again tries a failed transfer once more, in another case where a person has named one. What nobody knows to be there
// is made anew: whoever presses has looked.
func (t *Transfer) Again(now Clock, given string) error {
	if t.State != TransferFailed {
		return ErrUnchanged
	}
	if given != "" && given != t.Given { // there nothing lies yet
		t.Given, t.Case, t.Steps = given, CaseRef{}, nil
	}
	t.Settle("", now.At)
	t.Inspected, t.Failed = now.At, time.Time{}
	return nil
}

// Report notes that a failed transfer has its row in Ubehandlet.
func (t *Transfer) Report(since time.Time) error {
	if t.State != TransferFailed || t.Reported || !t.Failed.Equal(since) {
		return ErrUnchanged
	}
	t.Reported, t.Due = true, time.Time{}
	return nil
}

// Dismiss notes that a person has filed by hand what could not be transferred.
func (t *Transfer) Dismiss(since time.Time) error {
	if t.State != TransferFailed || !t.Failed.Equal(since) {
		return ErrUnchanged
	}
	t.State, t.Due = TransferDismissed, time.Time{}
	return nil
}

// TransferCase is a case in an archive outside, as far as Brevdue knows it: the lease of practice.md E3, with what was
// found or made under it.
type TransferCase struct {
	Org     string
	Archive string
	Key     string // whose it is: a person and a type, or the number of a case
	Ref     CaseRef
	At      time.Time // since when it is known
	Step    Step      // of making it
	Lease   Lease
}

// Transfers stores what comes of letters in archives outside.
type Transfers interface {
	// Transfers returns those of a letter.
	Transfers(ctx context.Context, org string, letter LetterID) ([]*Transfer, error)
	// ChangeTransfer changes a transfer, which is made where there is none.
	ChangeTransfer(ctx context.Context, org string, k TransferKey, change func(*Transfer) error) (*Transfer, error)
	// DueTransfers returns up to limit that are due by then, of all organizations.
	DueTransfers(ctx context.Context, by time.Time, limit int) ([]*Transfer, error)
	// ChangeTransferCase changes what is known of a case, which is made where there is none.
	ChangeTransferCase(ctx context.Context, org, archive, key string, change func(*TransferCase) error) (*TransferCase,
		error)
}
