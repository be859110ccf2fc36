package api

import (
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// operations are the routes of whoever runs the installation. They belong to no organization, and need the token that
// only who can read the data folder has.
func (a *API) operations() map[string]func(*call) (int, any, error) {
	return map[string]func(*call) (int, any, error){
		"GET /v1/organizations":              a.organizations,
		"POST /v1/organizations":             a.addOrganization,
		"PATCH /v1/organizations/{id}":       a.changeOrganization,
		"POST /v1/organizations/{id}/access": a.newAccess,

		"GET /v1/organizations/{id}/users":               a.users,
		"POST /v1/organizations/{id}/users":              a.addUser,
		"PATCH /v1/organizations/{id}/users/{name}":      a.changeUser,
		"POST /v1/organizations/{id}/users/{name}/close": a.closeUser,
		"POST /v1/organizations/{id}/users/{name}/open":  a.openUser,
		"POST /v1/organizations/{id}/users/{name}/code":  a.newCode,
	}
}

// operator is the caller of a request with the operator's token.
func (a *API) operator(r *http.Request) (post.Caller, error) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || a.OperatorToken == "" || subtle.ConstantTimeCompare([]byte(token), []byte(a.OperatorToken)) != 1 {
		return post.Caller{}, ErrDenied
	}
	return post.Caller{Kind: post.ByOperator}, nil
}

// organizationJSON is an organization as its operator sees it. Times are in seconds.
type organizationJSON struct {
	ID         string       `json:"id"`
	Name       string       `json:"name"`
	Senders    []senderJSON `json:"senders"`
	Undo       int          `json:"undo"`
	UndoAlways bool         `json:"undoAlways"`
}

type senderJSON struct {
	CVR  string `json:"cvr"`
	Name string `json:"name"`
}

func organizationOf(o *post.Organization) organizationJSON {
	j := organizationJSON{
		ID: o.ID, Name: o.Name, Undo: int(o.UndoWindow() / time.Second), UndoAlways: o.Demands, Senders: []senderJSON{},
	}
	for _, s := range o.Senders {
		j.Senders = append(j.Senders, senderJSON{s.Number.Reveal(), s.Name})
	}
	return j
}

func (a *API) organizations(c *call) (int, any, error) {
	all, err := a.Operation.Organizations(c.Context())
	out := make([]organizationJSON, len(all))
	for i, o := range all {
		out[i] = organizationOf(o)
	}
	return http.StatusOK, map[string]any{"organizations": out}, err
}

func (a *API) addOrganization(c *call) (int, any, error) {
	var b struct {
		ID         string `json:"id"`
		Name       string `json:"name"`
		CVR        string `json:"cvr"`
		User       string `json:"user"`
		Undo       int    `json:"undo"`
		UndoAlways bool   `json:"undoAlways"`
	}
	if err := c.read(&b); err != nil {
		return 0, nil, err
	}
	created, err := a.Operation.AddOrganization(c.Context(), post.NewOrganization{ID: b.ID, Name: b.Name, CVR: b.CVR,
		User: b.User, Undo: time.Duration(b.Undo) * time.Second, UndoAlways: b.UndoAlways})
	return http.StatusCreated, created, mistaken(err)
}

func (a *API) changeOrganization(c *call) (int, any, error) {
	var b struct {
		Name       string            `json:"name"`
		Senders    map[string]string `json:"senders"`
		Remove     []string          `json:"remove"`
		Undo       *int              `json:"undo"`
		UndoAlways *bool             `json:"undoAlways"`
	}
	if err := c.read(&b); err != nil {
		return 0, nil, err
	}
	change := post.OrganizationChange{Name: b.Name, Senders: b.Senders, Remove: b.Remove, UndoAlways: b.UndoAlways}
	if b.Undo != nil {
		undo := time.Duration(*b.Undo) * time.Second
		change.Undo = &undo
	}
	o, err := a.Operation.ChangeOrganization(c.Context(), c.PathValue("id"), change)
	if err != nil {
		return 0, nil, mistaken(err)
	}
	return http.StatusOK, organizationOf(o), nil
}

// mistaken makes what an operator is told a mistake of the request.
func mistaken(err error) error {
	var text sentence.Sentence
	if errors.As(err, &text) {
		return post.Mistakes{{Field: "organization", Text: text}}
	}
	return err
}

func (a *API) newAccess(c *call) (int, any, error) {
	var b struct {
		User string `json:"user"`
	}
	if err := c.read(&b); err != nil {
		return 0, nil, err
	}
	created, err := a.Operation.NewAccess(c.Context(), c.PathValue("id"), b.User)
	return http.StatusCreated, created, mistaken(err)
}
