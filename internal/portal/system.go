package portal

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// systemPage is what an organization says of itself.
type systemPage struct {
	Org                *post.Organization
	Undo               int64 // seconds
	Undos, Idles, Ages []durationChoice
	Idle, Age          int64
	Length             int
	Units, Types       string               // a line each
	Subjects           []post.FilingSubject // what the filing plan calls the types' numbers
	Mistakes           mistakes
	Saved              bool
	Asked              *post.FourEyesAsked
	Environment        string
	System             string // of its own connection to Digital Post
	CertificateEnd     string
}

type durationChoice struct {
	Seconds int64
	Text    string
}

// choices returns times to choose from, with the one that is chosen already.
func choices(chosen int64, text func(int64) string, seconds ...int64) []durationChoice {
	var all []durationChoice
	found := false
	for _, s := range seconds {
		found = found || s == chosen
		all = append(all, durationChoice{s, text(s)})
	}
	if !found {
		all = append(all, durationChoice{chosen, text(chosen)})
	}
	return all
}

func (p *Portal) showSystem(v *visit) error {
	return p.system(v, http.StatusOK, v.org, nil, v.FormValue("gemt") != "")
}

func (p *Portal) system(v *visit, status int, o *post.Organization, wrong mistakes, saved bool) error {
	page := systemPage{
		Org: o, Undo: int64(o.UndoWindow() / time.Second), Idle: int64(o.Rules.IdleTime() / time.Second),
		Age: int64(o.Rules.CodeAge / time.Second), Length: o.Rules.Length(), Mistakes: wrong, Saved: saved,
		Environment: environmentName(p.Environment),
	}
	if c := o.Connection(); c != nil {
		page.System = c.SystemID
		if end := p.CertificateEnd(c); !end.IsZero() {
			page.CertificateEnd = end.In(p.zone).Format("2. 1. 2006")
		}
	}
	span := func(s int64) string { return waitText(time.Duration(s) * time.Second) }
	page.Undos = choices(page.Undo, span, 10, 60, 300, 900, 3600)
	page.Idles = choices(page.Idle, span, 900, 1800, 3600, 4*3600, 12*3600)
	page.Ages = choices(page.Age, func(s int64) string {
		if s == 0 {
			return "Aldrig"
		}
		return count(int(s/86400), "dag", "dage")
	}, 0, 90*86400, 180*86400, 365*86400)
	var units, types []string
	for _, u := range o.Units {
		units = append(units, u.ID+"; "+u.Name)
	}
	for _, t := range o.Types {
		line := t.ID + "; " + t.Name + "; " + t.KLE + "; " + texts.Demands(t)
		types = append(types, strings.TrimRight(line, "; "))
	}
	page.Units, page.Types = strings.Join(units, "\n"), strings.Join(types, "\n")
	plan, err := p.FilingPlans.FilingPlan(v.Context(), v.who.Org)
	if err != nil {
		return err
	}
	for _, t := range o.Types {
		if title, _ := plan.Title(t.KLE); title != "" {
			page.Subjects = append(page.Subjects, post.FilingSubject{Number: t.KLE, Title: title})
		}
	}
	if wrong != nil && v.PostForm != nil { // what was typed is not lost
		page.Units, page.Types = v.PostFormValue("enheder"), v.PostFormValue("typer")
	}
	if o.FourEyesAsked.By != "" {
		page.Asked = &o.FourEyesAsked
	}
	return p.show(v, status, "system", "administration", "Systemindstillinger – Administration", page)
}

// pressSystem stores what stands in the form.
func (p *Portal) pressSystem(v *visit) error {
	c, wrong := settingsTyped(v)
	if wrong != nil {
		return p.system(v, http.StatusUnprocessableEntity, v.org, wrong, false)
	}
	o, err := p.Settings.ChangeSettings(v.Context(), v.who, c)
	if errors.Is(err, post.ErrSecondAdministrator) {
		return p.system(v, http.StatusAccepted, o, refusalOf(err), false)
	}
	if wrong := refusalOf(err); wrong != nil {
		return p.system(v, http.StatusUnprocessableEntity, v.org, wrong, false)
	}
	if err != nil {
		return err
	}
	return v.redirect("/administration/system?gemt=1")
}

// settingsTyped reads the form of the settings, or says what is wrong with it.
func settingsTyped(v *visit) (c post.SettingsChange, wrong mistakes) {
	number := func(name string) *int {
		n, err := strconv.Atoi(strings.TrimSpace(v.PostFormValue(name)))
		if err != nil {
			wrong = append(wrong, mistake{name, fmt.Sprintf(notANumberText, v.PostFormValue(name))})
		}
		return &n
	}
	seconds := func(name string) *time.Duration {
		d := time.Duration(*number(name)) * time.Second
		return &d
	}
	checked := func(name string) *bool {
		is := v.PostFormValue(name) != ""
		return &is
	}
	unchecked := func(name string) *bool {
		is := v.PostFormValue(name) == ""
		return &is
	}
	c = post.SettingsChange{
		Undo: seconds("fortryd"), UndoAlways: checked("programmer"), FourEyes: number("fireoejne"),
		Daily: number("daglig"), KeyDaily: number("noegledaglig"),
		HideNames: unchecked("navne"), CodeLength: number("laengde"),
		CodeAge: seconds("alder"), Idle: seconds("inaktiv"), SecondFactor: checked("totrin"),
		Names: map[string]string{},
	}
	for i, cvr := range v.PostForm["cvr"] {
		if names := v.PostForm["afsendernavn"]; i < len(names) {
			c.Names[cvr] = names[i]
		}
	}
	units, types := []post.Unit{}, []post.DocumentType{}
	for _, line := range lines(v.PostFormValue("enheder")) {
		part := parts(line)
		units = append(units, post.Unit{ID: part[0], Name: part[1]})
	}
	for _, line := range lines(v.PostFormValue("typer")) {
		part := parts(line)
		t := post.DocumentType{ID: part[0], Name: part[1], KLE: part[2]}
		if err := texts.ReadDemands(&t, part[3]); err != nil {
			wrong = append(wrong, mistake{"typer", err.Error()})
		}
		types = append(types, t)
	}
	c.Units, c.Types = &units, &types
	return c, wrong
}

// parts are the up to four parts of a line, with semicolons between them.
func parts(line string) [4]string {
	var all [4]string
	for i, part := range strings.SplitN(line, ";", 4) {
		all[i] = strings.TrimSpace(part)
	}
	return all
}
