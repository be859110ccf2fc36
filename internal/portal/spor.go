package portal

import (
	"net/http"
	"strings"

	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// sporPage shows who has seen a person, or what a user has seen and done.
type sporPage struct {
	User     string // what was asked for; a number is not shown again
	Number   string // masked
	Asked    bool
	Mistakes mistakes
	Lines    []sporLine
}

type sporLine struct {
	*post.Entry
	Did, About, Link string
}

func (p *Portal) showSpor(v *visit) error {
	return p.spor(v, http.StatusOK, sporPage{User: v.FormValue("bruger")})
}

func (p *Portal) spor(v *visit, status int, page sporPage) error {
	return p.show(v, status, "spor", "administration", "Hvem har set – Administration", page)
}

// pressSpor answers. The number is in the form and in no address.
func (p *Portal) pressSpor(v *visit) error {
	page := sporPage{User: strings.TrimSpace(v.PostFormValue("bruger")), Asked: true}
	number := strings.TrimSpace(v.PostFormValue("nummer"))
	var entries []*post.Entry
	var err error
	switch {
	case number != "":
		page.User = ""
		n, numberErr := ident.ParseAny(number)
		if numberErr != nil {
			page.Mistakes, page.Asked = mistaken("nummer", notAPersonText), false
			return p.spor(v, http.StatusUnprocessableEntity, page)
		}
		page.Number = n.String()
		entries, err = p.Seen.OfPerson(v.Context(), v.who, n)
	case page.User != "":
		entries, err = p.Seen.OfUser(v.Context(), v.who, page.User)
	default:
		page.Mistakes, page.Asked = mistaken("nummer", nobodyAskedText), false
		return p.spor(v, http.StatusUnprocessableEntity, page)
	}
	for _, e := range entries {
		page.Lines = append(page.Lines, sporLineOf(e))
	}
	if err != nil {
		return err
	}
	return p.spor(v, http.StatusOK, page)
}

func sporLineOf(e *post.Entry) sporLine {
	line := sporLine{Entry: e, Did: actionName(e.Action), About: texts.EntryText(e)}
	if e.Shipment != "" {
		line.Link = "/forsendelse/" + e.Shipment
	}
	return line
}
