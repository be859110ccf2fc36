package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// unreadableAgain is how long the sweep lets an item rest that it could not read. It stays in the sweep's view, so that
// one that is repaired goes on by itself.
const unreadableAgain = time.Hour

// readable returns the words of the items that can be read. Each of the others becomes a row of Ubehandlet, and stops
// nothing: neither this list nor the next one.
func readable[T any](ctx context.Context, s *Store, items []*Item, read func(*Item) (T, error)) []T {
	return readableAt(ctx, s, items, s.now(), read)
}

func readableAt[T any](ctx context.Context, s *Store, items []*Item, at time.Time, read func(*Item) (T, error)) []T {
	words := make([]T, 0, len(items))
	for _, item := range items {
		word, err := read(item)
		if err != nil {
			err = s.unreadableAt(ctx, item, at)
			if !errors.Is(err, post.ErrUnreadable) { // its row comes with the next list
				slog.Error("a row could not be written", "item", item.PK+" "+item.SK, "error", err)
			}
			continue
		}
		words = append(words, word)
	}
	return words
}

// due returns up to limit words whose time has come by then.
func due[T any](
	ctx context.Context,
	s *Store,
	pk string,
	by time.Time,
	limit int,
	read func(*Item) (T, error),
) ([]T, error) {
	var words []T
	for after := ""; len(words) < limit; {
		ask := limit - len(words)
		items, err := s.table.QueryIndex(
			ctx,
			IndexQuery{Index: DueIndex, PK: pk, UpTo: timeSK(by) + "~", After: after, Limit: ask},
		)
		if err != nil {
			return words, err
		}
		words = append(words, readableAt(ctx, s, items, by, read)...)
		if len(items) < ask {
			break
		}
		after = items[len(items)-1].Due.SK
	}
	return words, nil
}

// unreadable shows an item that cannot be read in Ubehandlet, once, and returns post.ErrUnreadable. Neither row nor log
// says why: what a decoder complains of may quote a person's number.
func (s *Store) unreadable(ctx context.Context, item *Item) error {
	return s.unreadableAt(ctx, item, s.now())
}

func (s *Store) unreadableAt(ctx context.Context, item *Item, at time.Time) error {
	slog.Error("an item of the table cannot be read", "item", item.PK+" "+item.SK)
	if err := errors.Join(s.showUnreadable(ctx, item, at), s.restUnreadable(ctx, item, at)); err != nil {
		return fmt.Errorf("show %s %s: %w", item.PK, item.SK, err)
	}
	return fmt.Errorf("%s %s: %w", item.PK, item.SK, post.ErrUnreadable)
}

// showUnreadable puts a row about an item that cannot be read into its organization's Ubehandlet. The row's id is a
// hash of key and content, so that the same damage is told once.
func (s *Store) showUnreadable(ctx context.Context, item *Item, at time.Time) error {
	org, err := s.ownerOf(ctx, item)
	if err != nil || org == "" {
		return err
	}
	sum := sha256.Sum256([]byte(item.PK + "\x00" + item.SK + "\x00" + string(item.Body)))
	m := messageAbout(item)
	m.ID = hex.EncodeToString(sum[:8])
	row := &post.Failure{
		Org:     org,
		Message: m,
		Since:   at,
		Shown:   at,
		Problem: post.Problem{
			Code:   post.Unknown,
			Detail: m.ID,
			At:     at,
			Text:   sentence.Of("item-unreadable", item.PK+" "+item.SK),
		},
	}
	next, err := s.failureItem(row)
	if err != nil {
		return err
	}
	return s.change(ctx, next.Key, func(old *Item) (*Item, error) {
		if old == nil {
			return next, nil
		}
		if f, err := s.failureOf(old); err == nil && f.Closed.IsZero() || err == nil && f.Dismissed != "" {
			return nil, post.ErrUnchanged // it stands there, or somebody has said why it need not
		}
		return next, nil
	})
}

// restUnreadable moves an item on in the due index, with its bytes as they are.
func (s *Store) restUnreadable(ctx context.Context, item *Item, at time.Time) error {
	if item.Due == (Key{}) || timeOf(item.Due.SK).After(at) {
		return nil
	}
	_, id, _ := strings.Cut(item.Due.SK, "#")
	next := *item
	next.Revision++
	next.Broken, next.Sealed = false, item.Sealed || item.Broken // its bytes are what they are
	next.Due = dueKey(item.Due.PK, at.Add(unreadableAgain), id)
	return unlessRefused(s.table.Transact(ctx, Write{Put: &next, If: IfRevision, Was: item.Revision}))
}

// messageAbout is what a press of Send again puts on a queue for an item: nothing where no queue carries its kind.
func messageAbout(item *Item) *post.DeadMessage {
	kind, rest, _ := strings.Cut(item.PK, "#")
	_, id, _ := strings.Cut(item.Due.SK, "#")
	var e post.Job
	var queue post.Queue
	switch {
	case kind == "L" && id != "":
		e, queue = post.Job{Letter: post.LetterID(id)}, post.SendQueue
	case kind == "S":
		e, queue = post.Job{Shipment: rest}, post.SplitQueue
	default:
		return &post.DeadMessage{Body: item.PK + " " + item.SK}
	}
	body, _ := json.Marshal(e) // strings only: cannot fail
	return &post.DeadMessage{Queue: queue, Body: string(body)}
}

// ownerOf returns whose an item is, by its place; for a letter, whose its shipment is. "" when nothing says so.
func (s *Store) ownerOf(ctx context.Context, item *Item) (string, error) {
	if org := orgOf(item.List); org != "" {
		return org, nil
	}
	kind, rest, _ := strings.Cut(item.PK, "#")
	first, _, _ := strings.Cut(rest, "#")
	switch kind {
	case "L", "F", "S":
		header, err := s.table.Get(ctx, shipmentKey(first))
		if err != nil || header[0] == nil {
			return "", err
		}
		return orgOf(header[0].List), nil
	case "J", "O", "M", "W", "Y", "Z":
		return first, nil
	}
	return "", nil
}

// orgOf returns the organization of a place in the list index: O#<org>#<kind>.
func orgOf(list Key) string {
	rest, ok := strings.CutPrefix(list.PK, "O#")
	if !ok {
		return ""
	}
	return rest[:max(0, strings.LastIndexByte(rest, '#'))]
}

// errWrongItem means that an item says that it is another one.
var errWrongItem = errors.New("it is another item's")

// decode reads the body of an item.
func decode(item *Item, body any) error {
	if item.Broken {
		return post.ErrUnreadable
	}
	return json.Unmarshal(item.Body, body)
}
