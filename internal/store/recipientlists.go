package store

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"brevdue/internal/post"
)

// recipientListBody is what a list of lists shows of one. Its recipients are an item of their own.
type recipientListBody struct {
	Name    string   `json:"name"`
	Area    areaBody `json:"area,omitzero"`
	By      string   `json:"by"`
	Changed stamp    `json:"changed"`
	Count   int      `json:"count"`
}

type savedRecipientBody struct {
	Number numberBody `json:"n"`
	Unit   string     `json:"u,omitempty"`
	Name   string     `json:"t,omitempty"`
}

// recipientsBody is the other item.
type recipientsBody struct {
	Recipients []savedRecipientBody `json:"recipients"`
}

const recipientListSK = "RECIPIENTS#"

func recipientListKey(org, id string) Key { return Key{"O#" + org, recipientListSK + id} }
func recipientsKey(org, id string) Key    { return Key{"O#" + org + "#R", id} }

// PutRecipientList implements post.RecipientLists.
func (s *Store) PutRecipientList(ctx context.Context, l *post.RecipientList) error {
	var all recipientsBody
	for _, r := range l.Recipients {
		all.Recipients = append(all.Recipients, savedRecipientBody{numberBody{r.Number}, r.Unit, r.Name})
	}
	if err := s.put(ctx, recipientsKey(l.Org, l.ID), all, time.Time{}, Always); err != nil {
		return err
	}
	return s.put(ctx, recipientListKey(l.Org, l.ID), recipientListBody{
		l.Name, areaBody(l.Area), l.By, stampOf(l.Changed), len(l.Recipients),
	}, time.Time{}, Always)
}

// RecipientLists implements post.RecipientLists.
func (s *Store) RecipientLists(ctx context.Context, org string, seen post.Sight) ([]post.RecipientList, error) {
	items, err := s.table.Query(ctx, "O#"+org, recipientListSK, "", post.RecipientListsMost)
	if err != nil {
		return nil, err
	}
	var all []post.RecipientList
	var errs []error
	for _, item := range items {
		var b recipientListBody
		if err := read(item, &b); err != nil {
			errs = append(errs, err)
			continue
		}
		if seen.Opens(post.Area(b.Area)) {
			all = append(all, b.list(org, item.SK[len(recipientListSK):]))
		}
	}
	slices.SortFunc(all, func(a, b post.RecipientList) int { return strings.Compare(a.Name, b.Name) })
	return all, errors.Join(errs...)
}

func (b recipientListBody) list(org, id string) post.RecipientList {
	return post.RecipientList{Org: org, ID: id, Name: b.Name, Area: post.Area(b.Area), By: b.By,
		Changed: b.Changed.time(), Count: b.Count}
}

// RecipientList implements post.RecipientLists.
func (s *Store) RecipientList(ctx context.Context, org, id string) (*post.RecipientList, error) {
	var head recipientListBody
	found, err := s.get(ctx, recipientListKey(org, id), &head)
	if err != nil || !found {
		return nil, orNotFound(err, "recipient list", id)
	}
	var all recipientsBody
	if _, err := s.get(ctx, recipientsKey(org, id), &all); err != nil {
		return nil, err
	}
	l := head.list(org, id)
	for _, r := range all.Recipients {
		l.Recipients = append(l.Recipients, post.ListedRecipient{Number: r.Number.Number, Unit: r.Unit, Name: r.Name})
	}
	l.Count = len(l.Recipients)
	return &l, nil
}

// RemoveRecipientList implements post.RecipientLists.
func (s *Store) RemoveRecipientList(ctx context.Context, org, id string) error {
	head, all := recipientListKey(org, id), recipientsKey(org, id)
	return s.table.Transact(ctx, Write{Delete: &head}, Write{Delete: &all})
}
