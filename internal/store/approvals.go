package store

import (
	"context"
	"errors"
	"time"

	"brevdue/internal/post"
)

// askedBody is a Send that waits for approval.
type askedBody struct {
	Hash    string `json:"hash"`
	By      string `json:"by"`
	At      stamp  `json:"at"`
	Letters int    `json:"letters"`
	Window  bool   `json:"window,omitempty"`
	SendAt  stamp  `json:"sendAt,omitempty"`
}

func askedBodyOf(a *post.Asked) *askedBody {
	if a == nil {
		return nil
	}
	return &askedBody{a.Hash, a.By, stampOf(a.At), a.Letters, a.Window, stampOf(a.SendAt)}
}

func (b *askedBody) asked() *post.Asked {
	if b == nil {
		return nil
	}
	return &post.Asked{Hash: b.Hash, By: b.By, At: b.At.time(), Letters: b.Letters, Window: b.Window,
		SendAt: b.SendAt.time()}
}

// dayBody counts what is sent on a day. A shipment counts once, as far as they are kept apart.
type dayBody struct {
	Shipments map[string]int `json:"shipments"`
	Before    int            `json:"before,omitempty"` // letters of those that are not kept apart any more
}

// with notes how many letters a shipment has, and reports whether that is more than most together with the others.
func (b *dayBody) with(shipment string, letters, most int) (over bool) {
	if b.Shipments == nil {
		b.Shipments = map[string]int{}
	}
	b.Shipments[shipment] = letters
	return b.total() > most
}

func (b *dayBody) total() int {
	n := b.Before
	for _, letters := range b.Shipments {
		n += letters
	}
	return n
}

// Bounds of what is counted for a day.
const (
	dayKept      = 3 * 24 * time.Hour
	shipmentsDay = 1000 // shipments that are kept apart
)

func dayKey(org, whose, day string) Key { return Key{"O#" + org, "DAY#" + day + "#" + whose} }

// Count implements post.DayCounts.
func (s *Store) Count(
	ctx context.Context,
	org, whose, day, shipment string,
	letters, most int,
) (over bool, err error) {
	k := dayKey(org, whose, day)
	err = s.change(ctx, k, func(old *Item) (*Item, error) {
		b := dayBody{}
		if err := read(old, &b); err != nil {
			return nil, err
		}
		was, known := b.Shipments[shipment]
		if over = b.with(shipment, letters, most); over || known && was == letters {
			return nil, post.ErrUnchanged
		}
		if len(b.Shipments) > shipmentsDay {
			b.Before, b.Shipments = b.total(), map[string]int{}
		}
		return small(k, b, s.now().Add(dayKept))
	})
	return over, err
}

// WouldCount implements post.DayCounts.
func (s *Store) WouldCount(
	ctx context.Context,
	org, whose, day, shipment string,
	letters, most int,
) (over bool, err error) {
	b := dayBody{}
	_, err = s.get(ctx, dayKey(org, whose, day), &b)
	return b.with(shipment, letters, most), err
}

type proposalBody struct {
	ID        string        `json:"id,omitempty"`
	Letter    post.LetterID `json:"letter"`
	Number    int           `json:"number"`
	Area      areaBody      `json:"area,omitzero"`
	Recipient *numberBody   `json:"recipient"`
	Subject   string        `json:"subject,omitempty"`
	By        string        `json:"by"`
	At        stamp         `json:"at"`
	Revision  int64         `json:"revision"`
}

func proposalKey(org string, id post.LetterID) Key { return Key{"O#" + org + "#P", string(id)} }

// PutProposal implements post.Proposals.
func (s *Store) PutProposal(ctx context.Context, p post.Proposal) error {
	return s.put(ctx, proposalKey(p.Org, p.Letter), proposalBody{
		p.ID, p.Letter, p.Number, areaBody(p.Area),
		&numberBody{p.Recipient}, p.Subject, p.By, stampOf(p.At), p.Revision,
	}, time.Time{}, Always)
}

// Proposal implements post.Proposals.
func (s *Store) Proposal(ctx context.Context, org string, id post.LetterID) (post.Proposal, error) {
	var b proposalBody
	found, err := s.get(ctx, proposalKey(org, id), &b)
	if err != nil || !found {
		return post.Proposal{}, orNotFound(err, "proposal", string(id))
	}
	return b.proposal(org), nil
}

func (b proposalBody) proposal(org string) post.Proposal {
	p := post.Proposal{
		Org:      org,
		ID:       b.ID,
		Letter:   b.Letter,
		Number:   b.Number,
		Area:     post.Area(b.Area),
		Subject:  b.Subject,
		By:       b.By,
		At:       b.At.time(),
		Revision: b.Revision,
	}
	if b.Recipient != nil {
		p.Recipient = b.Recipient.Number
	}
	return p
}

// proposalsMost is how many proposals are looked through.
const proposalsMost = 500

// Proposals implements post.Proposals.
func (s *Store) Proposals(ctx context.Context, org string, seen post.Sight) ([]post.Proposal, error) {
	items, err := s.table.Query(ctx, proposalKey(org, "").PK, "", "", proposalsMost)
	if err != nil {
		return nil, err
	}
	var all []post.Proposal
	var errs []error
	for _, item := range items {
		var b proposalBody
		if err := read(item, &b); err != nil {
			errs = append(errs, err)
			continue
		}
		if seen.Opens(post.Area(b.Area)) {
			all = append(all, b.proposal(org))
		}
	}
	return all, errors.Join(errs...)
}

// DropProposal implements post.Proposals.
func (s *Store) DropProposal(ctx context.Context, org string, id post.LetterID) error {
	k := proposalKey(org, id)
	return s.table.Transact(ctx, Write{Delete: &k})
}
