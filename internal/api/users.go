package api

import (
	"net/http"
	"time"

	"brevdue/internal/post"
)

// userJSON is a user as an operator sees them.
type userJSON struct {
	Name     string     `json:"name"`
	Login    string     `json:"login"`
	FullName string     `json:"fullName,omitempty"`
	Mail     string     `json:"mail,omitempty"`
	Closed   *time.Time `json:"closed,omitempty"`
	Code     string     `json:"code,omitempty"`
}

func userOf(u post.User) userJSON {
	j := userJSON{Name: u.Name, Login: u.Login, FullName: u.FullName, Mail: u.Mail}
	if !u.Closed.IsZero() {
		closed := u.Closed.UTC()
		j.Closed = &closed
	}
	return j
}

func (a *API) users(c *call) (int, any, error) {
	all, err := a.UserOperation.Users(c.Context(), c.PathValue("id"))
	out := make([]userJSON, len(all))
	for i, u := range all {
		out[i] = userOf(u)
	}
	return http.StatusOK, map[string]any{"users": out}, mistaken(err)
}

// describedUser is what a request says of a user.
func (c *call) describedUser() (post.User, error) {
	var b struct {
		Name     string `json:"name"`
		FullName string `json:"fullName"`
		Mail     string `json:"mail"`
	}
	err := c.read(&b)
	return post.User{Org: c.PathValue("id"), Name: b.Name, FullName: b.FullName, Mail: b.Mail}, err
}

func (a *API) addUser(c *call) (int, any, error) {
	u, err := c.describedUser()
	if err != nil {
		return 0, nil, err
	}
	created, err := a.UserOperation.AddUser(c.Context(), u)
	return http.StatusCreated, withCode(created), mistaken(err)
}

func withCode(created post.CreatedUser) userJSON {
	j := userOf(created.User)
	j.Code = created.Code
	return j
}

func (a *API) changeUser(c *call) (int, any, error) {
	u, err := c.describedUser()
	if err != nil {
		return 0, nil, err
	}
	u.Name = c.PathValue("name")
	changed, err := a.UserOperation.ChangeUser(c.Context(), u)
	return http.StatusOK, userOf(changed), mistaken(err)
}

func (a *API) closeUser(c *call) (int, any, error) { return a.letIn(c, false) }

func (a *API) openUser(c *call) (int, any, error) { return a.letIn(c, true) }

func (a *API) letIn(c *call, in bool) (int, any, error) {
	u, err := a.UserOperation.CloseUser(c.Context(), c.PathValue("id"), c.PathValue("name"), !in)
	return http.StatusOK, userOf(u), mistaken(err)
}

func (a *API) newCode(c *call) (int, any, error) {
	created, err := a.UserOperation.NewCode(c.Context(), c.PathValue("id"), c.PathValue("name"))
	return http.StatusCreated, withCode(created), mistaken(err)
}
