package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"brevdue/internal/post"
)

// letterBody is a letter in the table. Its names are short: an item of up to 1 KB costs one write unit.
type letterBody struct {
	ID        post.LetterID    `json:"i"`
	Org       string           `json:"o"`
	First     int              `json:"f"`
	Last      int              `json:"l"`
	Recipient numberBody       `json:"r"`
	Document  post.Object      `json:"d"`
	State     post.LetterState `json:"s"`
	Problem   *problemBody     `json:"p,omitempty"`
	Shown     bool             `json:"w,omitempty"`
	Messages  []messageBody    `json:"m,omitempty"`
	Receipts  []receiptBody    `json:"k,omitempty"`
	Tries     int              `json:"t,omitempty"`
	FirstTry  stamp            `json:"tf,omitempty"`
	Lease     stamp            `json:"tl,omitempty"`
	Archiving archivingBody    `json:"a,omitzero"`
	History   []eventBody      `json:"h,omitempty"`
	Due       stamp            `json:"u,omitempty"`
}

type problemBody struct {
	Code   post.Code `json:"c"`
	Text   string    `json:"t,omitempty"`
	Detail string    `json:"d,omitempty"`
	At     stamp     `json:"a,omitempty"`
}

type messageBody struct {
	UUID         string `json:"i"`
	Created      stamp  `json:"c"`
	Digest       string `json:"d,omitempty"`
	Posts        int    `json:"p,omitempty"`
	Refused      int    `json:"r,omitempty"`
	Duplicate    bool   `json:"u,omitempty"`
	Accepted     stamp  `json:"a,omitempty"`
	Transmission string `json:"t,omitempty"`
	RefusedLater bool   `json:"l,omitempty"`
	Completed    bool   `json:"k,omitempty"`
}

type receiptBody struct {
	ID        string             `json:"i,omitempty"`
	UUID      string             `json:"u"`
	Status    post.ReceiptStatus `json:"s"`
	ErrorCode string             `json:"e,omitempty"`
	At        stamp              `json:"a"`
	Got       stamp              `json:"g"`
	Raw       []byte             `json:"r"`
	SHA256    string             `json:"h"`
}

type archivingBody struct {
	State   post.ArchiveState `json:"s,omitempty"`
	Case    string            `json:"c,omitempty"`
	Record  post.Object       `json:"r,omitzero"`
	Tries   int               `json:"t,omitempty"`
	Shown   bool              `json:"w,omitempty"`
	Edition int               `json:"e,omitempty"`
	At      stamp             `json:"a,omitempty"`
}

type eventBody struct {
	At   stamp          `json:"a"`
	What post.EventCode `json:"w"`
	Note string         `json:"n,omitempty"`
}

func problemBodyOf(p *post.Problem) *problemBody {
	if p == nil {
		return nil
	}
	return &problemBody{p.Code, p.Text, p.Detail, stampOf(p.At)}
}

func (b *problemBody) problem() *post.Problem {
	if b == nil {
		return nil
	}
	return &post.Problem{Code: b.Code, Text: b.Text, Detail: b.Detail, At: b.At.time()}
}

func letterBodyOf(l *post.Letter) letterBody {
	b := letterBody{
		ID: l.ID, Org: l.Org, First: l.First, Last: l.Last, Recipient: numberBody{l.Recipient}, Document: l.Document,
		State: l.State, Problem: problemBodyOf(l.Problem), Shown: l.Shown, Tries: l.Tries, FirstTry: stampOf(l.FirstTry), Lease: stampOf(l.Lease),
		Archiving: archivingBody{l.Archiving.State, l.Archiving.Case, l.Archiving.Record, l.Archiving.Tries, l.Archiving.Shown, l.Archiving.Edition, stampOf(l.Archiving.At)},
		Due:       stampOf(l.Due),
	}
	for _, m := range l.Messages {
		b.Messages = append(b.Messages, messageBody{m.UUID, stampOf(m.Created), m.Digest, m.Posts, m.Refused, m.Duplicate,
			stampOf(m.Accepted), m.Transmission, m.RefusedLater, m.Completed})
	}
	for _, r := range l.Receipts {
		b.Receipts = append(b.Receipts, receiptBody{r.ID, r.UUID, r.Status, r.ErrorCode, stampOf(r.At), stampOf(r.Got), r.Raw, r.SHA256})
	}
	for _, e := range l.History {
		b.History = append(b.History, eventBody{stampOf(e.At), e.What, e.Note})
	}
	return b
}

