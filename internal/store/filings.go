package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"brevdue/internal/post"
)

// filingBody is what lies of a letter in a case. Versions before this one wrote the first two fields alone.
type filingBody struct {
	Opened    stamp       `json:"opened"`
	Case      string      `json:"case"`
	Person    string      `json:"p,omitempty"`
	Concerns  string      `json:"b,omitempty"`
	Name      string      `json:"m,omitempty"`
	Documents []filedBody `json:"d,omitempty"`
	UUID      string      `json:"u,omitempty"`
	Message   string      `json:"s,omitempty"`
	Record    post.Object `json:"r,omitzero"`
}

type filedBody struct {
	Kind   post.DocumentKind `json:"k"`
	Name   string            `json:"n"`
	Type   string            `json:"t"`
	Object post.Object       `json:"o"`
}

// nameKeyPrefix begins the keys of names (keys.Name). Each has a partition of its own: names are many.
const nameKeyPrefix = "n-"

func filingKey(org, of string, letter post.LetterID) Key {
	return Key{filingPK(org, of), of + "#" + string(letter)}
}

func filingPK(org, of string) string {
	if strings.HasPrefix(of, nameKeyPrefix) {
		return "K#" + org + "#" + of
	}
	return "K#" + org
}

// File implements post.Cases. What lies in the case is written last: who finds it there finds it everywhere.
func (s *Store) File(ctx context.Context, f post.Filing) error {
	whole := filingBodyOf(f)
	name := filingBody{Opened: whole.Opened, Case: f.Case, Person: f.Person, Name: f.Name} // enough to choose by
	for _, key := range f.NameKeys {
		if err := s.file(ctx, f, key, name); err != nil {
			return err
		}
	}
	for i, of := range []string{f.Person, f.Concerns} {
		if of == "" || of == f.Case || i > 0 && of == f.Person {
			continue
		}
		if err := s.file(ctx, f, of, whole); err != nil {
			return err
		}
	}
	if f.Case == "" {
		return nil
	}
	return s.file(ctx, f, f.Case, whole)
}

func (s *Store) file(ctx context.Context, f post.Filing, of string, body filingBody) error {
	return s.putFiled(ctx, filingKey(f.Org, of, f.Letter), f.Org, body)
}

func (s *Store) putFiled(ctx context.Context, key Key, org string, body any) error {
	item, err := small(key, body, time.Time{})
	if err != nil {
		return err
	}
	item.Org = org
	return s.table.Transact(ctx, Write{Put: item})
}

func filingBodyOf(f post.Filing) filingBody {
	b := filingBody{Opened: stampOf(f.At), Case: f.Case, Person: f.Person, Concerns: f.Concerns, Name: f.Name,
		UUID:    f.UUID,
		Message: f.Message, Record: f.Record}
	for _, d := range f.Documents {
		b.Documents = append(b.Documents, filedBody(d))
	}
	return b
}

// filingOf reads what lies of a letter in a case. What cannot be read is said in it.
func filingOf(item *Item, org string, letter post.LetterID) (*post.Filing, error) {
	var b filingBody
	err := read(item, &b)
	if errors.Is(err, post.ErrUnreadable) {
		return &post.Filing{Org: org, Letter: letter, Damaged: true}, nil
	}
	f := &post.Filing{Org: org, Case: b.Case, Letter: letter, Person: b.Person, Concerns: b.Concerns, Name: b.Name,
		At:   b.Opened.time(),
		UUID: b.UUID, Message: b.Message, Record: b.Record}
	for _, d := range b.Documents {
		f.Documents = append(f.Documents, post.FiledDocument(d))
	}
	return f, err
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
		if found[i], err = filingOf(item, of[i].Org, of[i].Letter); err != nil {
			return nil, err
		}
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
	items, err := s.table.Query(ctx, filingPK(org, key), prefix, after, limit)
	if err != nil {
		return nil, "", err
	}
	for _, item := range items {
		at := strings.LastIndexByte(item.SK, '#')
		f, err := filingOf(item, org, post.LetterID(item.SK[at+1:]))
		if err != nil {
			return nil, "", err
		}
		if key != "" || f.Damaged || item.SK[:at] == f.Case { // the same stands under persons, too
			found = append(found, f)
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
