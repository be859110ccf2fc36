package store

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"brevdue/internal/post"
)

// Notices is the part of a Store that keeps notices, who wants them, and what was delivered.
type Notices struct{ *Store }

// Notices returns the store's notices.
func (s *Store) Notices() Notices { return Notices{s} }

const noticesDuePK, deliveriesDuePK = "D#M", "D#W"

func noticePK(org string) string { return "M#" + org }

// noticeBody is a notice that waits to be told, or that was told.
type noticeBody struct {
	At    stamp `json:"at"`
	Told  stamp `json:"told,omitempty"`
	Waits bool  `json:"waits,omitempty"`
	Once  bool  `json:"once,omitempty"`
}

// toldKept is for how long it is remembered that something was told.
const toldKept = 30 * 24 * time.Hour

// Note implements post.Notices.
func (n Notices) Note(ctx context.Context, notice post.Notice) error {
	k := Key{noticePK(notice.Org), "P#" + string(notice.Kind) + "#" + notice.About}
	return n.change(ctx, k, func(old *Item) (*Item, error) {
		var b noticeBody
		if err := read(old, &b); err != nil {
			return nil, err
		}
		if b.Waits || notice.Once && b.Told != 0 {
			return nil, post.Unchanged
		}
		due := notice.At.Add(post.DigestAfter)
		if earliest := b.Told.time().Add(post.NotAgainFor); b.Told != 0 && earliest.After(due) {
			due = earliest
		}
		return noticeItem(k, noticeBody{At: stampOf(notice.At), Told: b.Told, Waits: true, Once: notice.Once}, notice.Org, due)
	})
}

func noticeItem(k Key, b noticeBody, org string, due time.Time) (*Item, error) {
	var expires time.Time
	if !b.Waits && !b.Once {
		expires = b.Told.time().Add(toldKept)
	}
	item, err := small(k, b, expires)
	if b.Waits {
		item.Due = dueKey(noticesDuePK, due, org+"#"+k.SK)
		// everybody who was told of something, for NoteToAll
		item.List = Key{"M#" + strings.Split(k.SK, "#")[1], org}
	}
	return item, err
}

// NoteToAll implements post.Notices.
func (n Notices) NoteToAll(ctx context.Context, was, is post.NoticeKind, at time.Time) error {
	items, err := n.table.Look(ctx, LookUp{Index: ListIndex, PK: "M#" + string(was), Limit: 1000})
	if err != nil {
		return err
	}
	for _, item := range items {
		if err := n.Note(ctx, post.Notice{Org: strings.TrimPrefix(item.PK, "M#"), Kind: is, At: at}); err != nil {
			return err
		}
		var b noticeBody
		if err := json.Unmarshal(item.Body, &b); err != nil {
			return err
		}
		if !b.Waits { // told, and over: out of the list
			next, err := noticeItem(item.Key, b, "", time.Time{})
			if err != nil {
				return err
			}
			if err := unlessRefused(n.table.Transact(ctx, inPlaceOf(item, next))); err != nil {
				return err
			}
		}
	}
	return nil
}

// DueOrganizations implements post.Notices.
func (n Notices) DueOrganizations(ctx context.Context, by time.Time) ([]string, error) {
	var orgs []string
	for after := ""; ; {
		items, err := n.table.Look(ctx, LookUp{Index: DueIndex, PK: noticesDuePK, UpTo: timeSK(by) + "~", After: after, Limit: 100})
		if err != nil || len(items) == 0 {
			return orgs, err
		}
		for _, item := range items {
			if org := strings.TrimPrefix(item.PK, "M#"); !slices.Contains(orgs, org) {
				orgs = append(orgs, org)
			}
		}
		after = items[len(items)-1].Due.SK
	}
}

// waiting returns an organization's notices that wait to be told, up to what one message takes.
func (n Notices) waiting(ctx context.Context, org string) ([]*Item, error) {
	var waiting []*Item
	for after := ""; ; {
		items, err := n.table.Query(ctx, noticePK(org), "P#", after, 200)
		if err != nil || len(items) == 0 {
			return waiting, err
		}
		for _, item := range items {
			var b noticeBody
			if err := json.Unmarshal(item.Body, &b); err != nil {
				return nil, fmt.Errorf("notice %s %s: %w", item.PK, item.SK, err)
			}
			if b.Waits && len(waiting) < post.DeliverLimit {
				waiting = append(waiting, item)
			}
		}
		after = items[len(items)-1].SK
	}
}

