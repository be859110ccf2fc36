package auth

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/remote/oidc"
	"brevdue/internal/remote/oidc/oidctest"
	"brevdue/internal/store"
)

const redirect = "http://localhost/log-ind/sso/svar/demo"

// elsewhere is an organization whose people log in at a provider.
type elsewhere struct {
	*Auth
	t        *testing.T
	provider *oidctest.Provider
	now      time.Time
	alarms   []post.Notice
}

func logInElsewhere(t *testing.T, change func(*post.SingleSignOn)) *elsewhere {
	t.Helper()
	g, _ := newAuth(t)
	e := &elsewhere{Auth: g, t: t, provider: oidctest.New(t, redirect), now: time.Now()}
	g.Now = func() time.Time { return e.now }
	g.SignOns, g.Provider = g.Accounts.(*store.Store), oidc.New()
	g.Alarm = func(_ context.Context, n post.Notice) error {
		e.alarms = append(e.alarms, n)
		return nil
	}
	e.set(func(s *post.SingleSignOn) {
		*s = post.SingleSignOn{
			Issuer:       e.provider.URL,
			ClientID:     oidctest.ClientID,
			ClientSecret: oidctest.ClientSecret,
			Roles: map[string]string{
				"Brevdue.Afsender":      post.Senders,
				"Brevdue.Administrator": post.Administrators,
			},
		}
		if change != nil {
			change(s)
		}
	})
	return e
}

func (e *elsewhere) set(change func(*post.SingleSignOn)) {
	e.t.Helper()
	_, err := e.Accounts.(*store.Store).ChangeOrganization(context.Background(), "demo",
		func(o *post.Organization) error {
			if o.SSO == nil {
				o.SSO = &post.SingleSignOn{}
			}
			change(o.SSO)
			return nil
		})
	posttest.Check(e.t, err)
}

func (e *elsewhere) put(subject, name string, roles ...any) {
	e.provider.Put(
		oidctest.Person{Subject: subject, Name: name, FullName: "Person " + subject, Mail: "eva@nordoby.example",
			Claims: map[string]any{"roles": roles}},
	)
}

// begin begins a log-in and comes back from the provider.
func (e *elsewhere) begin(name string) (state string, back url.Values) {
	e.t.Helper()
	address, state, err := e.BeginSignOn(context.Background(), "demo", redirect, "/log")
	posttest.Check(e.t, err)
	return state, e.provider.LogIn(e.t, address, redirect, name).Query()
}

func (e *elsewhere) logIn(name string) (post.Session, error) {
	e.t.Helper()
	state, back := e.begin(name)
	token, _, err := e.FinishSignOn(
		context.Background(),
		from,
		"demo",
		redirect,
		back.Get("state"),
		state,
		back.Get("code"),
	)
	if err != nil {
		return post.Session{}, err
	}
	return e.Session(context.Background(), token, true)
}

// TestRolesOfElsewhereLetIn is practice D5: a role leads to a group, without one nobody comes in, and roles count for
// an hour: who lost theirs, or was closed there, is out by then.
func TestRolesOfElsewhereLetIn(t *testing.T) {
	e := logInElsewhere(t, nil)
	e.put("s1", "maja@nordoby.example", "Brevdue.Afsender", "Andet")
	s, err := e.logIn("maja@nordoby.example")
	posttest.Check(t, err)
	if s.Name != "maja" || !s.May(post.RightSend) || s.May(post.RightAdminister) || !s.Elsewhere || !s.Complete() ||
		s.Until.Sub(e.now).Round(time.Minute) != post.RolesFor {
		t.Errorf("with the role of a sender: %+v", s)
	}
	e.put("s1", "maja@nordoby.example", "Brevdue.Administrator")
	if s, err = e.logIn("maja@nordoby.example"); err != nil || s.Name != "maja" || s.May(post.RightSend) ||
		!s.May(post.RightAdminister) {
		t.Errorf("with another role: %+v, %v", s, err)
	}
	e.put("s1", "maja@nordoby.example", "Andet")
	if _, err := e.logIn("maja@nordoby.example"); !errors.Is(err, ErrNoRole) {
		t.Errorf("without a role that counts: %v", err)
	}
	if u, err := e.Accounts.(*store.Store).UserOf(context.Background(), "demo", "maja"); err != nil ||
		len(u.Groups) > 0 {
		t.Errorf("what the user keeps of lost roles: %v, %v", u.Groups, err)
	}
	e.put("s2", "ny@nordoby.example")
	if _, err := e.logIn("ny@nordoby.example"); !errors.Is(err, ErrNoRole) {
		t.Errorf("a newcomer without a role: %v", err)
	}
	e.now = e.now.Add(post.RolesFor + time.Second)
	if all, err := e.SessionsOf(context.Background(), s.Caller); err != nil || len(all) > 0 {
		t.Errorf("sessions after the hour: %v, %v", all, err)
	}
}

