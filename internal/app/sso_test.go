package app

import (
	"context"
	"errors"
	"testing"

	"brevdue/internal/auth"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// TestClosedCodesEndSessions is practice D5: where codes are closed, who came in with one is out at once, but for the
// two who may in an emergency; and the secret of the provider stays until another one is typed.
func TestClosedCodesEndSessions(t *testing.T) {
	ctx := context.Background()
	srv := openFolder(t, t.TempDir())
	defer srv.close()
	o := srv.app.operating(func(string) error { return nil })
	_, err := o.AddOrganization(ctx, post.NewOrganization{ID: "nord", Name: "Nord", CVR: "99060816", User: "admin"})
	posttest.Check(t, err)
	door, tokens := srv.app.Auth(), map[string]string{}
	for _, name := range []string{"admin", "noed", "maja"} {
		access, err := o.NewAccess(ctx, "nord", name)
		posttest.Check(t, err)
		token, _, err := door.Login(ctx, post.Client{Address: "127.0.0.1"}, name, access.Code)
		posttest.Check(t, err)
		tokens[name] = token
	}
	s := post.SingleSignOn{Issuer: "https://login.example", ClientID: "x", ClientSecret: "hemmelig",
		Roles: map[string]string{"a": post.Senders}, Only: true, Emergency: []string{"admin", "noed"}}
	_, err = o.ChangeOrganization(ctx, "nord", post.OrganizationChange{SSO: &s})
	posttest.Check(t, err)
	for name, token := range tokens {
		_, err := door.Session(ctx, token, true)
		if out := errors.Is(err, auth.ErrDenied); out != (name == "maja") {
			t.Errorf("%s, who came in with a code: %v", name, err)
		}
	}
	s.ClientSecret, s.Tenants = "", []string{"en"}
	is, err := o.ChangeOrganization(ctx, "nord", post.OrganizationChange{SSO: &s})
	if err != nil || is.SSO.ClientSecret != "hemmelig" || len(is.SSO.Tenants) != 1 {
		t.Errorf("changed without typing the secret again: %v, %v", is.SSO.Tenants, err)
	}
	s.Issuer = "https://andet.example"
	if is, err = o.ChangeOrganization(ctx, "nord", post.OrganizationChange{SSO: &s}); err != nil ||
		is.SSO.ClientSecret != "" {
		t.Errorf("another provider gets the secret of the one before: %v", err)
	}
	is, err = o.ChangeOrganization(ctx, "nord", post.OrganizationChange{SSO: &post.SingleSignOn{}})
	if err != nil || is.SSO.On() {
		t.Errorf("switched off: %v, %v", is.SSO, err)
	}
	if places, err := srv.app.Store.SignOnPlaces(ctx); err != nil || len(places) > 0 {
		t.Errorf("the log-in page still names %v, %v", places, err)
	}
}
