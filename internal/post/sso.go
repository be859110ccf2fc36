package post

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"brevdue/internal/sentence"
)

// SingleSignOn (arbejdspladsens login) is where an organization's people prove who they are (OpenID Connect). What they
// may do follows from their roles there, and from nothing else. SAML would be another Provider beside it
// (docs/decisions/0016-accounts.md).
type SingleSignOn struct {
	Issuer       string            `json:"issuer"`
	ClientID     string            `json:"clientId"`
	ClientSecret string            `json:"clientSecret,omitempty"`
	Tenants      []string          `json:"tenants,omitempty"` // of Entra ID: whose tokens count
	RoleClaim    string            `json:"roleClaim,omitempty"`
	Roles        map[string]string `json:"roles"`               // ids of access groups, by role
	Only         bool              `json:"only,omitempty"`      // nobody logs in with a code but who may in an emergency
	Emergency    []string          `json:"emergency,omitempty"` // user names: break-glass accounts, whose log-in alarms
}

// On reports whether there is one.
func (s *SingleSignOn) On() bool { return s != nil && s.Issuer != "" }

// Claim is the claim that holds the roles; Entra's app roles stand in roles.
func (s *SingleSignOn) Claim() string {
	if s.RoleClaim != "" {
		return s.RoleClaim
	}
	return "roles"
}

// Groups are the access groups that roles lead to.
func (s *SingleSignOn) Groups(roles []string) []string {
	groups := []string{}
	for _, r := range roles {
		if id := s.Roles[r]; id != "" && !slices.Contains(groups, id) {
			groups = append(groups, id)
		}
	}
	return groups
}

// Errors of a single sign-on that cannot be set up.
const (
	errIssuer    sentence.Sentence = `§["sso-issuer"]`
	errTenant    sentence.Sentence = `§["sso-tenant"]`
	errClient    sentence.Sentence = `§["sso-client"]`
	errRoles     sentence.Sentence = `§["sso-roles"]`
	errEmergency sentence.Sentence = `§["sso-emergency"]`
)

// entra is the host of Entra ID.
const entra = "login.microsoftonline.com"

// Check returns why a single sign-on cannot be set up. Of Entra ID the tenants are named: "common" lets in whoever has
// any Microsoft account (practice D5).
func (s *SingleSignOn) Check() error {
	if !s.On() {
		return nil
	}
	u, err := url.Parse(s.Issuer)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && !Loopback(u.Hostname()):
		return errIssuer
	case u.Host == entra && (len(s.Tenants) == 0 || !strings.Contains(s.Issuer, s.Tenants[0])):
		return errTenant
	case s.ClientID == "":
		return errClient
	case len(s.Roles) == 0:
		return errRoles
	case s.Only && len(s.Emergency) != 2:
		return errEmergency
	}
	return nil
}

// CheckWith returns why a single sign-on does not fit those who come in now: a role would lead to a group that is not
// there, or nobody could come in in an emergency.
func (s *SingleSignOn) CheckWith(a *Access) error {
	for _, role := range slices.Sorted(maps.Keys(s.Roles)) {
		if _, err := a.Group(s.Roles[role]); err != nil {
			return sentence.Of("sso-group", s.Roles[role])
		}
	}
	for _, name := range s.Emergency {
		is := func(u User) bool { return u.Name == name && u.Closed.IsZero() && !u.Elsewhere }
		if !slices.ContainsFunc(a.Users, is) {
			return sentence.Of("sso-user", name)
		}
	}
	return nil
}

// Shown is a single sign-on without its secret, which nobody is shown; nil for none.
func (s *SingleSignOn) Shown() *SingleSignOn {
	if !s.On() {
		return nil
	}
	is := *s
	is.ClientSecret = ""
	return &is
}

// After returns what a single sign-on is changed to, from what it was. A secret that was not typed again stays; it is
// never shown.
func (s *SingleSignOn) After(before *SingleSignOn) *SingleSignOn {
	if !s.On() {
		return nil
	}
	is := *s
	if is.ClientSecret == "" && before.On() && before.Issuer == is.Issuer && before.ClientID == is.ClientID {
		is.ClientSecret = before.ClientSecret
	}
	return &is
}

// Identity is who somebody is, as their organization's log-in says. Subject never changes; names and mail addresses do,
// and nobody is recognized by them.
type Identity struct {
	Subject  string // with its issuer, and with its tenant where there is one
	Name     string // as they type it there
	FullName string
	Mail     string
	Roles    []string
}

// SignOn is a log-in that was begun at another place, and is to come back.
type SignOn struct {
	Org      string    `json:"org"`
	Nonce    string    `json:"nonce"`
	Verifier string    `json:"verifier"` // of PKCE
	Back     string    `json:"back"`     // where to, afterwards
	Until    time.Time `json:"until"`
}

// RolesFor is for how long roles count: then they are asked for again, and whoever was closed there is out.
const RolesFor = time.Hour
