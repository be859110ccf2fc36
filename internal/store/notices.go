package store

import (
	"cmp"
	"context"
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

const noticesDuePK = "D#M"

func noticePK(org string) string { return "M#" + org }

// noticeBody is a notice that waits to be told, or that was told.
type noticeBody struct {
	At       stamp `json:"at"`
	Notified stamp `json:"told,omitempty"`
	Waits    bool  `json:"waits,omitempty"`
	Once     bool  `json:"once,omitempty"`
}

// notifiedKept is for how long it is remembered that something was told.
const notifiedKept = 30 * 24 * time.Hour

// Note implements post.Notices.
func (n Notices) Note(ctx context.Context, notice post.Notice) error {
	k := Key{noticePK(notice.Org), "P#" + string(notice.Kind) + "#" + notice.About}
	return n.change(ctx, k, func(old *Item) (*Item, error) {
		var b noticeBody
		if err := read(old, &b); err != nil {
			b = noticeBody{} // what was told before is not known: it is told once more
		}
		if b.Waits || notice.Once && b.Notified != 0 {
			return nil, post.ErrUnchanged
		}
		due := notice.At.Add(post.DigestAfter)
		if earliest := b.Notified.time().Add(post.NotAgainFor); b.Notified != 0 && earliest.After(due) {
			due = earliest
		}
		return noticeItem(
			k,
			noticeBody{At: stampOf(notice.At), Notified: b.Notified, Waits: true, Once: notice.Once},
			notice.Org,
			due,
		)
	})
}

func noticeItem(k Key, b noticeBody, org string, due time.Time) (*Item, error) {
	var expires time.Time
	if !b.Waits && !b.Once {
		expires = b.Notified.time().Add(notifiedKept)
	}
	item, err := small(k, b, expires)
	if b.Waits {
		item.Due = dueKey(noticesDuePK, due, org+"#"+k.SK)
		// everybody who was told of something, for NoteToAll
		item.List = Key{"M#" + strings.Split(k.SK, "#")[1], org}
	}
	return item, err
}

// notedAtOnce is how many organizations are read together.
const notedAtOnce = 100

// NoteToAll implements post.Notices.
func (n Notices) NoteToAll(ctx context.Context, was, is post.NoticeKind, at time.Time) error {
	for after := ""; ; {
		items, err := n.table.QueryIndex(
			ctx,
			IndexQuery{Index: ListIndex, PK: "M#" + string(was), After: after, Limit: notedAtOnce},
		)
		if err != nil {
			return err
		}
		for _, w := range readable(ctx, n.Store, items, waitingOf) {
			if err := n.Note(ctx, post.Notice{Org: strings.TrimPrefix(w.item.PK, "M#"), Kind: is, At: at}); err != nil {
				return err
			}
			if err := n.unlist(ctx, w); err != nil {
				return err
			}
		}
		if len(items) < notedAtOnce {
			return nil
		}
		after = items[len(items)-1].List.SK
	}
}

// unlist takes a notice that was told, and is over, out of the list. One that waits still stays.
func (n Notices) unlist(ctx context.Context, w waiting) error {
	if w.body.Waits {
		return nil
	}
	next, err := noticeItem(w.item.Key, w.body, "", time.Time{})
	if err != nil {
		return err
	}
	return unlessRefused(n.table.Transact(ctx, inPlaceOf(w.item, next)))
}

// DueOrganizations implements post.Notices.
func (n Notices) DueOrganizations(ctx context.Context, by time.Time) ([]string, error) {
	var orgs []string
	for after := ""; ; {
		items, err := n.table.QueryIndex(
			ctx,
			IndexQuery{Index: DueIndex, PK: noticesDuePK, UpTo: timeSK(by) + "~", After: after, Limit: 100},
		)
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

// waiting is a notice that waits to be told.
type waiting struct {
	item *Item
	body noticeBody
}

// waiting returns an organization's notices that wait to be told, up to what one message takes.
func (n Notices) waiting(ctx context.Context, org string) ([]waiting, error) {
	var all []waiting
	for after := ""; ; {
		items, err := n.table.Query(ctx, noticePK(org), "P#", after, 200)
		if err != nil || len(items) == 0 {
			return all, err
		}
		for _, w := range readable(ctx, n.Store, items, waitingOf) {
			if w.body.Waits {
				all = append(all, w)
			}
			if len(all) == post.DeliverLimit {
				return all, nil
			}
		}
		after = items[len(items)-1].SK
	}
}

func waitingOf(item *Item) (waiting, error) {
	w := waiting{item: item}
	if err := decode(item, &w.body); err != nil || w.body.At == 0 {
		return w, fmt.Errorf("notice %s %s: %w", item.PK, item.SK, cmp.Or(err, errWrongItem))
	}
	return w, nil
}

func (w waiting) notice(org string) post.Notice {
	kind, about, _ := strings.Cut(strings.TrimPrefix(w.item.SK, "P#"), "#")
	return post.Notice{Org: org, Kind: post.NoticeKind(kind), About: about, At: w.body.At.time()}.Spelled()
}

// notified writes down that a notice is told now.
func (w waiting) notified(kind post.NoticeKind, at time.Time) (Write, error) {
	next, err := noticeItem(
		w.item.Key,
		noticeBody{At: w.body.At, Notified: stampOf(at), Once: w.body.Once},
		"",
		time.Time{},
	)
	if kind == post.DigitalPostDown { // it stays in the list until the way is open again
		next.List = w.item.List
	}
	return inPlaceOf(w.item, next), err
}

// Digest implements post.Notices. Notices are told in the same transaction that makes the deliveries.
func (n Notices) Digest(ctx context.Context, org string, at time.Time) error {
	all, err := n.waiting(ctx, org)
	if err != nil || len(all) == 0 {
		return err
	}
	subscriptions, err := n.Subscriptions(ctx, org)
	if err != nil {
		return err
	}
	notices, writes := make([]post.Notice, len(all)), make([]Write, len(all))
	for i, w := range all {
		notices[i] = w.notice(org)
		if writes[i], err = w.notified(notices[i].Kind, at); err != nil {
			return err
		}
	}
	for _, s := range subscriptions[:min(len(subscriptions), TransactLimit-len(writes))] {
		d := newDelivery(s, notices, at)
		if d == nil {
			continue
		}
		item, err := deliveryItem(d)
		if err != nil {
			return err
		}
		writes = append(writes, inPlaceOf(nil, item))
	}
	return unlessRefused(n.table.Transact(ctx, writes...)) // another copy tells them
}

// Subscriptions implements post.Notifier.
func (n Notices) Subscriptions(ctx context.Context, org string) ([]post.Subscription, error) {
	items, err := n.table.Query(ctx, noticePK(org), "S#", "", 50)
	return readable(ctx, n.Store, items, func(item *Item) (s post.Subscription, err error) {
		if err := decode(item, &s); err != nil || "S#"+s.ID != item.SK {
			return s, fmt.Errorf("subscription %s: %w", item.SK, cmp.Or(err, errWrongItem))
		}
		s.Org = org
		return s, nil
	}), err
}

// Subscribe implements switches.Notices.
func (n Notices) Subscribe(ctx context.Context, s post.Subscription) error {
	return n.put(ctx, Key{noticePK(s.Org), "S#" + s.ID}, s, time.Time{}, Always)
}

// Unsubscribe implements switches.Notices.
func (n Notices) Unsubscribe(ctx context.Context, org, id string) error {
	k := Key{noticePK(org), "S#" + id}
	return n.table.Transact(ctx, Write{Delete: &k})
}
