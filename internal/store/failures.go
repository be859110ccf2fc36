package store

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"brevdue/internal/post"
)

type failureBody struct {
	Org       string        `json:"org"`
	Area      areaBody      `json:"area,omitzero"`
	Shipment  string        `json:"shipment,omitempty"`
	Letter    post.LetterID `json:"letter,omitempty"`
	Number    int           `json:"number,omitempty"`
	Subject   string        `json:"subject,omitempty"`
	Pages     [2]int        `json:"pages"`
	Archive   string        `json:"archive,omitempty"`
	Recipient string        `json:"recipient,omitempty"` // masked
	Problem   problemBody   `json:"problem"`
	Since     stamp         `json:"since"`
	Shown     stamp         `json:"shown,omitempty"`
	Queue     post.Queue    `json:"queue,omitempty"`
	Message   string        `json:"message,omitempty"`
	Raw       string        `json:"raw,omitempty"`
	Dismissed string        `json:"dismissed,omitempty"`
	By        string        `json:"by,omitempty"`
	Closed    stamp         `json:"closed,omitempty"`
}

func (s *Store) failureItem(f *post.Failure) (*Item, error) {
	item := &Item{Key: failureKey(f.Key()), Revision: 1, Org: cmp.Or(f.Org, Installation)}
	if f.Closed.IsZero() {
		item.List = Key{
			"O#" + f.Org + "#U",
			strings.Join(
				[]string{string(f.Problem.Code), timeSK(f.Since), f.Shipment,
					string(f.Letter) + f.Key().Message + f.Archive},
				"#",
			),
		}
	}
	return item, s.encode(item, f)
}

func failureBodyOf(f *post.Failure) failureBody {
	b := failureBody{
		Org:       f.Org,
		Area:      areaBody(f.Area),
		Shipment:  f.Shipment,
		Letter:    f.Letter,
		Number:    f.Number,
		Subject:   f.Subject,
		Pages:     f.Pages,
		Archive:   f.Archive,
		Recipient: f.Recipient,
		Problem:   *problemBodyOf(&f.Problem),
		Since:     stampOf(f.Since),
		Shown:     stampOf(f.Shown),
		Dismissed: f.Dismissed,
		By:        f.By,
		Closed:    stampOf(f.Closed),
	}
	if f.Message != nil {
		b.Queue, b.Message, b.Raw = f.Message.Queue, f.Message.ID, f.Message.Body
	}
	return b
}

func (s *Store) failureOf(item *Item) (*post.Failure, error) {
	f := &post.Failure{}
	if err := s.decodeWord(item, f); err != nil {
		return nil, fmt.Errorf("failure %s %s: %w", item.PK, item.SK, err)
	}
	if failureKey(f.Key()) != item.Key {
		return nil, fmt.Errorf("failure %s %s: %w", item.PK, item.SK, errWrongItem)
	}
	return f, nil
}

func (b *failureBody) failure() *post.Failure {
	f := &post.Failure{
		Org:       b.Org,
		Area:      post.Area(b.Area),
		Shipment:  b.Shipment,
		Letter:    b.Letter,
		Number:    b.Number,
		Subject:   b.Subject,
		Pages:     b.Pages,
		Archive:   b.Archive,
		Recipient: b.Recipient,
		Problem:   *b.Problem.problem(),
		Since:     b.Since.time(),
		Shown:     b.Shown.time(),
		Dismissed: b.Dismissed,
		By:        b.By,
		Closed:    b.Closed.time(),
	}
	if b.Message != "" {
		f.Message = &post.DeadMessage{Queue: b.Queue, ID: b.Message, Body: b.Raw}
	}
	return f
}

// Failures is the part of a Store that keeps the rows of Ubehandlet.
type Failures struct{ *Store }

// Failures returns the store's failures.
func (s *Store) Failures() Failures { return Failures{s} }

