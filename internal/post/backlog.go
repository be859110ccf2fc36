package post

import (
	"time"
)

// Backlog is how much of an organization's work is at one point of the way, and since when the oldest of it is there.
type Backlog struct {
	Place  string    `json:"place"`
	Count  int       `json:"count"`
	Oldest time.Time `json:"oldest,omitzero"`
	Late   bool      `json:"late"` // longer than it should be: the sweep has taken it up
}

// The places of a Backlog, in the order of the way.
const (
	AtUpload    = "uploading"
	AtSplit     = "splitting"
	AtReview    = "review"
	AtWaiting   = "waiting" // for its time, or paused
	AtQueue     = "queued"  // or being sent just now
	AtReceipt   = "handed-over"
	AtArchive   = "archiving"
	AtUnhandled = "unhandled"
)

// Unfinished reports whether something of a shipment stands at a point of the way.
func (s *Shipment) Unfinished() bool {
	c := s.Counts
	open := c.Open() > 0 || c.Unarchived() > 0
	switch s.State {
	case Uploading, Splitting, InReview:
		return true
	case InSending:
		return open || c.Total() < s.Letters
	case ShipmentCancelled:
		return open
	}
	return false
}

// Unfinished reports whether a letter is on its way, or waits to be archived.
func (l *Letter) Unfinished() bool {
	return !l.State.Final() || l.State != Cancelled && l.Archiving.State == ""
}

// Unarchived is the number of letters that came to an end and wait to be archived.
func (c Counts) Unarchived() int {
	return c.Completed + c.Failed + c.Dismissed - c.Archived - c.ArchiveFailed - c.Unfiled
}
