package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// linkBody is what of an entry stays for good.
type linkBody struct {
	At       stamp          `json:"at"`
	Kind     post.ActorKind `json:"kind"`
	Action   post.Action    `json:"action"`
	Letter   post.LetterID  `json:"letter,omitempty"`
	Digest   string         `json:"digest"`
	Previous string         `json:"previous,omitempty"`
	Hash     string         `json:"hash"`
}

// textBody is what of an entry can be erased. It lies beside the chain.
type textBody struct {
	Salt []byte `json:"salt"`
	Name string `json:"name,omitempty"`
	Text string `json:"text,omitempty"`
}

type endBody struct {
	Number int64  `json:"number"`
	Hash   string `json:"hash"`
}

func chainPK(org, shipment string) string { return "Z#" + org + "#" + shipment }
func textPK(org, shipment string) string  { return "Y#" + org + "#" + shipment }
func entrySK(n int64) string              { return fmt.Sprintf("%012d", n) }

// AuditLog is the part of a Store that keeps the audit log.
type AuditLog struct {
	*Store
	Now func() time.Time
}

// AuditLog returns the store's audit log.
func (s *Store) AuditLog(now func() time.Time) AuditLog { return AuditLog{s, now} }

// Record implements post.Auditor.
func (t AuditLog) Record(ctx context.Context, e post.Entry) error {
	if e.At.IsZero() {
		e.At = t.Now()
	}
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails (crypto/rand)
	end := Key{chainPK(e.Org, e.Shipment), "END"}
	err := again(func() error {
		items, err := t.table.Get(ctx, end)
		if err != nil {
			return err
		}
		var last endBody
		if err := read(items[0], &last); err != nil {
			return err
		}
		e.Chain(last.Number+1, last.Hash, salt)
		writes, err := entryWrites(&e, items[0], end)
		if err != nil {
			return err
		}
		return t.table.Transact(ctx, writes...)
	})
	if refused(err) {
		return post.ErrAlreadyWritten
	}
	return err
}

// entryWrites are the writes of an entry: what stays, what can be erased, and the new end of the chain.
func entryWrites(e *post.Entry, last *Item, end Key) ([]Write, error) {
	link, err1 := small(
		Key{end.PK, entrySK(e.Number)},
		linkBody{stampOf(e.At), e.Kind, e.Action, e.Letter, e.Digest, e.Previous, e.Hash},
		time.Time{},
	)
	text, err2 := small(
		Key{textPK(e.Org, e.Shipment), entrySK(e.Number)},
		textBody{e.Salt, e.Name, e.Text},
		time.Time{},
	)
	next, err3 := small(end, endBody{e.Number, e.Hash}, time.Time{})
	writes := []Write{inPlaceOf(nil, link), inPlaceOf(nil, text), inPlaceOf(last, next)}
	if e.Name != "" {
		writes = append(writes, Write{Put: &Item{Key: entryBy(e), Revision: 1}})
	}
	return writes, errors.Join(err1, err2, err3)
}

// byPK is the partition that lists the entries of somebody, the newest first. No shipment's id begins like this.
func byPK(org, name string) string { return textPK(org, "@"+name) }

// entryBy is where an entry is listed for who did it. It says who that was, and is erased with the name.
func entryBy(e *post.Entry) Key {
	const end = 100_000_000_000_000 // milliseconds, in the year 5138
	return Key{byPK(e.Org, e.Name), fmt.Sprintf("%014d#%s#%s", end-e.At.UnixMilli(), e.Shipment, entrySK(e.Number))}
}

// EntriesBy implements post.Auditor.
func (t AuditLog) EntriesBy(ctx context.Context, org, name string, limit int) ([]*post.Entry, error) {
	var all []*post.Entry
	for after := ""; ; {
		listed, err := t.table.Query(ctx, byPK(org, name), "", after, min(entriesAtOnce, limit-len(all)))
		if err != nil || len(listed) == 0 {
			return all, err
		}
		some, err := t.listedEntries(ctx, org, listed)
		if err != nil {
			return all, err
		}
		all, after = append(all, some...), listed[len(listed)-1].SK
		if len(all) >= limit || len(listed) < entriesAtOnce {
			return all, nil
		}
	}
}

