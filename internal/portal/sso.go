package portal

import (
	"cmp"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
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

// answerAddress is where the provider of an organization sends the browser back to. Each has one of its own: at a
// common one a provider could have a code handed to it that another organization's gave (mix-up, RFC 9700 4.4).
func answerAddress(r *http.Request, org string) string {
	return (&visit{Request: r}).base() + "/log-ind/sso/svar/" + url.PathEscape(org)
}

// sentHere reports whether another site has sent the browser here, who is not logged in at that organization's place:
// it would be logged in as somebody else, and not notice.
func (p *Portal) sentHere(r *http.Request, org string) bool {
	if r.Header.Get("Sec-Fetch-Site") != "cross-site" {
		return false
	}
	s, err := p.session(r)
	return err != nil || !s.Elsewhere || s.Org != org
}

// beginSignOn sends the browser to the organization's own log-in.
func (p *Portal) beginSignOn(w http.ResponseWriter, r *http.Request) {
	org := r.FormValue("org")
	if !auth.Safe(r.TLS != nil, clientOf(r).Address) || p.sentHere(r, org) {
		p.renderLogin(w, r, http.StatusForbidden, loginPage{})
		return
	}
	address, state, err := p.SignOns.BeginSignOn(r.Context(), org, answerAddress(r, org), r.FormValue("til"))
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
	org, kept := r.PathValue("org"), ""
	if c, err := r.Cookie(signOnCookie(r)); err == nil {
		kept = c.Value
	}
	p.keepState(w, r, "", -1)
	token, back, err := p.SignOns.FinishSignOn(r.Context(), clientOf(r), org, answerAddress(r, org),
		r.FormValue("state"), kept, r.FormValue("code"))
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
	p.renderLogin(w, r, status, loginPage{Mistakes: mistaken("", text)})
}
