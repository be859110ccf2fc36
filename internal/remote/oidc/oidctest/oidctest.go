// Package oidctest is an OpenID provider on this machine, with people and their roles: zitadel's, a certified one, in
// front of a list. Tests log in at it as a browser does.
//
// test -> [provider] -> code, token
package oidctest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// What a client of the provider is known by.
const (
	ClientID     = "brevdue"
	ClientSecret = "hemmelig"
	Password     = "kode"
)

// Person is somebody whom the provider knows. Claims stand in the token as they are.
type Person struct {
	Subject, Name, FullName, Mail string
	NoSubject                     bool // the token says no subject
	Claims                        map[string]any
}

// Provider is one that runs.
type Provider struct {
	URL    string
	people map[string]*Person
}

// Put adds somebody, or changes what is known of them.
func (p *Provider) Put(one Person) { p.people[one.Subject] = &one }

// GetUserByID implements storage.UserStore.
func (p *Provider) GetUserByID(id string) *storage.User {
	one := p.people[id]
	if one == nil {
		return nil
	}
	return &storage.User{
		ID:        one.Subject,
		Username:  one.Name,
		Password:  Password,
		FirstName: one.FullName,
		Email:     one.Mail,
	}
}

// GetUserByUsername implements storage.UserStore.
func (p *Provider) GetUserByUsername(name string) *storage.User {
	for id, one := range p.people {
		if one.Name == name {
			return p.GetUserByID(id)
		}
	}
	return nil
}

// ExampleClientID implements storage.UserStore.
func (p *Provider) ExampleClientID() string { return "service" }

// withClaims adds what is known of people to their tokens, as Entra ID does.
type withClaims struct {
	*storage.Storage
	provider *Provider
}

// SetUserinfoFromRequest implements op.CanSetUserinfoFromRequest.
func (s *withClaims) SetUserinfoFromRequest(
	_ context.Context,
	info *oidc.UserInfo,
	token op.IDTokenRequest,
	_ []string,
) error {
	one := s.provider.people[token.GetSubject()]
	if one == nil {
		return fmt.Errorf("nobody is %s", token.GetSubject())
	}
	info.Subject, info.PreferredUsername, info.Name, info.Email = one.Subject, one.Name, one.FullName, one.Mail
	if one.NoSubject {
		info.Subject = ""
	}
	for name, value := range one.Claims {
		info.AppendClaims(name, value)
	}
	return nil
}

// At returns a provider that is served at an address, for a client that sends browsers back to redirect.
func At(address, redirect string) (*Provider, http.Handler) {
	p := &Provider{URL: address, people: map[string]*Person{}}
	client := storage.WebClient(ClientID, ClientSecret, redirect)
	store := &withClaims{storage.NewStorageWithClients(p, map[string]*storage.Client{ClientID: client}), p}
	return p, exampleop.SetupServer(address, store, nil, false, op.WithAllowInsecure())
}

// With adds people as NAME=ROLE.
func (p *Provider) With(people ...string) {
	for _, one := range people {
		name, role, _ := strings.Cut(one, "=")
		p.Put(Person{Subject: name, Name: name, FullName: name, Claims: map[string]any{"roles": []string{role}}})
	}
}

// New starts a provider.
func New(t *testing.T, redirect string) *Provider {
	t.Helper()
	var handler http.Handler
	srv := httptest.NewServer(
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }),
	)
	t.Cleanup(srv.Close)
	var p *Provider
	p, handler = At(srv.URL, redirect)
	return p
}

// Browser keeps cookies and goes where it is sent, but stops at an address that begins with one it was told.
func Browser(jar http.CookieJar, stop string) *http.Client {
	return &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), stop) {
			return http.ErrUseLastResponse
		}
		return nil
	}}
}

// LogIn logs somebody in at an address of the provider, and returns where the browser is sent back to.
func (p *Provider) LogIn(t *testing.T, address, redirect, name string) *url.URL {
	t.Helper()
	browser := Browser(nil, redirect)
	page, err := browser.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	_ = page.Body.Close()
	form := url.Values{
		"username": {name},
		"password": {Password},
		"id":       {page.Request.URL.Query().Get("authRequestID")},
	}
	answer, err := browser.PostForm(p.URL+"/login/username", form)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	back, err := answer.Location()
	if err != nil {
		b, _ := io.ReadAll(answer.Body)
		t.Fatalf("%s logs in: %s: %v: %.300s", name, answer.Status, err, b)
	}
	return back
}
