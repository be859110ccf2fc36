package auth

import (
	"context"
	"net/netip"
	"strings"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// MakeKey makes an API key, and the account that it comes in by. It is shown once.
func MakeKey(c post.Caller) (key string, a post.Account) {
	key = "brevdue_" + secret(40)
	c.Kind = post.ByKey
	return key, post.Account{Caller: c, Hash: hash(key)}
}

// NewKey makes an API key that belongs to nobody, and lets it in from now on.
func (g *Auth) NewKey(ctx context.Context, c post.Caller) (string, error) {
	key, a := MakeKey(c)
	return key, g.Accounts.PutKey(ctx, a.Hash, c)
}

// Key lets a program in, or a person who has logged in at a command line. address is where it asks from.
func (g *Auth) Key(ctx context.Context, key, address string) (post.Caller, error) {
	if token, ok := strings.CutPrefix(key, SessionPrefix); ok {
		s, err := g.Session(ctx, token, true)
		if err == nil && !s.Complete() {
			err = ErrDenied
		}
		return s.Caller, err
	}
	if key == "" {
		return post.Caller{}, ErrDenied
	}
	c, networks, err := g.Accounts.Key(ctx, hash(key))
	if c, err = denied(c, err); err != nil {
		return post.Caller{}, err
	}
	if !within(address, networks) {
		return post.Caller{}, ErrDenied
	}
	return c, nil
}

// within reports whether an address is in one of some networks; none are all.
func within(address string, networks []string) bool {
	if len(networks) == 0 {
		return true
	}
	a, err := netip.ParseAddr(address)
	for _, text := range networks {
		if n, bad := netip.ParsePrefix(text); err == nil && bad == nil && n.Contains(a.Unmap()) {
			return true
		}
	}
	return false
}

// KeyStore is where API keys are.
type KeyStore = post.Keys

// Errors of a key that cannot be made as it was asked for.
const (
	errKeyRights  sentence.Sentence = `§["key-rights"]`
	errKeyNetwork sentence.Sentence = `§["key-network"]`
)

// keyNameLimit is how many characters the name of a key may have.
const keyNameLimit = 64

// Keys implements post.KeyAdministration.
func (a *Administration) Keys(ctx context.Context, who post.Caller) ([]post.Key, error) {
	if err := a.people(ctx, who); err != nil {
		return nil, err
	}
	return a.KeyStore.Keys(ctx, who.Org)
}

// AddKey implements post.KeyAdministration: the key may do no more than keys may, and than its maker may.
func (a *Administration) AddKey(
	ctx context.Context,
	who post.Caller,
	k post.Key,
) (created post.CreatedKey, err error) {
	if err := a.people(ctx, who); err != nil {
		return created, err
	}
	if err := post.CheckFullText(`§["place-key-name"]`, k.Name, keyNameLimit); err != nil {
		return created, err
	}
	most := post.GrantsOf(post.KeyRights()...)
	k.Org, k.Made, k.Name = who.Org, a.Now(), strings.TrimSpace(k.Name)
	if who.Kind == post.ByUser {
		k.Maker, most = who.Name, most.Within(who.Grants)
	}
	if k.Grants == nil {
		k.Grants = most
	}
	if beyond, is := k.Grants.Beyond(most); is || len(k.Grants) == 0 {
		if is {
			return created, sentence.Of("key-beyond", post.RightName(beyond.Right))
		}
		return created, errKeyRights
	}
	for i, text := range k.From {
		if one, err := netip.ParseAddr(text); err == nil {
			k.From[i] = netip.PrefixFrom(one, one.BitLen()).String()
		} else if _, err := netip.ParsePrefix(text); err != nil {
			return created, errKeyNetwork
		}
	}
	if err := a.record(ctx, who, post.ActKey, sentence.Of("audit-key-made", k.Name)); err != nil {
		return created, err
	}
	created.Secret = "brevdue_" + secret(40)
	h := hash(created.Secret)
	created.Key, created.ID = k, h[:16]
	return created, a.KeyStore.AddKey(ctx, h, k)
}

// CloseKey implements post.KeyAdministration.
func (a *Administration) CloseKey(ctx context.Context, who post.Caller, id string) (post.Key, error) {
	if err := a.people(ctx, who); err != nil {
		return post.Key{}, err
	}
	if err := a.record(ctx, who, post.ActKey, sentence.Of("audit-key-closed", id)); err != nil {
		return post.Key{}, err
	}
	return a.KeyStore.CloseKey(ctx, who.Org, id, a.Now())
}
