package post

import (
	"context"
	"errors"

	"brevdue/internal/sentence"
)

// Scanner looks for malware in a stored file, before anybody opens or sends it. An error is no verdict: the file stays
// closed.
type Scanner interface {
	// Scan returns the name of what was found, "" for nothing.
	Scan(ctx context.Context, o Object) (threat string, err error)
}

// ErrNotScanned means that there is no verdict yet.
var ErrNotScanned = errors.New("the file has not been scanned yet")

// ErrCannotScan means that there never will be a verdict: the file is too large for the scanner, or locked by a
// password.
var ErrCannotScan = errors.New("the file cannot be scanned")

// NotScanned is the problem of a file that the scanner cannot look into.
func NotScanned() *Problem {
	return &Problem{Code: Malware, Text: sentence.Of("cannot-scan")}
}
