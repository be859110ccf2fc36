// Package oidc asks an organization's own log-in who somebody is: Entra ID, or any other that speaks OpenID Connect.
//
// Invariant: who comes back is known by subject, and in Entra ID by tenant and object, never by mail; a token counts
// for the log-in that asked, from a tenant that was named.
//
// browser -> [oidc] -> Identity
package oidc

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"brevdue/internal/post"
)

// Errors of an answer that lets nobody in.
var (
	ErrNonce  = errors.New("the token is of another log-in")
	ErrTenant = errors.New("the token is of a tenant that was not named")
	ErrToken  = errors.New("there is no token in the answer")
	// ErrSubject is of a token that names nobody: all who have such a one would be the same user.
	ErrSubject = errors.New("the token names nobody")
)

// Client asks providers. It keeps what it has found out about each.
type Client struct {
	HTTP *http.Client
	mu   sync.Mutex
	all  map[string]*oidc.Provider
}

// New returns a client with a deadline for each call.
func New() *Client {
	return &Client{HTTP: &http.Client{Timeout: 10 * time.Second}, all: map[string]*oidc.Provider{}}
}

func (c *Client) provider(ctx context.Context, issuer string) (*oidc.Provider, error) {
	c.mu.Lock()
	known := c.all[issuer]
	c.mu.Unlock()
	if known != nil {
		return known, nil
	}
	// The provider fetches keys later on, when this request is over.
	p, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), c.HTTP), issuer)
	if err != nil {
		return nil, fmt.Errorf("log-in of %s: %w", issuer, err)
	}
	c.mu.Lock() // not while it asks: one provider that hangs holds up nobody else's
	defer c.mu.Unlock()
	c.all[issuer] = p
	return p, nil
}

func config(p *oidc.Provider, s *post.SingleSignOn, redirect string) oauth2.Config {
	return oauth2.Config{
		ClientID: s.ClientID, ClientSecret: s.ClientSecret, Endpoint: p.Endpoint(), RedirectURL: redirect,
		Scopes: []string{oidc.ScopeOpenID, "profile", "email"},
	}
}

// Address is where the browser goes to log in.
func (c *Client) Address(
	ctx context.Context,
	s *post.SingleSignOn,
	redirect, state string,
	on post.SignOn,
) (string, error) {
	p, err := c.provider(ctx, s.Issuer)
	if err != nil {
		return "", err
	}
	o := config(p, s, redirect)
	return o.AuthCodeURL(state, oidc.Nonce(on.Nonce), oauth2.S256ChallengeOption(on.Verifier)), nil
}

// Identity says who has come back with a code.
func (c *Client) Identity(
	ctx context.Context,
	s *post.SingleSignOn,
	redirect, code string,
	on post.SignOn,
) (who post.Identity, err error) {
	p, err := c.provider(ctx, s.Issuer)
	if err != nil {
		return who, err
	}
	o := config(p, s, redirect)
	ctx = oidc.ClientContext(ctx, c.HTTP)
	token, err := o.Exchange(ctx, code, oauth2.VerifierOption(on.Verifier))
	if err != nil {
		return who, fmt.Errorf("code: %w", err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return who, ErrToken
	}
	id, err := p.Verifier(&oidc.Config{ClientID: s.ClientID}).Verify(ctx, raw)
	if err != nil {
		return who, fmt.Errorf("token: %w", err)
	}
	switch {
	case id.Nonce != on.Nonce:
		return who, ErrNonce
	case id.Subject == "":
		return who, ErrSubject
	}
	return identityOf(s, id)
}

func identityOf(s *post.SingleSignOn, id *oidc.IDToken) (who post.Identity, err error) {
	var c struct {
		Tenant   string `json:"tid"`
		Object   string `json:"oid"`
		Name     string `json:"name"`
		Username string `json:"preferred_username"`
		Mail     string `json:"email"`
	}
	all := map[string]any{}
	if err := errors.Join(id.Claims(&c), id.Claims(&all)); err != nil {
		return who, err
	}
	if len(s.Tenants) > 0 && !slices.Contains(s.Tenants, c.Tenant) {
		return who, ErrTenant
	}
	who = post.Identity{
		Subject: id.Issuer + "\x00" + id.Subject, Name: c.Username, FullName: c.Name, Mail: c.Mail,
	}
	if len(s.Tenants) > 0 || c.Tenant != "" { // the subject of Entra ID is another one for each application
		// No fallback: who leaves a claim out, by the scope in their own address line, would be another user.
		if c.Tenant == "" || c.Object == "" {
			return who, ErrSubject
		}
		who.Subject = id.Issuer + "\x00" + c.Tenant + "\x00" + c.Object
	}
	if roles, ok := all[s.Claim()].([]any); ok {
		for _, r := range roles {
			if name, ok := r.(string); ok {
				who.Roles = append(who.Roles, name)
			}
		}
	}
	return who, nil
}
