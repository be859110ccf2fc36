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

// shipmentBody is a shipment in the table, without its counts.
type shipmentBody struct {
	ID          string             `json:"id"`
	Org         string             `json:"org"`
	Subject     string             `json:"subject"`
	Sender      senderBody         `json:"sender"`
	Rule        post.Rule          `json:"rule"`
	Given       []numberBody       `json:"given,omitempty"`
	Parts       []post.Part        `json:"parts"`
	AllowReply  bool               `json:"allowReply,omitempty"`
	Case        string             `json:"case,omitempty"`
	Review      bool               `json:"review,omitempty"`
	Repeat      bool               `json:"repeat,omitempty"`
	Environment post.Environment   `json:"environment"`
	MeMo        post.MeMoVersion   `json:"memo"`
	By          string             `json:"by"`
	Created     stamp              `json:"created"`
	Own         []numberBody       `json:"own,omitempty"`
	Content     string             `json:"content,omitempty"`
	RemoveCPR   bool               `json:"removeCPR,omitempty"`
	Label       string             `json:"label,omitempty"`
	Begins      string             `json:"begins,omitempty"`
	NameList    *post.Part         `json:"nameList,omitempty"`
	Edits       []editBody         `json:"edits,omitempty"`
	Outline     string             `json:"outline,omitempty"`
	GivenUp     int                `json:"givenUp,omitempty"`
	State       post.ShipmentState `json:"state"`
	Sent        stamp              `json:"sent,omitempty"`
	Version     int                `json:"version,omitempty"`
	Pages       int                `json:"pages,omitempty"`
	Letters     int                `json:"letters,omitempty"`
	Findings    []post.Finding     `json:"findings,omitempty"`
	Problem     *problemBody       `json:"problem,omitempty"`
	Drafted     bool               `json:"drafted,omitempty"`
	Facts       *post.Object       `json:"facts,omitempty"`
	Window      time.Duration      `json:"window,omitempty"`
	Sends       int                `json:"sends,omitempty"`
	Frozen      int                `json:"frozen,omitempty"`
	Written     bool               `json:"written,omitempty"`
	Waiting     bool               `json:"waiting,omitempty"`
	SendAfter   stamp              `json:"sendAfter,omitempty"`
	Paused      bool               `json:"paused,omitempty"`
	PausedBy    string             `json:"pausedBy,omitempty"`
	Cancels     int                `json:"cancels,omitempty"`
	CancelledBy string             `json:"cancelledBy,omitempty"`
	FannedOut   bool               `json:"settled,omitempty"`
	Due         stamp              `json:"due,omitempty"`
}

type senderBody struct {
	Number numberBody `json:"number"`
	Name   string     `json:"name"`
}

func (st *Store) shipmentItem(s *post.Shipment) (*Item, error) {
	item := &Item{
		Key:      shipmentKey(s.ID),
		Revision: s.Revision + 1,
		List:     Key{"O#" + s.Org + "#S", timeSK(s.Created) + "#" + s.ID},
		Due:      dueKey(shipmentsDuePK, s.Due, s.ID),
	}
	return item, st.encode(item, s)
}

// shipmentBodyOf returns a shipment as it is stored, without its counts: those are items of their own. shipment is its
// inverse.
func shipmentBodyOf(s *post.Shipment) shipmentBody {
	edits := s.Edits
	if s.Drafted { // they are items of their own
		edits = nil
	}
	return shipmentBody{
		ID:      s.ID,
		Org:     s.Org,
		Subject: s.Subject,
		Sender: senderBody{numberBody{s.Sender.Number},
			s.Sender.Name},
		Rule:        s.Rule,
		Given:       numberBodies(s.TypedRecipients),
		Parts:       s.Parts,
		AllowReply:  s.AllowReply,
		Case:        s.Case,
		Review:      s.Review,
		Repeat:      s.AllowRepeat,
		Environment: s.Environment,
		MeMo:        s.MeMo,
		By:          s.By,
		Created:     stampOf(s.Created),
		Own:         numberBodies(s.OwnNumbers),
		State:       s.State,
		Sent:        stampOf(s.SentAt),
		Version:     s.Version,
		Pages:       s.Pages,
		Letters:     s.Letters,
		Findings:    s.Findings,
		Problem:     problemBodyOf(s.Problem),
		FannedOut:   s.FannedOut,
		Due:         stampOf(s.Due),
		RemoveCPR:   s.RemoveCPR,
		Label:       s.Label,
		Begins:      s.FirstPageText,
		NameList:    unlessEmpty(s.NameList),
		Edits:       editBodies(edits),
		Outline:     s.Outline,
		Content:     s.Content,
		GivenUp:     s.RemovedVersions,
		Drafted:     s.Drafted,
		Facts:       unlessEmpty(s.Facts),
		Window:      s.Window,
		Sends:       s.Sends,
		Frozen:      s.Frozen,
		Written:     s.Written,
		Waiting:     s.Waiting,
		SendAfter:   stampOf(s.SendAfter),
		Paused:      s.Paused,
		PausedBy:    s.PausedBy,
		Cancels:     s.Cancels,
		CancelledBy: s.CancelledBy,
	}
}

