package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

// Person is whoever is logged in at this command line, or nil; without a log-in and a data folder it is the API key,
// which the server refuses for what only people do.
func (e *Env) Person(orKey bool) (post.Administration, error) {
	token := e.loggedIn()
	if token == "" && (!orKey || e.Key == "") {
		return nil, nil
	}
	c, err := e.anonymous()
	if err != nil {
		return nil, err
	}
	if c.key = token; token == "" {
		c.key = e.Key
	}
	return running{c, true}, nil
}

// user is a user as the server tells them, and as --json prints them.
type user struct {
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

func (u user) in(org string) post.CreatedUser {
	is := post.User{Org: org, Name: u.Name, Login: u.Login, FullName: u.FullName, Mail: u.Mail, Unit: u.Unit,
		Groups: u.Groups, Closed: orZero(u.Closed), LoggedIn: orZero(u.LoggedIn), InvitedUntil: orZero(u.InvitedUntil)}
	return post.CreatedUser{User: is, Code: u.Code}
}

func orZero(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

func unlessZero(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// UserJSON is a user as --json prints them, with the code where there is a new one.
func UserJSON(u post.CreatedUser) any { return userOf(u) }

func userOf(u post.CreatedUser) user {
	return user{Name: u.Name, Login: u.Login, FullName: u.FullName, Mail: u.Mail, Unit: u.Unit, Groups: u.Groups,
		Closed: unlessZero(u.Closed), LoggedIn: unlessZero(u.LoggedIn), InvitedUntil: unlessZero(u.InvitedUntil),
		Code: u.Code}
}

// UsersJSON are users as --json prints them.
func UsersJSON(all *post.Access) any {
	out := make([]user, len(all.Users))
	for i, u := range all.Users {
		out[i] = userOf(post.CreatedUser{User: u})
	}
	return map[string]any{"users": out, "administrators": all.Administrators()}
}

// path is an address of an organization: for the operator any one, for a person the one that they are logged in to.
func (r running) path(who post.Caller, parts ...string) string {
	path := "/v1"
	if !r.person {
		path += "/organizations/" + url.PathEscape(who.Org)
	}
	for _, part := range parts {
		path += "/" + url.PathEscape(part)
	}
	return path
}

// Access implements post.UserAdministration.
func (r running) Access(_ context.Context, who post.Caller) (*post.Access, error) {
	var users struct {
		Users []user `json:"users"`
	}
	var groups struct {
		Groups []group `json:"groups"`
	}
	err := r.call(http.MethodGet, r.path(who, "users"), nil, &users)
	if err == nil {
		err = r.call(http.MethodGet, r.path(who, "groups"), nil, &groups)
	}
	all := &post.Access{}
	for _, u := range users.Users {
		all.Users = append(all.Users, u.in(who.Org).User)
	}
	for _, g := range groups.Groups {
		all.Groups = append(all.Groups, g.group())
	}
	return all, err
}

func (r running) askUser(method, path, org string, body any) (post.CreatedUser, error) {
	var answer user
	err := r.call(method, path, body, &answer)
	return answer.in(org), err
}

func described(u post.User) map[string]any {
	body := map[string]any{"fullName": u.FullName, "mail": u.Mail, "unit": u.Unit}
	if u.Groups != nil {
		body["groups"] = u.Groups
	}
	return body
}

// AddUser implements post.UserAdministration.
func (r running) AddUser(_ context.Context, who post.Caller, u post.User) (post.CreatedUser, error) {
	body := described(u)
	body["name"] = u.Name
	return r.askUser(http.MethodPost, r.path(who, "users"), who.Org, body)
}

// ChangeUser implements post.UserAdministration.
func (r running) ChangeUser(_ context.Context, who post.Caller, u post.User) (post.User, error) {
	changed, err := r.askUser(http.MethodPatch, r.path(who, "users", u.Name), who.Org, described(u))
	return changed.User, err
}

// CloseUser implements post.UserAdministration.
func (r running) CloseUser(_ context.Context, who post.Caller, name string, closed bool) (post.User, error) {
	what := "open"
	if closed {
		what = "close"
	}
	u, err := r.askUser(http.MethodPost, r.path(who, "users", name, what), who.Org, nil)
	return u.User, err
}

// NewCode implements post.UserAdministration.
func (r running) NewCode(_ context.Context, who post.Caller, name string) (post.CreatedUser, error) {
	return r.askUser(http.MethodPost, r.path(who, "users", name, "code"), who.Org, nil)
}

// RemoveFactors implements post.FactorAdministration.
func (r running) RemoveFactors(_ context.Context, who post.Caller, name string) error {
	var answer struct{}
	return r.call(http.MethodPost, r.path(who, "users", name, "factors", "remove"), nil, &answer)
}

// imported is what became of a row of a list.
type imported struct {
	Row    int           `json:"row"`
	Name   string        `json:"name"`
	Full   string        `json:"fullName,omitempty"`
	Mail   string        `json:"mail,omitempty"`
	Groups []string      `json:"groups"`
	What   post.Imported `json:"result"`
	Why    string        `json:"why,omitempty"`
	Code   string        `json:"code,omitempty"`
}

// ImportedJSON are the rows of a list as --json prints them.
func ImportedJSON(rows []post.ImportedRow, dryRun bool) any {
	out := make([]imported, len(rows))
	for i, r := range rows {
		out[i] = imported{r.Number, r.Name, r.Full, r.Mail, r.Groups, r.What, "", r.Code}
		if r.Why != nil {
			out[i].Why = texts.Sentence(r.Why)
		}
	}
	return map[string]any{"rows": out, "dryRun": dryRun}
}

// Import implements post.UserImport.
func (r running) Import(_ context.Context, who post.Caller, list []byte, dryRun bool) ([]post.ImportedRow, error) {
	var answer struct {
		Rows []imported `json:"rows"`
	}
	body := map[string]any{"csv": string(list), "dryRun": dryRun}
	err := r.call(http.MethodPost, r.path(who, "users", "import"), body, &answer)
	rows := make([]post.ImportedRow, len(answer.Rows))
	for i, x := range answer.Rows {
		row := post.ImportRow{Number: x.Row, Name: x.Name, Full: x.Full, Mail: x.Mail, Groups: x.Groups}
		rows[i] = post.ImportedRow{ImportRow: row, What: x.What, Code: x.Code}
		if x.Why != "" {
			rows[i].Why = errors.New(x.Why)
		}
	}
	return rows, err
}

// group is an access group as the server tells it.
type group struct {
	ID      string      `json:"id"`
	Name    string      `json:"name"`
	Rights  post.Grants `json:"rights"`
	Members *int        `json:"members,omitempty"`
}

func (g group) group() post.AccessGroup {
	return post.AccessGroup{ID: g.ID, Name: sentence.Of("typed", g.Name), Grants: g.Rights}
}

// GroupsJSON are groups as --json prints them.
func GroupsJSON(all *post.Access) any {
	out := make([]group, len(all.Groups))
	for i, g := range all.Groups {
		members := all.Members(g.ID)
		out[i] = group{g.ID, texts.Of(g.Name), g.Grants, &members}
	}
	return map[string]any{"groups": out}
}

// GroupJSON is a group as --json prints it.
func GroupJSON(g post.AccessGroup) any { return group{g.ID, texts.Of(g.Name), g.Grants, nil} }

// PutGroup implements post.GroupAdministration.
func (r running) PutGroup(_ context.Context, who post.Caller, g post.AccessGroup) (post.AccessGroup, error) {
	method, path := http.MethodPost, r.path(who, "groups")
	if g.ID != "" {
		method, path = http.MethodPatch, r.path(who, "groups", g.ID)
	}
	var answer group
	err := r.call(method, path, map[string]any{"name": texts.Of(g.Name), "rights": g.Grants}, &answer)
	return answer.group(), err
}

// RemoveGroup implements post.GroupAdministration.
func (r running) RemoveGroup(_ context.Context, who post.Caller, id string) error {
	var answer struct{}
	return r.call(http.MethodDelete, r.path(who, "groups", id), nil, &answer)
}

// key is an API key as the server tells it.
type key struct {
	ID     string      `json:"id"`
	Name   string      `json:"name"`
	Maker  string      `json:"maker,omitempty"`
	Rights post.Grants `json:"rights"`
	From   []string    `json:"from,omitempty"`
	Made   *time.Time  `json:"made,omitempty"`
	Closed *time.Time  `json:"closed,omitempty"`
	Key    string      `json:"key,omitempty"`
}

func (k key) key() post.Key {
	return post.Key{ID: k.ID, Name: k.Name, Maker: k.Maker, Grants: k.Rights, From: k.From, Made: orZero(k.Made),
		Closed: orZero(k.Closed)}
}

// KeyJSON is a key as --json prints it, with the key itself where it is new.
func KeyJSON(k post.CreatedKey) any {
	return key{k.ID, k.Name, k.Maker, k.Grants, k.From, unlessZero(k.Made), unlessZero(k.Closed), k.Secret}
}

// KeysJSON are keys as --json prints them.
func KeysJSON(all []post.Key) any {
	out := make([]any, len(all))
	for i, k := range all {
		out[i] = KeyJSON(post.CreatedKey{Key: k})
	}
	return map[string]any{"keys": out}
}

// Keys implements post.KeyAdministration.
func (r running) Keys(_ context.Context, who post.Caller) ([]post.Key, error) {
	var answer struct {
		Keys []key `json:"keys"`
	}
	err := r.call(http.MethodGet, r.path(who, "keys"), nil, &answer)
	all := make([]post.Key, len(answer.Keys))
	for i, k := range answer.Keys {
		all[i] = k.key()
	}
	return all, err
}

// AddKey implements post.KeyAdministration.
func (r running) AddKey(_ context.Context, who post.Caller, k post.Key) (post.CreatedKey, error) {
	body := map[string]any{"name": k.Name, "from": k.From}
	if k.Grants != nil {
		body["rights"] = k.Grants
	}
	var answer key
	err := r.call(http.MethodPost, r.path(who, "keys"), body, &answer)
	return post.CreatedKey{Key: answer.key(), Secret: answer.Key}, err
}

// CloseKey implements post.KeyAdministration.
func (r running) CloseKey(_ context.Context, who post.Caller, id string) (post.Key, error) {
	var answer key
	err := r.call(http.MethodPost, r.path(who, "keys", id, "close"), nil, &answer)
	return answer.key(), err
}

// errNobody means that nobody is logged in, and there is no data folder.
var errNobody = fmt.Errorf("log ind med: brevdue login BRUGER, eller giv den rigtige datamappe med --data")

// ErrNobody returns what is said where the command line is neither a person nor the operator.
func ErrNobody() error { return errNobody }
