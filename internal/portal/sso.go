package portal

import (
	"cmp"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"brevdue/internal/auth"
	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// signOnCookie keeps the state of a log-in that was begun at another place: it counts for this browser alone. The
// provider sends the browser back by a link (response_mode query), which carries a Lax cookie.
func signOnCookie(r *http.Request) string {
	if r.TLS != nil {
		return "__Host-brevdue_sso"
	}
	return "brevdue_sso"
}

// signOnTakes is how long a browser keeps the state.
const signOnTakes = 10 * time.Minute

// renewAfter is how old a session gets before roles are asked for again. The browser sees nothing of it as long as it
// is logged in there.
const renewAfter = post.RolesFor * 3 / 4

type signOnPlace struct{ Name, Address string }

// signOnPlaces are the organizations whose people log in elsewhere, by name.
func (p *Portal) signOnPlaces(r *http.Request) ([]signOnPlace, error) {
	names, err := p.SignOnPlaces(r.Context())
	var all []signOnPlace
	for org, name := range names {
		all = append(all, signOnPlace{name, signOnPath(org, "/")})
	}
	slices.SortFunc(all, func(a, b signOnPlace) int { return cmp.Compare(a.Name, b.Name) })
	return all, err
}

func signOnPath(org, back string) string {
	return "/log-ind/sso?" + url.Values{"org": {org}, "til": {back}}.Encode()
}

// renews reports whether a page is a good moment to ask for roles again: somebody goes to it, and loses nothing.
func (p *Portal) renews(r *http.Request, s post.Session) bool {
	return s.Elsewhere && p.Now().Sub(s.Made) > renewAfter && r.Method == http.MethodGet &&
		r.Header.Get("Sec-Fetch-Dest") == "document"
}

// answerAddress is where the provider sends the browser back to.
func answerAddress(r *http.Request) string {
	return (&visit{Request: r}).base() + "/log-ind/sso/svar"
}

// beginSignOn sends the browser to the organization's own log-in.
func (p *Portal) beginSignOn(w http.ResponseWriter, r *http.Request) {
	if !auth.Safe(r.TLS != nil, clientOf(r).Address) {
		p.renderLogin(w, r, http.StatusForbidden, loginPage{})
		return
	}
	address, state, err := p.SignOns.BeginSignOn(
		r.Context(),
		r.FormValue("org"),
		answerAddress(r),
		r.FormValue("til"),
	)
	if err != nil {
		p.notSignedOn(w, r, err)
		return
	}
	p.keepState(w, r, state, int(signOnTakes/time.Second))
	http.Redirect(w, r, address, http.StatusSeeOther)
}

func (p *Portal) keepState(w http.ResponseWriter, r *http.Request, state string, maxAge int) {
	http.SetCookie(w, &http.Cookie{Name: signOnCookie(r), Value: state, Path: "/", MaxAge: maxAge, HttpOnly: true,
		SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil})
}

// finishSignOn lets in who comes back.
func (p *Portal) finishSignOn(w http.ResponseWriter, r *http.Request) {
	kept := ""
	if c, err := r.Cookie(signOnCookie(r)); err == nil {
		kept = c.Value
	}
	p.keepState(w, r, "", -1)
	token, back, err := p.SignOns.FinishSignOn(r.Context(), clientOf(r), answerAddress(r), r.FormValue("state"), kept,
		r.FormValue("code"))
	if err != nil {
		p.notSignedOn(w, r, err)
		return
	}
	setCookie(w, r, token, 0)
	http.Redirect(w, r, back, http.StatusSeeOther)
}

// notSignedOn says why nobody was let in. What the provider says of it goes to the log, and is nobody's name.
func (p *Portal) notSignedOn(w http.ResponseWriter, r *http.Request, err error) {
	status, text := http.StatusForbidden, ""
	switch {
	case errors.Is(err, auth.ErrNoRole):
		text = texts.Say("login-no-role")
	case errors.Is(err, auth.ErrDenied):
		text = texts.Say("login-sso-closed")
	case errors.Is(err, auth.ErrSignOn), errors.Is(err, post.ErrNotFound):
		text = texts.Say("login-sso-over")
	case errors.Is(err, auth.ErrProvider):
		status, text = http.StatusBadGateway, texts.Say("login-sso-fails")
		slog.Warn("an organization's own log-in failed", "error", err)
	default:
		p.unavailable(w, r, err)
		return
	}
	p.renderLogin(w, r, status, loginPage{Mistake: text})
}

// signOn fills in what a page says of a log-in elsewhere. The secret is not shown.
func (s *systemPage) signOn(o *post.Organization) {
	if !o.SSO.On() {
		return
	}
	s.SSO = *o.SSO.Shown()
	var roles []string
	for _, role := range slices.Sorted(maps.Keys(s.SSO.Roles)) {
		roles = append(roles, role+"; "+s.SSO.Roles[role])
	}
	s.Roles = strings.Join(roles, "\n")
	s.Tenants, s.Emergency = strings.Join(s.SSO.Tenants, " "), strings.Join(s.SSO.Emergency, " ")
}

// signOnTyped reads the part of the settings about a log-in elsewhere.
func signOnTyped(v *visit) *post.SingleSignOn {
	s := &post.SingleSignOn{
		Issuer: strings.TrimSpace(
			v.PostFormValue("udsteder"),
		), ClientID: strings.TrimSpace(v.PostFormValue("klient")),
		ClientSecret: strings.TrimSpace(v.PostFormValue("hemmelighed")), RoleClaim: v.PostFormValue("felt"),
		Tenants: strings.Fields(v.PostFormValue("lejere")), Emergency: strings.Fields(v.PostFormValue("noed")),
		Only: v.PostFormValue("kunsso") != "", Roles: map[string]string{},
	}
	for _, line := range lines(v.PostFormValue("roller")) {
		part := parts(line)
		s.Roles[part[0]] = part[1]
	}
	return s
}
