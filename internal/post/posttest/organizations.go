package posttest

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"brevdue/internal/post"
)

// StoredOrganizations is all that a store does with organizations, and with who may come in.
type StoredOrganizations interface {
	post.Organizations
	post.NewOrganizations
	post.OrganizationChanges
	People
	FourEyes
}

// People are who may come in, and what they may do.
type People interface {
	post.Users
	post.Accesses
	post.Keys
	ComeIn
}

// Later is what is asked or told at Digital Post after a letter or a message.
type Later interface {
	post.LegalNotices
	post.Transfers
	post.PushedMemos
}

// FourEyes is what another person approves.
type FourEyes interface {
	post.DayCounts
	post.Proposals
	post.RightsNow
	post.RecipientLists
	Later
}

// ComeIn is who may come in, and who has.
type ComeIn interface {
	Accounts
	Sessions
}

// Accounts is who may come in.
type Accounts interface {
	PutKey(ctx context.Context, hash string, c post.Caller) error
	Key(ctx context.Context, hash string) (c post.Caller, networks []string, err error)
	PutUser(ctx context.Context, c post.Caller, codeHash string) error
	Credentials(ctx context.Context, login string) (post.Credentials, error)
}

// Sessions is who has come in.
type Sessions interface {
	PutSession(ctx context.Context, hash string, s post.Session) error
	Session(ctx context.Context, hash string) (post.Session, error)
	SessionsOf(ctx context.Context, org, name string) ([]post.Session, error)
}

// organizations: whoever creates an organization touches nothing of another one's: its id, number, users and keys.
func organizations(t *testing.T, w Words) {
	ctx := context.Background()
	cvr := post.Sender{Number: Number(t, "99060816"), Name: "Nordøby Kommune"}
	nord := &post.Organization{ID: "nord", Name: "Nordøby Kommune", MeMo: post.MeMo12, Senders: []post.Sender{cvr}}
	free := post.Sender{Number: Number(t, "12345674"), Name: "Sydøby"}
	must(t, w.Organizations.CreateOrganization(ctx, nord))
	must(t, w.Organizations.CreateOrganization(ctx, nord)) // the answer was lost, and it is created once more
	must(t, w.Organizations.PutUser(ctx, post.Caller{Org: "nord", Name: "admin"}, "code of nord"))
	must(t, w.Organizations.PutUser(ctx, post.Caller{Org: "nord", Name: "admin"}, "new code of nord"))
	must(t, w.Organizations.PutKey(ctx, "hash", post.Caller{Org: "nord", Name: "fagsystem"}))
	for what, err := range map[string]error{
		"id": w.Organizations.CreateOrganization(ctx,
			&post.Organization{ID: "nord", Name: "Sydøby", Senders: []post.Sender{free}}),
		"key": w.Organizations.PutKey(ctx, "hash", post.Caller{Org: "syd", Name: "fagsystem"}),
	} {
		if !errors.Is(err, post.ErrExists) {
			t.Errorf("another organization takes the %s: %v", what, err)
		}
	}
	syd := &post.Organization{ID: "syd", Name: "Sydøby", Senders: []post.Sender{free, cvr}}
	if err := w.Organizations.CreateOrganization(ctx, syd); !errors.Is(err, post.ErrNumberTaken) {
		t.Errorf("another organization takes the number: %v", err)
	}
	if owner, err := w.Organizations.ByNumber(ctx, free.Number); !errors.Is(err, post.ErrNotFound) {
		t.Errorf("a number of what was not created is that of %q: %v", owner, err)
	}
	if o, err := w.Organizations.Organization(ctx, "nord"); err != nil || o.Name != nord.Name || len(o.Senders) != 1 {
		t.Errorf("it is %+v: %v", o, err)
	}
	if owner, err := w.Organizations.ByNumber(ctx, cvr.Number); err != nil || owner != "nord" {
		t.Errorf("its number is that of %q: %v", owner, err)
	}
	changedOrganizations(t, w, cvr, free)
	c, err := w.Organizations.Credentials(ctx, "admin")
	if err != nil || c.Org != "nord" || c.Code != "new code of nord" {
		t.Errorf("its user is %+v: %v", c, err)
	}
	if c, _, err := w.Organizations.Key(ctx, "hash"); err != nil || c.Org != "nord" {
		t.Errorf("its key is that of %+v: %v", c, err)
	}
	if _, err := w.Organizations.Organization(ctx, "syd"); !errors.Is(err, post.ErrNotFound) {
		t.Errorf("half of an organization was created: %v", err)
	}
}

