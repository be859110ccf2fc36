package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"brevdue/internal/post"
)

type inboxBody struct {
	ID       string          `json:"id"`
	Org      string          `json:"org"`
	From     numberBody      `json:"from,omitzero"`
	FromName string          `json:"fromName"`
	Subject  string          `json:"subject"`
	Sent     stamp           `json:"sent,omitempty"`
	Received stamp           `json:"received"`
	Files    []inboxFileBody `json:"files"`
	Raw      post.Object     `json:"raw"`
	Problem  *problemBody    `json:"problem,omitempty"`
}

type inboxFileBody struct {
	Name   string      `json:"name"`
	Type   string      `json:"type"`
	Object post.Object `json:"object"`
}

// Inbox is the part of a Store that keeps incoming post.
type Inbox struct{ *Store }

// Inbox returns the store's incoming post.
func (s *Store) Inbox() Inbox { return Inbox{s} }

func inboxKey(id string) Key { return Key{"I#" + id, headerSK} }

// Put implements post.Inbox.
func (s Inbox) Put(ctx context.Context, m *post.InboxMessage) error {
	item, err := inboxItem(m)
	if err != nil {
		return err
	}
	return unlessRefused(s.table.Transact(ctx, Write{Put: item, If: IfMissing}))
}

func inboxItem(m *post.InboxMessage) (*Item, error) {
	b := inboxBody{
		ID:       m.ID,
		Org:      m.Org,
		From:     numberBody{m.From},
		FromName: m.FromName,
		Subject:  m.Subject,
		Sent:     stampOf(m.Sent),
		Received: stampOf(m.Received),
		Raw:      m.Raw,
		Problem:  problemBodyOf(m.Problem),
	}
	for _, f := range m.Files {
		b.Files = append(b.Files, inboxFileBody(f))
	}
	body, err := json.Marshal(b)
	list := Key{"O#" + m.Org + "#I", timeSK(m.Received) + "#" + m.ID}
	return &Item{Key: inboxKey(m.ID), Revision: 1, Body: body, List: list, Org: cmp.Or(m.Org, Installation)}, err
}

// Get implements post.Inbox.
func (s Inbox) Get(ctx context.Context, org, id string) (*post.InboxMessage, error) {
	items, err := s.table.Get(ctx, inboxKey(id))
	if err != nil || items[0] == nil {
		return nil, orNotFound(err, "message", id)
	}
	m, err := inboxOf(items[0])
	if err != nil || !only(org).owns(m.Org) {
		return nil, orNotFound(err, "message", id)
	}
	return m, nil
}

// List implements post.Inbox.
func (s Inbox) List(ctx context.Context, org, cursor string, limit int) ([]*post.InboxMessage, string, error) {
	items, next, err := s.newest(ctx, "O#"+org+"#I", cursor, limit)
	if err != nil {
		return nil, "", err
	}
	return readable(ctx, s.Store, items, inboxOf), next, nil
}

func inboxOf(item *Item) (*post.InboxMessage, error) {
	var b inboxBody
	if err := decode(item, &b); err != nil {
		return nil, fmt.Errorf("message %s: %w", item.PK, err)
	}
	if inboxKey(b.ID) != item.Key {
		return nil, fmt.Errorf("message %s: %w", item.PK, errWrongItem)
	}
	m := &post.InboxMessage{
		ID:       b.ID,
		Org:      b.Org,
		From:     b.From.Number,
		FromName: b.FromName,
		Subject:  b.Subject,
		Sent:     b.Sent.time(),
		Received: b.Received.time(),
		Raw:      b.Raw,
		Problem:  b.Problem.problem(),
	}
	for _, f := range b.Files {
		m.Files = append(m.Files, post.InboxFile(f))
	}
	return m, nil
}
