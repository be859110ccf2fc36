package api

import (
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"
	"time"

	"brevdue/internal/auth"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// operations are the routes of whoever runs the installation. They belong to no organization, and need the token that
// only who can read the data folder has.
func (a *API) operations() map[string]route {
	routes := map[string]route{
		"GET /v1/organizations":              {do: a.organizations},
		"POST /v1/organizations":             {do: a.addOrganization, secret: true},
		"PATCH /v1/organizations/{id}":       {do: a.changeOrganization},
		"POST /v1/organizations/{id}/access": {do: a.newAccess, secret: true},
	}
	for pattern, r := range a.people() { // what an administrator does, for any organization
		method, path, _ := strings.Cut(pattern, " /v1")
		r.need = ""
		routes[method+" /v1/organizations/{id}"+path] = r
	}
	return routes
}

// operator is the caller of a request with the operator's token.
func (a *API) operator(r *http.Request) (post.Caller, error) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || a.OperatorToken == "" || subtle.ConstantTimeCompare([]byte(token), []byte(a.OperatorToken)) != 1 {
		return post.Caller{}, auth.ErrDenied
	}
	return post.Caller{Org: r.PathValue("id"), Kind: post.ByOperator}, nil
}

// organizationJSON is an organization as its operator sees it. Times are in seconds.
type organizationJSON struct {
	ID         string       `json:"id"`
	Name       string       `json:"name"`
	Senders    []senderJSON `json:"senders"`
	Undo       int          `json:"undo"`
	UndoAlways bool         `json:"undoAlways"`
	FourEyes   int          `json:"fourEyes"`

	SSO    *post.SingleSignOn `json:"sso,omitempty"`
	System string             `json:"systemId,omitempty"` // of its own connection to Digital Post

	Archives []post.ArchiveConnection `json:"archives,omitempty"` // outside Brevdue, without what is secret
}

type senderJSON struct {
	CVR  string `json:"cvr"`
	Name string `json:"name"`
}

func organizationOf(o *post.Organization) organizationJSON {
	j := organizationJSON{
		ID: o.ID, Name: o.Name, Undo: int(o.UndoWindow() / time.Second), UndoAlways: o.Demands, Senders: []senderJSON{},
		FourEyes: o.FourEyes, SSO: o.SSO.Shown(),
	}
	if c := o.Connection(); c != nil {
		j.System = c.SystemID
	}
	for _, a := range o.Archives {
		j.Archives = append(j.Archives, a.Shown())
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
		settingsBody
		Name       string            `json:"name"`
		Senders    map[string]string `json:"senders"`
		Remove     []string          `json:"remove"`
		Undo       *int              `json:"undo"`
		UndoAlways *bool             `json:"undoAlways"`
		// what people of the organization cannot change: whoever names the provider says who everybody is
		SSO *post.SingleSignOn `json:"sso"`
		// nor this: whoever sets it sends as that system
		Connection *post.Connection `json:"connection"`
		Forget     string           `json:"forget"`
		// nor this: letters are copied there
		Archive    *post.ArchiveConnection `json:"archive"`
		EndArchive string                  `json:"endArchive"`
	}
	if err := c.read(&b); err != nil {
		return 0, nil, err
	}
	change := post.OrganizationChange{Name: b.Name, Senders: b.Senders, Remove: b.Remove, UndoAlways: b.UndoAlways,
		Settings: b.change(), SSO: b.SSO, Connection: b.Connection, Forget: b.Forget,
		Archive: b.Archive, EndArchive: b.EndArchive}
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

// mistaken makes what an operator or an administrator is told a mistake of the request.
func mistaken(err error) error { return mistakenIn("organization", err) }

func mistakenIn(field string, err error) error {
	var text sentence.Sentence
	var forbidden *post.Forbidden
	if errors.As(err, &text) && !errors.As(err, &forbidden) {
		return post.Mistakes{{Field: field, Text: text}}
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
