package store

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"brevdue/internal/post"
)

// transferBody is what has come of a letter in an archive outside Brevdue.
type transferBody struct {
	Letter    post.LetterID        `json:"l"`
	Archive   string               `json:"a"`
	Person    string               `json:"p"`
	State     post.TransferState   `json:"s,omitempty"`
	Given     string               `json:"g,omitempty"`
	Case      post.CaseRef         `json:"c,omitzero"`
	Steps     map[string]post.Step `json:"d,omitempty"`
	Tries     int                  `json:"n,omitempty"`
	Since     stamp                `json:"f,omitempty"`
	Problem   *problemBody         `json:"w,omitempty"`
	Failed    stamp                `json:"x,omitempty"`
	Inspected stamp                `json:"k,omitempty"`
	Reported  bool                 `json:"r,omitempty"`
	Lease     post.Lease           `json:"h,omitzero"`
	Wakes     int                  `json:"m,omitempty"`
	Due       stamp                `json:"u,omitempty"`
}

// transferCaseBody is what is known of a case in an archive outside Brevdue.
type transferCaseBody struct {
	Ref   post.CaseRef `json:"r,omitzero"`
	At    stamp        `json:"t,omitempty"`
	Step  post.Step    `json:"s,omitzero"`
	Lease post.Lease   `json:"h,omitzero"`
}

const transfersDuePK = "D#TRANSFERS"

func transferPK(org string, letter post.LetterID) string { return "C#" + org + "#" + string(letter) }

func transferKey(org string, k post.TransferKey) Key {
	return Key{transferPK(org, k.Letter), k.Archive + "#" + k.Person}
}

// transferCaseKey spreads cases: each person has one.
func transferCaseKey(org, archive, key string) Key {
	return Key{"C#" + org + "#" + archive + "#" + key, headerSK}
}

func transferItem(t *post.Transfer) (*Item, error) {
	k := transferKey(t.Org, t.Key())
	b := transferBody{t.Letter, t.Archive, t.Person, t.State, t.Given, t.Case, t.Steps, t.Tries,
		stampOf(t.Since), problemBodyOf(t.Problem), stampOf(t.Failed), stampOf(t.Inspected), t.Reported, t.Lease,
		t.Wakes, stampOf(t.Due)}
	item, err := small(k, b, time.Time{})
	if err != nil {
		return nil, err
	}
	item.Due = dueKey(transfersDuePK, t.Due, t.Org+"#"+string(t.Letter)+"#"+k.SK)
	return item, nil
}

func transferOf(item *Item) (*post.Transfer, error) {
	var b transferBody
	if err := decode(item, &b); err != nil || b.Letter == "" {
		return nil, fmt.Errorf("transfer %s %s: %w", item.PK, item.SK, cmp.Or(err, errWrongItem))
	}
	org, _, _ := strings.Cut(strings.TrimPrefix(item.PK, "C#"), "#")
	return &post.Transfer{Org: org, Letter: b.Letter, Archive: b.Archive, Person: b.Person, State: b.State,
		Given: b.Given, Case: b.Case, Steps: b.Steps, Tries: b.Tries, Since: b.Since.time(),
		Problem:   b.Problem.problem(),
		Failed:    b.Failed.time(),
		Inspected: b.Inspected.time(), Reported: b.Reported, Lease: b.Lease, Wakes: b.Wakes,
		Due: b.Due.time(), Revision: item.Revision}, nil
}

// transfersMost is how many a letter has at most: archives, and whom it was for.
const transfersMost = 100

// Transfers implements post.Transfers.
func (s *Store) Transfers(ctx context.Context, org string, letter post.LetterID) ([]*post.Transfer, error) {
	items, err := s.table.Query(ctx, transferPK(org, letter), "", "", transfersMost)
	if err != nil {
		return nil, err
	}
	all := make([]*post.Transfer, len(items))
	for i, item := range items {
		if all[i], err = transferOf(item); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// ChangeTransfer implements post.Transfers.
func (s *Store) ChangeTransfer(ctx context.Context, org string, k post.TransferKey,
	change func(*post.Transfer) error) (t *post.Transfer, err error) {
	err = s.change(ctx, transferKey(org, k), func(old *Item) (*Item, error) {
		t = &post.Transfer{Org: org, Letter: k.Letter, Archive: k.Archive, Person: k.Person}
		if old != nil {
			if t, err = transferOf(old); err != nil {
				return nil, err
			}
		}
		if err := change(t); err != nil {
			return nil, err
		}
		return transferItem(t)
	})
	return t, err
}

// DueTransfers implements post.Transfers.
func (s *Store) DueTransfers(ctx context.Context, by time.Time, limit int) ([]*post.Transfer, error) {
	return due(ctx, s, transfersDuePK, by, limit, transferOf)
}

// ChangeTransferCase implements post.Transfers.
func (s *Store) ChangeTransferCase(ctx context.Context, org, archive, key string,
	change func(*post.TransferCase) error) (c *post.TransferCase, err error) {
	k := transferCaseKey(org, archive, key)
	err = s.change(ctx, k, func(old *Item) (*Item, error) {
		var b transferCaseBody
		if err := read(old, &b); err != nil {
			return nil, err
		}
		c = &post.TransferCase{Org: org, Archive: archive, Key: key, Ref: b.Ref, At: b.At.time(), Step: b.Step,
			Lease: b.Lease}
		if err := change(c); err != nil {
			return nil, err
		}
		return small(k, transferCaseBody{c.Ref, stampOf(c.At), c.Step, c.Lease}, time.Time{})
	})
	return c, err
}
