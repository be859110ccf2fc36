package store

import (
	"context"
	"slices"
	"time"

	"brevdue/internal/post"
)

type outageBody struct {
	Of   post.Affected `json:"of"`
	From stamp         `json:"from"`
	To   stamp         `json:"to,omitempty"`
}

type beatBody struct {
	First stamp `json:"first"`
	At    stamp `json:"at"`
}

// How long the record is kept, and how much of it is read.
const (
	outageLife  = 400 * 24 * time.Hour
	notedLife   = 45 * 24 * time.Hour
	outagesMost = 500 // the newest
	daysMost    = 100
)

const (
	outagePK  = "T#outage"
	servicePK = "T#service"
)

var beatKey = Key{"T#beat", headerSK}

// PutOutage implements post.ServiceRecord.
func (s *Store) PutOutage(ctx context.Context, o post.Outage) error {
	k := Key{outagePK, timeSK(o.From) + "#" + string(o.Of)}
	return s.put(ctx, k, outageBody{o.Of, stampOf(o.From), stampOf(o.To)}, o.From.Add(outageLife), Always)
}

// Outages implements post.ServiceRecord.
func (s *Store) Outages(ctx context.Context, since time.Time) ([]post.Outage, error) {
	var all []post.Outage
	for after := timeSK(since); ; {
		items, err := s.table.Query(ctx, outagePK, "", after, outagesMost)
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			var b outageBody
			if err := read(item, &b); err != nil {
				return nil, err
			}
			all = append(all, post.Outage{Of: b.Of, From: b.From.time(), To: b.To.time()})
			after = item.SK
		}
		if len(items) < outagesMost {
			break
		}
	}
	slices.Reverse(all)
	return all[:min(len(all), outagesMost)], nil
}

// PutService implements post.ServiceRecord: the shipment is noted, and added to its day, in one transaction.
func (s *Store) PutService(ctx context.Context, one post.ShipmentService) error {
	var b beatBody
	if there, err := s.get(ctx, beatKey, &b); err != nil || !there || one.Sent.Before(b.First.time()) {
		return err
	}
	day := post.DayOf(one.Sent)
	noted, err := small(Key{servicePK + "#" + day, one.Shipment}, struct{}{}, one.Sent.Add(notedLife))
	if err != nil {
		return err
	}
	sum := &Item{Key: Key{servicePK, day}, Numbers: map[string]int64{"letters": int64(one.Letters),
		"prompt": int64(max(one.Prompt, 0))}}
	return unlessRefused(s.table.Transact(ctx, Write{Put: noted, If: IfMissing}, Write{Add: sum}))
}

// Service implements post.ServiceRecord.
func (s *Store) Service(ctx context.Context, since time.Time) (all post.ShipmentService, err error) {
	items, err := s.table.Query(ctx, servicePK, "", post.DayOf(since.AddDate(0, 0, -1)), daysMost)
	for _, item := range items {
		all.Letters += int(item.Numbers["letters"])
		all.Prompt += int(item.Numbers["prompt"])
	}
	return all, err
}

// LastBeat implements post.Heartbeats.
func (s *Store) LastBeat(ctx context.Context) (time.Time, error) {
	var b beatBody
	_, err := s.get(ctx, beatKey, &b)
	return b.At.time(), err
}

// PutBeat implements post.Heartbeats.
func (s *Store) PutBeat(ctx context.Context, at time.Time) error {
	return s.change(ctx, beatKey, func(old *Item) (*Item, error) {
		b := beatBody{First: stampOf(at)}
		if err := read(old, &b); err != nil {
			return nil, err
		}
		b.At = stampOf(at)
		return small(beatKey, b, time.Time{})
	})
}
