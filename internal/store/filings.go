package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"brevdue/internal/post"
)

// filingBody is what lies of a letter in a case. Versions before this one wrote the first two fields alone.
type filingBody struct {
	Opened    stamp       `json:"opened"`
	Case      string      `json:"case"`
	Documents []filedBody `json:"d,omitempty"`
	Record    post.Object `json:"r,omitzero"`
	Name      string      `json:"m,omitempty"`
}

type filedBody struct {
	Kind   post.DocumentKind `json:"k"`
	Name   string            `json:"n"`
	Type   string            `json:"t"`
	Object post.Object       `json:"o"`
}

func filingKey(org, of string, letter post.LetterID) Key {
	return Key{"K#" + org, of + "#" + string(letter)}
}

// File implements post.Cases. Under a person who has no case of their own lies where the letter is.
func (s *Store) File(ctx context.Context, filings ...post.Filing) error {
	seen := map[Key]bool{}
	var items []*Item
	for _, f := range filings {
		whole := filingBodyOf(f)
		found := filingBody{Opened: whole.Opened, Case: f.Case, Name: f.Name} // under a name: enough to choose by
		for i, of := range append([]string{f.Case, f.Person}, f.NameKeys...) {
			k := filingKey(f.Org, of, f.Letter)
			if of == "" || seen[k] { // mostly a case is its person's
				continue
			}
			seen[k] = true
			what := whole
			if i > 1 {
				what = found
			}
			body, err := json.Marshal(what)
			if err != nil {
				return err
			}
			items = append(items, &Item{Key: k, Revision: 1, Body: body, Org: f.Org})
		}
	}
	// Each by itself: in a transaction it would cost twice as much.
	return s.runner.Run(ctx, len(items), 0, func(i int) error {
		return s.table.Transact(ctx, Write{Put: items[i]})
	})
}

func filingBodyOf(f post.Filing) filingBody {
	b := filingBody{Opened: stampOf(f.At), Case: f.Case, Record: f.Record, Name: f.Name}
	for _, d := range f.Documents {
		b.Documents = append(b.Documents, filedBody(d))
	}
	return b
}

func (b filingBody) filing(org string, letter post.LetterID) *post.Filing {
	f := &post.Filing{Org: org, Case: b.Case, Letter: letter, At: b.Opened.time(), Record: b.Record,
		Name: b.Name}
	for _, d := range b.Documents {
		f.Documents = append(f.Documents, post.FiledDocument(d))
	}
	return f
}

// Filed implements post.Cases.
func (s *Store) Filed(ctx context.Context, of ...post.Filing) ([]*post.Filing, error) {
	places := make([]Key, len(of))
	for i, f := range of {
		places[i] = filingKey(f.Org, f.Case, f.Letter)
	}
	items, err := s.table.Get(ctx, places...)
	if err != nil {
		return nil, err
	}
	found := make([]*post.Filing, len(of))
	for i, item := range items {
		if item == nil {
			continue
		}
		var b filingBody
		if err := json.Unmarshal(item.Body, &b); err != nil {
			return nil, fmt.Errorf("filing of %s: %w", of[i].Letter, err)
		}
		found[i] = b.filing(of[i].Org, of[i].Letter)
	}
	return found, nil
}

// FiledUnder implements post.Cases.
func (s *Store) FiledUnder(ctx context.Context, org, key, after string, limit int) (
	found []*post.Filing, next string, err error) {
	prefix := key + "#"
	if key == "" {
		prefix = ""
	}
	items, err := s.table.Query(ctx, "K#"+org, prefix, after, limit)
	if err != nil {
		return nil, "", err
	}
	for _, item := range items {
		var b filingBody
		if err := json.Unmarshal(item.Body, &b); err != nil {
			return nil, "", fmt.Errorf("filing %s: %w", item.SK, err)
		}
		at := strings.LastIndexByte(item.SK, '#')
		if key != "" || item.SK[:at] == b.Case { // the same stands under persons and names, too
			found = append(found, b.filing(org, post.LetterID(item.SK[at+1:])))
		}
	}
	if len(items) == limit {
		next = items[limit-1].SK
	}
	return found, next, nil
}

// LettersOf implements post.Cases.
func (s *Store) LettersOf(ctx context.Context, org, person string) ([]post.LetterID, error) {
	var ids []post.LetterID
	for after := ""; ; {
		items, err := s.table.Query(ctx, "K#"+org, person+"#", after, 100)
		if err != nil || len(items) == 0 {
			return ids, err
		}
		for _, item := range items {
			ids = append(ids, post.LetterID(item.SK[len(person)+1:]))
		}
		after = items[len(items)-1].SK
	}
}
