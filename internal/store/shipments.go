package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"brevdue/internal/post"
)

// Shipments is the part of a Store that keeps shipments.
type Shipments struct{ *Store }

// Shipments returns the store's shipments.
func (s *Store) Shipments() Shipments { return Shipments{s} }

// Create implements post.Shipments.
func (s Shipments) Create(ctx context.Context, sh *post.Shipment) error {
	item, err := s.shipmentItem(sh)
	if err != nil {
		return err
	}
	err = s.table.Transact(ctx, Write{Put: item, If: IfMissing}, unfinished(sh.Org, sh.ID))
	if refused(err) {
		// The answer to the first try may have been lost on its way: what is there is this one.
		known, readErr := s.Get(ctx, sh.Org, sh.ID)
		if errors.Is(readErr, post.ErrNotFound) { // another organization's
			return fmt.Errorf("shipment %s: %w", sh.ID, post.ErrExists)
		}
		if readErr != nil || known.By != sh.By || stampOf(known.Created) != stampOf(sh.Created) {
			return errors.Join(readErr, fmt.Errorf("shipment %s: %w", sh.ID, post.ErrExists))
		}
		err = nil
	}
	if err == nil {
		sh.Revision = item.Revision
	}
	return err
}

// Get implements post.Shipments.
func (s Shipments) Get(ctx context.Context, org, id string) (*post.Shipment, error) {
	return s.getOf(ctx, only(org), id)
}

// GetAny implements post.AllShipments.
func (s Shipments) GetAny(ctx context.Context, id string) (*post.Shipment, error) {
	return s.getOf(ctx, everybody, id)
}

func (s Shipments) getOf(ctx context.Context, of owner, id string) (*post.Shipment, error) {
	sh, err := s.readAny(ctx, id)
	if err == nil && !of.owns(sh.Org) {
		return nil, orNotFound(nil, "shipment", id)
	}
	return sh, err
}

// readAny reads a shipment. Mostly header and counters are one query; where corrections have made more versions than
// that one reads, the header and the counters of its own version are two.
func (s Shipments) readAny(ctx context.Context, id string) (*post.Shipment, error) {
	k := shipmentKey(id)
	items, err := s.table.Query(ctx, k.PK, "", "", 2*spread+1)
	if err != nil {
		return nil, err
	}
	if len(items) == 0 || items[len(items)-1].SK != headerSK { // the header is the last
		return s.getBig(ctx, id)
	}
	sh, err := s.header(ctx, items[len(items)-1])
	if err != nil {
		return nil, err
	}
	return sh, s.addCounts(ctx, sh, items[:len(items)-1])
}

// getBig reads a shipment that has more counters than one query reads.
func (s Shipments) getBig(ctx context.Context, id string) (*post.Shipment, error) {
	items, err := s.table.Get(ctx, shipmentKey(id))
	if err != nil || items[0] == nil {
		return nil, orNotFound(err, "shipment", id)
	}
	sh, err := s.header(ctx, items[0])
	if err != nil {
		return nil, err
	}
	counters, err := s.counters(ctx, id, sh.Version)
	if err != nil {
		return nil, err
	}
	return sh, s.addCounts(ctx, sh, counters)
}

func (s *Store) header(ctx context.Context, item *Item) (*post.Shipment, error) {
	sh, err := s.shipmentOf(item)
	if err != nil {
		return nil, s.unreadable(ctx, item)
	}
	return sh, s.addEdits(ctx, sh)
}

// counters returns the counters of a version. Those of the first one have those of all others among them.
func (s *Store) counters(ctx context.Context, shipment string, version int) ([]*Item, error) {
	const page = 100
	var all []*Item
	for after := ""; ; {
		items, err := s.table.Query(ctx, shipmentKey(shipment).PK, counterPrefix(version), after, page)
		if err != nil {
			return nil, err
		}
		all = append(all, slices.DeleteFunc(slices.Clone(items), func(i *Item) bool { return !counts(i, version) })...)
		if len(items) < page {
			return all, nil
		}
		after = items[page-1].SK
	}
}

// counts reports whether an item is a counter of a version.
func counts(item *Item, version int) bool {
	rest, ok := strings.CutPrefix(item.SK, counterPrefix(version))
	return ok && len(rest) == 1
}

func (s *Store) addCounts(ctx context.Context, sh *post.Shipment, items []*Item) error {
	for _, item := range items {
		switch {
		case !counts(item, sh.Version):
		case item.Broken: // without it nobody can say that the shipment is over
			return s.unreadable(ctx, item)
		default:
			addNumbers(&sh.Counts, item.Numbers)
		}
	}
	return nil
}

