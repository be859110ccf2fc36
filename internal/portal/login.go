package portal

import (
	"errors"
	"net"
	"net/http"

	"brevdue/internal/post"
)

const cookieName = "brevdue_session"

func (p *Portal) session(r *http.Request) (post.Caller, error) {
	c, err := r.Cookie(cookieName)
	if err != nil {
		return post.Caller{}, ErrDenied
	}
	return p.Auth.Session(r.Context(), c.Value)
}

func setCookie(w http.ResponseWriter, r *http.Request, token string, maxAge int) {
	http.SetCookie(w, &http.Cookie{
		Name:     cookieName,
		Value:    token,
		Path:     "/",
		MaxAge:   maxAge,
		HttpOnly: true,
		SameSite: http.SameSiteLaxMode,
		Secure:   r.TLS != nil,
	})
}

type loginPage struct {
	Failed bool
	Locked bool // too many wrong codes
	Busy   bool // too many log in from the same address
	Name   string
}

func (p *Portal) showLogin(w http.ResponseWriter, r *http.Request) {
	p.renderLogin(w, r, http.StatusOK, loginPage{})
}

func (p *Portal) renderLogin(w http.ResponseWriter, r *http.Request, status int, l loginPage) {
	title := "Log ind"
	if l.Failed || l.Locked || l.Busy {
		title = "Fejl: Log ind"
	}
	err := p.render(
		w,
		status,
		"login",
		page{Title: title, Version: p.Version, NPM: p.npm, Simulator: p.Environment == post.Simulator, Page: l},
	)
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
	name := r.PostFormValue("bruger")
	token, err := p.Auth.Login(r.Context(), clientOf(r), name, r.PostFormValue("kode"))
	switch {
	case err == nil:
		setCookie(w, r, token, 0)
		http.Redirect(w, r, "/afsend", http.StatusSeeOther)
	case errors.Is(err, ErrLocked):
		w.Header().Set("Retry-After", "900")
		p.renderLogin(w, r, http.StatusTooManyRequests, loginPage{Locked: true, Name: name})
	case errors.Is(err, ErrBusy):
		w.Header().Set("Retry-After", "5")
		p.renderLogin(w, r, http.StatusTooManyRequests, loginPage{Busy: true, Name: name})
	case errors.Is(err, ErrDenied):
		p.renderLogin(w, r, http.StatusUnauthorized, loginPage{Failed: true, Name: name})
	default:
		p.unavailable(w, r, err)
	}
}

// clientOf is the address that asks.
func clientOf(r *http.Request) string {
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		return host
	}
	return r.RemoteAddr
}

func (p *Portal) logout(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(cookieName); err == nil {
		if err := p.Auth.Logout(r.Context(), c.Value); err != nil {
			p.unavailable(w, r, err)
			return
		}
	}
	setCookie(w, r, "", -1)
	http.Redirect(w, r, "/log-ind", http.StatusSeeOther)
}
