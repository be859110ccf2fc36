package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
)

// Operator is the installation whose server has the data folder open, asked over HTTP with what stands in the folder.
func (e *Env) Operator() (post.Operator, error) {
	file := filepath.Join(e.Data, "operator")
	b, err := os.ReadFile(file)
	lines := strings.Fields(string(b))
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && len(lines) != 2:
		return nil, fmt.Errorf("datamappen %s er i brug af en Brevdue fra før denne; stop den først", e.Data)
	case err != nil:
		return nil, fmt.Errorf("%s kan ikke læses: kommandoen er for den, der driver installationen", file)
	}
	server := *e
	server.Globals = &Globals{Server: lines[0], Key: lines[1]}
	c, err := server.client()
	return running{c, false}, err
}

// running implements post.Operator by asking a server: as its operator, or as a person of one organization.
type running struct {
	*client
	person bool
}

// organization is an organization as the server tells it.
type organization struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Senders    []sender `json:"senders"`
	Undo       int      `json:"undo"`
	UndoAlways bool     `json:"undoAlways"`
	FourEyes   int      `json:"fourEyes"`

	SSO    *post.SingleSignOn `json:"sso,omitempty"`
	System string             `json:"systemId,omitempty"`

	Archives []post.ArchiveConnection `json:"archives,omitempty"`
}

type sender struct {
	CVR  string `json:"cvr"`
	Name string `json:"name"`
}

func (o organization) post() (*post.Organization, error) {
	is := &post.Organization{
		ID: o.ID, Name: o.Name, Undo: time.Duration(o.Undo) * time.Second, Demands: o.UndoAlways,
		FourEyes: o.FourEyes, SSO: o.SSO, Archives: o.Archives,
	}
	if o.System != "" {
		is.Connections = []post.Connection{{SystemID: o.System}}
	}
	for _, s := range o.Senders {
		n, err := ident.ParseCVR(s.CVR)
		if err != nil {
			return nil, err
		}
		is.Senders = append(is.Senders, post.Sender{Number: n, Name: s.Name})
	}
	return is, nil
}

// OrganizationJSON is an organization as --json prints it, as the API does.
func OrganizationJSON(o *post.Organization) any { return organizationOf(o) }

// OrganizationsJSON are organizations as --json prints them.
func OrganizationsJSON(all []*post.Organization) any {
	out := make([]organization, len(all))
	for i, o := range all {
		out[i] = organizationOf(o)
	}
	return map[string]any{"organizations": out}
}

func organizationOf(o *post.Organization) organization {
	j := organization{ID: o.ID, Name: o.Name, Undo: int(o.UndoWindow() / time.Second), UndoAlways: o.Demands,
		Senders: []sender{}, FourEyes: o.FourEyes, SSO: o.SSO.Shown()}
	for _, a := range o.Archives {
		j.Archives = append(j.Archives, a.Shown())
	}
	for _, s := range o.Senders {
		j.Senders = append(j.Senders, sender{s.Number.Reveal(), s.Name})
	}
	return j
}

// AddOrganization implements post.Operation.
func (r running) AddOrganization(
	_ context.Context,
	o post.NewOrganization,
) (created post.CreatedOrganization, err error) {
	body := map[string]any{"id": o.ID, "name": o.Name, "cvr": o.CVR, "user": o.User,
		"undo": int(o.Undo / time.Second), "undoAlways": o.UndoAlways}
	err = r.call(http.MethodPost, "/v1/organizations", body, &created)
	return created, err
}

// Organizations implements post.Operation.
func (r running) Organizations(context.Context) ([]*post.Organization, error) {
	var answer struct {
		Organizations []organization `json:"organizations"`
	}
	if err := r.call(http.MethodGet, "/v1/organizations", nil, &answer); err != nil {
		return nil, err
	}
	var all []*post.Organization
	for _, o := range answer.Organizations {
		is, err := o.post()
		if err != nil {
			return nil, err
		}
		all = append(all, is)
	}
	return all, nil
}

// ChangeOrganization implements post.Operation.
func (r running) ChangeOrganization(
	_ context.Context,
	org string,
	c post.OrganizationChange,
) (*post.Organization, error) {
	body := map[string]any{"name": c.Name}
	if len(c.Senders) > 0 {
		body["senders"] = c.Senders
	}
	if len(c.Remove) > 0 {
		body["remove"] = c.Remove
	}
	if c.Undo != nil {
		body["undo"] = int(*c.Undo / time.Second)
	}
	if c.UndoAlways != nil {
		body["undoAlways"] = *c.UndoAlways
	}
	addSettings(body, c.Settings)
	if c.SSO != nil {
		body["sso"] = c.SSO
	}
	if c.Connection != nil {
		body["connection"] = c.Connection
	}
	if c.Forget != "" {
		body["forget"] = c.Forget
	}
	if c.Archive != nil {
		body["archive"] = c.Archive
	}
	if c.EndArchive != "" {
		body["endArchive"] = c.EndArchive
	}
	var answer organization
	if err := r.call(http.MethodPatch, "/v1/organizations/"+url.PathEscape(org), body, &answer); err != nil {
		return nil, err
	}
	return answer.post()
}

// addSettings adds to a request what is changed of settings. Times are in seconds.
func addSettings(body map[string]any, c post.SettingsChange) {
	add := func(name string, value any, is bool) {
		if is {
			body[name] = value
		}
	}
	seconds := func(d *time.Duration) any {
		if d == nil {
			return nil
		}
		return int64(*d / time.Second)
	}
	add("fourEyes", c.FourEyes, c.FourEyes != nil)
	add("daily", c.Daily, c.Daily != nil)
	add("keyDaily", c.KeyDaily, c.KeyDaily != nil)
	add("hideNames", c.HideNames, c.HideNames != nil)
	add("codeLength", c.CodeLength, c.CodeLength != nil)
	add("codeAge", seconds(c.CodeAge), c.CodeAge != nil)
	add("idle", seconds(c.Idle), c.Idle != nil)
	add("secondFactor", c.SecondFactor, c.SecondFactor != nil)
	add("units", c.Units, c.Units != nil)
	add("documentTypes", c.Types, c.Types != nil)
}

// NewAccess implements post.Operation.
func (r running) NewAccess(_ context.Context, org, user string) (created post.CreatedOrganization, err error) {
	path := "/v1/organizations/" + url.PathEscape(org) + "/access"
	err = r.call(http.MethodPost, path, map[string]any{"user": user}, &created)
	return created, err
}
