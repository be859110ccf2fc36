package store

import (
	"context"
	"errors"
	"slices"

	"brevdue/internal/post"
)

// The backlog of an organization names its shipments that may be unfinished, so that nobody has to look through all
// that it ever sent. A name is written in the transaction that makes the shipment, or that gives it work again; it is
// taken out when somebody finds that nothing waits any more. Its revision tells whether work has come meanwhile.

func backlogPK(org string) string { return "B#" + org }

// backlogWhole says that everything of before the backlog was kept has been put into it. It sorts before all names.
const backlogWhole = "!"

func backlogKey(org, shipment string) Key { return Key{backlogPK(org), shipment} }

// unfinished is the write that puts a shipment into the backlog.
func unfinished(org, shipment string) Write {
	return Write{Add: &Item{Key: backlogKey(org, shipment), Numbers: map[string]int64{"times": 1}}}
}

// reopened returns the writes for shipments whose letters have work again, each once.
func reopened(before, after *post.Letter, writes []Write) []Write {
	if before.Unfinished() || !after.Unfinished() {
		return writes
	}
	w := unfinished(after.Org, after.ID.Shipment())
	if slices.ContainsFunc(writes, func(o Write) bool { return o.Key() == w.Key() }) {
		return writes
	}
	return append(writes, w)
}

// unfinishedAtOnce is how many shipments are read at the same time.
const unfinishedAtOnce = 8

// Unfinished implements post.Shipments.
func (s Shipments) Unfinished(ctx context.Context, org, cursor string, limit int) ([]*post.Shipment, string, error) {
	if cursor == "" {
		if err := s.wholeBacklog(ctx, org); err != nil {
			return nil, "", err
		}
		cursor = backlogWhole
	}
	items, err := s.table.Query(ctx, backlogPK(org), "", cursor, limit)
	if err != nil || len(items) == 0 {
		return nil, "", err
	}
	found := make([]*post.Shipment, len(items))
	err = s.runner.Run(ctx, len(items), unfinishedAtOnce, func(i int) (err error) {
		found[i], err = s.stillUnfinished(ctx, items[i])
		return err
	})
	next := ""
	if len(items) == limit {
		next = items[limit-1].SK
	}
	return slices.DeleteFunc(found, func(sh *post.Shipment) bool { return sh == nil }), next, err
}

// stillUnfinished returns the shipment of a name in the backlog, or takes the name out and returns nil.
func (s Shipments) stillUnfinished(ctx context.Context, name *Item) (*post.Shipment, error) {
	sh, err := s.GetAny(ctx, name.SK)
	switch {
	case errors.Is(err, post.ErrUnreadable):
		return nil, nil
	case err != nil && !errors.Is(err, post.ErrNotFound):
		return nil, err
	case err == nil && sh.Unfinished():
		return sh, nil
	}
	return nil, unlessRefused(s.table.Transact(ctx, Write{Delete: &name.Key, If: IfRevision, Was: name.Revision}))
}

// finished takes a shipment that came to its end out of the backlog.
func (s Shipments) finished(ctx context.Context, sh *post.Shipment) error {
	items, err := s.table.Get(ctx, backlogKey(sh.Org, sh.ID))
	if err != nil || items[0] == nil {
		return err
	}
	_, err = s.stillUnfinished(ctx, items[0])
	return err
}

// wholeBacklog puts what is older than the backlog into it, once.
func (s Shipments) wholeBacklog(ctx context.Context, org string) error {
	flag := backlogKey(org, backlogWhole)
	if items, err := s.table.Get(ctx, flag); err != nil || items[0] != nil {
		return err
	}
	for cursor := ""; ; {
		page, next, err := s.List(ctx, org, post.Everything(), cursor, 100)
		if err != nil {
			return err
		}
		for _, sh := range page {
			if !sh.Unfinished() {
				continue
			}
			if err := s.table.Transact(ctx, unfinished(org, sh.ID)); err != nil {
				return err
			}
		}
		if cursor = next; cursor == "" {
			return s.table.Transact(ctx, Write{Put: &Item{Key: flag, Revision: 1, Body: []byte("{}")}})
		}
	}
}
