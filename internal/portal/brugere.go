package portal

import (
	"net/http"
	"slices"
	"strings"

	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// brugerePage lists the users.
type brugerePage struct {
	Users          []userLine
	Active, Others int // of all; the others are invited or closed
	Query, Group   string
	Groups         []post.AccessGroup
	OnlyOne        bool // there is one administrator alone
}

// userLine is a user as the list shows them.
type userLine struct {
	post.User
	GroupNames string
	Status     string
	Sub        string // about the status
	Off        bool   // they cannot come in
}

func (p *Portal) showBrugere(v *visit) error {
	all, err := p.Administration.Access(v.Context(), v.who)
	if err != nil {
		return err
	}
	page := brugerePage{
		Query: strings.TrimSpace(v.FormValue("q")), Group: v.FormValue("gruppe"), Groups: all.Groups,
		OnlyOne: all.Administrators() == 1,
	}
	for _, u := range all.Users {
		line := p.userLineOf(u, all)
		if line.Off || !u.InvitedUntil.IsZero() {
			page.Others++
		} else {
			page.Active++
		}
		if matches(u, page.Query) && (page.Group == "" || slices.Contains(u.Groups, page.Group)) {
			page.Users = append(page.Users, line)
		}
	}
	return p.show(v, http.StatusOK, "brugere", "administration", "Brugere – Administration", page)
}

func matches(u post.User, query string) bool {
	query = strings.ToLower(query)
	return strings.Contains(strings.ToLower(u.Name), query) || strings.Contains(strings.ToLower(u.FullName), query)
}

func (p *Portal) userLineOf(u post.User, all *post.Access) userLine {
	line := userLine{User: u, Status: "Aktiv"}
	var names []string
	for _, g := range all.Groups {
		if slices.Contains(u.Groups, g.ID) {
			names = append(names, texts.Of(g.Name))
		}
	}
	if line.GroupNames = strings.Join(names, ", "); u.Groups == nil {
		line.GroupNames = everythingText
	}
	switch {
	case !u.Closed.IsZero():
		line.Status, line.Sub, line.Off = "Lukket", "siden "+p.day(u.Closed), true
	case !u.InvitedUntil.IsZero() && u.InvitedUntil.Before(p.Now()):
		line.Status, line.Sub, line.Off = "Inviteret", "koden er udløbet", true
	case !u.InvitedUntil.IsZero():
		line.Status, line.Sub = "Inviteret", "udløber "+momentText(u.InvitedUntil, p.zone)
	}
	return line
}

// brugerPage is one user, or the form for a new one.
type brugerPage struct {
	New      bool
	User     userLine
	Groups   []groupChoice
	Units    []post.Unit
	Self     bool
	Mails    bool
	Code     string // a new one; it is shown once
	Mailed   bool   // a code is on its way
	Mistakes mistakes
	Saved    bool
}

// groupChoice is a group that a user can be in.
type groupChoice struct {
	post.AccessGroup
	Is bool
}

func (p *Portal) showOpret(v *visit) error {
	return p.bruger(v, http.StatusOK, brugerPage{New: true, User: userLine{User: post.User{Groups: []string{}}}})
}

func (p *Portal) showBruger(v *visit) error {
	return p.bruger(v, http.StatusOK, brugerPage{Saved: v.FormValue("gemt") != ""})
}

// bruger shows the form of a user: of the one in the address, unless the page has one.
func (p *Portal) bruger(v *visit, status int, page brugerPage) error {
	all, err := p.Administration.Access(v.Context(), v.who)
	if err != nil {
		return err
	}
	if !page.New && page.User.Name == "" {
		u, err := all.User(v.PathValue("user"))
		if err != nil {
			return err
		}
		page.User.User = *u
	}
	page.User = p.userLineOf(page.User.User, all)
	page.Units, page.Mails = v.org.Units, p.Mails
	page.Self = page.User.Name == v.who.Name
	for _, g := range all.Groups {
		page.Groups = append(page.Groups, groupChoice{g, slices.Contains(page.User.Groups, g.ID)})
	}
	title := "Opret bruger"
	if !page.New {
		title = page.User.Name
	}
	return p.show(v, status, "bruger", "administration", title+" – Administration", page)
}

// typedUser is what stands in the form.
func typedUser(v *visit, name string) post.User {
	groups := v.PostForm["gruppe"]
	if groups == nil {
		groups = []string{}
	}
	return post.User{
		Name: strings.TrimSpace(name), FullName: v.PostFormValue("navn"),
		Mail: strings.TrimSpace(v.PostFormValue("mail")), Unit: v.PostFormValue("enhed"), Groups: groups,
	}
}

func (p *Portal) pressOpret(v *visit) error {
	u := typedUser(v, v.PostFormValue("bruger"))
	created, err := p.Administration.AddUser(v.Context(), v.who, u)
	if wrong := refusalOf(err); wrong != nil {
		page := brugerPage{New: true, User: userLine{User: u}, Mistakes: wrong}
		return p.bruger(v, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	return p.given(v, created)
}

// given shows a user with the code that they got.
func (p *Portal) given(v *visit, created post.CreatedUser) error {
	return p.bruger(v, http.StatusOK, brugerPage{
		User: userLine{User: created.User}, Code: created.Code, Mailed: created.Code == "",
	})
}

func (p *Portal) pressBruger(v *visit) error {
	u := typedUser(v, v.PathValue("user"))
	_, err := p.Administration.ChangeUser(v.Context(), v.who, u)
	return p.changedBruger(v, u, err)
}

// changedBruger shows a user again after a change.
func (p *Portal) changedBruger(v *visit, typed post.User, err error) error {
	if wrong := refusalOf(err); wrong != nil {
		return p.bruger(v, http.StatusUnprocessableEntity, brugerPage{User: userLine{User: typed}, Mistakes: wrong})
	}
	if err != nil {
		return err
	}
	return v.redirect(address("/administration/brugere/"+escaped(v.PathValue("user")), "gemt", "1"))
}

func (p *Portal) pressLuk(v *visit) error {
	_, err := p.Administration.CloseUser(v.Context(), v.who, v.PathValue("user"), true)
	return p.changedBruger(v, post.User{}, err)
}

func (p *Portal) pressAabn(v *visit) error {
	_, err := p.Administration.CloseUser(v.Context(), v.who, v.PathValue("user"), false)
	return p.changedBruger(v, post.User{}, err)
}

func (p *Portal) pressKode(v *visit) error {
	created, err := p.Administration.NewCode(v.Context(), v.who, v.PathValue("user"))
	if err != nil {
		return p.changedBruger(v, post.User{}, err)
	}
	return p.given(v, created)
}

// pressFjernTrinFor takes away the second factor of a user who has lost it.
func (p *Portal) pressFjernTrinFor(v *visit) error {
	return p.changedBruger(v, post.User{}, p.Administration.RemoveFactors(v.Context(), v.who, v.PathValue("user")))
}
