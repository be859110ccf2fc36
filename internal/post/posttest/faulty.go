package posttest

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"brevdue/internal/post"
)

// ErrFault is what a faulty port says. Half of the time the work was done all the same.
var ErrFault = errors.New("injected fault")

// Faults happen at one call in so many.
type Faults int

// Before reports whether a call fails before anything is done, and After whether its answer is lost.
func (f Faults) Before() bool { return f > 0 && rand.IntN(2*int(f)) == 0 }

// After reports whether the answer to a call is lost.
func (f Faults) After() bool { return f.Before() }

// do makes a call that may fail.
func do[T any](f Faults, call func() (T, error)) (T, error) {
	var none T
	if f.Before() {
		return none, ErrFault
	}
	v, err := call()
	if err == nil && f.After() {
		return none, ErrFault
	}
	return v, err
}

// FaultyObjects are files that fail now and then.
type FaultyObjects struct {
	StoredObjects
	Faults Faults
}

// Put implements post.Objects.
func (o FaultyObjects) Put(ctx context.Context, files ...post.File) ([]post.Object, error) {
	return do(o.Faults, func() ([]post.Object, error) { return o.StoredObjects.Put(ctx, files...) })
}

// Open implements post.Objects.
func (o FaultyObjects) Open(ctx context.Context, object post.Object) ([]byte, func(), error) {
	if o.Faults.Before() {
		return nil, nil, ErrFault
	}
	return o.StoredObjects.Open(ctx, object)
}

// Copy implements post.Objects.
func (o FaultyObjects) Copy(
	ctx context.Context,
	from post.Object,
	key string,
	disposal time.Time,
) (post.Object, error) {
	return do(o.Faults, func() (post.Object, error) { return o.StoredObjects.Copy(ctx, from, key, disposal) })
}

// First implements post.Objects.
func (o FaultyObjects) First(ctx context.Context, key string) (post.Object, error) {
	return do(o.Faults, func() (post.Object, error) { return o.StoredObjects.First(ctx, key) })
}

// FaultyQueues are queues that fail now and then.
type FaultyQueues struct {
	post.Queues
	Faults Faults
}

// Send implements post.Queues.
func (q FaultyQueues) Send(ctx context.Context, name post.Queue, jobs ...post.Job) error {
	_, err := do(q.Faults, func() (bool, error) { return true, q.Queues.Send(ctx, name, jobs...) })
	return err
}

// FaultyChannel is a way to Digital Post that fails now and then, before or after Digital Post has heard.
type FaultyChannel struct {
	post.Channel
	Faults Faults
}

// Send implements post.Channel.
func (c FaultyChannel) Send(ctx context.Context, m post.Outgoing) (post.Answer, error) {
	return do(c.Faults, func() (post.Answer, error) { return c.Channel.Send(ctx, m) })
}

// Find implements post.Channel.
func (c FaultyChannel) Find(ctx context.Context, org, uuid string, since time.Time) (bool, error) {
	return do(c.Faults, func() (bool, error) { return c.Channel.Find(ctx, org, uuid, since) })
}

// Receipts implements post.Channel.
func (c FaultyChannel) Receipts(ctx context.Context, limit int) ([]post.Receipt, error) {
	return do(c.Faults, func() ([]post.Receipt, error) { return c.Channel.Receipts(ctx, limit) })
}

// RemoveReceipts implements post.Channel.
func (c FaultyChannel) RemoveReceipts(ctx context.Context, ids []string) error {
	_, err := do(c.Faults, func() (bool, error) { return true, c.Channel.RemoveReceipts(ctx, ids) })
	return err
}
