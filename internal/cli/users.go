package cli

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"brevdue/internal/post"
)

// user is a user as the server tells them, and as --json prints them.
type user struct {
	Name     string     `json:"name"`
	Login    string     `json:"login"`
	FullName string     `json:"fullName,omitempty"`
	Mail     string     `json:"mail,omitempty"`
	Closed   *time.Time `json:"closed,omitempty"`
	Code     string     `json:"code,omitempty"`
}

func (u user) in(org string) post.CreatedUser {
	is := post.User{Org: org, Name: u.Name, Login: u.Login, FullName: u.FullName, Mail: u.Mail}
	if u.Closed != nil {
		is.Closed = *u.Closed
	}
	return post.CreatedUser{User: is, Code: u.Code}
}

// UserJSON is a user as --json prints them, with the code where there is a new one.
func UserJSON(u post.CreatedUser) any { return userOf(u) }

func userOf(u post.CreatedUser) user {
	j := user{Name: u.Name, Login: u.Login, FullName: u.FullName, Mail: u.Mail, Code: u.Code}
	if !u.Closed.IsZero() {
		closed := u.Closed.UTC()
		j.Closed = &closed
	}
	return j
}

// UsersJSON are users as --json prints them.
func UsersJSON(all []post.User) any {
	out := make([]user, len(all))
	for i, u := range all {
		out[i] = userOf(post.CreatedUser{User: u})
	}
	return map[string]any{"users": out}
}

func usersPath(org string, more ...string) string {
	path := "/v1/organizations/" + url.PathEscape(org) + "/users"
	for _, part := range more {
		path += "/" + url.PathEscape(part)
	}
	return path
}

// Users implements post.UserOperation.
func (r running) Users(_ context.Context, org string) ([]post.User, error) {
	var answer struct {
		Users []user `json:"users"`
	}
	err := r.call(http.MethodGet, usersPath(org), nil, &answer)
	all := make([]post.User, len(answer.Users))
	for i, u := range answer.Users {
		all[i] = u.in(org).User
	}
	return all, err
}

func (r running) askUser(method, path, org string, body any) (post.CreatedUser, error) {
	var answer user
	err := r.call(method, path, body, &answer)
	return answer.in(org), err
}

// AddUser implements post.UserOperation.
func (r running) AddUser(_ context.Context, u post.User) (post.CreatedUser, error) {
	body := map[string]string{"name": u.Name, "fullName": u.FullName, "mail": u.Mail}
	return r.askUser(http.MethodPost, usersPath(u.Org), u.Org, body)
}

// ChangeUser implements post.UserOperation.
func (r running) ChangeUser(_ context.Context, u post.User) (post.User, error) {
	body := map[string]string{"fullName": u.FullName, "mail": u.Mail}
	changed, err := r.askUser(http.MethodPatch, usersPath(u.Org, u.Name), u.Org, body)
	return changed.User, err
}

// CloseUser implements post.UserOperation.
func (r running) CloseUser(_ context.Context, org, name string, closed bool) (post.User, error) {
	what := "open"
	if closed {
		what = "close"
	}
	u, err := r.askUser(http.MethodPost, usersPath(org, name, what), org, nil)
	return u.User, err
}

// NewCode implements post.UserOperation.
func (r running) NewCode(_ context.Context, org, name string) (post.CreatedUser, error) {
	return r.askUser(http.MethodPost, usersPath(org, name, "code"), org, nil)
}
