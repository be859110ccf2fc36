package post

import (
	"cmp"
	"context"
	"slices"
	"time"

	"brevdue/internal/sentence"
)

// Rehearsal (prøve) is what would have happened to a shipment if it had been sent. Its letters were cut, put into their
// messages and held against all rules, and none was stored: a shipment that was tried so never leaves, is filed
// nowhere, counts nowhere, and nobody is told of it.
type Rehearsal struct {
	By         string // who asked for it
	At         time.Time
	Ended      time.Time  // zero while it goes on
	Leave      int        // letters that would have left
	Containers int        // how many of them together; 0 for one by one
	Approval   bool       // another person would have had to approve it
	OverLimit  bool       // it is more than may leave on a day
	Held       []HeldBack // letters that would have been held back, by the reason
	Dropped    int        // letters that a person does not want sent
	Check      string     // id of the check that tries the connection; "" for none
}

// HeldBack is how many letters would have been held back for a reason.
type HeldBack struct {
	Code    Code `json:"code"`
	Letters int  `json:"letters"`
}

// Hold counts letters that would have been held back.
func (r *Rehearsal) Hold(c Code, letters int) {
	i, found := slices.BinarySearchFunc(r.Held, c, func(h HeldBack, c Code) int { return cmp.Compare(h.Code, c) })
	if !found {
		r.Held = slices.Insert(r.Held, i, HeldBack{Code: c})
	}
	r.Held[i].Letters += letters
}

// ErrNotRehearsed is told where a shipment cannot be tried: it has been sent before, or a version before has split it.
var ErrNotRehearsed = sentence.Sentence(`§["not-rehearsed"]`)

// Rehearse tries a draft out. It is no draft any more from then on: a rehearsal is never continued into a Send.
func (s *Shipment) Rehearse(by, check string, at time.Time) error {
	switch {
	case s.State == Rehearsing, s.State == Rehearsed:
		return ErrUnchanged
	case s.State != InReview:
		return ErrNotInReview
	case !s.Drafted || s.Sends > 0:
		return ErrNotRehearsed
	}
	s.State, s.Due, s.Asked, s.Frozen = Rehearsing, at, nil, len(s.Edits)
	s.Rehearsal = &Rehearsal{By: by, At: at, Check: check}
	return nil
}

// EndRehearsal notes what came of it.
func (s *Shipment) EndRehearsal(r Rehearsal, now Clock) error {
	if s.State != Rehearsing {
		return ErrUnchanged
	}
	r.By, r.At, r.Check, r.Ended = s.Rehearsal.By, s.Rehearsal.At, s.Rehearsal.Check, now.At
	s.State, s.FannedOut, s.Due, s.Rehearsal = Rehearsed, true, now.NextCheck(), &r
	return nil
}

// RehearsalCommands try a shipment out.
type RehearsalCommands interface {
	Rehearse(ctx context.Context, who Caller, id string) (*Shipment, error)
}