func (b *letterBody) letter(revision int64) *post.Letter {
	l := &post.Letter{
		ID: b.ID, Org: b.Org, First: b.First, Last: b.Last, Recipient: b.Recipient.Number, Document: b.Document,
		State: b.State, Problem: b.Problem.problem(), Shown: b.Shown, Tries: b.Tries, FirstTry: b.FirstTry.time(), Lease: b.Lease.time(),
		Archiving: post.Archiving{State: b.Archiving.State, Case: b.Archiving.Case, Record: b.Archiving.Record,
			Tries: b.Archiving.Tries, Shown: b.Archiving.Shown, Edition: b.Archiving.Edition, At: b.Archiving.At.time()},
		Due: b.Due.time(), Revision: revision,
	}
	for _, m := range b.Messages {
		l.Messages = append(l.Messages, post.Message{UUID: m.UUID, Created: m.Created.time(), Digest: m.Digest, Posts: m.Posts,
			Refused: m.Refused, Duplicate: m.Duplicate, Accepted: m.Accepted.time(), Transmission: m.Transmission,
			RefusedLater: m.RefusedLater, Completed: m.Completed})
	}
	for _, r := range b.Receipts {
		l.Receipts = append(l.Receipts, post.Receipt{ID: r.ID, MessageID: b.ID, UUID: r.UUID, Status: r.Status,
			ErrorCode: r.ErrorCode, At: r.At.time(), Got: r.Got.time(), Raw: r.Raw, SHA256: r.SHA256})
	}
	for _, e := range b.History {
		l.History = append(l.History, post.Event{At: e.At.time(), What: e.What, Note: e.Note})
	}
	return l
}

func letterItem(l *post.Letter) (*Item, error) {
	k, err := letterKey(l.ID)
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(letterBodyOf(l))
	return &Item{Key: k, Revision: l.Revision + 1, Body: body, Due: dueKey(letterDuePK(l.ID), l.Due, string(l.ID))}, err
}

func letterOf(item *Item) (*post.Letter, error) {
	var b letterBody
	if err := json.Unmarshal(item.Body, &b); err != nil {
		return nil, fmt.Errorf("letter %s %s: %w", item.PK, item.SK, err)
	}
	return b.letter(item.Revision), nil
}

// Create implements post.Letters.
func (s *Store) createLetters(ctx context.Context, letters []*post.Letter) error {
	c := counting{}
	var writes []Write
	for _, l := range letters {
		item, err := letterItem(l)
		if err != nil {
			return err
		}
		writes = append(writes, Write{Put: item, If: IfMissing})
		c.add(l, 1)
	}
	err := s.table.Transact(ctx, append(writes, c.writes()...)...)
	if refused(err) && len(letters) > 1 { // a split that is run again: some are there already
		for _, l := range letters {
			if err := s.createLetters(ctx, []*post.Letter{l}); err != nil {
				return err
			}
		}
		return nil
	}
	if refused(err) {
		return s.sameLetter(ctx, letters[0])
	}
	return err
}

// sameLetter checks that the letter that has the place already is the one that was to be written: a split that is run
// again must not mix two plans.
func (s *Store) sameLetter(ctx context.Context, l *post.Letter) error {
	k, err := letterKey(l.ID)
	if err != nil {
		return err
	}
	items, err := s.table.Get(ctx, k)
	if err != nil {
		return err
	}
	known, err := letterOf(items[0])
	if err == nil && (known.ID != l.ID || known.Recipient != l.Recipient) {
		err = fmt.Errorf("letter %s: another letter has its place", l.ID)
	}
	return err
}

// batch is how many letters one transaction changes: eleven items or more with the counter, below TransactLimit.
const batch = 50

func eachBatch[T any](all []T, do func([]T) error) error {
	for len(all) > 0 {
		n := min(batch, len(all))
		if err := do(all[:n]); err != nil {
			return err
		}
		all = all[n:]
	}
	return nil
}

// Letters is the part of a Store that keeps letters.
type Letters struct{ *Store }

// Letters returns the store's letters.
func (s *Store) Letters() Letters { return Letters{s} }

// Create implements post.Letters.
func (s Letters) Create(ctx context.Context, letters []*post.Letter) error {
	return eachBatch(letters, func(some []*post.Letter) error { return s.createLetters(ctx, some) })
}

// Get implements post.Letters.
func (s Letters) Get(ctx context.Context, id post.LetterID) (*post.Letter, error) {
	letters, err := s.read(ctx, []post.LetterID{id})
	if err != nil {
		return nil, err
	}
	if letters[0] == nil {
		return nil, fmt.Errorf("letter %s: %w", id, post.ErrNotFound)
	}
	return letters[0], nil
}