// newest returns a page of a list, newest first, and the cursor of the next.
func (s *Store) newest(ctx context.Context, pk, cursor string, limit int) ([]*Item, string, error) {
	items, err := s.table.QueryIndex(
		ctx,
		IndexQuery{Index: ListIndex, PK: pk, After: cursor, Down: true, Limit: limit + 1},
	)
	if err != nil || len(items) <= limit {
		return items, "", err
	}
	return items[:limit], items[limit-1].List.SK, nil
}

// List implements post.Shipments.
func (s Shipments) List(
	ctx context.Context,
	org string,
	seen post.Sight,
	cursor string,
	limit int,
) ([]*post.Shipment, string, error) {
	return s.Filtered(ctx, org, seen, post.ShipmentFilter{}, cursor, limit)
}

// Filtered implements post.Shipments.
func (s Shipments) Filtered(
	ctx context.Context,
	org string,
	seen post.Sight,
	f post.ShipmentFilter,
	cursor string,
	limit int,
) ([]*post.Shipment, string, error) {
	if cursor == "" && !f.Before.IsZero() {
		cursor = timeSK(f.Before)
	}
	var found []*post.Shipment
	for looked := 0; ; {
		items, next, err := s.newest(ctx, "O#"+org+"#S", cursor, limit)
		if err != nil {
			return nil, "", err
		}
		for i, item := range items {
			if stampOf(timeOf(item.List.SK)) < stampOf(f.From) { // the list goes down in time
				return found, "", nil
			}
			sh, err := s.taken(ctx, item, seen, f)
			if err != nil {
				return nil, "", err
			}
			if sh != nil {
				found = append(found, sh)
			}
			if len(found) == limit && i+1 < len(items) {
				next = item.List.SK
				break
			}
		}
		if looked += len(items); next == "" || len(found) == limit || looked >= listedMost {
			return found, next, nil
		}
		cursor = next
	}
}

// taken returns a listed shipment with its counts where somebody sees it and a filter takes it; nil for any other, and
// for one that is gone or cannot be read any more.
func (s Shipments) taken(ctx context.Context, item *Item, seen post.Sight, f post.ShipmentFilter) (
	*post.Shipment, error) {
	headers := readable(ctx, s.Store, []*Item{item}, s.shipmentOf)
	if len(headers) == 0 || !seen.Sees(headers[0].Area) {
		return nil, nil
	}
	opens := seen.Opens(headers[0].Area)
	if !f.IsZero() && (!opens || !f.TakesMade(headers[0])) { // whoever may not open it is not told what it is
		return nil, nil
	}
	all, err := s.counted(ctx, headers)
	if err != nil || len(all) == 0 || !f.TakesState(all[0]) {
		return nil, err
	}
	if !opens {
		all[0].Withhold()
	}
	return all[0], nil
}

// listedMost bounds how many shipments are looked through for one page of those that somebody sees.
const listedMost = 1000

// Due implements post.Shipments.
func (s Shipments) Due(ctx context.Context, by time.Time, limit int) ([]*post.Shipment, error) {
	headers, err := due(ctx, s.Store, shipmentsDuePK, by, limit, s.shipmentOf)
	if err != nil {
		return nil, err
	}
	return s.counted(ctx, headers)
}

// counted reads listed shipments with their counts. One that is gone, or cannot be read any more, is left out.
func (s Shipments) counted(ctx context.Context, headers []*post.Shipment) ([]*post.Shipment, error) {
	shipments := make([]*post.Shipment, 0, len(headers))
	for _, header := range headers {
		sh, err := s.GetAny(ctx, header.ID)
		if errors.Is(err, post.ErrUnreadable) || errors.Is(err, post.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		shipments = append(shipments, sh)
	}
	return shipments, nil
}

// Change implements post.Shipments.
func (s Shipments) Change(
	ctx context.Context,
	org, id string,
	change func(*post.Shipment) error,
) (*post.Shipment, error) {
	var sh *post.Shipment
	err := again(func() (err error) {
		if sh, err = s.Get(ctx, org, id); err != nil {
			return err
		}
		was, draft := sh.Unfinished(), sh.Drafted && sh.State == post.InReview
		if err := change(sh); err != nil {
			return unlessUnchanged(err)
		}
		item, err := s.shipmentItem(sh)
		if err != nil {
			return err
		}
		writes := []Write{{Put: item, If: IfRevision, Was: sh.Revision}}
		if !was && sh.Unfinished() {
			writes = append(writes, unfinished(sh.Org, sh.ID))
		}
		if draft && sh.State != post.InReview { // with the corrections that were read, and no other
			next := editKey(id, len(sh.Edits)+1)
			writes = append(writes, Write{Check: &next, If: IfMissing})
		}
		if err := s.table.Transact(ctx, writes...); err != nil {
			return fmt.Errorf("shipment %s: %w", id, err)
		}
		sh.Revision = item.Revision
		return nil
	})
	if err == nil && sh.Due.IsZero() && !sh.Unfinished() { // the end of it, mostly
		err = s.finished(ctx, sh)
	}
	return sh, err
}
