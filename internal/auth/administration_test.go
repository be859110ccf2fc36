package auth

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/sentence"
	"brevdue/internal/store"
)

func administrationOf(t *testing.T, g *Auth, mails bool) *Administration {
	t.Helper()
	s := g.Accounts.(*store.Store)
	say := func(s sentence.Sentence) string {
		code, args := s.Parts()
		if code == "code-mail" {
			return fmt.Sprintf("%v\nKode: %v\n", args[1], args[3])
		}
		return strings.TrimSpace(code + fmt.Sprintln(args...))
	}
	posttest.Check(t, s.AddUser(context.Background(), post.User{Org: "demo", Name: "admin",
		Groups: []string{post.Administrators}}, post.GivenCode{Hash: "x"}))
	return &Administration{Users: s, Accesses: s, KeyStore: s, Auth: g, Audit: s.AuditLog(time.Now), Now: g.Now,
		Mails: mails, Say: say}
}

// TestNobodyGivesThemselvesARight is practice D1: by their own groups, by a group that they are in, or by a key.
func TestNobodyGivesThemselvesARight(t *testing.T) {
	g, _ := newAuth(t)
	a, ctx := administrationOf(t, g, false), context.Background()
	admin := post.Caller{Org: "demo", Name: "admin", Person: "admin", Kind: post.ByUser,
		Grants: post.GrantsOf(post.RightAdminister, post.RightOperate, post.RightAudit)}
	_, err := a.ChangeUser(ctx, admin, post.User{Name: "admin", Groups: []string{post.Administrators, post.Senders}})
	if !errors.Is(err, errOwnRights) {
		t.Errorf("by their own groups: %v", err)
	}
	_, err = a.PutGroup(
		ctx,
		admin,
		post.AccessGroup{ID: post.Administrators, Name: sentence.Of("typed", "Administratorer"),
			Grants: post.GrantsOf(post.RightAdminister, post.RightReveal)},
	)
	if !errors.Is(err, errOwnRights) {
		t.Errorf("by a group: %v", err)
	}
	for _, beyond := range []post.Right{post.RightSend, post.RightApprove, post.RightAdminister} {
		if _, err := a.AddKey(ctx, admin, post.Key{Name: "x", Grants: post.GrantsOf(beyond)}); err == nil {
			t.Errorf("by a key with %s", beyond)
		}
	}
	if _, err := a.ChangeUser(ctx, admin, post.User{Name: "eva", Groups: []string{post.Senders}}); err != nil {
		t.Errorf("to somebody else: %v", err)
	}
	if _, err := a.ChangeUser(ctx, admin, post.User{Name: "admin", Groups: []string{}}); !errors.Is(err,
		post.ErrLastAdministrator) {
		t.Errorf("the last administrator gives it up: %v", err)
	}
	key := post.Caller{Org: "demo", Name: "k", Kind: post.ByKey, Grants: post.Everything().Grants}
	var forbidden *post.Forbidden
	if _, err := a.Access(ctx, key); !errors.As(err, &forbidden) || !forbidden.People {
		t.Errorf("a key: %v", err)
	}
	elsewhere := admin
	elsewhere.Org = "andre"
	if all, err := a.Access(ctx, elsewhere); err != nil || len(all.Users) > 0 {
		t.Errorf("another organization's administrator sees %+v: %v", all, err)
	}
}