// Digest implements post.Notices. Notices are told in the same transaction that makes the deliveries.
func (n Notices) Digest(ctx context.Context, org string, at time.Time) error {
	items, err := n.waiting(ctx, org)
	if err != nil {
		return err
	}
	subscriptions, err := n.Subscriptions(ctx, org)
	if err != nil {
		return err
	}
	var writes []Write
	var told []post.Notice
	for _, item := range items {
		var b noticeBody
		if err := json.Unmarshal(item.Body, &b); err != nil {
			return err
		}
		if !b.Waits || len(told) == post.DeliverLimit {
			continue
		}
		kind, about, _ := strings.Cut(strings.TrimPrefix(item.SK, "P#"), "#")
		told = append(told, post.Notice{Org: org, Kind: post.NoticeKind(kind), About: about, At: b.At.time()})
		next, err := noticeItem(item.Key, noticeBody{At: b.At, Told: stampOf(at), Once: b.Once}, org, time.Time{})
		if err != nil {
			return err
		}
		if item.List != (Key{}) && kind == string(post.DigitalPostDown) { // it stays in the list until the way is open again
			next.List = item.List
		}
		writes = append(writes, inPlaceOf(item, next))
	}
	for _, s := range subscriptions[:min(len(subscriptions), TransactLimit-len(writes))] {
		d := &post.Delivery{ID: timeSK(at) + "-" + newName(), Org: org, Subscription: s, To: s.Mail + s.Hook, Made: at, Due: at}
		for _, notice := range told {
			if slices.Contains(s.Kinds, notice.Kind) {
				d.Notices = append(d.Notices, notice)
			}
		}
		if len(d.Notices) == 0 {
			continue
		}
		item, err := deliveryItem(d)
		if err != nil {
			return err
		}
		writes = append(writes, inPlaceOf(nil, item))
	}
	if len(told) == 0 {
		return nil
	}
	return unlessRefused(n.table.Transact(ctx, writes...)) // another copy tells them
}

func newName() string {
	b := make([]byte, 6)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return hex.EncodeToString(b)
}

// deliveryBody is a delivery in the table.
type deliveryBody struct {
	Subscription post.Subscription `json:"subscription"`
	Delivery     post.Delivery     `json:"delivery"`
}

// deliveriesKept is for how long a delivery stands in the log.
const deliveriesKept = 90 * 24 * time.Hour

func deliveryItem(d *post.Delivery) (*Item, error) {
	item, err := small(Key{"W#" + d.Org, d.ID}, deliveryBody{d.Subscription, *d}, d.Made.Add(deliveriesKept))
	item.List, item.Due = Key{"O#" + d.Org + "#W", d.ID}, dueKey(deliveriesDuePK, d.Due, d.ID)
	return item, err
}

func deliveryOf(item *Item) (*post.Delivery, error) {
	var b deliveryBody
	if err := json.Unmarshal(item.Body, &b); err != nil {
		return nil, fmt.Errorf("delivery %s: %w", item.SK, err)
	}
	d := b.Delivery
	d.Org, d.Subscription, d.Due = strings.TrimPrefix(item.PK, "W#"), b.Subscription, timeOf(item.Due.SK)
	d.Subscription.Org = d.Org
	return &d, nil
}

func deliveriesOf(items []*Item, err error) ([]*post.Delivery, error) {
	var all []*post.Delivery
	for _, item := range items {
		d, oneErr := deliveryOf(item)
		if oneErr != nil {
			return nil, oneErr
		}
		all = append(all, d)
	}
	return all, err
}

// DueDeliveries implements post.Notices.
func (n Notices) DueDeliveries(ctx context.Context, by time.Time, limit int) ([]*post.Delivery, error) {
	return deliveriesOf(n.table.Look(ctx, LookUp{Index: DueIndex, PK: deliveriesDuePK, UpTo: timeSK(by) + "~", Limit: limit}))
}

// Deliveries implements post.Notifier.
func (n Notices) Deliveries(ctx context.Context, org string, limit int) ([]*post.Delivery, error) {
	return deliveriesOf(n.table.Look(ctx, LookUp{Index: ListIndex, PK: "O#" + org + "#W", Down: true, Limit: limit}))
}

// ChangeDelivery implements post.Notices.
func (n Notices) ChangeDelivery(ctx context.Context, org, id string, change func(*post.Delivery) error) (*post.Delivery, error) {
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

// Subscriptions implements post.Notifier.
func (n Notices) Subscriptions(ctx context.Context, org string) ([]post.Subscription, error) {
	items, err := n.table.Query(ctx, noticePK(org), "S#", "", 50)
	var all []post.Subscription
	for _, item := range items {
		var s post.Subscription
		if err := json.Unmarshal(item.Body, &s); err != nil {
			return nil, fmt.Errorf("subscription %s: %w", item.SK, err)
		}
		s.Org = org
		all = append(all, s)
	}
	return all, err
}

// Subscribe implements post.Notifier.
func (n Notices) Subscribe(ctx context.Context, s post.Subscription) error {
	return n.put(ctx, Key{noticePK(s.Org), "S#" + s.ID}, s, time.Time{}, Always)
}

// Unsubscribe implements post.Notifier.
func (n Notices) Unsubscribe(ctx context.Context, org, id string) error {
	k := Key{noticePK(org), "S#" + id}
	return n.table.Transact(ctx, Write{Delete: &k})
}
