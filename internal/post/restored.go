package post

import (
	"context"
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