// changedOrganizations: an organization gets and gives up numbers as a whole, and never another one's; who comes in
// first is written with a new one, or nothing is.
func changedOrganizations(t *testing.T, w Words, cvr, free post.Sender) {
	ctx := context.Background()
	vest := &post.Organization{ID: "vest", Name: "Vest", Senders: []post.Sender{free}}
	user := post.Account{Caller: post.Caller{Org: "vest", Name: "vest", Kind: post.ByUser}, Hash: "code of vest"}
	key := post.Account{Caller: post.Caller{Org: "vest", Name: "fagsystem", Kind: post.ByKey}, Hash: "key of vest"}
	stolen := &post.Organization{ID: "vest", Name: "Vest", Senders: []post.Sender{cvr}}
	if err := w.Organizations.CreateOrganization(ctx, stolen, user, key); !errors.Is(err, post.ErrNumberTaken) {
		t.Errorf("another organization takes the number: %v", err)
	}
	if _, _, err := w.Organizations.Key(ctx, "key of vest"); !errors.Is(err, post.ErrNotFound) {
		t.Errorf("a refused organization left a key: %v", err)
	}
	must(t, w.Organizations.CreateOrganization(ctx, vest, user, key))
	must(t, w.Organizations.CreateOrganization(ctx, vest, user, key)) // the answer was lost
	late := post.Account{Caller: user.Caller, Hash: "another code"}
	if err := w.Organizations.CreateOrganization(ctx, vest, late, key); !errors.Is(err, post.ErrExists) {
		t.Errorf("who creates it at the same time takes it over: %v", err)
	}
	if c, err := w.Organizations.Credentials(ctx, "vest"); err != nil || c.Org != "vest" || c.Code != "code of vest" {
		t.Errorf("its user is %+v: %v", c, err)
	}
	other := post.Sender{Number: Number(t, "87654303"), Name: "Vest Forsyning"}
	change := func(senders ...post.Sender) error {
		_, err := w.Organizations.ChangeOrganization(ctx, "vest", func(o *post.Organization) error {
			o.Senders = senders
			return nil
		})
		return err
	}
	must(t, change(free, other))
	if err := change(free, other, cvr); !errors.Is(err, post.ErrNumberTaken) {
		t.Errorf("a change takes another one's number: %v", err)
	}
	must(t, change(other))
	if owner, err := w.Organizations.ByNumber(ctx, free.Number); !errors.Is(err, post.ErrNotFound) {
		t.Errorf("a number that was given up is that of %q: %v", owner, err)
	}
	if owner, err := w.Organizations.ByNumber(ctx, other.Number); err != nil || owner != "vest" {
		t.Errorf("its new number is that of %q: %v", owner, err)
	}
	if _, err := w.Organizations.ChangeOrganization(ctx, "none", nil); !errors.Is(err, post.ErrNotFound) {
		t.Errorf("what is not there was changed: %v", err)
	}
	if all, err := w.Organizations.AllOrganizations(ctx); err != nil || len(all) != 2 || all[1].ID != "vest" ||
		len(all[1].Senders) != 1 {
		t.Errorf("all are %+v: %v", all, err)
	}
}

