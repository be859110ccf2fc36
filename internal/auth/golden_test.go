package auth

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

// accountsOf24a27c9 are users and keys as the version before groups stored them: written by a server of commit 24a27c9
// (users add, users close, organization add), and read from its file. Its codes and keys open nothing else.
func accountsOf24a27c9(t *testing.T) *Auth {
	t.Helper()
	b, err := os.ReadFile("testdata/accounts-24a27c9.json")
	posttest.Check(t, err)
	var items []struct {
		PK   string          `json:"pk"`
		SK   string          `json:"sk"`
		Body json.RawMessage `json:"body"`
	}
	posttest.Check(t, json.Unmarshal(b, &items))
	table := storetest.NewMemory()
	for _, i := range items {
		posttest.Check(t, table.Transact(context.Background(), store.Write{Put: &store.Item{
			Key: store.Key{PK: i.PK, SK: i.SK}, Revision: 1, Body: i.Body}}))
	}
	s := store.New(table)
	return &Auth{Accounts: s, Changes: s, Sessions: s, Attempts: s, Requests: s, Ceremonies: s, SignOns: s,
		Organizations: s, Audit: s.AuditLog(time.Now), Now: time.Now}
}

// TestAccountsOfTheVersionBefore: whoever came in comes in, and may what they could; who was closed is closed; a key
// does what it did; and the first group that somebody is put into takes the rest away.
func TestAccountsOfTheVersionBefore(t *testing.T) {
	g := accountsOf24a27c9(t)
	ctx := context.Background()
	for login, c := range map[string]struct{ code, org, name string }{
		"demo":         {"rmdn-nu2u-kjo5-krka", "demo", "demo"},
		"sigrid":       {"bcuw-4hhb-xzdf-ofth", "demo", "sigrid"},
		"sigrid@anden": {"7qrz-lrwv-oxkn-tosu", "anden", "sigrid"},
	} {
		token, s, err := g.Login(ctx, from, login, c.code)
		if err != nil || s.Org != c.org || s.Name != c.name || !s.Complete() {
			t.Errorf("%s: %+v, %v", login, s.Caller, err)
			continue
		}
		s, err = g.Session(ctx, token, true)
		posttest.Check(t, err)
		for _, right := range post.Rights() {
			if !s.May(right) {
				t.Errorf("%s lost the right %s", login, right)
			}
		}
	}
	if _, _, err := g.Login(ctx, from, "bo", "5ep7-k2vz-woxb-tls2"); !errors.Is(err, ErrDenied) {
		t.Errorf("who was closed: %v", err)
	}
	for key, org := range map[string]string{
		"brevdue_uvrczarazf7wxqj4tuxctozdjz3ihkrl3s65f6yx": "demo",
		"brevdue_rqv2w4miozna7ogzxlmyjggmcc6uyo6b5fk5si7f": "anden",
	} {
		c, err := g.Key(ctx, key, from.Address)
		if err != nil || c.Org != org || c.May(post.RightApprove) || c.May(post.RightAdminister) {
			t.Errorf("the key of %s: %+v, %v", org, c, err)
		}
		for _, right := range post.KeyRights() {
			if !c.May(right) {
				t.Errorf("the key of %s lost the right %s", org, right)
			}
		}
	}
	s := g.Accounts.(*store.Store)
	a := &Administration{Users: s, Accesses: s, KeyStore: s, Auth: g, Audit: s.AuditLog(time.Now), Now: time.Now}
	admin := post.Caller{Org: "demo", Name: "demo", Person: "demo", Kind: post.ByUser,
		Grants: post.GrantsOf(post.Rights()...)}
	_, err := a.ChangeUser(ctx, admin, post.User{Name: "sigrid", Groups: []string{post.Senders}})
	posttest.Check(t, err)
	_, session, err := g.Login(ctx, from, "sigrid", "bcuw-4hhb-xzdf-ofth")
	posttest.Check(t, err)
	is, err := s.Session(ctx, session.ID)
	if err != nil || !is.May(post.RightSend) || is.May(post.RightAdminister) {
		t.Errorf("in the group of senders: %+v, %v", is.Caller, err)
	}
	if _, err := a.CloseUser(ctx, admin, "demo", true); err == nil {
		t.Error("the last administrator is closed")
	}
}
