package store

import (
	"context"
	"fmt"
	"time"

	"brevdue/internal/post"
)

// draftPK is where what people correct and see in a review is kept: each an item of its own, so that the hundredth
// correction costs what the first one did.
func draftPK(shipment string) string { return "D#" + shipment }

const (
	editPrefix   = "E#"
	remarkPrefix = "R#"
)

func editKey(shipment string, n int) Key {
	return Key{draftPK(shipment), fmt.Sprintf("%s%04d", editPrefix, n)}
}

func remarkKey(shipment string, r post.Remark) Key {
	kind := "unfit"
	if r.Sum != "" {
		kind = "seen"
	}
	return Key{draftPK(shipment), remarkPrefix + string(r.Letter) + "#" + kind}
}

// addEdits reads the corrections of a draft, as long as they count: until its letters are queued, since it can be
// undone before that.
func (s *Store) addEdits(ctx context.Context, sh *post.Shipment) error {
	if !sh.Drafted {
		return nil
	}
	sh.Edits = nil
	switch {
	case sh.State == post.InReview, sh.State == post.Splitting, sh.State == post.Rehearsing:
	case sh.State == post.InSending && !sh.FannedOut:
	default:
		return nil
	}
	items, err := s.draftItems(ctx, sh.ID, editPrefix)
	if err != nil {
		return err
	}
	bodies := make([]editBody, len(items))
	for i, item := range items {
		if err := read(item, &bodies[i]); err != nil || item.Key != editKey(sh.ID, i+1) {
			return s.unreadable(ctx, item)
		}
	}
	sh.Edits = plainEdits(bodies)
	return nil
}

// draftItems returns all items of a draft whose sort keys begin with prefix.
func (s *Store) draftItems(ctx context.Context, shipment, prefix string) ([]*Item, error) {
	const page = 500
	var all []*Item
	for after := ""; ; {
		items, err := s.table.Query(ctx, draftPK(shipment), prefix, after, page)
		if err != nil {
			return nil, err
		}
		if all = append(all, items...); len(items) < page {
			return all, nil
		}
		after = items[page-1].SK
	}
}

// AddEdit implements post.Drafts. The correction and the check of the header are one transaction, and a Send checks
// that there is no correction after those that it has read: so each is either in what is sent, or told that it is not.
func (s *Store) AddEdit(ctx context.Context, sh *post.Shipment, e post.Edit) error {
	item, err := small(editKey(sh.ID, len(sh.Edits)+1), editBodies([]post.Edit{e})[0], time.Time{})
	if err != nil {
		return err
	}
	item.Org = sh.Org
	header := shipmentKey(sh.ID)
	err = s.table.Transact(ctx, Write{Put: item, If: IfMissing},
		Write{Check: &header, If: IfRevision, Was: sh.Revision})
	if refused(err) {
		return fmt.Errorf("draft of %s: %w", sh.ID, post.ErrOvertaken)
	}
	return err
}

// PutEdits implements post.Drafts.
func (s *Store) PutEdits(ctx context.Context, sh *post.Shipment, edits []post.Edit) error {
	for i, body := range editBodies(edits) {
		if err := s.putBeside(ctx, sh, editKey(sh.ID, i+1), body); err != nil {
			return err
		}
	}
	return nil
}

// Remark implements post.Drafts.
func (s *Store) Remark(ctx context.Context, sh *post.Shipment, r post.Remark) error {
	return s.putBeside(ctx, sh, remarkKey(sh.ID, r), r)
}

// Remarks implements post.Drafts.
func (s *Store) Remarks(ctx context.Context, sh *post.Shipment) ([]post.Remark, error) {
	items, err := s.draftItems(ctx, sh.ID, remarkPrefix)
	if err != nil {
		return nil, err
	}
	remarks := make([]post.Remark, len(items))
	for i, item := range items {
		if err := read(item, &remarks[i]); err != nil {
			return nil, s.unreadable(ctx, item)
		}
	}
	return remarks, nil
}

// RemoveDraft implements post.Drafts.
func (s *Store) RemoveDraft(ctx context.Context, sh *post.Shipment) error {
	items, err := s.draftItems(ctx, sh.ID, "")
	if err != nil {
		return err
	}
	return s.removeAll(ctx, items)
}

// editBody is a correction of the review in the table.
type editBody struct {
	Do        post.EditKind `json:"do"`
	Page      int           `json:"page"`
	Recipient *numberBody   `json:"recipient,omitempty"`
	By        string        `json:"by"`
	Owner     string        `json:"owner,omitempty"`
	At        stamp         `json:"at"`
}

func editBodies(edits []post.Edit) []editBody {
	var bodies []editBody
	for _, e := range edits {
		b := editBody{Do: e.Do, Page: e.Page, By: e.By, Owner: e.Owner, At: stampOf(e.At)}
		if !e.Recipient.IsZero() {
			b.Recipient = &numberBody{e.Recipient}
		}
		bodies = append(bodies, b)
	}
	return bodies
}

func plainEdits(bodies []editBody) []post.Edit {
	var edits []post.Edit
	for _, b := range bodies {
		e := post.Edit{Do: b.Do, Page: b.Page, By: b.By, Owner: b.Owner, At: b.At.time()}
		if b.Recipient != nil {
			e.Recipient = b.Recipient.Number
		}
		edits = append(edits, e)
	}
	return edits
}

// unlessEmpty returns nil for a value that says nothing, so that it takes no room.
func unlessEmpty[T comparable](v T) *T {
	var empty T
	if v == empty {
		return nil
	}
	return &v
}

func orEmpty[T any](v *T) T {
	if v == nil {
		var empty T
		return empty
	}
	return *v
}
