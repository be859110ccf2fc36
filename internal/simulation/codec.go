package simulation

import (
	"context"
	"encoding/binary"
	"errors"

	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/store"
)

// words is a store.Codec that keeps words as they are, and puts their number into the item: writing and reading JSON
// takes most of a run's time, and is tested by itself.
type words struct {
	all   []any
	names [][]byte // of the places in all, made once
}

// fresh forgets the words of the run before.
func (c *words) fresh() *words {
	clear(c.all)
	c.all = c.all[:0]
	return c
}

var errNoWord = errors.New("the item has no word of this run")

// Encode implements store.Codec.
func (c *words) Encode(word any) ([]byte, error) {
	switch w := word.(type) {
	case *post.Letter:
		word = w.Clone()
	case *post.Shipment:
		word = w.Clone()
	case *post.Failure:
		own := *w
		word = &own
	}
	c.all = append(c.all, word)
	n := len(c.all)
	for len(c.names) < n {
		c.names = append(c.names, binary.LittleEndian.AppendUint32(nil, uint32(len(c.names))))
	}
	return c.names[n-1], nil
}

// Decode implements store.Codec.
func (c *words) Decode(body []byte, word any) error {
	switch kept := c.word(body).(type) {
	case *post.Letter:
		l := word.(*post.Letter)
		*l = *kept
		l.Detach()
	case *post.Shipment:
		if released, ok := word.(*store.Released); ok {
			*released = store.ReleasedOf(kept)
			return nil
		}
		s := word.(*post.Shipment)
		*s = *kept
		s.Detach()
	case *post.Failure:
		*word.(*post.Failure) = *kept
	default:
		return errNoWord
	}
	return nil
}

// word returns what an item carries, or nil where it is written out.
func (c *words) word(body []byte) any {
	if c == nil || len(body) != 4 {
		return nil
	}
	return c.all[binary.LittleEndian.Uint32(body)]
}

// storeOf returns a store over the table as functions see it.
func (w *world) storeOf(t store.Table) *store.Store { return store.New(t).With(w.codec(), oneByOne{w}) }

// truthOf returns a store over the table as it is, without calls and faults.
func (w *world) truthOf(t store.Table) *store.Store {
	return store.New(t).With(w.codec(), parallel.Goroutines{})
}

func (w *world) codec() store.Codec {
	if w.words == nil {
		return store.JSON
	}
	return w.words
}

// oneByOne is a parallel.Runner that does one piece of work after the other, in an order that is drawn: the scheduler
// decides by itself who comes first, and no time of ours goes by.
type oneByOne struct{ w *world }

// Run implements parallel.Runner.
func (o oneByOne) Run(_ context.Context, n, _ int, do func(i int) error) error {
	errs := make([]error, n)
	for _, i := range o.w.rng.Perm(n) {
		func() {
			defer parallel.Recover(&errs[i])
			errs[i] = do(i)
		}()
	}
	return errors.Join(errs...)
}

// Retry implements parallel.Runner.
func (oneByOne) Retry(ctx context.Context, do func() error) (err error) {
	for range parallel.Tries {
		if err = do(); err == nil || ctx.Err() != nil {
			return err
		}
	}
	return err
}
