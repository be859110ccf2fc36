package store

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"brevdue/internal/post"
)

// pushedBody is a pushed message whose receipt is to follow.
type pushedBody struct {
	UUID   string             `json:"uuid"`
	Status post.ReceiptStatus `json:"status"`
	Since  stamp              `json:"since"`
	Over   bool               `json:"over,omitempty"`
}

const pushedPK = "PUSHED"

// pushedMost is how many receipts follow at a time.
const pushedMost = 500

func pushedKey(m post.PushedMemo) Key { return Key{pushedPK, m.Org + "#" + m.ID} }

// PutPushed implements post.PushedMemos.
func (s *Store) PutPushed(ctx context.Context, m post.PushedMemo) error {
	return s.put(ctx, pushedKey(m), pushedBody{m.UUID, m.Status, stampOf(m.Since), false},
		m.Since.Add(post.PushedFor), Always)
}

// PushedMemos implements post.PushedMemos.
func (s *Store) PushedMemos(ctx context.Context) ([]post.PushedMemo, error) {
	items, err := s.table.Query(ctx, pushedPK, "", "", pushedMost)
	if err != nil {
		return nil, err
	}
	return readable(ctx, s, waitingOnly(items), pushedOf), nil
}

func pushedOf(item *Item) (post.PushedMemo, error) {
	var b pushedBody
	if err := decode(item, &b); err != nil || b.UUID == "" {
		return post.PushedMemo{}, fmt.Errorf("pushed message %s: %w", item.SK, cmp.Or(err, errWrongItem))
	}
	org, id, _ := strings.Cut(item.SK, "#")
	return post.PushedMemo{Org: org, ID: id, UUID: b.UUID, Status: b.Status, Since: b.Since.time()}, nil
}

// DropPushed implements post.PushedMemos.
func (s *Store) DropPushed(ctx context.Context, m post.PushedMemo) error {
	return s.expire(ctx, pushedKey(m), pushedBody{m.UUID, m.Status, stampOf(m.Since), true})
}
