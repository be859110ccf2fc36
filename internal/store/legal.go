package store

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"brevdue/internal/post"
)

// legalBody is a legal notification whose recipient is not known to have been notified.
type legalBody struct {
	UUID  string `json:"uuid"`
	Since stamp  `json:"since"`
	Next  stamp  `json:"next"`
}

const legalPK = "LEGAL"

func legalKey(n post.LegalNotice) Key { return Key{legalPK, n.Org + "#" + string(n.Letter)} }

// legalPage is how many are read at a time.
const legalPage = 500

// PutLegalNotice implements post.LegalNotices.
func (s *Store) PutLegalNotice(ctx context.Context, n post.LegalNotice) error {
	return s.put(ctx, legalKey(n), legalBody{n.UUID, stampOf(n.Since), stampOf(n.Next)},
		n.Since.Add(post.LegalNoticesFor), Always)
}

// LegalNotices implements post.LegalNotices.
func (s *Store) LegalNotices(ctx context.Context) ([]post.LegalNotice, error) {
	var all []post.LegalNotice
	for after := ""; ; {
		items, err := s.table.Query(ctx, legalPK, "", after, legalPage)
		if err != nil {
			return nil, err
		}
		all = append(all, readable(ctx, s, items, legalOf)...)
		if len(items) < legalPage {
			return all, nil
		}
		after = items[len(items)-1].SK
	}
}

func legalOf(item *Item) (post.LegalNotice, error) {
	var b legalBody
	if err := decode(item, &b); err != nil || b.UUID == "" {
		return post.LegalNotice{}, fmt.Errorf("legal notification %s: %w", item.SK, cmp.Or(err, errWrongItem))
	}
	org, letter, _ := strings.Cut(item.SK, "#")
	return post.LegalNotice{Org: org, Letter: post.LetterID(letter), UUID: b.UUID, Since: b.Since.time(),
		Next: b.Next.time()}, nil
}

// DropLegalNotice implements post.LegalNotices.
func (s *Store) DropLegalNotice(ctx context.Context, n post.LegalNotice) error {
	k := legalKey(n)
	return s.table.Transact(ctx, Write{Delete: &k})
}