// users: names are unique within an organization; one that two have is told apart by the organization; a closed user is
// not there, and has no session.
func users(t *testing.T, w Words) {
	ctx, o := context.Background(), w.Organizations
	for _, org := range []string{"nord", "syd"} {
		must(t, o.PutUser(ctx, post.Caller{Org: org, Name: "eva"}, "code of "+org))
	}
	must(t, o.PutUser(ctx, post.Caller{Org: "nord", Name: "bo"}, "b"))
	must(t, o.PutUser(ctx, post.Caller{Org: "nord", Name: "eva@vest"}, "e"))
	if err := o.PutUser(ctx, post.Caller{Org: "vest", Name: "eva"}, "x"); !errors.Is(err, post.ErrUserTaken) {
		t.Errorf("two users have one log-in: %v", err)
	}
	ida := post.User{Org: "nord", Name: "ida", FullName: "Ida Ås", Mail: "ida@nord.example"}
	ida.Groups = []string{post.Senders}
	must(t, o.AddUser(ctx, ida, post.GivenCode{Hash: "code of ida", Until: Start}))
	must(t, o.AddUser(ctx, ida, post.GivenCode{Hash: "code of ida", Until: Start})) // the answer was lost
	if err := o.AddUser(ctx, ida, post.GivenCode{Hash: "another code"}); !errors.Is(err, post.ErrExists) {
		t.Errorf("who makes the same user at the same time takes it over: %v", err)
	}
	ida.Login, ida.InvitedUntil = "ida", Start
	if u, err := o.UserOf(ctx, "nord", "ida"); err != nil || !reflect.DeepEqual(u, ida) {
		t.Errorf("the new user is %+v: %v", u, err)
	}
	if u, err := o.UserOf(ctx, "syd", "ida"); !errors.Is(err, post.ErrNotFound) {
		t.Errorf("another organization has %+v: %v", u, err)
	}
	for login, want := range map[string]string{
		"eva": "nord", "eva@nord": "nord", "eva@syd": "syd", "bo": "nord", "bo@nord": "nord", "bo@syd": "",
		"eva@vest": "nord", "": "", "@": "", "@nord": "",
	} {
		if c, err := o.Credentials(ctx, login); c.Org != want || (want == "") != errors.Is(err, post.ErrNotFound) {
			t.Errorf("%q is %+v: %v", login, c, err)
		}
	}
	all, err := o.Users(ctx, "nord")
	must(t, err)
	var names []string
	for _, u := range all {
		names = append(names, u.Name+" "+u.Login)
	}
	if want := []string{"bo bo", "eva eva", "eva@vest eva@vest", "ida ida"}; !slices.Equal(names, want) {
		t.Errorf("the users are %q, want %q", names, want)
	}
	if all, err := o.Users(ctx, "syd"); err != nil || len(all) != 1 || all[0].Login != "eva@syd" {
		t.Errorf("the other's are %+v: %v", all, err)
	}
	sessionsOf(t, w)
	access(t, w)
	apiKeys(t, w)
}

func sessionsOf(t *testing.T, w Words) {
	ctx, o := context.Background(), w.Organizations
	in := func(token string) bool {
		s, err := o.Session(ctx, token)
		return err == nil && s.Name == "eva" && s.Org == "syd" && s.May(post.RightSend)
	}
	soon := time.Now().Add(time.Hour).Truncate(time.Millisecond).UTC() // what has ended a table may remove by itself
	session := post.Session{Caller: post.Caller{Org: "syd", Name: "eva"}, Until: soon}
	let := func(closed time.Time) {
		must(t, o.ChangeAccess(ctx, "syd", func(a *post.Access) error {
			u, err := a.User("eva")
			must(t, err)
			u.FullName, u.Closed = "Eva Holm", closed
			return nil
		}))
	}
	must(t, o.PutUser(ctx, post.Caller{Org: "syd", Name: "admin"}, "code of admin"))
	must(t, o.PutSession(ctx, "a", session))
	let(Start)
	if _, err := o.Credentials(ctx, "eva@syd"); !errors.Is(err, post.ErrNotFound) || in("a") {
		t.Errorf("a closed user may come in, or is in: %v", err)
	}
	let(time.Time{})
	if c, err := o.Credentials(ctx, "eva@syd"); err != nil || c.Org != "syd" || c.Code != "code of syd" || !in("a") {
		t.Errorf("opened again it is %+v, in %v: %v", c, in("a"), err)
	}
	time.Sleep(2 * time.Millisecond) // times are kept by the millisecond
	must(t, o.PutUser(ctx, post.Caller{Org: "syd", Name: "eva"}, "a new code"))
	if in("a") {
		t.Error("a session outlasts a new code")
	}
	time.Sleep(2 * time.Millisecond)
	must(t, o.PutSession(ctx, "b", session))
	if !in("b") {
		t.Error("nobody comes in with the new code")
	}
	all, err := o.SessionsOf(ctx, "syd", "eva")
	if other, foreign := o.SessionsOf(ctx, "nord", "eva"); err != nil || len(all) != 2 || foreign != nil ||
		len(other) > 0 {
		t.Errorf("the sessions are %+v and %+v: %v, %v", all, other, err, foreign)
	}
}
