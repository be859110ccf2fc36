package portal

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"brevdue/internal/auth"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// away answers for the log-in of another place.
type away struct{ err error }

func (a away) BeginSignOn(_ context.Context, org, redirect, back string) (string, string, error) {
	return "https://login.example/?" + org + redirect + back, "state", a.err
}

func (a away) FinishSignOn(
	_ context.Context,
	_ post.Client,
	org, _, state, kept, _ string,
) (token, back string, err error) {
	if state != kept || org != "demo" {
		return "", "", auth.ErrSignOn
	}
	return "token", "/log", a.err
}

type since struct {
	Auth
	session post.Session
}

func (s since) Session(context.Context, string, bool) (post.Session, error) { return s.session, nil }

// TestRolesAreAskedForAgain is practice D5: whoever goes to a page with roles that are about to end is sent by their
// own log-in, and comes back; a form, and what a page fetches by itself, is not.
func TestRolesAreAskedForAgain(t *testing.T) {
	now := time.Now()
	for name, c := range map[string]struct {
		age             time.Duration
		elsewhere       bool
		method, fetched string
		want            bool
	}{
		"old":              {renewAfter + time.Second, true, "GET", "document", true},
		"young":            {renewAfter - time.Second, true, "GET", "document", false},
		"with a code":      {renewAfter + time.Second, false, "GET", "document", false},
		"a form":           {renewAfter + time.Second, true, "POST", "document", false},
		"a part of a page": {renewAfter + time.Second, true, "GET", "empty", false},
	} {
		s := newSite(t, nil)
		h, err := New(
			Config{Auth: since{session: post.Session{Caller: eva, Made: now.Add(-c.age), Elsewhere: c.elsewhere}},
				Organizations: organizations{err: errors.New("away")}, Now: func() time.Time { return now },
				Reference: func(*http.Request, error) string { return "" }},
		)
		if err != nil {
			t.Fatal(err)
		}
		s.handler = h
		path := "/mit-login?a=b"
		if c.method == "POST" {
			path = "/mit-login/log-af"
		}
		w := s.ask(c.method, path, "", "Sec-Fetch-Dest", c.fetched)
		to := w.Header().Get("Location")
		if sent := strings.HasPrefix(to, "/log-ind/sso"); sent != c.want ||
			sent && to != "/log-ind/sso?org=demo&til=%2Fmit-login%3Fa%3Db" {
			t.Errorf("%s: %d to %q", name, w.Code, to)
		}
	}
}

// TestAnswerOfElsewhere: the state is in a cookie of this browser, that is dropped with the answer; what kept somebody
// out is said, and nothing else.
func TestAnswerOfElsewhere(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		cookie string
		status int
		says   string
	}{
		"in":              {nil, "state", http.StatusSeeOther, ""},
		"another browser": {nil, "another", http.StatusForbidden, "begyndt et andet sted"},
		"no role":         {auth.ErrNoRole, "state", http.StatusForbidden, "ingen rolle"},
		"closed":          {auth.ErrDenied, "state", http.StatusForbidden, "lukket"},
		"does not fit": {fmt.Errorf("%w: hemmeligt", auth.ErrProvider), "state", http.StatusBadGateway,
			"svarede ikke, som det skulle"},
	} {
		s := newSite(t, nil)
		h, err := New(Config{Auth: s.door, SignOns: away{c.err}, SignOnPlaces: nowhere})
		if err != nil {
			t.Fatal(err)
		}
		s.handler = h
		w := s.ask("GET", "/log-ind/sso/svar/demo?state=state&code=x", "", "Cookie", "brevdue_sso="+c.cookie)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) ||
			strings.Contains(w.Body.String(), "hemmeligt") {
			t.Errorf("%s: %d, %.2000s", name, w.Code, w.Body)
		}
		if cookies := w.Header().Values("Set-Cookie"); len(cookies) == 0 ||
			!strings.Contains(cookies[0], "brevdue_sso=;") {
			t.Errorf("%s: cookies %q", name, cookies)
		}
		if in := w.Header().Get("Location") == "/log"; in != (c.status == http.StatusSeeOther) {
			t.Errorf("%s: to %q", name, w.Header().Get("Location"))
		}
	}
}

// TestSentByAnotherSite: a link of another site begins no log-in; who is logged in there already has roles asked for
// again.
func TestSentByAnotherSite(t *testing.T) {
	for name, c := range map[string]struct {
		site    string
		session post.Session
		begins  bool
	}{
		"a link of the portal":       {"same-origin", post.Session{Caller: eva}, true},
		"a link of another site":     {"cross-site", post.Session{Caller: eva}, false},
		"a link in a mail, renewing": {"cross-site", post.Session{Caller: eva, Elsewhere: true}, true},
		"into another organization": {"cross-site", post.Session{
			Caller: posttest.Person("andre", "eva"), Elsewhere: true}, false},
	} {
		s := newSite(t, nil)
		h, err := New(Config{Auth: since{session: c.session}, SignOns: away{}, SignOnPlaces: nowhere})
		if err != nil {
			t.Fatal(err)
		}
		s.handler = h
		w := s.ask("GET", "/log-ind/sso?org=demo&til=/", "", "Sec-Fetch-Site", c.site)
		if begins := strings.HasPrefix(w.Header().Get("Location"), "https://login.example/"); begins != c.begins {
			t.Errorf("%s: %d to %q", name, w.Code, w.Header().Get("Location"))
		}
	}
}
