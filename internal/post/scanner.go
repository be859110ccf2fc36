package post

import (
	"context"
	"errors"
)

// Scanner looks for malware in a stored file, before anybody opens or sends it. An error is no verdict: the file stays
// closed.
type Scanner interface {
	// Scan returns the name of what was found, "" for nothing.
	Scan(ctx context.Context, o Object) (threat string, err error)
}

// ErrNotScanned means that there is no verdict yet.
var ErrNotScanned = errors.New("the file has not been scanned yet")

// ScanAll looks through files, and returns the first thing that is found. A nil scanner finds nothing: it is not switched
// on.
func ScanAll(ctx context.Context, s Scanner, objects ...Object) (threat string, err error) {
	if s == nil {
		return "", nil
	}
	for _, o := range objects {
		if threat, err = s.Scan(ctx, o); threat != "" || err != nil {
			return threat, err
		}
	}
	return "", nil
}
