// Package parallel runs pieces of work side by side, tries some again, and turns a panic into an error. What runs them
// is passed in, so that a simulation can run them one by one in an order of its own.
//
// n pieces of work -> [parallel] -> one error
package parallel

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/cenkalti/backoff/v5"
	"golang.org/x/sync/errgroup"
)

// Runner runs pieces of work.
type Runner interface {
	// Run calls do(0) to do(n-1), up to limit of them at the same time (0 for all), waits for all, and joins their
	// errors. A panic is the error of its call.
	Run(ctx context.Context, n, limit int, do func(i int) error) error
	// Retry tries a few times before it gives up, so that a short fault in one part of long work does not make all
	// of it be done again. What is tried must be repeatable.
	Retry(ctx context.Context, do func() error) error
}

// Goroutines is the Runner of every program.
type Goroutines struct{}

// Run implements Runner.
func (Goroutines) Run(_ context.Context, n, limit int, do func(i int) error) error {
	errs := make([]error, n)
	var g errgroup.Group
	if limit > 0 {
		g.SetLimit(limit)
	}
	for i := range n {
		g.Go(func() error {
			defer Recover(&errs[i])
			errs[i] = do(i)
			return nil
		})
	}
	_ = g.Wait() // the errors are in errs
	return errors.Join(errs...)
}

// Tries is how often Retry tries.
const Tries = 5

// Retry implements Runner, with waits from 100 ms on, doubling.
func (Goroutines) Retry(ctx context.Context, do func() error) error {
	wait := backoff.NewExponentialBackOff()
	wait.InitialInterval, wait.Multiplier, wait.RandomizationFactor = 100*time.Millisecond, 2, 0
	var last error
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		last = do()
		return struct{}{}, last
	}, backoff.WithBackOff(wait), backoff.WithMaxTries(Tries), backoff.WithMaxElapsedTime(0))
	if err != nil && last != nil {
		return last // what went wrong says more than that time was up
	}
	return err
}

// Recover turns a panic into an error, so that one letter that breaks the code does not end the process for all. It is
// deferred.
func Recover(err *error) {
	if x := recover(); x != nil {
		*err = fmt.Errorf("panic: %v\n%s", x, debug.Stack())
	}
}
