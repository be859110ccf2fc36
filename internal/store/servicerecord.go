package store

import (
	"context"
	"time"

	"brevdue/internal/post"
)

type outageBody struct {
	Of   post.Affected `json:"of"`
	From stamp         `json:"from"`
	To   stamp         `json:"to,omitempty"`
}

type serviceBody struct {
	Letters int `json:"letters"`
	Prompt  int `json:"prompt"`
}

type beatBody struct {
	At stamp `json:"at"`
}

// How long the record is kept, and how much of it is read.
const (
	outageLife   = 400 * 24 * time.Hour
	serviceLife  = 45 * 24 * time.Hour
	outagesMost  = 500
	servicesMost = 20_000
	servicesPage = 1000
)

const (
	outagePK  = "T#outage"
	servicePK = "T#service"
)

// PutOutage implements post.ServiceRecord.
func (s *Store) PutOutage(ctx context.Context, o post.Outage) error {
	k := Key{outagePK, outageTime(o.From) + "#" + string(o.Of)}
	return s.put(ctx, k, outageBody{o.Of, stampOf(o.From), stampOf(o.To)}, o.From.Add(outageLife), Always)
}

// Outages implements post.ServiceRecord.
func (s *Store) Outages(ctx context.Context, since time.Time) ([]post.Outage, error) {
	items, err := s.table.Query(ctx, outagePK, "", outageTime(since), outagesMost)
	if err != nil {
		return nil, err
	}
	var all []post.Outage
	for i := range items {
		var b outageBody
		if err := read(items[len(items)-1-i], &b); err != nil {
			return nil, err
		}
		all = append(all, post.Outage{Of: b.Of, From: b.From.time(), To: b.To.time()})
	}
	return all, nil
}

// PutService implements post.ServiceRecord.
func (s *Store) PutService(ctx context.Context, one post.ShipmentService) error {
	k := Key{servicePK, serviceDay(one.Day) + "#" + one.Shipment}
	return s.put(ctx, k, serviceBody{one.Letters, one.Prompt}, one.Day.Add(serviceLife), Always)
}

// Service implements post.ServiceRecord.
func (s *Store) Service(ctx context.Context, since time.Time) (all post.ShipmentService, err error) {
	after := serviceDay(since)
	for n := 0; n < servicesMost; n += servicesPage {
		items, err := s.table.Query(ctx, servicePK, "", after, servicesPage)
		if err != nil {
			return all, err
		}
		for _, item := range items {
			var b serviceBody
			if err := read(item, &b); err != nil {
				return all, err
			}
			all.Letters, all.Prompt = all.Letters+b.Letters, all.Prompt+b.Prompt
			after = item.SK
		}
		if len(items) < servicesPage {
			break
		}
	}
	return all, nil
}

// Beat implements post.ServiceRecord.
func (s *Store) Beat(ctx context.Context, at time.Time) (time.Time, error) {
	k := Key{"T#beat", headerSK}
	var b beatBody
	if _, err := s.get(ctx, k, &b); err != nil {
		return time.Time{}, err
	}
	return b.At.time(), s.put(ctx, k, beatBody{stampOf(at)}, time.Time{}, Always)
}

// outageTime is a moment in keys that stand in the order of time.
func outageTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// serviceDay is a day in such keys.
func serviceDay(t time.Time) string { return t.UTC().Format(time.DateOnly) }
