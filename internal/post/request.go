package post

import (
	"context"
	"errors"
	"time"
)

// Errors of a request that is made again under its key.
var (
	ErrOtherRequest = errors.New("the key is that of another request")
	ErrRunning      = errors.New("the request is still being done")
)

// Answered is what a request was answered with that made something.
type Answered struct {
	Status int
	Body   []byte
}

// Requests remembers requests by their keys (Idempotency-Key), as long as what they have made exists: so a program that
// does not know whether its request came through can make it again.
type Requests interface {
	// Begin claims a key for a request, which its hash tells from others. It returns the answer of one that was done
	// before; nil where the caller has to do it. ErrOtherRequest and ErrRunning are the other two.
	Begin(ctx context.Context, org, key, hash string, at time.Time) (*Answered, error)
	// Finish keeps the answer; nil gives the key up, since the request ended in an error: it is done anew.
	Finish(ctx context.Context, org, key, hash string, a *Answered) error
}

// RunningFor is how long a request may take; after that whoever began it is gone.
const RunningFor = 2 * time.Minute
