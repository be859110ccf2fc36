package post

import (
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/sentence"
)

// Edit is what a person set right in the review. It names pages and no letters: pages stay what they are when the
// document is split anew.
type Edit struct {
	Do EditKind `json:"do"`
	// counted from 1: the first of the letter, or the one that a letter is cut at
	Page      int          `json:"page"`
	Recipient ident.Number `json:"recipient,omitzero"` // of EditRecipient
	Ordinal   int          `json:"-"`                  // its place among all corrections, from 1 on
	By        string       `json:"by"`
	Owner     string       `json:"owner,omitempty"` // who they are: By may be the name of a key
	At        time.Time    `json:"at"`
}

// EditKind is what is done to a letter in the review.
type EditKind string

// What can be done.
const (
	EditMerge     EditKind = "merge"     // with the letter before it
	EditCut       EditKind = "cut"       // at a page, which begins a letter then
	EditRecipient EditKind = "recipient" // is somebody else
	EditDrop      EditKind = "drop"      // is not sent
	EditUndo      EditKind = "undo"      // an earlier correction, whose number stands for the page
)

// EditsMost is how many corrections one shipment takes, those that were undone among them: whoever needs more mends the
// document. Below 1,000 an ordinal keeps its letter in the partition of its pages.
const EditsMost = 999

// ErrNoSuchPage means that a correction is about a page that no letter begins at, or one that begins one already.
var ErrNoSuchPage = sentence.Sentence(`§["no-such-page"]`)

// ErrNoSuchEdit means that there is no such correction, or that it was undone before.
var ErrNoSuchEdit = sentence.Sentence(`§["no-such-edit"]`)

// Edit notes a correction of letters that a version before this one has written, and has the document split anew: from
// then on the shipment is a draft. Only what waits for review can be corrected.
func (s *Shipment) Edit(e Edit, now Clock) error {
	if err := s.MayEdit(); err != nil {
		return err
	}
	s.Edits = append(s.Edits, e)
	s.State, s.Review, s.FannedOut, s.Letters, s.Findings, s.Due = Splitting, true, false, 0, nil, now.NextCheck()
	return nil
}

// MayEdit returns why a shipment cannot be corrected; nil where it can.
func (s *Shipment) MayEdit() error {
	if s.State != InReview || len(s.TypedRecipients) > 0 {
		return ErrNotInReview
	}
	if len(s.Edits) >= EditsMost {
		return Mistakes{{Field: "do", Text: sentence.Of("edits-most", EditsMost)}}
	}
	return nil
}

// MayUndoEdit returns why correction n, from 1 on, cannot be undone; nil where it can.
func (s *Shipment) MayUndoEdit(n int) error {
	for _, e := range s.Effective(len(s.Edits)) {
		if s.Drafted && e.Ordinal == n {
			return nil
		}
	}
	return ErrNoSuchEdit
}
