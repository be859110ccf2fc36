package portal

import (
	"net/http"
	"strings"

	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

// profilerPage lists what source systems' letters look like, with a form for one more.
type profilerPage struct {
	Profiles []post.Profile
	Form     post.Profile
	Types    []post.DocumentType
	Own      string // as it was typed
	Mistakes mistakes
}

func (p *Portal) showProfiler(v *visit) error { return p.profiler(v, http.StatusOK, profilerPage{}) }

func (p *Portal) profiler(v *visit, status int, page profilerPage) error {
	var err error
	page.Types = v.org.Types
	if page.Profiles, err = p.Profiles.Profiles(v.Context(), v.who.Org); err != nil {
		return err
	}
	return p.show(v, status, "profiler", "afsend", "Profiler", page)
}

// pressProfil stores a profile, or shows the form again with every mistake in it.
func (p *Portal) pressProfil(v *visit) error {
	form := post.Profile{
		Name:         strings.TrimSpace(v.PostFormValue("navn")),
		Rule:         post.Rule(v.PostFormValue("regel")),
		Label:        strings.TrimSpace(v.PostFormValue("foran")),
		Begins:       strings.TrimSpace(v.PostFormValue("begynder")),
		RemoveCPR:    v.PostFormValue("fjern") != "",
		DocumentType: v.PostFormValue("type"),
	}
	page := profilerPage{Form: form, Own: v.PostFormValue("egne")}
	for _, text := range lines(page.Own) {
		n, err := ident.ParseCVR(text)
		if err != nil {
			page.Mistakes = append(page.Mistakes, mistake{"egne", texts.Say("not-a-cvr", text)})
			continue
		}
		page.Form.Own = append(page.Form.Own, n)
	}
	if len(page.Mistakes) > 0 {
		return p.profiler(v, http.StatusUnprocessableEntity, page)
	}
	err := p.ProfileCommands.PutProfile(v.Context(), v.who, page.Form)
	if page.Mistakes = mistakesOf(err); page.Mistakes != nil {
		return p.profiler(v, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	v.tell(sentence.Of("done-profile-kept", page.Form.Name))
	return v.redirect("/profiler")
}

func (p *Portal) removeProfil(v *visit) error {
	if err := p.ProfileCommands.RemoveProfile(v.Context(), v.who, v.PostFormValue("navn")); err != nil {
		return err
	}
	v.tell(sentence.Of("done-profile-removed", v.PostFormValue("navn")))
	return v.redirect("/profiler")
}
