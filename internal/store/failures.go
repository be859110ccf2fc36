package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"brevdue/internal/post"
)

type failureBody struct {
	Org       string        `json:"org"`
	Shipment  string        `json:"shipment,omitempty"`
	Letter    post.LetterID `json:"letter,omitempty"`
	Subject   string        `json:"subject,omitempty"`
	Pages     [2]int        `json:"pages"`
	Recipient string        `json:"recipient,omitempty"` // masked
	Problem   problemBody   `json:"problem"`
	Since     stamp         `json:"since"`
	Queue     post.Queue    `json:"queue,omitempty"`
	Message   string        `json:"message,omitempty"`
	Raw       string        `json:"raw,omitempty"`
	Dismissed string        `json:"dismissed,omitempty"`
	By        string        `json:"by,omitempty"`
	Closed    stamp         `json:"closed,omitempty"`
}

func (s *Store) failureItem(f *post.Failure) (*Item, error) {
	item := &Item{Key: failureKey(f.Key()), Revision: 1}
	if f.Closed.IsZero() {
		item.List = Key{"O#" + f.Org + "#U", strings.Join([]string{string(f.Problem.Code), timeSK(f.Since), f.Shipment, string(f.Letter) + f.Key().Message}, "#")}
	}
	kept := *f
	return item, s.carry(item, &kept, func() any { return failureBodyOf(f) })
}

func failureBodyOf(f *post.Failure) failureBody {
	b := failureBody{Org: f.Org, Shipment: f.Shipment, Letter: f.Letter, Subject: f.Subject, Pages: f.Pages, Recipient: f.Recipient,
		Problem: *problemBodyOf(&f.Problem), Since: stampOf(f.Since), Dismissed: f.Dismissed, By: f.By, Closed: stampOf(f.Closed)}
	if f.Message != nil {
		b.Queue, b.Message, b.Raw = f.Message.Queue, f.Message.ID, f.Message.Body
	}
	return b
}

func failureOf(item *Item) (*post.Failure, error) {
	if kept, ok := item.Word.(*post.Failure); ok {
		f := *kept
		return &f, nil
	}
	var b failureBody
	if err := json.Unmarshal(item.Body, &b); err != nil {
		return nil, fmt.Errorf("failure %s %s: %w", item.PK, item.SK, err)
	}
	f := &post.Failure{Org: b.Org, Shipment: b.Shipment, Letter: b.Letter, Subject: b.Subject, Pages: b.Pages, Recipient: b.Recipient,
		Problem: *b.Problem.problem(), Since: b.Since.time(), Dismissed: b.Dismissed, By: b.By, Closed: b.Closed.time()}
	if b.Message != "" {
		f.Message = &post.DeadMessage{Queue: b.Queue, ID: b.Message, Body: b.Raw}
	}
	return f, nil
}

// Failures is the part of a Store that keeps the rows of Ubehandlet.
type Failures struct{ *Store }

// Failures returns the store's failures.
func (s *Store) Failures() Failures { return Failures{s} }

// Put implements post.Failures.
func (s Failures) Put(ctx context.Context, f *post.Failure) error {
	item, err := s.failureItem(f)
	if err != nil {
		return err
	}
	err = s.table.Transact(ctx, inPlaceOf(nil, item)) // mostly there is none yet
	if !refused(err) {
		return err
	}
	return s.change(ctx, item.Key, func(old *Item) (*Item, error) {
		if old == nil {
			return item, nil
		}
		known, err := failureOf(old)
		if err != nil {
			return nil, err
		}
		if known.Closed.IsZero() && stampOf(known.Since) == stampOf(f.Since) {
			return nil, post.Unchanged
		}
		return item, nil
	})
}

// List implements post.Failures. Rows of one shipment are one query of its partition, all others of the index.
func (s Failures) List(ctx context.Context, org string, filter post.FailureFilter, cursor string, limit int) ([]*post.Failure, string, error) {
	var rows []*post.Failure
	for len(rows) <= limit {
		items, err := s.some(ctx, org, filter, cursor, limit+1)
		if err != nil || len(items) == 0 {
			return rows, "", err
		}
		for _, item := range items {
			f, err := failureOf(item)
			if err != nil {
				return nil, "", err
			}
			if len(rows) == limit && matches(f, org, filter) {
				return rows, cursor, nil
			}
			cursor = item.List.SK
			if filter.Shipment != "" || filter.Message != "" {
				cursor = item.SK
			}
			if matches(f, org, filter) {
				rows = append(rows, f)
			}
		}
	}
	return rows, cursor, nil
}

func matches(f *post.Failure, org string, filter post.FailureFilter) bool {
	return f.Closed.IsZero() && f.Org == org && (filter.Code == "" || f.Problem.Code == filter.Code) &&
		(filter.Letter == "" || f.Letter == filter.Letter) &&
		(filter.Message == "" || f.Message != nil && f.Message.ID == filter.Message)
}

func (s Failures) some(ctx context.Context, org string, filter post.FailureFilter, cursor string, limit int) ([]*Item, error) {
	if filter.Message != "" {
		return s.table.Query(ctx, failureKey(post.FailureKey{}).PK, filter.Message+"#", cursor, limit)
	}
	if filter.Shipment != "" {
		prefix := ""
		if filter.Letter != "" {
			prefix = string(filter.Letter) + "#"
		}
		return s.table.Query(ctx, "F#"+filter.Shipment, prefix, cursor, limit)
	}
	prefix := ""
	if filter.Code != "" {
		prefix = string(filter.Code) + "#"
	}
	return s.table.Look(ctx, LookUp{Index: ListIndex, PK: "O#" + org + "#U", Prefix: prefix, After: cursor, Limit: limit})
}

// Close implements post.Failures.
func (s Failures) Close(ctx context.Context, row *post.Failure, reason, by string, at time.Time) error {
	return s.change(ctx, failureKey(row.Key()), func(old *Item) (*Item, error) {
		if old == nil {
			return nil, post.Unchanged
		}
		f, err := failureOf(old)
		if err != nil {
			return nil, err
		}
		if !f.Closed.IsZero() || stampOf(f.Since) != stampOf(row.Since) {
			return nil, post.Unchanged
		}
		f.Dismissed, f.By, f.Closed = reason, by, at
		return s.failureItem(f)
	})
}
