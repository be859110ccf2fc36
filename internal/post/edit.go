package post

import (
	"errors"
	"fmt"
	"time"

	"brevdue/internal/ident"
)

// Edit is what a person set right in the review. It names pages and no letters: pages stay what they are when the
// document is split anew.
type Edit struct {
	Do        EditKind
	Page      int          // counted from 1: the first of the letter, or the one that a letter is cut at
	Recipient ident.Number // of EditRecipient
	By        string
	At        time.Time
}

// EditKind is what is done to a letter in the review.
type EditKind string

// What can be done.
const (
	EditMerge     EditKind = "merge"     // with the letter before it
	EditCut       EditKind = "cut"       // at a page, which begins a letter then
	EditRecipient EditKind = "recipient" // is somebody else
	EditDrop      EditKind = "drop"      // is not sent
)

// EditsMost is how many corrections one shipment takes: whoever needs more mends the document.
const EditsMost = 200

// ErrNoSuchPage means that a correction is about a page that no letter begins at, or one that begins one already.
var ErrNoSuchPage = errors.New("siden passer ikke til rettelsen: den er ikke et brevs første side, eller den er det allerede")

// Edit notes a correction, and has the document split anew. Only what waits for review can be corrected.
func (s *Shipment) Edit(e Edit, now Moment) error {
	if s.State != InReview || len(s.Given) > 0 {
		return ErrNotInReview
	}
	if len(s.Edits) >= EditsMost {
		return Mistakes{{Field: "do", Text: fmt.Sprintf("Der er allerede %d rettelser. Ret dokumentet, og upload det på ny.", EditsMost)}}
	}
	s.Edits = append(s.Edits, e)
	s.Version = max(1, s.Version) + 1
	s.State, s.Review, s.Settled, s.Letters, s.Findings, s.Due = Splitting, true, false, 0, nil, now.Look()
	return nil
}
