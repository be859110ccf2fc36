package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
)

type organizationBody struct {
	Name    string           `json:"name"`
	Senders []senderBody     `json:"senders"`
	MeMo    post.MeMoVersion `json:"memo"`
	Undo    int64            `json:"undo,omitempty"` // seconds
	Demands bool             `json:"undoAlways,omitempty"`

	Rules    *rulesBody               `json:"rules,omitempty"`
	SSO      *post.SingleSignOn       `json:"sso,omitempty"`
	Ways     []post.Connection        `json:"ways,omitempty"`
	Units    []post.Unit              `json:"units,omitempty"`
	Types    []post.DocumentType      `json:"types,omitempty"`
	Archives []post.ArchiveConnection `json:"archives,omitempty"`
	FourEyes int                      `json:"fourEyes,omitempty"`
	Daily    int                      `json:"daily,omitempty"`
	KeyDaily int                      `json:"keyDaily,omitempty"`
	NoNames  bool                     `json:"noNames,omitempty"`
	Asked    post.FourEyesAsked       `json:"fourEyesAsked,omitzero"`
}

// rulesBody is what an organization asks of who comes in. Times are in seconds.
type rulesBody struct {
	CodeLength   int   `json:"codeLength,omitempty"`
	CodeAge      int64 `json:"codeAge,omitempty"`
	Idle         int64 `json:"idle,omitempty"`
	SecondFactor bool  `json:"secondFactor,omitempty"`
	NoFactor     bool  `json:"noSecondFactor,omitempty"`
}

func rulesBodyOf(r post.Rules) *rulesBody {
	if r == (post.Rules{}) {
		return nil
	}
	return &rulesBody{r.CodeLength, int64(r.CodeAge / time.Second), int64(r.Idle / time.Second), r.SecondFactor,
		r.NoSecondFactor}
}

func (b *rulesBody) rules() post.Rules {
	if b == nil {
		return post.Rules{}
	}
	return post.Rules{
		CodeLength: b.CodeLength, CodeAge: time.Duration(b.CodeAge) * time.Second,
		Idle: time.Duration(b.Idle) * time.Second, SecondFactor: b.SecondFactor, NoSecondFactor: b.NoFactor,
	}
}

// CreateOrganization implements post.NewOrganizations: the organization, its numbers and who comes in first are one
// transaction.
func (s *Store) CreateOrganization(ctx context.Context, o *post.Organization, first ...post.Account) error {
	item, err := organizationItem(o)
	if err != nil {
		return err
	}
	return again(func() error {
		known, err := s.table.Get(ctx, item.Key)
		if err != nil {
			return err
		}
		writes, same, err := s.comeIn(ctx, o.ID, first)
		if err != nil {
			return err
		}
		if known[0] != nil {
			if same && bytes.Equal(known[0].Body, item.Body) { // the answer to the first try was lost on its way
				return nil
			}
			return fmt.Errorf("organization %s: %w", o.ID, post.ErrExists)
		}
		numbers, err := s.claims(ctx, o)
		if err != nil {
			return err
		}
		list, err := s.listed(o.ID)
		if err != nil {
			return err
		}
		return s.table.Transact(ctx, append(append(writes, numbers...), list, Write{Put: item, If: IfMissing})...)
	})
}

func organizationItem(o *post.Organization) (*Item, error) {
	b := organizationBody{
		Name: o.Name, MeMo: o.MeMo, Undo: int64(o.Undo / time.Second), Demands: o.Demands, Rules: rulesBodyOf(o.Rules),
		SSO: o.SSO, Ways: o.Connections, Units: o.Units, Types: o.Types, FourEyes: o.FourEyes, Daily: o.Daily,
		KeyDaily: o.KeyDaily, NoNames: o.HideNames, Archives: o.Archives,
		Asked: o.FourEyesAsked,
	}
	for _, sender := range o.Senders {
		b.Senders = append(b.Senders, senderBody{numberBody{sender.Number}, sender.Name})
	}
	return small(Key{"O#" + o.ID, headerSK}, b, time.Time{})
}

// installationPK is the partition that lists the organizations of an installation.
const installationPK = "T#organizations"

type listedBody struct {
	Made stamp `json:"made"`
}

// listed puts an organization into the list of all.
func (s *Store) listed(org string) (Write, error) {
	item, err := small(Key{installationPK, org}, listedBody{stampOf(s.now())}, time.Time{})
	return Write{Put: item, If: IfMissing}, err
}

