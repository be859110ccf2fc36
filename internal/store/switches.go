package store

import (
	"context"
	"time"

	"brevdue/internal/post"
)

type breakerBody struct {
	Failures int      `json:"failures,omitempty"`
	Since    stamp    `json:"since,omitempty"`
	Open     bool     `json:"open,omitempty"`
	Next     stamp    `json:"next,omitempty"`
	Probes   int      `json:"probes,omitempty"`
	Failing  []string `json:"failing,omitempty"`
}

func breakerKey(e post.Environment) Key { return Key{"T#breaker", string(e)} }

// Breaker implements post.Breakers.
func (s *Store) Breaker(ctx context.Context, e post.Environment) (*post.Breaker, error) {
	items, err := s.table.Get(ctx, breakerKey(e))
	if err != nil {
		return nil, err
	}
	return breakerOf(e, items[0])
}

func breakerOf(e post.Environment, item *Item) (*post.Breaker, error) {
	var b breakerBody
	if err := read(item, &b); err != nil {
		return nil, err
	}
	return &post.Breaker{
		Environment:  e,
		Failures:     b.Failures,
		Since:        b.Since.time(),
		Open:         b.Open,
		Next:         b.Next.time(),
		OpenFailures: b.Probes,
		Failing:      b.Failing,
	}, nil
}

// ChangeBreaker implements post.Breakers.
func (s *Store) ChangeBreaker(
	ctx context.Context,
	e post.Environment,
	change func(*post.Breaker) error,
) (*post.Breaker, error) {
	var b *post.Breaker
	err := s.change(ctx, breakerKey(e), func(old *Item) (_ *Item, err error) {
		if b, err = breakerOf(e, old); err != nil {
			return nil, err
		}
		if err := change(b); err != nil {
			return nil, err
		}
		return small(
			breakerKey(e),
			breakerBody{b.Failures, stampOf(b.Since), b.Open, stampOf(b.Next), b.OpenFailures, b.Failing},
			time.Time{},
		)
	})
	return b, err
}

type stopBody struct {
	At     stamp     `json:"at"`
	By     string    `json:"by,omitempty"`
	Reason string    `json:"reason,omitempty"`
	Code   post.Code `json:"code,omitempty"`
}

func stopKey(org string) Key { return Key{"O#" + org, "STOP"} }

// Stopped implements post.Stops.
func (s *Store) Stopped(ctx context.Context, org string) (*post.Stop, error) {
	var b stopBody
	found, err := s.get(ctx, stopKey(org), &b)
	if err != nil || !found {
		return nil, err
	}
	return b.stop(), nil
}

func (b *stopBody) stop() *post.Stop {
	return &post.Stop{At: b.At.time(), By: b.By, Reason: b.Reason, Code: b.Code}
}

// Released is what a shipment's header says of whether its letters may leave. It is read before each of them does, so
// nothing else is read with it.
type Released struct {
	ID          string             `json:"id"`
	Org         string             `json:"org"`
	State       post.ShipmentState `json:"state"`
	Drafted     bool               `json:"drafted"`
	Waiting     bool               `json:"waiting"`
	Paused      bool               `json:"paused"`
	Cancels     int                `json:"cancels"`
	CancelledBy string             `json:"cancelledBy"`
}

// ReleasedOf is what is read of a shipment that is at hand.
func ReleasedOf(s *post.Shipment) Released {
	return Released{s.ID, s.Org, s.State, s.Drafted, s.Waiting, s.Paused, s.Cancels, s.CancelledBy}
}

// Clearance implements post.Clearances: the stop and the shipment's header are two items of one read.
func (s *Store) Clearance(ctx context.Context, org, shipment string) (post.Clearance, error) {
	items, err := s.table.Get(ctx, stopKey(org), shipmentKey(shipment))
	if err != nil {
		return post.Clearance{}, err
	}
	if items[1] == nil {
		return post.Clearance{}, orNotFound(nil, "shipment", shipment)
	}
	var sh Released
	err = s.decodeWord(items[1], &sh)
	if err == nil && sh.ID != shipment {
		err = errWrongItem
	}
	if err != nil || !only(org).owns(sh.Org) {
		return post.Clearance{}, orNotFound(err, "shipment", shipment)
	}
	c := post.Clearance{Cancels: sh.Cancels, CancelledBy: sh.CancelledBy, Paused: sh.Paused,
		Unreleased: sh.Drafted && (sh.State != post.InSending || sh.Waiting)}
	if items[0] == nil {
		return c, nil
	}
	var b stopBody
	err = read(items[0], &b)
	c.Stop = b.stop()
	return c, err
}

// Stop implements post.Stops.
func (s *Store) Stop(ctx context.Context, org string, stop post.Stop) error {
	known, err := s.Stopped(ctx, org)
	if err != nil {
		return err
	}
	when := IfMissing
	if known != nil && known.By == "" && stop.By != "" { // a person's reason outlasts that Brevdue's own is mended
		when = Always
	}
	return unlessRefused(
		s.put(ctx, stopKey(org), stopBody{stampOf(stop.At), stop.By, stop.Reason, stop.Code}, time.Time{}, when),
	)
}

// Start implements post.Stops.
func (s *Store) Start(ctx context.Context, org string) error {
	k := stopKey(org)
	return s.table.Transact(ctx, Write{Delete: &k})
}
