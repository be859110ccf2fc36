package store

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"brevdue/internal/post"
)

// pushedBody is a pushed message whose receipt is to follow.
type pushedBody struct {
	UUID   string             `json:"uuid"`
	Status post.ReceiptStatus `json:"status"`
	Since  stamp              `json:"since"`
}

const (
	pushedPK    = "PUSHED"
	pushedDuePK = "D#PUSHED"
)

func pushedItem(m post.PushedMemo, expires time.Time) (*Item, error) {
	return small(Key{pushedPK, m.Org + "#" + m.ID}, pushedBody{m.UUID, m.Status, stampOf(m.Since)}, expires)
}

// PutPushed implements post.PushedMemos.
func (s *Store) PutPushed(ctx context.Context, m post.PushedMemo) error {
	item, err := pushedItem(m, m.Since.Add(post.PushedFor))
	if err != nil {
		return err
	}
	item.Due = dueKey(pushedDuePK, m.Since, item.SK)
	return s.table.Transact(ctx, Write{Put: item})
}

// DuePushedMemos implements post.PushedMemos.
func (s *Store) DuePushedMemos(ctx context.Context, by time.Time, limit int) ([]post.PushedMemo, error) {
	return due(ctx, s, pushedDuePK, by, limit, pushedOf)
}

func pushedOf(item *Item) (post.PushedMemo, error) {
	var b pushedBody
	if err := decode(item, &b); err != nil || b.UUID == "" {
		return post.PushedMemo{}, fmt.Errorf("pushed message %s: %w", item.SK, cmp.Or(err, errWrongItem))
	}
	org, id, _ := strings.Cut(item.SK, "#")
	return post.PushedMemo{Org: org, ID: id, UUID: b.UUID, Status: b.Status, Since: b.Since.time()}, nil
}

// DropPushed implements post.PushedMemos, as DropLegalNotice does.
func (s *Store) DropPushed(ctx context.Context, m post.PushedMemo) error {
	item, err := pushedItem(m, m.Since)
	if err != nil {
		return err
	}
	return s.table.Transact(ctx, Write{Put: item})
}
