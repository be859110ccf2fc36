package post

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Together does n things, up to atOnce of them at the same time (0 for all), and waits for all. A panic is an error of
// its thing. Under OneByOne they are done one after the other, on the caller's goroutine.
func Together(ctx context.Context, n, atOnce int, do func(i int) error) error {
	errs := make([]error, n)
	one := func(i int) {
		defer Recover(&errs[i])
		errs[i] = do(i)
	}
	if order, ok := ctx.Value(orderKey{}).(func(n int) []int); ok {
		for _, i := range order(n) {
			one(i)
		}
		return errors.Join(errs...)
	}
	if atOnce == 0 {
		atOnce = n
	}
	places := make(chan struct{}, max(1, atOnce))
	var wg sync.WaitGroup
	for i := range n {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			one(i)
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

type orderKey struct{}

// OneByOne makes Together do one thing after the other, in an order that is chosen for each call: a simulation decides
// by itself who comes first.
func OneByOne(ctx context.Context, order func(n int) []int) context.Context {
	return context.WithValue(ctx, orderKey{}, order)
}

// Persist tries a few times before it gives up: for one of many parts of a long piece of work, so that a moment's fault
// does not make all of it be done again. What is tried must be repeatable.
func Persist(ctx context.Context, do func() error) error {
	const tries, first = 5, 100 * time.Millisecond // waits of 100, 200, 400 and 800 ms
	_, simulated := ctx.Value(orderKey{}).(func(n int) []int)
	for n := 1; ; n++ {
		err := do()
		if err == nil || n == tries || ctx.Err() != nil {
			return err
		}
		if simulated { // no time of ours goes by there
			continue
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(first << (n - 1)):
		}
	}
}