// Put implements post.Failures.
func (s Failures) Put(ctx context.Context, f *post.Failure, of *post.Letter) error {
	item, err := s.failureItem(f)
	if err != nil {
		return err
	}
	var checks []Write
	if of != nil {
		k, err := letterKey(of.ID)
		if err != nil {
			return err
		}
		checks = []Write{{Check: &k, If: IfRevision, Was: of.Revision}}
	}
	err = s.table.Transact(ctx, append(checks, inPlaceOf(nil, item))...) // mostly there is none yet
	for n := 0; refused(err) && n < tries; n++ {
		if len(checks) > 0 && refusedFor(err, *checks[0].Check) {
			return fmt.Errorf("letter %s: %w", of.ID, post.ErrOvertaken)
		}
		old, err2 := s.table.Get(ctx, item.Key)
		if err2 != nil || old[0] != nil && !s.opensAnew(old[0], f) {
			return err2
		}
		err = s.table.Transact(ctx, append(checks, inPlaceOf(old[0], item))...)
	}
	return err
}

// opensAnew reports whether a row takes the place of the one that is there. One that cannot be read is shown again.
func (s Failures) opensAnew(old *Item, f *post.Failure) bool {
	known, err := s.failureOf(old)
	return err != nil || stampOf(known.Since) != stampOf(f.Since) ||
		!known.Closed.IsZero() && known.Dismissed == ""
}

// List implements post.Failures. Rows of one shipment are one query of its partition, all others of the index.
func (s Failures) List(
	ctx context.Context,
	org string,
	filter post.FailureFilter,
	cursor string,
	limit int,
) ([]*post.Failure, string, error) {
	var rows []*post.Failure
	for len(rows) <= limit {
		items, err := s.some(ctx, org, filter, cursor, limit+1)
		if err != nil || len(items) == 0 {
			return rows, "", err
		}
		for _, item := range items {
			f, err := s.failureOf(item)
			if err != nil { // a row of its own says so, which comes with the next list
				f = &post.Failure{Closed: s.now()}
				_ = s.unreadable(ctx, item) // logged there
			}
			if len(rows) == limit && matches(f, org, filter) {
				return rows, cursor, nil
			}
			cursor = item.List.SK
			if filter.Shipment != "" || filter.Message != "" {
				cursor = item.SK
			}
			if f.Cursor = cursor; matches(f, org, filter) {
				rows = append(rows, f)
			}
		}
	}
	return rows, cursor, nil
}

func matches(f *post.Failure, org string, filter post.FailureFilter) bool {
	return f.Closed.IsZero() && f.Org == org && (filter.Code == "" || f.Problem.Code == filter.Code) &&
		(filter.Letter == "" || f.Letter == filter.Letter) && filter.Seen.Handles(f.Area) &&
		(filter.Archive == "" || cmp.Or(f.Archive, post.BuiltInArchive) == filter.Archive) &&
		(filter.Message == "" || f.Message != nil && f.Message.ID == filter.Message)
}

// some returns a page of items that may match: of a shipment or a message from their own partition, of an organization
// from the list index, where rows stand by code and time.
func (s Failures) some(
	ctx context.Context,
	org string,
	filter post.FailureFilter,
	cursor string,
	limit int,
) ([]*Item, error) {
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
	return s.table.QueryIndex(
		ctx,
		IndexQuery{Index: ListIndex, PK: "O#" + org + "#U", Prefix: prefix, After: cursor, Limit: limit},
	)
}

// Close implements post.Failures.
func (s Failures) Close(ctx context.Context, row *post.Failure, reason, by string, at time.Time) error {
	return s.change(ctx, failureKey(row.Key()), func(old *Item) (*Item, error) {
		if old == nil {
			return nil, post.ErrUnchanged
		}
		f, err := s.failureOf(old)
		if err != nil {
			return nil, err
		}
		if !only(row.Org).owns(f.Org) {
			return nil, orNotFound(nil, "row of", f.Shipment)
		}
		if !f.Closed.IsZero() || stampOf(f.Since) != stampOf(row.Since) {
			return nil, post.ErrUnchanged
		}
		f.Dismissed, f.By, f.Closed = reason, by, at
		return s.failureItem(f)
	})
}
