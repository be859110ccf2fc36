package post

import (
	"context"
	"time"
)

// SplitProgress is how far the split of a document has come.
type SplitProgress struct {
	Read, Pages         int // pages that were read, of all
	Recognized, Scanned int // pages that a machine has read, of those that are pictures; zero before that begins
	At                  time.Time
}

// SplitProgresses keeps how far splits have come, for whoever waits for one. A split does not wait for it.
type SplitProgresses interface {
	PutProgress(ctx context.Context, org, shipment string, p SplitProgress) error
	// Progress returns how far a split has come; nil for one that takes no longer than a moment.
	Progress(ctx context.Context, org, shipment string) (*SplitProgress, error)
}