// TestNobodyIsKnownByMail is practice D5: neither mail address nor name makes somebody the user who was there, and a
// name that changes makes nobody another one.
func TestNobodyIsKnownByMail(t *testing.T) {
	e := logInElsewhere(t, nil)
	e.put("s1", "eva@nordoby.example", "Brevdue.Afsender")
	s, err := e.logIn("eva@nordoby.example")
	posttest.Check(t, err)
	if s.Name != "eva2" {
		t.Errorf("the name of a user with a code leads to %q", s.Name)
	}
	e.put("s1", "hansen@nordoby.example", "Brevdue.Afsender")
	if s, err = e.logIn("hansen@nordoby.example"); err != nil || s.Name != "eva2" {
		t.Errorf("after a marriage: %q, %v", s.Name, err)
	}
	e.put("s2", "eva@nordoby.example", "Brevdue.Afsender")
	if s, err = e.logIn("eva@nordoby.example"); err != nil || s.Name != "eva3" {
		t.Errorf("whoever got the name afterwards: %q, %v", s.Name, err)
	}
}

// TestAnswerOfAnotherBrowser is practice D5: a log-in ends in the browser in which it began, once, in time, and with
// its own nonce and verifier (PKCE).
func TestAnswerOfAnotherBrowser(t *testing.T) {
	e := logInElsewhere(t, nil)
	e.put("s1", "maja@nordoby.example", "Brevdue.Afsender")
	ctx := context.Background()
	finish := func(state, kept, code string) error {
		_, _, err := e.FinishSignOn(ctx, from, "demo", redirect, state, kept, code)
		return err
	}
	state, back := e.begin("maja@nordoby.example")
	other, _ := e.begin("maja@nordoby.example")
	for name, kept := range map[string]string{"another": other, "none": ""} {
		if err := finish(back.Get("state"), kept, back.Get("code")); !errors.Is(err, ErrSignOn) {
			t.Errorf("the cookie of %s: %v", name, err)
		}
	}
	_, _, err := e.FinishSignOn(ctx, from, "andre", redirect, state, state, back.Get("code"))
	if !errors.Is(err, ErrSignOn) {
		t.Errorf("at the address of another organization, whose provider got the code: %v", err)
	}
	state, back = e.begin("maja@nordoby.example")
	posttest.Check(t, finish(back.Get("state"), state, back.Get("code")))
	if err := finish(back.Get("state"), state, back.Get("code")); !errors.Is(err, ErrSignOn) {
		t.Errorf("a second time: %v", err)
	}
	state, back = e.begin("maja@nordoby.example")
	if err := finish(other, other, back.Get("code")); !errors.Is(err, ErrProvider) {
		t.Errorf("the code of another log-in, which has another verifier: %v", err)
	}
	e.now = e.now.Add(signOnFor + time.Second)
	if err := finish(back.Get("state"), state, back.Get("code")); !errors.Is(err, ErrSignOn) {
		t.Errorf("too late: %v", err)
	}
}

// TestNonceAndVerifier is practice D5: the provider is told both, and a token with another nonce counts for nobody.
func TestNonceAndVerifier(t *testing.T) {
	e := logInElsewhere(t, nil)
	e.put("s1", "maja@nordoby.example", "Brevdue.Afsender")
	ctx, client := context.Background(), oidc.New()
	o, err := e.Organizations.Organization(ctx, "demo")
	posttest.Check(t, err)
	on := post.SignOn{Nonce: "en", Verifier: strings.Repeat("v", 43)}
	identity := func(change func(*post.SignOn)) error {
		address, err := client.Address(ctx, o.SSO, redirect, "x", on)
		posttest.Check(t, err)
		u, err := url.Parse(address)
		posttest.Check(t, err)
		if q := u.Query(); q.Get("nonce") != "en" || q.Get("code_challenge_method") != "S256" ||
			q.Get("code_challenge") == "" || q.Get("state") != "x" {
			t.Errorf("asked for: %s", u.RawQuery)
		}
		code := e.provider.LogIn(t, address, redirect, "maja@nordoby.example").Query().Get("code")
		is := on
		change(&is)
		_, err = client.Identity(ctx, o.SSO, redirect, code, is)
		return err
	}
	posttest.Check(t, identity(func(*post.SignOn) {}))
	if err := identity(func(s *post.SignOn) { s.Nonce = "en anden" }); !errors.Is(err, oidc.ErrNonce) {
		t.Errorf("another nonce: %v", err)
	}
	if err := identity(func(s *post.SignOn) { s.Verifier = strings.Repeat("w", 43) }); err == nil {
		t.Error("another verifier lets in")
	}
}

