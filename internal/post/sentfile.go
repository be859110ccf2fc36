package post

import (
	"context"
	"time"
)

// SentFiles remembers the files that were sent, to warn before one is sent again.
type SentFiles interface {
	// SentSince returns the shipment that sent the file since then, or "".
	SentSince(ctx context.Context, org, sha256 string, since time.Time) (shipment string, err error)
	// Claim notes that a shipment sends the file, and returns the shipment that has it: this one, or with force
	// false another one that claimed it since then. Of two at the same time one wins.
	Claim(ctx context.Context, org, sha256, shipment string, at, since time.Time, force bool) (owner string, err error)
}
