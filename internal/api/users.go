package api

import (
	"net/http"
	"time"

	"brevdue/internal/auth"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

// people are the routes of those who administer: persons, and never a key. The operator has them for any organization.
func (a *API) people() map[string]route {
	const need = post.RightAdminister
	return map[string]route{
		"GET /v1/users":                        {need: need, do: a.users},
		"POST /v1/users":                       {need: need, do: a.addUser, secret: true},
		"PATCH /v1/users/{name}":               {need: need, do: a.changeUser},
		"POST /v1/users/{name}/close":          {need: need, do: a.closeUser},
		"POST /v1/users/{name}/open":           {need: need, do: a.openUser},
		"POST /v1/users/{name}/code":           {need: need, do: a.newCode, secret: true},
		"POST /v1/users/{name}/factors/remove": {need: need, do: a.removeFactors},
		"POST /v1/users/import":                {need: need, do: a.importUsers, secret: true},
		"GET /v1/groups":                       {need: need, do: a.groups},
		"POST /v1/groups":                      {need: need, do: a.addGroup},
		"PATCH /v1/groups/{group}":             {need: need, do: a.changeGroup},
		"DELETE /v1/groups/{group}":            {need: need, do: a.removeGroup},
		"GET /v1/keys":                         {need: need, do: a.keys},
		"POST /v1/keys":                        {need: need, do: a.addKey, secret: true},
		"POST /v1/keys/{key}/close":            {need: need, do: a.closeKey},
	}
}

// userJSON is a user as those who administer see them.
type userJSON struct {
	Name         string     `json:"name"`
	Login        string     `json:"login"`
	FullName     string     `json:"fullName,omitempty"`
	Mail         string     `json:"mail,omitempty"`
	Unit         string     `json:"unit,omitempty"`
	Groups       []string   `json:"groups"`
	Closed       *time.Time `json:"closed,omitempty"`
	LoggedIn     *time.Time `json:"loggedIn,omitempty"`
	InvitedUntil *time.Time `json:"invitedUntil,omitempty"`
	Code         string     `json:"code,omitempty"`
}

func userOf(u post.User) userJSON {
	return userJSON{Name: u.Name, Login: u.Login, FullName: u.FullName, Mail: u.Mail, Unit: u.Unit, Groups: u.Groups,
		Closed: unlessZero(u.Closed), LoggedIn: unlessZero(u.LoggedIn), InvitedUntil: unlessZero(u.InvitedUntil)}
}

func unlessZero(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func (a *API) users(c *call) (int, any, error) {
	all, err := a.Administration.Access(c.Context(), c.who)
	if err != nil {
		return 0, nil, mistakenIn("users", err)
	}
	out := make([]userJSON, len(all.Users))
	for i, u := range all.Users {
		out[i] = userOf(u)
	}
	return http.StatusOK, map[string]any{"users": out, "administrators": all.Administrators()}, nil
}

// describedUser is what a request says of a user.
func (c *call) describedUser() (post.User, error) {
	var b struct {
		Name     string   `json:"name"`
		FullName string   `json:"fullName"`
		Mail     string   `json:"mail"`
		Unit     string   `json:"unit"`
		Groups   []string `json:"groups"`
	}
	err := c.read(&b)
	return post.User{Name: b.Name, FullName: b.FullName, Mail: b.Mail, Unit: b.Unit, Groups: b.Groups}, err
}

func (a *API) addUser(c *call) (int, any, error) {
	u, err := c.describedUser()
	if err != nil {
		return 0, nil, err
	}
	created, err := a.Administration.AddUser(c.Context(), c.who, u)
	return http.StatusCreated, withCode(created), mistakenIn("user", err)
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
	changed, err := a.Administration.ChangeUser(c.Context(), c.who, u)
	return http.StatusOK, userOf(changed), mistakenIn("user", err)
}

func (a *API) closeUser(c *call) (int, any, error) { return a.letIn(c, false) }

func (a *API) openUser(c *call) (int, any, error) { return a.letIn(c, true) }

func (a *API) letIn(c *call, in bool) (int, any, error) {
	u, err := a.Administration.CloseUser(c.Context(), c.who, c.PathValue("name"), !in)
	return http.StatusOK, userOf(u), mistakenIn("user", err)
}

func (a *API) newCode(c *call) (int, any, error) {
	created, err := a.Administration.NewCode(c.Context(), c.who, c.PathValue("name"))
	return http.StatusCreated, withCode(created), mistakenIn("user", err)
}

func (a *API) removeFactors(c *call) (int, any, error) {
	err := a.Administration.RemoveFactors(c.Context(), c.who, c.PathValue("name"))
	return http.StatusOK, map[string]string{}, mistakenIn("user", err)
}

// importedJSON is what becomes of a row of a list of users.
type importedJSON struct {
	Row    int           `json:"row"`
	Name   string        `json:"name"`
	Full   string        `json:"fullName,omitempty"`
	Mail   string        `json:"mail,omitempty"`
	Groups []string      `json:"groups"`
	What   post.Imported `json:"result"`
	Why    string        `json:"why,omitempty"`
	Code   string        `json:"code,omitempty"`
}

func (a *API) importUsers(c *call) (int, any, error) {
	var b struct {
		CSV    string `json:"csv"`
		DryRun bool   `json:"dryRun"`
	}
	if err := c.read(&b); err != nil {
		return 0, nil, err
	}
	rows, err := a.Administration.Import(c.Context(), c.who, []byte(b.CSV), b.DryRun)
	if err != nil {
		return 0, nil, mistakenIn("csv", err)
	}
	out := make([]importedJSON, len(rows))
	var skipped []post.ImportedRow
	for i, r := range rows {
		out[i] = importedJSON{r.Number, r.Name, r.Full, r.Mail, r.Groups, r.What, "", r.Code}
		if r.Why != nil {
			out[i].Why, skipped = texts.Sentence(r.Why), append(skipped, r)
		}
	}
	answer := map[string]any{"rows": out, "dryRun": b.DryRun}
	if len(skipped) > 0 {
		answer["skipped"] = string(auth.List(skipped))
	}
	return http.StatusOK, answer, nil
}

// groupJSON is an access group.
type groupJSON struct {
	ID      string      `json:"id"`
	Name    string      `json:"name"`
	Rights  post.Grants `json:"rights"`
	Members *int        `json:"members,omitempty"`
}

func groupOf(g post.AccessGroup) groupJSON {
	j := groupJSON{ID: g.ID, Name: texts.Of(g.Name), Rights: g.Grants}
	if j.Rights == nil {
		j.Rights = post.Grants{}
	}
	return j
}

func (a *API) groups(c *call) (int, any, error) {
	all, err := a.Administration.Access(c.Context(), c.who)
	if err != nil {
		return 0, nil, mistakenIn("groups", err)
	}
	out := make([]groupJSON, len(all.Groups))
	for i, g := range all.Groups {
		members := all.Members(g.ID)
		out[i] = groupOf(g)
		out[i].Members = &members
	}
	return http.StatusOK, map[string]any{"groups": out}, nil
}

func (a *API) addGroup(c *call) (int, any, error) { return a.putGroup(c, http.StatusCreated, "") }

func (a *API) changeGroup(c *call) (int, any, error) {
	return a.putGroup(c, http.StatusOK, c.PathValue("group"))
}

func (a *API) putGroup(c *call, status int, id string) (int, any, error) {
	var b struct {
		Name   string      `json:"name"`
		Rights post.Grants `json:"rights"`
	}
	if err := c.read(&b); err != nil {
		return 0, nil, err
	}
	g := post.AccessGroup{ID: id, Name: sentence.Of("typed", b.Name), Grants: b.Rights}
	g, err := a.Administration.PutGroup(c.Context(), c.who, g)
	return status, groupOf(g), mistakenIn("group", err)
}

func (a *API) removeGroup(c *call) (int, any, error) {
	err := a.Administration.RemoveGroup(c.Context(), c.who, c.PathValue("group"))
	return http.StatusOK, map[string]string{}, mistakenIn("group", err)
}

// keyJSON is an API key. The key itself is shown once.
type keyJSON struct {
	ID     string      `json:"id"`
	Name   string      `json:"name"`
	Maker  string      `json:"maker,omitempty"`
	Rights post.Grants `json:"rights"`
	From   []string    `json:"from,omitempty"`
	Made   *time.Time  `json:"made,omitempty"`
	Closed *time.Time  `json:"closed,omitempty"`
	Key    string      `json:"key,omitempty"`
}

func keyOf(k post.Key) keyJSON {
	return keyJSON{k.ID, k.Name, k.Maker, k.Grants, k.From, unlessZero(k.Made), unlessZero(k.Closed), ""}
}

func (a *API) keys(c *call) (int, any, error) {
	all, err := a.Administration.Keys(c.Context(), c.who)
	out := make([]keyJSON, len(all))
	for i, k := range all {
		out[i] = keyOf(k)
	}
	return http.StatusOK, map[string]any{"keys": out}, mistakenIn("keys", err)
}

func (a *API) addKey(c *call) (int, any, error) {
	var b struct {
		Name   string      `json:"name"`
		Rights post.Grants `json:"rights"`
		From   []string    `json:"from"`
	}
	if err := c.read(&b); err != nil {
		return 0, nil, err
	}
	created, err := a.Administration.AddKey(c.Context(), c.who, post.Key{Name: b.Name, Grants: b.Rights, From: b.From})
	out := keyOf(created.Key)
	out.Key = created.Secret
	return http.StatusCreated, out, mistakenIn("key", err)
}

func (a *API) closeKey(c *call) (int, any, error) {
	k, err := a.Administration.CloseKey(c.Context(), c.who, c.PathValue("key"))
	return http.StatusOK, keyOf(k), mistakenIn("key", err)
}
