package portal

import (
	"errors"
	"fmt"
	"net/http"

	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// rehearsalPart is what would have happened to a shipment, line by line.
type rehearsalPart struct {
	Ended bool
	By    string
	Lines []lookUpLine
}

// rehearsalOf is what is known of a rehearsal; nil for a shipment that was not tried.
func (p *Portal) rehearsalOf(v *visit, s *post.Shipment) (*rehearsalPart, error) {
	r := s.Rehearsal
	if r == nil {
		return nil, nil
	}
	part := &rehearsalPart{By: r.By}
	l, err := p.LookUps.LookUp(v.Context(), s.Org, s.ID)
	if err != nil {
		return nil, err
	}
	connection, ended, err := p.connectionLines(v, r.Check)
	if err != nil {
		return nil, err
	}
	if part.Ended = !r.Ended.IsZero() && !l.Asking(p.Now()) && ended; !part.Ended {
		return part, nil
	}
	part.Lines = outcomeLines(r)
	if why := troubleText(l); why != "" {
		part.Lines = append(part.Lines, lookUpLine{mark{Icon: "info"}, why})
	} else if l != nil {
		part.Lines = append(part.Lines, lookUpLines(l.Totals(p.Now()), s.Options.Mandatory)...)
	}
	part.Lines = append(part.Lines, connection...)
	return part, nil
}

// outcomeLines say what would have become of the letters.
func outcomeLines(r *post.Rehearsal) (lines []lookUpLine) {
	add := func(icon, format string, args ...any) {
		lines = append(lines, lookUpLine{mark{Icon: icon}, fmt.Sprintf(format, args...)})
	}
	how := ", hvert for sig."
	if r.Containers > 0 {
		how = ", samlet."
	}
	add("success", "%s ville være sendt%s", count(r.Leave, "brev", "breve"), how)
	for _, held := range r.Held {
		add("warning", "%s ville være holdt tilbage: %s.", count(held.Letters, "brev", "breve"),
			texts.Explain(held.Code).Title)
	}
	if r.Dropped > 0 {
		add("info", "%s er fravalgt.", count(r.Dropped, "brev", "breve"))
	}
	if r.Approval {
		add("info", "En anden skulle have godkendt forsendelsen.")
	}
	if r.OverLimit {
		add("warning", "Dagens grænse for, hvor mange breve der må sendes, er nået.")
	}
	return lines
}

// connectionLines say what the trial of the connection found.
func (p *Portal) connectionLines(v *visit, id string) (lines []lookUpLine, ended bool, err error) {
	if id == "" {
		return nil, true, nil
	}
	c, err := p.Checks.Check(v.Context(), v.who.Org, id)
	switch {
	case errors.Is(err, post.ErrNotFound): // it is kept for a day
		return nil, true, nil
	case err != nil:
		return nil, false, err
	}
	for _, l := range c.Lines {
		if l.State != post.CheckOK {
			lines = append(lines, lookUpLine{proevMarks[l.State].mark, texts.Of(l.Text) + " " + texts.Of(l.Do)})
		}
	}
	if len(lines) == 0 {
		lines = []lookUpLine{{mark{Icon: "success"}, "Forbindelsen til Digital Post, arkiv og mail virker."}}
	}
	return lines, !c.Ended.IsZero() || p.Now().Sub(c.Made) > post.LookUpWithin, nil
}

// pressGeneralproeve tries a shipment without sending it.
func (p *Portal) pressGeneralproeve(v *visit) error {
	_, err := p.RehearsalCommands.Rehearse(v.Context(), v.who, v.PathValue("id"))
	if wrong := refusalOf(err); wrong != nil {
		return p.gennemse(v, http.StatusConflict, wrong)
	}
	if err != nil {
		return err
	}
	return v.redirect("/forsendelse/" + v.PathValue("id"))
}
