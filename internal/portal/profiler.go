package portal

import (
	"errors"
	"net/http"
	"strings"

	"brevdue/internal/ident"
	"brevdue/internal/post"
)

// profilerPage lists what source systems' letters look like, with a form for one more.
type profilerPage struct {
	Profiles []post.Profile
	Form     post.Profile
	Own      string // as it was typed
	Mistakes []post.Mistake
}

func (p *Portal) showProfiler(v *visit) error { return p.profiler(v, http.StatusOK, profilerPage{}) }

func (p *Portal) profiler(v *visit, status int, page profilerPage) error {
	var err error
	if page.Profiles, err = p.Profiles.Profiles(v.Context(), v.who.Org); err != nil {
		return err
	}
	return p.show(v, status, "profiler", "afsend", "Profiler", page)
}

func (p *Portal) pressProfil(v *visit) error {
	form := post.Profile{
		Name: strings.TrimSpace(v.PostFormValue("navn")), Rule: post.Rule(v.PostFormValue("regel")), Label: strings.TrimSpace(v.PostFormValue("foran")),
		Begins: strings.TrimSpace(v.PostFormValue("begynder")), RemoveCPR: v.PostFormValue("fjern") != "",
	}
	page := profilerPage{Form: form, Own: v.PostFormValue("egne")}
	for _, text := range lines(page.Own) {
		n, err := ident.ParseCVR(text)
		if err != nil {
			page.Mistakes = append(page.Mistakes, post.Mistake{Field: "own", Text: text + " er ikke et CVR-nummer."})
			continue
		}
		page.Form.Own = append(page.Form.Own, n)
	}
	if len(page.Mistakes) > 0 {
		return p.profiler(v, http.StatusUnprocessableEntity, page)
	}
	err := p.Desk.PutProfile(v.Context(), v.who, page.Form)
	var mistakes post.Mistakes
	if errors.As(err, &mistakes) {
		page.Mistakes = mistakes
		return p.profiler(v, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	return v.redirect("/profiler")
}

func (p *Portal) removeProfil(v *visit) error {
	if err := p.Desk.RemoveProfile(v.Context(), v.who, v.PostFormValue("navn")); err != nil {
		return err
	}
	return v.redirect("/profiler")
}
