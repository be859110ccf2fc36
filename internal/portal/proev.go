package portal

import (
	"net/http"

	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// proevPage is a trial of the connection.
type proevPage struct {
	ID    string
	Ended bool
	Wrong bool
	Lines []proevLine
}

type proevLine struct {
	mark
	State    string
	Text, Do string
}

// proevMarks are how a line is shown.
var proevMarks = map[post.CheckState]struct {
	mark
	word string
}{
	post.CheckOK:      {mark{Icon: "success"}, "I orden"},
	post.CheckWarning: {mark{Icon: "warning"}, "Se efter"},
	post.CheckWrong:   {mark{Icon: "error"}, "Virker ikke"},
}

// pressProev tries the connection. The send function does it, for only that has the certificate.
func (p *Portal) pressProev(v *visit) error {
	c, err := p.CheckCommands.StartCheck(v.Context(), v.who)
	if err != nil {
		return err
	}
	return v.redirect("/administration/system/proev/" + c.ID)
}

func (p *Portal) showProev(v *visit) error {
	c, err := p.Checks.Check(v.Context(), v.who.Org, v.PathValue("id"))
	if err != nil {
		return err
	}
	page := proevPage{ID: c.ID, Ended: !c.Ended.IsZero(), Wrong: c.Wrong()}
	for _, l := range c.Lines {
		m := proevMarks[l.State]
		page.Lines = append(page.Lines, proevLine{m.mark, m.word, texts.Of(l.Text), texts.Of(l.Do)})
	}
	return p.show(v, http.StatusOK, "proev", "administration", "Afprøv forbindelsen", page)
}
