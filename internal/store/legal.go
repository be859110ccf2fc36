package store

import (
	"context"
	"errors"
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

// legalMost is how many are asked about at a time.
const legalMost = 1000

// PutLegalNotice implements post.LegalNotices.
func (s *Store) PutLegalNotice(ctx context.Context, n post.LegalNotice) error {
	return s.put(ctx, legalKey(n), legalBody{n.UUID, stampOf(n.Since), stampOf(n.Next)},
		n.Since.Add(post.LegalNoticesFor), Always)
}

// LegalNotices implements post.LegalNotices.
func (s *Store) LegalNotices(ctx context.Context) ([]post.LegalNotice, error) {
	items, err := s.table.Query(ctx, legalPK, "", "", legalMost)
	if err != nil {
		return nil, err
	}
	var all []post.LegalNotice
	var errs []error
	for _, item := range items {
		var b legalBody
		if err := read(item, &b); err != nil {
			errs = append(errs, err)
			continue
		}
		org, letter, _ := strings.Cut(item.SK, "#")
		all = append(all, post.LegalNotice{Org: org, Letter: post.LetterID(letter), UUID: b.UUID,
			Since: b.Since.time(), Next: b.Next.time()})
	}
	return all, errors.Join(errs...)
}

// DropLegalNotice implements post.LegalNotices.
func (s *Store) DropLegalNotice(ctx context.Context, n post.LegalNotice) error {
	k := legalKey(n)
	return s.table.Transact(ctx, Write{Delete: &k})
}
