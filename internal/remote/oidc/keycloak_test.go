package oidc_test

import (
	"context"
	"errors"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/remote/oidc"
	"brevdue/internal/remote/oidc/oidctest"
)

// redirect is where realm.json lets Keycloak send browsers back to.
const redirect = "http://127.0.0.1:9999/log-ind/sso/svar/skole"

// keycloak returns the organization's log-in at a running Keycloak, or skips.
func keycloak(t *testing.T) *post.SingleSignOn {
	t.Helper()
	issuer := os.Getenv("BREVDUE_KEYCLOAK")
	if issuer == "" {
		t.Skip("BREVDUE_KEYCLOAK is not set: make keycloak starts one")
	}
	return &post.SingleSignOn{Issuer: issuer, ClientID: "brevdue", ClientSecret: "hemmelig",
		Roles: map[string]string{"Brevdue.Afsender": post.Senders}}
}

var action = regexp.MustCompile(`action="([^"]+)"`)

// logIn logs somebody in as a browser does, and returns what comes back: the code, or the error.
func logIn(t *testing.T, address, name, password string) url.Values {
	t.Helper()
	jar, err := cookiejar.New(nil)
	posttest.Check(t, err)
	browser := oidctest.Browser(jar, redirect)
	page, err := browser.Get(address)
	posttest.Check(t, err)
	text, err := io.ReadAll(page.Body)
	posttest.Check(t, errors.Join(err, page.Body.Close()))
	form := action.FindSubmatch(text)
	if form == nil {
		t.Fatalf("no form at Keycloak: %d %.300s", page.StatusCode, text)
	}
	answer, err := browser.PostForm(html.UnescapeString(string(form[1])),
		url.Values{"username": {name}, "password": {password}})
	posttest.Check(t, err)
	defer answer.Body.Close()
	back, err := answer.Location()
	if err != nil || !strings.HasPrefix(back.String(), redirect) {
		t.Fatalf("%s does not come back: %s %v", name, answer.Status, err)
	}
	return back.Query()
}

// TestKeycloak: people come in by discovery, code and PKCE at a provider that others have written, with the roles that
// they have there; nonce and verifier are held to, a code works once, and nobody's password passes through us.
func TestKeycloak(t *testing.T) {
	ctx, s, c := context.Background(), keycloak(t), oidc.New()
	on := post.SignOn{Org: "skole", Nonce: strings.Repeat("n", 40), Verifier: strings.Repeat("v", 50)}
	address := func(state string, on post.SignOn) string {
		to, err := c.Address(ctx, s, redirect, state, on)
		posttest.Check(t, err)
		return to
	}
	back := logIn(t, address("state-1", on), "sigrid", "sigrid")
	if back.Get("state") != "state-1" {
		t.Errorf("the state comes back as %q", back.Get("state"))
	}
	who, err := c.Identity(ctx, s, redirect, back.Get("code"), on)
	posttest.Check(t, err)
	if who.Name != "sigrid" || who.FullName != "Sigrid Ås" || who.Mail != "sigrid@skole.example" ||
		!slices.Equal(who.Roles, []string{"Brevdue.Afsender"}) || !strings.HasPrefix(who.Subject, s.Issuer+"\x00") {
		t.Errorf("%+v", who)
	}
	if _, err := c.Identity(ctx, s, redirect, back.Get("code"), on); err == nil {
		t.Error("a code works twice")
	}
	again, err := c.Identity(ctx, s, redirect, logIn(t, address("state-2", on), "sigrid", "sigrid").Get("code"), on)
	if err != nil || again.Subject != who.Subject {
		t.Errorf("at the second log-in she is %q, before %q: %v", again.Subject, who.Subject, err)
	}
	if none, err := c.Identity(ctx, s, redirect, logIn(t, address("state-3", on), "ole", "ole").Get("code"),
		on); err != nil || len(none.Roles) != 0 || len(s.Groups(none.Roles)) != 0 {
		t.Errorf("ole, who has no role there: %+v, %v", none, err)
	}
	other := on
	other.Nonce = strings.Repeat("m", 40)
	if _, err := c.Identity(ctx, s, redirect, logIn(t, address("s", on), "sigrid", "sigrid").Get("code"),
		other); !errors.Is(err, oidc.ErrNonce) {
		t.Errorf("a token for another log-in: %v", err)
	}
	other = on
	other.Verifier = strings.Repeat("w", 50)
	if _, err := c.Identity(ctx, s, redirect, logIn(t, address("s", on), "sigrid", "sigrid").Get("code"),
		other); err == nil {
		t.Error("a code of another browser")
	}
	s.Tenants = []string{"a-tenant"}
	if _, err := c.Identity(ctx, s, redirect, logIn(t, address("s", on), "sigrid", "sigrid").Get("code"),
		on); !errors.Is(err, oidc.ErrTenant) {
		t.Errorf("of no tenant: %v", err)
	}
}

// TestKeycloakSendsNobodyElsewhere: an address that the client has not registered is none.
func TestKeycloakSendsNobodyElsewhere(t *testing.T) {
	s := keycloak(t)
	to, err := oidc.New().Address(context.Background(), s, "http://127.0.0.1:9998/elsewhere", "s",
		post.SignOn{Nonce: "n", Verifier: strings.Repeat("v", 50)})
	posttest.Check(t, err)
	answer, err := http.Get(to)
	posttest.Check(t, err)
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusBadRequest {
		t.Errorf("%s", answer.Status)
	}
}
