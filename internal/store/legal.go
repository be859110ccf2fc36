package store

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"brevdue/internal/post"
)

// legalBody is a legal notification whose recipient is not known to have been notified.
type legalBody struct {
	UUID  string `json:"uuid"`
	Since stamp  `json:"since"`
	Next  stamp  `json:"next"`
}

const (
	legalPK    = "LEGAL"
	legalDuePK = "D#LEGAL"
)

func legalItem(n post.LegalNotice, expires time.Time) (*Item, error) {
	k := Key{legalPK, n.Org + "#" + string(n.Letter)}
	return small(k, legalBody{n.UUID, stampOf(n.Since), stampOf(n.Next)}, expires)
}

// PutLegalNotice implements post.LegalNotices.
func (s *Store) PutLegalNotice(ctx context.Context, n post.LegalNotice) error {
	item, err := legalItem(n, n.Since.Add(post.LegalNoticesFor))
	if err != nil {
		return err
	}
	item.Due = dueKey(legalDuePK, n.Next, item.SK)
	return s.table.Transact(ctx, Write{Put: item})
}

// DueLegalNotices implements post.LegalNotices.
func (s *Store) DueLegalNotices(ctx context.Context, by time.Time, limit int) ([]post.LegalNotice, error) {
	return due(ctx, s, legalDuePK, by, limit, legalOf)
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

// DropLegalNotice implements post.LegalNotices: what stands in no index waits for nothing, and expires. Who does it
// needs no right to delete.
func (s *Store) DropLegalNotice(ctx context.Context, n post.LegalNotice) error {
	item, err := legalItem(n, n.Since) // not long ago: DynamoDB leaves alone what expired more than five years before
	if err != nil {
		return err
	}
	return s.table.Transact(ctx, Write{Put: item})
}
