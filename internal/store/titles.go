package store

import (
	"cmp"
	"context"
	"errors"

	"brevdue/internal/post"
)

// titledBody is a shipment, or a letter of it, that is found by a word of its subject.
type titledBody struct {
	At       stamp         `json:"a"`
	Shipment string        `json:"s"`
	Letter   post.LetterID `json:"l,omitempty"`
	Subject  string        `json:"t"`
}

// titlePK is the partition of a key: subjects are many.
func titlePK(org, key string) string { return "K#" + org + "#" + key }

// FileTitle implements post.Titles.
func (s *Store) FileTitle(ctx context.Context, t post.Titled) error {
	body := titledBody{At: stampOf(t.At), Shipment: t.Shipment, Letter: t.Letter, Subject: t.Subject}
	for _, key := range t.Keys {
		of := key + "#" + cmp.Or(string(t.Letter), t.Shipment)
		if err := s.putFiled(ctx, Key{titlePK(t.Org, key), of}, t.Org, body); err != nil {
			return err
		}
	}
	return nil
}

// TitledUnder implements post.Titles. What cannot be read is left out: it is found by its number, too.
func (s *Store) TitledUnder(ctx context.Context, org, key, after string, limit int) (
	found []post.Titled, next string, err error) {
	items, err := s.table.Query(ctx, titlePK(org, key), key+"#", after, limit)
	if err != nil {
		return nil, "", err
	}
	for _, item := range items {
		var b titledBody
		switch err := read(item, &b); {
		case errors.Is(err, post.ErrUnreadable):
		case err != nil:
			return nil, "", err
		default:
			found = append(found, post.Titled{Org: org, Shipment: b.Shipment, Letter: b.Letter, Subject: b.Subject,
				At: b.At.time()})
		}
	}
	if len(items) == limit {
		next = items[limit-1].SK
	}
	return found, next, nil
}