// claims makes an organization's numbers its own. One that is another's is post.ErrNumberTaken.
func (s *Store) claims(ctx context.Context, o *post.Organization) ([]Write, error) {
	var writes []Write
	for _, sender := range o.Senders {
		var owner string
		found, err := s.get(ctx, numberKey(sender.Number), &owner)
		switch {
		case err != nil:
			return nil, err
		case found && owner != o.ID:
			return nil, fmt.Errorf("organization of %s: %w", sender.Number, post.ErrNumberTaken)
		case found: // a version before has claimed it, and died before it wrote the organization
			continue
		}
		item, err := small(numberKey(sender.Number), o.ID, time.Time{})
		if err != nil {
			return nil, err
		}
		writes = append(writes, Write{Put: item, If: IfMissing})
	}
	return writes, nil
}

func numberKey(n ident.Number) Key { return Key{"N#" + n.Reveal(), headerSK} }

// ByNumber implements post.Organizations. People have no organization: only company numbers are looked for.
func (s *Store) ByNumber(ctx context.Context, n ident.Number) (string, error) {
	var org string
	found := false
	var err error
	if n.Kind() == ident.CVR {
		found, err = s.get(ctx, numberKey(n), &org)
	}
	if err != nil || !found {
		return "", orNotFound(err, "organization of", n.String())
	}
	return org, nil
}

// Organization implements post.Organizations.
func (s *Store) Organization(ctx context.Context, id string) (*post.Organization, error) {
	items, err := s.table.Get(ctx, Key{"O#" + id, headerSK})
	if err != nil || items[0] == nil {
		return nil, orNotFound(err, "organization", id)
	}
	return organizationOf(id, items[0])
}

func orNotFound(err error, what, id string) error {
	if err != nil {
		return err
	}
	return fmt.Errorf("%s %s: %w", what, id, post.ErrNotFound)
}

type orphanBody struct {
	Why     string      `json:"why"`
	Letter  string      `json:"letter"`
	Receipt receiptBody `json:"receipt"`
}

// Keep implements post.OrphanReceipts.
func (s *Store) Keep(ctx context.Context, r post.Receipt, why error) error {
	body := orphanBody{why.Error(), string(r.MessageID), receiptBodyOf(r)}
	item, err := small(Key{"R#stray", r.SHA256}, body, time.Time{})
	if err != nil {
		return err
	}
	return again(func() error {
		writes := []Write{{Put: item}}
		if errors.Is(why, post.ErrNotFound) {
			missing, err := s.letterMissing(ctx, r.MessageID)
			if err != nil {
				return err
			}
			writes = append(writes, missing)
		}
		return s.table.Transact(ctx, writes...)
	})
}

// letterMissing holds a transaction to it that a letter is not there. One that is there is post.ErrExists. In its place
// may be another: that of a later Send.
func (s *Store) letterMissing(ctx context.Context, id post.LetterID) (Write, error) {
	k, err := letterKey(id)
	if err != nil {
		return Write{}, err
	}
	items, err := s.table.Get(ctx, k)
	if err != nil || items[0] == nil {
		return Write{Check: &k, If: IfMissing}, err
	}
	if l, err := s.letterOf(items[0]); err == nil && l.ID == id {
		return Write{}, fmt.Errorf("letter %s: %w", id, post.ErrExists)
	}
	return Write{Check: &k, If: IfRevision, Was: items[0].Revision}, nil
}

type sentFileBody struct {
	Shipment string `json:"shipment"`
	At       stamp  `json:"at"`
}

// SentSince implements post.SentFiles.
func (s *Store) SentSince(ctx context.Context, org, sha256 string, since time.Time) (string, error) {
	var b sentFileBody
	found, err := s.get(ctx, Key{"O#" + org + "#F", sha256}, &b)
	if err != nil || !found || b.At.time().Before(since) {
		return "", err
	}
	return b.Shipment, nil
}

// Claim implements post.SentFiles.
func (s *Store) Claim(
	ctx context.Context,
	org, sha256, shipment string,
	at, since time.Time,
	force bool,
) (string, error) {
	owner := shipment
	k := Key{"O#" + org + "#F", sha256}
	err := s.change(ctx, k, func(old *Item) (*Item, error) {
		var b sentFileBody
		if err := read(old, &b); err != nil {
			return nil, err
		}
		if old != nil && !force && b.Shipment != shipment && !b.At.time().Before(since) {
			owner = b.Shipment
			return nil, post.ErrUnchanged
		}
		return small(k, sentFileBody{shipment, stampOf(at)}, time.Time{})
	})
	return owner, err
}