// entriesAtOnce is how many entries are read at a time: each is two items.
const entriesAtOnce = 50

// listedEntries reads entries that are listed. One that was erased is there no more.
func (t AuditLog) listedEntries(ctx context.Context, org string, listed []*Item) ([]*post.Entry, error) {
	keys, shipments := make([]Key, 0, 2*len(listed)), make([]string, len(listed))
	for i, item := range listed {
		_, rest, _ := strings.Cut(item.SK, "#")
		shipment, number, _ := strings.Cut(rest, "#")
		shipments[i] = shipment
		keys = append(keys, Key{chainPK(org, shipment), number}, Key{textPK(org, shipment), number})
	}
	items, err := t.table.Get(ctx, keys...)
	if err != nil {
		return nil, err
	}
	var entries []*post.Entry
	for i, shipment := range shipments {
		if link := items[2*i]; link != nil {
			entries = append(entries, t.entry(ctx, org, shipment, link, items[2*i+1]))
		}
	}
	return entries, nil
}

// Entries implements post.Auditor.
func (t AuditLog) Entries(
	ctx context.Context,
	org, shipment string,
	from int64,
	limit int,
) ([]*post.Entry, int64, error) {
	links, err := t.table.Query(ctx, chainPK(org, shipment), "0", entrySK(from-1), limit)
	if err != nil || len(links) == 0 {
		return nil, 0, err
	}
	keys := make([]Key, len(links))
	for i, item := range links {
		keys[i] = Key{textPK(org, shipment), item.SK}
	}
	texts, err := t.table.Get(ctx, keys...)
	if err != nil {
		return nil, 0, err
	}
	entries := make([]*post.Entry, len(links))
	for i, item := range links {
		entries[i] = t.entry(ctx, org, shipment, item, texts[i])
	}
	next := int64(0)
	if len(links) == limit {
		next = entries[len(entries)-1].Number + 1
	}
	return entries, next, nil
}

// entry reads an entry. What of it cannot be read shows where the chain is verified, and hides none of the others.
func (t AuditLog) entry(ctx context.Context, org, shipment string, link, text *Item) *post.Entry {
	var l linkBody
	var b textBody
	e := &post.Entry{Org: org, Shipment: shipment, Erased: text == nil}
	e.Number, _ = strconv.ParseInt(link.SK, 10, 64) // of entrySK
	if err := decode(link, &l); err != nil || l.Hash == "" {
		_ = t.unreadable(ctx, link) // logged there
	}
	if text != nil && decode(text, &b) != nil {
		b = textBody{Text: string(sentence.Of("cannot-be-read"))}
		_ = t.unreadable(ctx, text)
	}
	e.At, e.Kind, e.Action, e.Letter = l.At.time(), l.Kind, l.Action, l.Letter
	e.Digest, e.Previous, e.Hash = l.Digest, l.Previous, l.Hash
	e.Salt, e.Name, e.Text = b.Salt, b.Name, b.Text
	return e
}

// Erase implements post.Auditor.
func (t AuditLog) Erase(ctx context.Context, org, shipment string, before time.Time) (int, error) {
	n := 0
	for from := int64(1); from > 0; {
		entries, next, err := t.Entries(ctx, org, shipment, from, 100)
		if err != nil {
			return n, err
		}
		for _, e := range entries {
			if e.Erased || !e.At.Before(before) || e.Action == post.ActErase { // who erased stays
				continue
			}
			text, by := Key{textPK(org, shipment), entrySK(e.Number)}, entryBy(e)
			if err := t.table.Transact(ctx, Write{Delete: &text}, Write{Delete: &by}); err != nil {
				return n, err
			}
			n++
		}
		from = next
	}
	return n, nil
}