func (st *Store) shipmentOf(item *Item) (*post.Shipment, error) {
	s := &post.Shipment{}
	if err := st.decodeWord(item, s); err != nil {
		return nil, fmt.Errorf("shipment %s: %w", item.PK, err)
	}
	if shipmentKey(s.ID) != item.Key {
		return nil, fmt.Errorf("shipment %s: %w", item.PK, errWrongItem)
	}
	s.Revision = item.Revision
	return s, nil
}

// shipment returns the shipment that was stored.
func (b *shipmentBody) shipment() *post.Shipment {
	return &post.Shipment{
		ID:      b.ID,
		Org:     b.Org,
		Subject: b.Subject,
		Sender: post.Sender{Number: b.Sender.Number.Number,
			Name: b.Sender.Name},
		Rule:            b.Rule,
		TypedRecipients: plainNumbers(b.Given),
		Parts:           b.Parts,
		AllowReply:      b.AllowReply,
		Case:            b.Case,
		Review:          b.Review,
		AllowRepeat:     b.Repeat,
		Environment:     b.Environment,
		MeMo:            b.MeMo,
		By:              b.By,
		Created:         b.Created.time(),
		OwnNumbers:      plainNumbers(b.Own),
		State:           b.State,
		SentAt:          b.Sent.time(),
		Version:         b.Version,
		Pages:           b.Pages,
		Letters:         b.Letters,
		Findings:        b.Findings,
		Problem:         b.Problem.problem(),
		FannedOut:       b.FannedOut,
		Due:             b.Due.time(),
		RemoveCPR:       b.RemoveCPR,
		Label:           b.Label,
		FirstPageText:   b.Begins,
		NameList:        orEmpty(b.NameList),
		Edits:           plainEdits(b.Edits),
		Outline:         b.Outline,
		Content:         b.Content,
		RemovedVersions: b.GivenUp,
		Drafted:         b.Drafted,
		Facts:           orEmpty(b.Facts),
		Window:          b.Window,
		Sends:           b.Sends,
		Frozen:          b.Frozen,
		Written:         b.Written,
		Waiting:         b.Waiting,
		SendAfter:       b.SendAfter.time(),
		Paused:          b.Paused,
		PausedBy:        b.PausedBy,
		Cancels:         b.Cancels,
		CancelledBy:     b.CancelledBy,
	}
}

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
		known, readErr := s.Get(ctx, sh.ID)
		if readErr != nil || known.Org != sh.Org || known.By != sh.By || stampOf(known.Created) != stampOf(sh.Created) {
			return errors.Join(readErr, fmt.Errorf("shipment %s: %w", sh.ID, post.ErrExists))
		}
		err = nil
	}
	if err == nil {
		sh.Revision = item.Revision
	}
	return err
}

// Get implements post.Shipments. Mostly header and counters are one query; where corrections have made more versions
// than that one reads, the header and the counters of its own version are two.
func (s Shipments) Get(ctx context.Context, id string) (*post.Shipment, error) {
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
func (s Shipments) List(ctx context.Context, org, cursor string, limit int) ([]*post.Shipment, string, error) {
	items, next, err := s.newest(ctx, "O#"+org+"#S", cursor, limit)
	if err != nil {
		return nil, "", err
	}
	shipments, err := s.counted(ctx, readable(ctx, s.Store, items, s.shipmentOf))
	return shipments, next, err
}

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
		sh, err := s.Get(ctx, header.ID)
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
func (s Shipments) Change(ctx context.Context, id string, change func(*post.Shipment) error) (*post.Shipment, error) {
	var sh *post.Shipment
	err := again(func() (err error) {
		if sh, err = s.Get(ctx, id); err != nil {
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
