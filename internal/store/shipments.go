package store

import (
	"context"
	"encoding/json"
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
	RemoveCPR   bool               `json:"removeCPR,omitempty"`
	Label       string             `json:"label,omitempty"`
	Begins      string             `json:"begins,omitempty"`
	NameList    *post.Part         `json:"nameList,omitempty"`
	Edits       []editBody         `json:"edits,omitempty"`
	Outline     string             `json:"outline,omitempty"`
	State       post.ShipmentState `json:"state"`
	Sent        stamp              `json:"sent,omitempty"`
	Version     int                `json:"version,omitempty"`
	Pages       int                `json:"pages,omitempty"`
	Letters     int                `json:"letters,omitempty"`
	Findings    []post.Finding     `json:"findings,omitempty"`
	Problem     *problemBody       `json:"problem,omitempty"`
	Settled     bool               `json:"settled,omitempty"`
	Due         stamp              `json:"due,omitempty"`
}

type senderBody struct {
	Number numberBody `json:"number"`
	Name   string     `json:"name"`
}

func (st *Store) shipmentItem(s *post.Shipment) (*Item, error) {
	item := &Item{
		Key: shipmentKey(s.ID), Revision: s.Revision + 1,
		List: Key{"O#" + s.Org + "#S", timeSK(s.Created) + "#" + s.ID},
		Due:  dueKey(shipmentsDuePK, s.Due, s.ID),
	}
	return item, st.carry(item, cloneShipment(s), func() any { return shipmentBodyOf(s) })
}

func cloneShipment(s *post.Shipment) *post.Shipment {
	c := *s
	c.Counts = post.Counts{}
	c.Parts, c.Findings, c.Edits = slices.Clone(s.Parts), slices.Clone(s.Findings), slices.Clone(s.Edits)
	if s.Problem != nil {
		p := *s.Problem
		c.Problem = &p
	}
	return &c
}

func shipmentBodyOf(s *post.Shipment) shipmentBody {
	return shipmentBody{
		ID: s.ID, Org: s.Org, Subject: s.Subject, Sender: senderBody{numberBody{s.Sender.Number}, s.Sender.Name}, Rule: s.Rule,
		Given: numberBodies(s.Given), Parts: s.Parts, AllowReply: s.AllowReply, Case: s.Case, Review: s.Review, Repeat: s.Repeat,
		Environment: s.Environment, MeMo: s.MeMo, By: s.By, Created: stampOf(s.Created), Own: numberBodies(s.Own), State: s.State, Sent: stampOf(s.Sent),
		Version: s.Version, Pages: s.Pages, Letters: s.Letters, Findings: s.Findings, Problem: problemBodyOf(s.Problem), Settled: s.Settled, Due: stampOf(s.Due),
		RemoveCPR: s.RemoveCPR, Label: s.Label, Begins: s.Begins, NameList: unlessEmpty(s.NameList), Edits: editBodies(s.Edits), Outline: s.Outline,
	}
}

func shipmentOf(item *Item) (*post.Shipment, error) {
	if kept, ok := item.Word.(*post.Shipment); ok {
		s := cloneShipment(kept)
		s.Revision = item.Revision
		return s, nil
	}
	var b shipmentBody
	if err := json.Unmarshal(item.Body, &b); err != nil {
		return nil, fmt.Errorf("shipment %s: %w", item.PK, err)
	}
	return &post.Shipment{
		ID: b.ID, Org: b.Org, Subject: b.Subject, Sender: post.Sender{Number: b.Sender.Number.Number, Name: b.Sender.Name}, Rule: b.Rule,
		Given: plainNumbers(b.Given), Parts: b.Parts, AllowReply: b.AllowReply, Case: b.Case, Review: b.Review, Repeat: b.Repeat,
		Environment: b.Environment, MeMo: b.MeMo, By: b.By, Created: b.Created.time(), Own: plainNumbers(b.Own), State: b.State, Sent: b.Sent.time(),
		Version: b.Version, Pages: b.Pages, Letters: b.Letters, Findings: b.Findings, Problem: b.Problem.problem(), Settled: b.Settled, Due: b.Due.time(),
		RemoveCPR: b.RemoveCPR, Label: b.Label, Begins: b.Begins, NameList: orEmpty(b.NameList), Edits: plainEdits(b.Edits), Outline: b.Outline,
		Revision: item.Revision,
	}, nil
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
	err = s.table.Transact(ctx, Write{Put: item, If: IfMissing})
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

// splitsRead bounds how many versions of a split are read with a shipment.
const splitsRead = 50

// Get implements post.Shipments: the header and the counters are one query.
func (s Shipments) Get(ctx context.Context, id string) (*post.Shipment, error) {
	items, err := s.table.Query(ctx, shipmentKey(id).PK, "", "", splitsRead*spread+1)
	if err != nil {
		return nil, err
	}
	if len(items) == 0 || items[len(items)-1].SK != headerSK { // the header is the last
		return nil, fmt.Errorf("shipment %s: %w", id, post.ErrNotFound)
	}
	sh, err := shipmentOf(items[len(items)-1])
	if err != nil {
		return nil, err
	}
	own := counterPrefix(sh.Version)
	for _, item := range items[:len(items)-1] {
		if rest, ok := strings.CutPrefix(item.SK, own); ok && len(rest) == 1 {
			addNumbers(&sh.Counts, item.Numbers)
		}
	}
	return sh, nil
}

// newest returns a page of a list, newest first, and the cursor of the next.
func (s *Store) newest(ctx context.Context, pk, cursor string, limit int) ([]*Item, string, error) {
	items, err := s.table.Look(ctx, LookUp{Index: ListIndex, PK: pk, After: cursor, Down: true, Limit: limit + 1})
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
	shipments, err := s.withCounts(ctx, items)
	return shipments, next, err
}

// Due implements post.Shipments.
func (s Shipments) Due(ctx context.Context, by time.Time, limit int) ([]*post.Shipment, error) {
	items, err := s.table.Look(ctx, LookUp{Index: DueIndex, PK: shipmentsDuePK, UpTo: timeSK(by) + "~", Limit: limit})
	if err != nil {
		return nil, err
	}
	return s.withCounts(ctx, items)
}

func (s Shipments) withCounts(ctx context.Context, items []*Item) ([]*post.Shipment, error) {
	shipments := make([]*post.Shipment, 0, len(items))
	for _, item := range items {
		sh, err := s.Get(ctx, strings.TrimPrefix(item.PK, "S#"))
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
		if err := change(sh); err != nil {
			return unlessUnchanged(err)
		}
		item, err := s.shipmentItem(sh)
		if err != nil {
			return err
		}
		if err := s.table.Transact(ctx, Write{Put: item, If: IfRevision, Was: sh.Revision}); err != nil {
			return fmt.Errorf("shipment %s: %w", id, err)
		}
		sh.Revision = item.Revision
		return nil
	})
	return sh, err
}