// read returns nil for a letter that is not there, or whose id differs in its pages.
func (s Letters) read(ctx context.Context, ids []post.LetterID) ([]*post.Letter, error) {
	letters := make([]*post.Letter, len(ids))
	var keys []Key
	var missing []int
	for i, id := range ids {
		k, err := letterKey(id)
		if err != nil {
			return nil, fmt.Errorf("letter %q: %w", id, err)
		}
		if letters[i] = s.memory.recall(id); letters[i] == nil {
			keys, missing = append(keys, k), append(missing, i)
		}
	}
	if len(keys) == 0 {
		return letters, nil
	}
	items, err := s.table.Get(ctx, keys...)
	if err != nil {
		return nil, err
	}
	for n, item := range items {
		if item == nil {
			continue
		}
		l, err := letterOf(item)
		if err != nil {
			return nil, err
		}
		if i := missing[n]; l.ID == ids[i] {
			letters[i] = l
		}
	}
	return letters, nil
}

// Page implements post.Letters.
func (s Letters) Page(ctx context.Context, shipment string, version, from, limit int) ([]*post.Letter, error) {
	var letters []*post.Letter
	for number := max(from, 1); len(letters) < limit; {
		items, err := s.table.Query(ctx, letterPK(shipment, version, number), "", letterSK(number-1), limit-len(letters))
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			l, err := letterOf(item)
			if err != nil {
				return nil, err
			}
			letters = append(letters, l)
		}
		next := (number/hundred + 1) * hundred
		if len(letters) < limit && (len(letters) == 0 || letters[len(letters)-1].ID.Number() != next-1) {
			return letters, nil
		}
		number = next
	}
	return letters, nil
}

// Due implements post.Letters.
func (s Letters) Due(ctx context.Context, by time.Time, limit int) ([]*post.Letter, error) {
	var letters []*post.Letter
	for i := 0; i < spread && len(letters) < limit; i++ {
		items, err := s.table.Look(ctx, LookUp{Index: DueIndex, PK: duePartition(i), UpTo: timeSK(by) + "~", Limit: limit - len(letters)})
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			l, err := letterOf(item)
			if err != nil {
				return nil, err
			}
			letters = append(letters, l)
		}
	}
	return letters, nil
}

// Change implements post.Letters.
func (s Letters) Change(ctx context.Context, ids []post.LetterID, change func(*post.Letter) error) ([]post.Changed, error) {
	var all []post.Changed
	err := eachBatch(ids, func(some []post.LetterID) error {
		changed, err := s.changeTogether(ctx, some, change)
		if refused(err) {
			changed, err = s.changeOneByOne(ctx, some, change)
		}
		all = append(all, changed...)
		return err
	})
	return all, err
}

// tries is how often a change starts again when another one was faster.
const tries = 20

func (s Letters) changeOneByOne(ctx context.Context, ids []post.LetterID, change func(*post.Letter) error) ([]post.Changed, error) {
	all := make([]post.Changed, 0, len(ids))
	for _, id := range ids {
		for n := 1; ; n++ {
			changed, err := s.changeTogether(ctx, []post.LetterID{id}, change)
			if refused(err) && n < tries {
				continue
			}
			if err != nil {
				return all, fmt.Errorf("letter %s: %w", id, err)
			}
			all = append(all, changed...)
			break
		}
	}
	return all, nil
}

func (s Letters) changeTogether(ctx context.Context, ids []post.LetterID, change func(*post.Letter) error) ([]post.Changed, error) {
	letters, err := s.read(ctx, ids)
	if err != nil {
		return nil, err
	}
	changed := make([]post.Changed, len(ids))
	c := counting{}
	var writes []Write
	for i, l := range letters {
		changed[i].Letter = l
		if l == nil {
			changed[i].Err = fmt.Errorf("letter %s: %w", ids[i], post.ErrNotFound)
			continue
		}
		before := *l
		if err := change(l); err != nil {
			if !errors.Is(err, post.Unchanged) {
				changed[i].Err = err
			}
			continue
		}
		item, err := letterItem(l)
		if err != nil {
			return nil, err
		}
		writes = append(writes, Write{Put: item, If: IfRevision, Was: l.Revision})
		c.add(&before, -1)
		c.add(l, 1)
		changed[i].Wrote = true
		l.Revision++
	}
	if len(writes) == 0 {
		return changed, nil
	}
	if err := s.table.Transact(ctx, append(writes, c.writes()...)...); err != nil {
		s.memory.forget(ids)
		return changed, err
	}
	for _, k := range changed {
		if k.Wrote {
			s.memory.remember(k.Letter)
		}
	}
	return changed, nil
}
