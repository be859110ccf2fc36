package portal

import (
	"errors"
	"net"
	"net/http"
	"strings"

	"brevdue/internal/auth"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

// cookieName is what the session's cookie is called. Over TLS no other host can set it (__Host-, RFC 6265bis).
func cookieName(r *http.Request) string {
	if r.TLS != nil {
		return "__Host-brevdue_session"
	}
	return "brevdue_session"
}

// session is who a browser is. What a page fetches by itself keeps nobody logged in.
func (p *Portal) session(r *http.Request) (post.Session, error) {
	c, err := r.Cookie(cookieName(r))
	if err != nil {
		return post.Session{}, auth.ErrDenied
	}
	return p.Auth.Session(r.Context(), c.Value, r.Header.Get("HX-Request") == "")
}

func setCookie(w http.ResponseWriter, r *http.Request, token string, maxAge int) {
	http.SetCookie(w, &http.Cookie{
		Name:     cookieName(r),
		Value:    token,
		Path:     "/",
		MaxAge:   maxAge,
		HttpOnly: true,
		SameSite: http.SameSiteLaxMode,
		Secure:   r.TLS != nil,
	})
}

type loginPage struct {
	Mistakes mistakes // what kept somebody out
	Name     string
	Mails    bool
	Chosen   bool // a code was chosen just now
	Unsafe   bool // a code would be read on its way
	Places   []signOnPlace
}

func (p *Portal) showLogin(w http.ResponseWriter, r *http.Request) {
	p.renderLogin(w, r, http.StatusOK, loginPage{Chosen: r.URL.Query().Get("valgt") != ""})
}

func (p *Portal) renderLogin(w http.ResponseWriter, r *http.Request, status int, l loginPage) {
	if l.Unsafe = !auth.Safe(r.TLS != nil, clientOf(r).Address); l.Unsafe {
		l.Mistakes = mistaken("", texts.Say("login-unsafe"))
	}
	l.Mails = p.Mails
	var err error
	if l.Places, err = p.signOnPlaces(r); err != nil {
		p.unavailable(w, r, err)
		return
	}
	p.renderBare(w, r, status, "login", "Log ind", l)
}

// renderBare renders a page of somebody who is not in.
func (p *Portal) renderBare(w http.ResponseWriter, r *http.Request, status int, name, title string, data any) {
	err := p.render(w, status, name,
		page{Title: titled(status, title), Version: p.Version, NPM: p.npm, Simulator: p.Environment == post.Simulator,
			Page: data})
	if err != nil {
		http.Error(w, internalHeading+" "+p.Reference(r, err), http.StatusInternalServerError)
	}
}

// login does not say which of the two was wrong.
func (p *Portal) login(w http.ResponseWriter, r *http.Request) {
	if err := readForm(w, r); err != nil {
		p.showError(&visit{Request: r, w: w}, err)
		return
	}
	name := strings.TrimSpace(r.PostFormValue("bruger"))
	if !auth.Safe(r.TLS != nil, clientOf(r).Address) {
		p.renderLogin(w, r, http.StatusForbidden, loginPage{Name: name})
		return
	}
	token, s, err := p.Auth.Login(r.Context(), clientOf(r), name, r.PostFormValue("kode"))
	switch {
	case err == nil && s.Complete():
		setCookie(w, r, token, 0)
		http.Redirect(w, r, "/", http.StatusSeeOther)
	case err == nil:
		setCookie(w, r, token, 0)
		http.Redirect(w, r, lacks(s), http.StatusSeeOther)
	case errors.Is(err, auth.ErrLocked):
		w.Header().Set("Retry-After", "900")
		p.renderLogin(w, r, http.StatusTooManyRequests, refusedLogin(name, texts.Say("login-locked")))
	case errors.Is(err, auth.ErrBusy):
		w.Header().Set("Retry-After", "5")
		p.renderLogin(w, r, http.StatusTooManyRequests, refusedLogin(name, texts.Say("login-busy")))
	case errors.Is(err, auth.ErrCodeless):
		p.renderLogin(w, r, http.StatusForbidden, refusedLogin(name, texts.Say("login-codeless")))
	case errors.Is(err, auth.ErrExpired):
		p.renderLogin(w, r, http.StatusUnauthorized, refusedLogin(name, texts.Say("login-expired")))
	case errors.Is(err, auth.ErrDenied):
		p.renderLogin(w, r, http.StatusUnauthorized, refusedLogin(name, texts.Say("login-wrong")))
	default:
		p.unavailable(w, r, err)
	}
}

// refusedLogin is the form again, with what kept somebody out.
func refusedLogin(name, why string) loginPage {
	return loginPage{Name: name, Mistakes: mistaken("bruger", why)}
}

// clientOf is where a request comes from.
func clientOf(r *http.Request) post.Client {
	c := post.Client{Address: r.RemoteAddr, Agent: r.UserAgent()}
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		c.Address = host
	}
	return c
}

