package store

import (
	"cmp"
	"context"
	"encoding/json"
	"strings"
	"time"

	"brevdue/internal/seal"
)

// Installation owns what is no organization's, and is nobody else's business either. No id begins like this.
const Installation = "-"

// owned is a body that says whose it is.
type owned interface{ owner() string }

func (b userBody) owner() string    { return b.Org }
func (b keyBody) owner() string     { return b.Org }
func (b sessionBody) owner() string { return b.Org }
func (b subjectBody) owner() string { return b.Org }

// openly are the partitions of what may be read by whoever has the table: switches, lists of organizations, company
// numbers, counted attempts and wrapped keys.
var openly = []string{"T#", "N#", "V#", wrappedKeyPK}

// orgsOwn are the partitions whose key says whose they are.
var orgsOwn = []string{"O#", "Z#", "Y#", "B#", "K#", "M#", "W#", "J#", "Q#", "G#", "H#", "C#"}

// ownerOf returns whose a small item is, "" for one that may be read by whoever has the table.
func ownerOf(k Key, body any) string {
	if b, ok := body.(owned); ok {
		return b.owner()
	}
	for _, front := range orgsOwn {
		if rest, ok := strings.CutPrefix(k.PK, front); ok {
			org, _, _ := strings.Cut(rest, "#")
			return cmp.Or(org, Installation)
		}
	}
	for _, front := range openly {
		if strings.HasPrefix(k.PK, front) && k.PK != codeRequestsPK {
			return ""
		}
	}
	return Installation
}

// Owner returns whose an item is that a version before has written, "" for one that may be read by whoever has the
// table. Of items beside a shipment it is the shipment that knows.
func (s *Store) Owner(ctx context.Context, item *Item) (string, error) {
	switch front, rest, _ := strings.Cut(item.PK, "#"); front {
	case "S", "F", "I", "A", "U", "X":
		return orgInBody(item.Body), nil
	case "L", "P", "D":
		id, _, _ := strings.Cut(rest, "#")
		items, err := s.table.Get(ctx, shipmentKey(id))
		if err != nil || items[0] == nil || items[0].Broken {
			return Installation, err
		}
		return orgInBody(items[0].Body), nil
	}
	return ownerOf(item.Key, nil), nil
}

// orgInBody returns the organization that a body names; that of a damaged one is the installation.
func orgInBody(body []byte) string {
	var b struct {
		Org string `json:"org"`
	}
	if json.Unmarshal(body, &b) != nil || b.Org == "" {
		return Installation
	}
	return b.Org
}

// wrappedKeyPK is the front of the partition where an organization's key lies, wrapped by the master key.
const wrappedKeyPK = "E#"

// WrappedKeyOf is where an organization's key lies.
func WrappedKeyOf(org string) Key { return Key{wrappedKeyPK + org, headerSK} }

type wrappedKeyBody struct {
	Wrapped []byte `json:"wrapped"`
}

// NewKeys returns the keys that lie in a table, as it is below SealedTable.
func NewKeys(t Table, m seal.Master) *seal.Keys { return seal.NewKeys(keyStore{t}, m) }

// keyStore implements seal.KeyStore.
type keyStore struct{ table Table }

// WrappedKey implements seal.KeyStore.
func (s keyStore) WrappedKey(ctx context.Context, org string) ([]byte, error) {
	var b wrappedKeyBody
	items, err := s.table.Get(ctx, WrappedKeyOf(org))
	if err != nil || items[0] == nil {
		return nil, err
	}
	if read(items[0], &b) != nil || len(b.Wrapped) == 0 {
		return nil, seal.ErrDamaged
	}
	return b.Wrapped, nil
}

// PutWrappedKey implements seal.KeyStore.
func (s keyStore) PutWrappedKey(ctx context.Context, org string, wrapped []byte) (bool, error) {
	item, err := small(WrappedKeyOf(org), wrappedKeyBody{wrapped}, time.Time{})
	if err != nil {
		return false, err
	}
	err = s.table.Transact(ctx, Write{Put: item, If: IfMissing})
	if refused(err) {
		return false, nil
	}
	return err == nil, err
}
