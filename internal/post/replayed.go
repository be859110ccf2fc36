package post

import "time"

// Replay is how something is sent again.
type Replay struct {
	DryRun bool      `json:"dryRun,omitempty"` // only say what would happen
	On     time.Time `json:"on,omitzero"`      // the day on which letters leave; zero for at once
	Case   string    `json:"case,omitempty"`   // the number of another case, for rows about an archive outside Brevdue
}

// ReplaysAMinute is how many letters a replay lets leave at once; the others follow minute by minute, so that a replay
// of thousands does not stand before everybody else's letters.
const ReplaysAMinute = 100

// Replayed counts what a replay did, or would do.
type Replayed struct {
	Sends    int `json:"sends"`    // queued again
	Asks     int `json:"asks"`     // Digital Post has them: it was asked, and nothing was posted
	Archives int `json:"archives"` // archived again
	Splits   int `json:"splits"`   // shipments: the document is split again
	Nothing  int `json:"nothing"`  // a person has to decide or to correct something first
}

// Add counts one letter.
func (r *Replayed) Add(what Replaying) {
	switch what {
	case ReplaySends:
		r.Sends++
	case ReplayAsks:
		r.Asks++
	case ReplayArchive:
		r.Archives++
	case ReplaySplits:
		r.Splits++
	default:
		r.Nothing++
	}
}
