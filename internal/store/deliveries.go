package store

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"brevdue/internal/post"
)

const deliveriesDuePK = "D#W"

// deliveryBody is a delivery in the table.
type deliveryBody struct {
	Subscription post.Subscription `json:"subscription"`
	Delivery     post.Delivery     `json:"delivery"`
	Body         []byte            `json:"body,omitempty"`
}

// deliveriesKept is for how long a delivery stands in the log.
const deliveriesKept = 90 * 24 * time.Hour

// newDelivery is what a subscriber gets of notices; nil when they asked for none of them.
func newDelivery(s post.Subscription, notices []post.Notice, at time.Time) *post.Delivery {
	d := &post.Delivery{
		ID:           timeSK(at) + "-" + newName(),
		Org:          s.Org,
		Subscription: s,
		To:           s.Mail + s.Hook,
		Made:         at,
		Due:          at,
	}
	for _, notice := range notices {
		if slices.Contains(s.Kinds, notice.Kind) {
			d.Notices = append(d.Notices, notice)
		}
	}
	if len(d.Notices) == 0 {
		return nil
	}
	return d
}

func newName() string {
	b := make([]byte, 6)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return hex.EncodeToString(b)
}

func deliveryItem(d *post.Delivery) (*Item, error) {
	item, err := small(Key{"W#" + d.Org, d.ID}, deliveryBody{d.Subscription, *d, d.Body}, d.Made.Add(deliveriesKept))
	item.List, item.Due = Key{"O#" + d.Org + "#W", d.ID}, dueKey(deliveriesDuePK, d.Due, d.ID)
	return item, err
}

func deliveryOf(item *Item) (*post.Delivery, error) {
	var b deliveryBody
	if err := decode(item, &b); err != nil {
		return nil, fmt.Errorf("delivery %s: %w", item.SK, err)
	}
	if b.Delivery.ID != item.SK {
		return nil, fmt.Errorf("delivery %s: %w", item.SK, errWrongItem)
	}
	d := b.Delivery
	d.Org, d.Subscription, d.Due, d.Body = strings.TrimPrefix(
		item.PK,
		"W#",
	), b.Subscription, timeOf(item.Due.SK), b.Body
	d.Subscription.Org = d.Org
	return &d, nil
}

// DueDeliveries implements post.Notices.
func (n Notices) DueDeliveries(ctx context.Context, by time.Time, limit int) ([]*post.Delivery, error) {
	return due(ctx, n.Store, deliveriesDuePK, by, limit, deliveryOf)
}

// Deliveries implements post.Notifier.
func (n Notices) Deliveries(ctx context.Context, org string, limit int) ([]*post.Delivery, error) {
	items, err := n.table.QueryIndex(ctx, IndexQuery{Index: ListIndex, PK: "O#" + org + "#W", Down: true, Limit: limit})
	return readable(ctx, n.Store, items, deliveryOf), err
}

// ChangeDelivery implements post.Notices.
func (n Notices) ChangeDelivery(
	ctx context.Context,
	org, id string,
	change func(*post.Delivery) error,
) (*post.Delivery, error) {
	var d *post.Delivery
	err := n.change(ctx, Key{"W#" + org, id}, func(old *Item) (_ *Item, err error) {
		if old == nil {
			return nil, orNotFound(nil, "delivery", id)
		}
		if d, err = deliveryOf(old); err != nil {
			return nil, err
		}
		if err := change(d); err != nil {
			return nil, err
		}
		return deliveryItem(d)
	})
	return d, err
}

// Resend implements post.Notifier.
func (n Notices) Resend(ctx context.Context, org, id string, at time.Time) error {
	_, err := n.ChangeDelivery(ctx, org, id, func(d *post.Delivery) error {
		d.Made, d.Due, d.Done, d.GivenUp, d.Tries = at, at, time.Time{}, false, 0
		return nil
	})
	return err
}
