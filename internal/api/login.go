package api

import (
	"errors"
	"net/http"
	"strings"

	"brevdue/internal/auth"
	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// login lets a person in who works at a command line: the answer's token goes where a key would. Somebody who has no
// code of their own yet, or needs a second factor, comes in by the portal.
func (a *API) login(w http.ResponseWriter, r *http.Request) {
	var b struct {
		User string `json:"user"`
		Code string `json:"code"`
	}
	r.Body = http.MaxBytesReader(w, r.Body, bodyLimit)
	if err := (&call{Request: r}).read(&b); err != nil {
		a.problem(w, r, err)
		return
	}
	if !auth.Safe(r.TLS != nil, clientOf(r).Address) {
		a.refused(w, http.StatusForbidden, texts.Say("login-unsafe"))
		return
	}
	token, s, err := a.Login.Login(r.Context(), clientOf(r), strings.TrimSpace(b.User), b.Code)
	if err == nil && !s.Complete() {
		if err := a.Login.Logout(r.Context(), token); err != nil {
			a.problem(w, r, err)
			return
		}
		a.refused(w, http.StatusForbidden, texts.Say("login-portal-first"))
		return
	}
	switch {
	case errors.Is(err, auth.ErrLocked):
		w.Header().Set("Retry-After", "900")
		a.refused(w, http.StatusTooManyRequests, texts.Say("login-locked"))
	case errors.Is(err, auth.ErrBusy):
		w.Header().Set("Retry-After", "5")
		a.refused(w, http.StatusTooManyRequests, texts.Say("login-busy"))
	case errors.Is(err, auth.ErrCodeless):
		a.refused(w, http.StatusForbidden, texts.Say("login-codeless"))
	case errors.Is(err, auth.ErrExpired):
		a.refused(w, http.StatusUnauthorized, texts.Say("login-expired"))
	case errors.Is(err, auth.ErrDenied):
		a.refused(w, http.StatusUnauthorized, texts.Say("login-wrong"))
	case err != nil:
		a.problem(w, r, unavailable{err})
	default:
		write(w, http.StatusCreated, map[string]string{
			"token": auth.SessionPrefix + token, "user": s.Name, "organization": s.Org,
		})
	}
}

func (a *API) refused(w http.ResponseWriter, status int, text string) {
	write(w, status, problem{Title: texts.Say("title-not-logged-in"), Status: status, Detail: text})
}

// logout ends the session that asks.
func (a *API) logout(c *call) (int, any, error) {
	token, ok := strings.CutPrefix(c.Header.Get("Authorization"), "Bearer "+auth.SessionPrefix)
	if !ok { // a key is closed and not logged out
		return 0, nil, post.ErrNotFound
	}
	return http.StatusOK, map[string]string{}, a.Login.Logout(c.Context(), token)
}
