package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"brevdue/internal/post"
)

// legalBody is a legal notification whose recipient is not known to have been notified.
type legalBody struct {
	UUID  string `json:"uuid"`
	Since stamp  `json:"since"`
	Next  stamp  `json:"next"`
	Over  bool   `json:"over,omitempty"` // it does not wait any more, and is on its way out of the table
}

const legalPK = "LEGAL"

func legalKey(n post.LegalNotice) Key { return Key{legalPK, n.Org + "#" + string(n.Letter)} }

// legalPage is how many are read at a time.
const legalPage = 500

// PutLegalNotice implements post.LegalNotices.
func (s *Store) PutLegalNotice(ctx context.Context, n post.LegalNotice) error {
	return s.put(ctx, legalKey(n), legalBody{n.UUID, stampOf(n.Since), stampOf(n.Next), false},
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
		all = append(all, readable(ctx, s, waitingOnly(items), legalOf)...)
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
	return s.expire(ctx, legalKey(n), legalBody{n.UUID, stampOf(n.Since), stampOf(n.Next), true})
}

// expire takes an item that waits out of the table: it is marked, and gone within the table's time. The functions that
// do it need no right to delete.
func (s *Store) expire(ctx context.Context, k Key, over any) error {
	return s.put(ctx, k, over, time.Unix(1, 0), Always)
}

// waitingOnly are items that are not on their way out of the table.
func waitingOnly(items []*Item) []*Item {
	return slices.DeleteFunc(slices.Clone(items), func(i *Item) bool {
		var b struct {
			Over bool `json:"over"`
		}
		return json.Unmarshal(i.Body, &b) == nil && b.Over
	})
}