// TestImport: each row by itself, as Excel writes it; what cannot be done is a list to mend and import again, and what
// was done once is done.
func TestImport(t *testing.T) {
	g, _ := newAuth(t)
	a, ctx := administrationOf(t, g, false), context.Background()
	admin := posttest.Person("demo", "admin")
	var list strings.Builder
	list.WriteString("Brugernavn;Navn;Mail;Adgangsgrupper\r\n")
	for i := range 10 {
		fmt.Fprintf(&list, "bruger%d;Bruger %d \xe6\xf8\xe5;bruger%d@nord.example;afsendere|godkendere\r\n", i, i, i)
	}
	list.WriteString(";Uden navn;mette.lindholm@nord.example;afsendere\r\n")
	list.WriteString("kantine;Ane Birkmose;ane@nord.example;Kantinen\r\n")
	list.WriteString("bruger1;Igen;igen@nord.example;afsendere\r\n")
	dry, err := a.Import(ctx, admin, []byte(list.String()), true)
	posttest.Check(t, err)
	if all, err := a.Access(ctx, admin); err != nil || len(all.Users) != 2 {
		t.Fatalf("a dry run makes %d users: %v", len(all.Users), err)
	}
	rows, err := a.Import(ctx, admin, []byte(list.String()), false)
	posttest.Check(t, err)
	counts := map[post.Imported]int{}
	var skipped []post.ImportedRow
	for i, r := range rows {
		if counts[r.What]++; r.What != dry[i].What {
			t.Errorf("row %d was to be %s, and is %s: %v", r.Number, dry[i].What, r.What, r.Why)
		}
		if r.Why != nil {
			skipped = append(skipped, r)
		}
	}
	if counts[post.ImportAdds] != 11 || counts[post.ImportSkips] != 2 || rows[0].Full != "Bruger 0 æøå" ||
		rows[10].Name != "mette.lindholm" || rows[0].Code == "" {
		t.Errorf("%v of %+v", counts, rows)
	}
	mended := strings.ReplaceAll(string(List(skipped)), "Kantinen", "Afsendere")
	mended = strings.ReplaceAll(strings.ReplaceAll(mended, "Afsendere", post.Senders), "bruger1;", "bruger11;")
	if rows, err = a.Import(ctx, admin, []byte(mended), false); err != nil || len(rows) != 2 || rows[0].Why != nil ||
		rows[1].What != post.ImportAdds {
		t.Errorf("mended: %+v, %v", rows, err)
	}
	rows, err = a.Import(ctx, admin, []byte(list.String()), false)
	if err != nil || rows[0].What != post.ImportSame {
		t.Errorf("once more: %+v, %v", rows, err)
	}
	for text, want := range map[string]error{"": errListEmpty, "a;b\n1;2": errListHead} {
		if _, err := a.Import(ctx, admin, []byte(text), true); !errors.Is(err, want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestSessions: they are listed and revoked by whose they are alone, and end when nobody uses them.
func TestSessions(t *testing.T) {
	g, code := newAuth(t)
	ctx, now := context.Background(), time.Now()
	g.Now = func() time.Time { return now }
	first, one, err := g.Login(ctx, from, "eva", code)
	posttest.Check(t, err)
	second, _, err := g.Login(ctx, post.Client{Address: "192.0.2.9", Agent: "Firefox"}, "eva", code)
	posttest.Check(t, err)
	eva := post.Caller{Org: "demo", Name: "eva", Kind: post.ByUser}
	all, err := g.SessionsOf(ctx, eva)
	if err != nil || len(all) != 2 || all[0].Agent+all[1].Agent != "Firefox" {
		t.Errorf("the sessions are %+v: %v", all, err)
	}
	for _, other := range []post.Caller{{Org: "demo", Name: "bo"}, {Org: "andre", Name: "eva"}} {
		if err := g.Revoke(ctx, other, one.ID); !errors.Is(err, post.ErrNotFound) {
			t.Errorf("%+v ends it: %v", other, err)
		}
	}
	posttest.Check(t, g.Revoke(ctx, eva, one.ID))
	if _, err := g.Session(ctx, first, true); !errors.Is(err, ErrDenied) {
		t.Errorf("a revoked session lets in: %v", err)
	}
	for range 3 { // a page that refreshes itself keeps nobody in; a person does
		now = now.Add(post.UsualIdle - time.Minute)
		if _, err := g.Session(ctx, second, true); err != nil {
			t.Fatalf("used, it has ended: %v", err)
		}
	}
	for range 2 {
		now = now.Add(post.UsualIdle/2 + time.Minute)
		_, err = g.Session(ctx, second, false)
	}
	if !errors.Is(err, ErrDenied) {
		t.Errorf("it is used by nobody, and lets in: %v", err)
	}
}
