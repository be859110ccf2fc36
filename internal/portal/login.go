package portal

import (
	"errors"
	"net/http"

	"brevdue/internal/post"
)

const cookieName = "brevdue_session"

func (p *Portal) session(r *http.Request) (post.Caller, error) {
	c, err := r.Cookie(cookieName)
	if err != nil {
		return post.Caller{}, err
	}
	return p.Gate.Session(r.Context(), c.Value)
}

func setCookie(w http.ResponseWriter, r *http.Request, token string, maxAge int) {
	http.SetCookie(w, &http.Cookie{Name: cookieName, Value: token, Path: "/", MaxAge: maxAge, HttpOnly: true,
		SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil})
}

type loginPage struct {
	Failed bool
	Locked bool // too many wrong codes
	Name   string
}

func (p *Portal) showLogin(w http.ResponseWriter, r *http.Request) {
	p.renderLogin(w, r, http.StatusOK, loginPage{})
}

func (p *Portal) renderLogin(w http.ResponseWriter, r *http.Request, status int, l loginPage) {
	title := "Log ind"
	if l.Failed || l.Locked {
		title = "Fejl: Log ind"
	}
	err := p.render(w, status, "login", page{Title: title, Version: p.Version, NPM: p.npm, Simulator: p.Environment == post.Simulator, Page: l})
	if err != nil {
		http.Error(w, internalHeading+" "+p.Reference(r, err), http.StatusInternalServerError)
	}
}

// login does not say which of the two was wrong.
func (p *Portal) login(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	name := r.PostFormValue("bruger")
	token, err := p.Gate.Login(r.Context(), name, r.PostFormValue("kode"))
	if errors.Is(err, ErrLocked) {
		w.Header().Set("Retry-After", "900")
		p.renderLogin(w, r, http.StatusTooManyRequests, loginPage{Locked: true, Name: name})
		return
	}
	if err != nil && !errors.Is(err, ErrDenied) {
		http.Error(w, internalHeading+" "+p.Reference(r, err), http.StatusInternalServerError)
		return
	}
	if err != nil {
		p.renderLogin(w, r, http.StatusUnauthorized, loginPage{Failed: true, Name: name})
		return
	}
	setCookie(w, r, token, 0)
	http.Redirect(w, r, "/afsend", http.StatusSeeOther)
}

func (p *Portal) logout(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(cookieName); err == nil {
		if err := p.Gate.Logout(r.Context(), c.Value); err != nil {
			http.Error(w, internalHeading+" "+p.Reference(r, err), http.StatusInternalServerError)
			return
		}
	}
	setCookie(w, r, "", -1)
	http.Redirect(w, r, "/log-ind", http.StatusSeeOther)
}