// TestTenants is practice D5: only tenants that were named come in, and people of Entra ID are known by tenant and
// object.
func TestTenants(t *testing.T) {
	e := logInElsewhere(t, func(s *post.SingleSignOn) { s.Tenants = []string{"lejer-1"} })
	put := func(subject, tenant, object string) {
		e.provider.Put(oidctest.Person{Subject: subject, Name: subject, Claims: map[string]any{
			"roles": []any{"Brevdue.Afsender"}, "tid": tenant, "oid": object}})
	}
	put("maja", "lejer-1", "o1")
	s, err := e.logIn("maja")
	if err != nil || s.Name != "maja" {
		t.Fatalf("of the tenant: %+v, %v", s, err)
	}
	e.provider.Put(oidctest.Person{Subject: "ingen", Name: "ingen", NoSubject: true, Claims: map[string]any{
		"roles": []any{"Brevdue.Afsender"}, "tid": "lejer-1"}})
	if _, err := e.logIn("ingen"); !errors.Is(err, oidc.ErrSubject) {
		t.Errorf("of a token that names nobody: %v", err)
	}
	put("uden", "lejer-1", "")
	if _, err := e.logIn("uden"); !errors.Is(err, oidc.ErrSubject) {
		t.Errorf("without the object, which the browser's own scope leaves out: %v", err)
	}
	put("per", "lejer-2", "o1")
	if _, err := e.logIn("per"); !errors.Is(err, oidc.ErrTenant) {
		t.Errorf("of another tenant: %v", err)
	}
	put("samme", "lejer-1", "o1")
	if s, err := e.logIn("samme"); err != nil || s.Name != "maja" {
		t.Errorf("the same object with another subject: %+v, %v", s, err)
	}
	for name, s := range map[string]post.SingleSignOn{
		"common":     {Issuer: "https://login.microsoftonline.com/common/v2.0"},
		"no tenants": {Issuer: "https://login.microsoftonline.com/lejer-1/v2.0"},
		"open":       {Issuer: "http://login.nordoby.example"},
	} {
		s.ClientID, s.Roles = "x", map[string]string{"a": post.Senders}
		if name == "common" {
			s.Tenants = []string{"lejer-1"}
		}
		if s.Check() == nil {
			t.Errorf("%s can be set up", name)
		}
	}
}

// TestCodesCloseWithSingleSignOn is practice D5: with it codes are closed but for two users, and theirs alarms. Who
// comes from elsewhere has no code, and gets none.
func TestCodesCloseWithSingleSignOn(t *testing.T) {
	e := logInElsewhere(t, nil)
	ctx := context.Background()
	a := administrationOf(t, e.Auth, true)
	code, err := e.NewCode(ctx, post.Caller{Org: "demo", Name: "noed"})
	posttest.Check(t, err)
	other, err := e.NewCode(ctx, post.Caller{Org: "demo", Name: "per"})
	posttest.Check(t, err)
	e.set(func(s *post.SingleSignOn) { s.Only, s.Emergency = true, []string{"noed", "noed2"} })
	if _, _, err := e.Login(ctx, from, "per", other); !errors.Is(err, ErrCodeless) {
		t.Errorf("a code: %v", err)
	}
	if _, _, err := e.Login(ctx, from, "per", "gættet"); !errors.Is(err, ErrDenied) {
		t.Errorf("a wrong code tells more: %v", err)
	}
	if _, _, err := e.Login(ctx, from, "noed", code); err != nil || len(e.alarms) != 1 ||
		e.alarms[0].Kind != post.EmergencyLogin {
		t.Errorf("in an emergency: %v, alarms %v", err, e.alarms)
	}
	e.put("s1", "maja@nordoby.example", "Brevdue.Afsender")
	state, back := e.begin("maja@nordoby.example")
	token, _, err := e.FinishSignOn(ctx, from, "demo", redirect, state, state, back.Get("code"))
	posttest.Check(t, err)
	admin := post.Caller{Org: "demo", Name: "admin", Person: "admin", Kind: post.ByUser,
		Grants: post.GrantsOf(post.RightAdminister)}
	if _, err := a.NewCode(ctx, admin, "maja"); !errors.Is(err, errElsewhere) {
		t.Errorf("a code for who comes from elsewhere: %v", err)
	}
	posttest.Check(t, e.Forgotten(ctx, from, "maja"))
	mailed := &box{}
	_, err = a.MailCodes(ctx, mailed, "")
	posttest.Check(t, err)
	if len(mailed.mails) > 0 {
		t.Errorf("a code is mailed to who comes from elsewhere: %v", mailed.mails)
	}
	_, err = a.CloseUser(ctx, admin, "maja", true)
	posttest.Check(t, err)
	if _, err := e.Session(ctx, token, true); !errors.Is(err, ErrDenied) {
		t.Errorf("who was closed here is in: %v", err)
	}
	state, back = e.begin("maja@nordoby.example")
	_, _, err = e.FinishSignOn(ctx, from, "demo", redirect, state, state, back.Get("code"))
	if !errors.Is(err, ErrDenied) {
		t.Errorf("who was closed here comes in: %v", err)
	}
}

// TestBackToTheOwnPages: after a log-in the browser is sent to a page of the portal, however the address is
// written.
func TestBackToTheOwnPages(t *testing.T) {
	for address, own := range map[string]bool{
		"/log": true, "/afsend?a=b": true, "": false, "log": false, "//evil.example": false, "/\\evil.example": false,
		"/\t/evil.example": false, "/\n/evil.example": false, "https://evil.example": false,
		"/\x7f/evil.example": false,
	} {
		if OwnPage(address) != own {
			t.Errorf("%q is taken for a page of the portal: %v", address, !own)
		}
	}
}
