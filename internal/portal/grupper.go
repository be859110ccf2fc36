package portal

import (
	"net/http"
	"net/url"
	"strings"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

func escaped(part string) string { return url.PathEscape(part) }

// grupperPage is a table of groups and rights.
type grupperPage struct {
	Rights []rightColumn
	Rows   []groupRow
}

type rightColumn struct {
	Right post.Right
	Name  string
	Hint  string
}

type groupRow struct {
	ID, Name string
	Members  int
	Cells    []cell
}

// cell is whether a group has a right, and for what.
type cell struct {
	Has    bool
	Scoped bool // not for all of the organization's post
}

func rightColumns() []rightColumn {
	var all []rightColumn
	for _, r := range post.Rights() {
		all = append(all, rightColumn{r, capital(texts.Of(post.RightName(r))), rightHints[r]})
	}
	return all
}

func (p *Portal) showGrupper(v *visit) error {
	all, err := p.Administration.Access(v.Context(), v.who)
	if err != nil {
		return err
	}
	page := grupperPage{Rights: rightColumns()}
	for _, g := range all.Groups {
		row := groupRow{ID: g.ID, Name: texts.Of(g.Name), Members: all.Members(g.ID)}
		for _, r := range post.Rights() {
			row.Cells = append(row.Cells, cell{g.Grants.May(r), !g.Grants.Everywhere(r)})
		}
		page.Rows = append(page.Rows, row)
	}
	return p.show(v, http.StatusOK, "grupper", "administration", "Adgangsgrupper – Administration", page)
}

// gruppePage is one group, or the form for a new one.
type gruppePage struct {
	ID, Name string
	Rights   []rightChoice
	Units    []post.Unit
	Types    []post.DocumentType
	Members  []string
	Mistakes mistakes
}

// rightChoice is a right with its scope, as the form has it.
type rightChoice struct {
	rightColumn
	Is bool
	post.Scope
}

func (p *Portal) showGruppe(v *visit) error {
	all, err := p.Administration.Access(v.Context(), v.who)
	if err != nil {
		return err
	}
	g := &post.AccessGroup{}
	if id := v.PathValue("group"); id != "" {
		if g, err = all.Group(id); err != nil {
			return err
		}
	}
	return p.gruppe(v, http.StatusOK, *g, all, nil)
}

func (p *Portal) gruppe(v *visit, status int, g post.AccessGroup, all *post.Access, wrong mistakes) error {
	page := gruppePage{
		ID: g.ID, Name: texts.Of(g.Name), Units: v.org.Units, Types: v.org.Types, Mistakes: wrong,
	}
	for _, r := range rightColumns() {
		choice := rightChoice{rightColumn: r}
		for _, one := range g.Grants {
			if one.Right == r.Right {
				choice.Is, choice.Scope = true, one.Scope
			}
		}
		page.Rights = append(page.Rights, choice)
	}
	for _, u := range all.Users {
		for _, id := range u.Groups {
			if id == g.ID {
				page.Members = append(page.Members, u.Name)
			}
		}
	}
	title := "Opret gruppe"
	if g.ID != "" {
		title = page.Name
	}
	return p.show(v, status, "gruppe", "administration", title+" – Administration", page)
}

// typedGroup is what stands in the form of a group.
func typedGroup(v *visit) post.AccessGroup {
	g := post.AccessGroup{ID: v.PathValue("group"), Name: sentence.Of("typed", v.PostFormValue("navn"))}
	for _, r := range v.PostForm["ret"] {
		g.Grants = append(g.Grants, post.Grant{Right: post.Right(r), Scope: post.Scope{
			Unit:         v.PostFormValue("enhed-" + r),
			DocumentType: v.PostFormValue("type-" + r),
			KLE:          strings.TrimSpace(v.PostFormValue("kle-" + r)),
		}})
	}
	return g
}

func (p *Portal) pressGruppe(v *visit) error {
	g := typedGroup(v)
	_, err := p.Administration.PutGroup(v.Context(), v.who, g)
	return p.changedGruppe(v, g, sentence.Of("done-group-kept", v.PostFormValue("navn")), err)
}

func (p *Portal) changedGruppe(v *visit, g post.AccessGroup, done sentence.Sentence, err error) error {
	if wrong := refusalOf(err); wrong != nil {
		all, err := p.Administration.Access(v.Context(), v.who)
		if err != nil {
			return err
		}
		return p.gruppe(v, http.StatusUnprocessableEntity, g, all, wrong)
	}
	if err != nil {
		return err
	}
	v.tell(done)
	return v.redirect("/administration/grupper")
}

func (p *Portal) pressFjernGruppe(v *visit) error {
	all, err := p.Administration.Access(v.Context(), v.who)
	if err != nil {
		return err
	}
	g, err := all.Group(v.PathValue("group"))
	if err != nil {
		return err
	}
	err = p.Administration.RemoveGroup(v.Context(), v.who, g.ID)
	return p.changedGruppe(v, *g, sentence.Of("done-group-removed", texts.Of(g.Name)), err)
}

// noeglerPage lists API keys.
type noeglerPage struct {
	Keys     []keyLine
	Rights   []rightColumn // that a key can have
	Secret   string        // of a new key; it is shown once
	Name     string
	From     string
	Mistakes mistakes
}

type keyLine struct {
	post.Key
	RightNames string
}

func (p *Portal) showNoegler(v *visit) error { return p.noegler(v, http.StatusOK, noeglerPage{}) }

func (p *Portal) noegler(v *visit, status int, page noeglerPage) error {
	all, err := p.Administration.Keys(v.Context(), v.who)
	if err != nil {
		return err
	}
	for _, k := range all {
		var names []string
		for _, r := range post.KeyRights() {
			if k.Grants.May(r) {
				names = append(names, texts.Of(post.RightName(r)))
			}
		}
		page.Keys = append(page.Keys, keyLine{k, strings.Join(names, ", ")})
	}
	for _, r := range rightColumns() {
		if (post.GrantsOf(post.KeyRights()...)).May(r.Right) && v.who.May(r.Right) {
			page.Rights = append(page.Rights, r)
		}
	}
	return p.show(v, status, "noegler", "administration", "API-nøgler – Administration", page)
}

func (p *Portal) pressNoegle(v *visit) error {
	between := func(c rune) bool { return strings.ContainsRune(" ,;\r\n", c) }
	k := post.Key{Name: v.PostFormValue("navn"), Grants: post.Grants{},
		From: strings.FieldsFunc(v.PostFormValue("fra"), between)}
	for _, r := range v.PostForm["ret"] {
		k.Grants = append(k.Grants, post.GrantsOf(post.Right(r))...)
	}
	created, err := p.Administration.AddKey(v.Context(), v.who, k)
	if wrong := refusalOf(err); wrong != nil {
		return p.noegler(v, http.StatusUnprocessableEntity,
			noeglerPage{Mistakes: wrong, Name: k.Name, From: v.PostFormValue("fra")})
	}
	if err != nil {
		return err
	}
	return p.noegler(v, http.StatusOK, noeglerPage{Secret: created.Secret})
}

func (p *Portal) pressLukNoegle(v *visit) error {
	if _, err := p.Administration.CloseKey(v.Context(), v.who, v.PathValue("key")); err != nil {
		return err
	}
	v.tell(sentence.Of("done-key-closed"))
	return v.redirect("/administration/noegler")
}