func (p *Portal) logout(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(cookieName(r)); err == nil {
		if err := p.Auth.Logout(r.Context(), c.Value); err != nil {
			p.unavailable(w, r, err)
			return
		}
	}
	setCookie(w, r, "", -1)
	http.Redirect(w, r, "/log-ind", http.StatusSeeOther)
}

// glemtPage asks who has forgotten a code, and says the same whoever it was.
type glemtPage struct{ Sent, Mails bool }

func (p *Portal) showGlemt(w http.ResponseWriter, r *http.Request) {
	p.renderBare(w, r, http.StatusOK, "glemt", "Glemt koden", glemtPage{Mails: p.Mails})
}

func (p *Portal) pressGlemt(w http.ResponseWriter, r *http.Request) {
	if err := readForm(w, r); err != nil {
		p.showError(&visit{Request: r, w: w}, err)
		return
	}
	if !p.Mails {
		p.showGlemt(w, r)
		return
	}
	if err := p.Auth.Forgotten(r.Context(), clientOf(r), strings.TrimSpace(r.PostFormValue("bruger"))); err != nil {
		p.unavailable(w, r, err)
		return
	}
	p.renderBare(w, r, http.StatusOK, "glemt", "Glemt koden", glemtPage{Sent: true, Mails: true})
}

// nyKodePage is where somebody chooses a code of their own.
type nyKodePage struct {
	Name     string
	First    bool // there is no way on without it
	Length   int
	Mistakes mistakes
}

func (p *Portal) showNyKode(v *visit) error { return p.nyKode(v, http.StatusOK, nil) }

func (p *Portal) nyKode(v *visit, status int, wrong mistakes) error {
	p.renderBare(v.w, v.Request, status, "ny-kode", "Vælg din egen kode", nyKodePage{
		Name: v.who.Name, First: v.session.ChooseCode, Length: v.org.Rules.Length(), Mistakes: wrong,
	})
	return nil
}

// pressNyKode sets the code. All sessions end with it, this one too: whoever has chosen it logs in with it.
func (p *Portal) pressNyKode(v *visit) error {
	err := p.Auth.ChooseCode(v.Context(), v.session, v.PostFormValue("kode"), v.PostFormValue("ny"),
		v.PostFormValue("ny2"))
	switch wrong := refusalOf(err); {
	case wrong != nil:
		return p.nyKode(v, http.StatusUnprocessableEntity, wrong)
	case errors.Is(err, auth.ErrLocked):
		return p.nyKode(v, http.StatusTooManyRequests, mistaken("", texts.Say("login-locked")))
	case errors.Is(err, auth.ErrBusy):
		return p.nyKode(v, http.StatusTooManyRequests, mistaken("", texts.Say("login-busy")))
	case err != nil:
		return err
	}
	token, s, err := p.Auth.Login(v.Context(), clientOf(v.Request), v.session.Login(), v.PostFormValue("ny"))
	if err != nil {
		setCookie(v.w, v.Request, "", -1)
		return v.redirect("/log-ind?valgt=1")
	}
	setCookie(v.w, v.Request, token, 0)
	if !s.Complete() {
		return v.redirect(lacks(s))
	}
	return v.redirect("/")
}

// mitLoginPage is one's own log-in: where one is in.
type mitLoginPage struct {
	Name     string
	Sessions []sessionLine
	Factors  post.Factors
	Mistakes mistakes
}

type sessionLine struct {
	post.Session
	Here bool
}

func (p *Portal) showMitLogin(v *visit) error { return p.mitLogin(v, http.StatusOK, nil) }

func (p *Portal) mitLogin(v *visit, status int, wrong mistakes) error {
	all, err := p.OwnSessions.SessionsOf(v.Context(), v.who)
	if err != nil {
		return err
	}
	page := mitLoginPage{Name: v.who.Name, Mistakes: wrong}
	if page.Factors, err = p.Factors.FactorsOf(v.Context(), v.who); err != nil {
		return err
	}
	for _, s := range all {
		page.Sessions = append(page.Sessions, sessionLine{s, s.ID == v.session.ID})
	}
	return p.show(v, status, "mit-login", "", "Mit login", page)
}

func (p *Portal) pressLogAf(v *visit) error {
	if err := p.OwnSessions.Revoke(v.Context(), v.who, v.PostFormValue("id")); err != nil {
		return err
	}
	v.tell(sentence.Of("done-logged-out"))
	return v.redirect("/mit-login")
}
