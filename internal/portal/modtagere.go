package portal

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/sheet"
	"brevdue/internal/texts"
)

// modtagerePage is the saved recipient lists, or one of them.
type modtagerePage struct {
	Lists    []post.RecipientList
	List     *post.RecipientList
	Lines    []savedLine
	Bad      []badLine
	BadFile  string // the same as rows to mend, in base64: the next request has them from the page
	Added    bool   // rows came to the list just now
	Name     string
	Mistakes mistakes
}

// savedLine is a saved recipient as a list shows it.
type savedLine struct{ Recipient, Unit, Name string }

// badLine is a row that is no recipient.
type badLine struct {
	Line int
	Text string
}

func (p *Portal) showModtagere(v *visit) error {
	return p.modtagere(v, http.StatusOK, modtagerePage{})
}

func (p *Portal) modtagere(v *visit, status int, page modtagerePage) error {
	var err error
	if page.Lists, err = p.RecipientLists.RecipientLists(v.Context(), v.who.Org, v.who.Sight()); err != nil {
		return err
	}
	return p.show(v, status, "modtagere", "afsend", "Modtagerlister – Afsend", page)
}

func (p *Portal) showModtagerliste(v *visit) error {
	l, err := p.RecipientListCommands.Recipients(v.Context(), v.who, v.PathValue("id"))
	if err != nil {
		return err
	}
	return p.modtagerliste(v, http.StatusOK, l, modtagerePage{})
}

func (p *Portal) modtagerliste(v *visit, status int, l *post.RecipientList, page modtagerePage) error {
	page.List = l
	for _, r := range l.Recipients {
		page.Lines = append(page.Lines, savedLine{r.Number.String(), r.Unit, r.Name})
	}
	return p.show(v, status, "modtagere", "afsend", l.Name+" – Modtagerlister", page)
}

// pressModtagere makes a list of the rows of a file, or adds them to one.
func (p *Portal) pressModtagere(v *visit) error {
	in := post.RecipientImport{List: v.PathValue("id"), Name: v.PostFormValue("navn"),
		Replace: v.PostFormValue("erstat") != ""}
	if file, _, err := v.FormFile("fil"); err == nil { // without one there are no rows, and it says so
		if in.Rows, err = io.ReadAll(file); err != nil {
			return errForm
		}
	}
	done, err := p.RecipientListCommands.ImportRecipients(v.Context(), v.who, in)
	if wrong := refusalOf(err); wrong != nil && !errors.Is(err, post.ErrNotFound) {
		return p.modtagereWrong(v, in, wrong)
	}
	if err != nil {
		return err
	}
	page := modtagerePage{Added: done.Added > 0}
	for _, b := range done.Bad {
		page.Bad = append(page.Bad, badLine{b.Line, texts.Of(b.Why)})
	}
	if rows := done.ToMend(texts.Of); len(rows) > 0 {
		packed, err := json.Marshal(rows)
		if err != nil {
			return err
		}
		page.BadFile = base64.StdEncoding.EncodeToString(packed)
	}
	status := http.StatusOK
	if !page.Added {
		status, page.Name = http.StatusUnprocessableEntity, in.Name
		page.Mistakes = mistaken("fil", "Ingen rækker kunne bruges.")
		if in.List == "" {
			return p.modtagere(v, status, page)
		}
	}
	return p.modtagerliste(v, status, done.List, page)
}

// modtagereWrong shows the form again.
func (p *Portal) modtagereWrong(v *visit, in post.RecipientImport, wrong mistakes) error {
	page := modtagerePage{Mistakes: wrong, Name: in.Name}
	if in.List == "" {
		return p.modtagere(v, http.StatusUnprocessableEntity, page)
	}
	l, err := p.RecipientListCommands.Recipients(v.Context(), v.who, in.List)
	if err != nil {
		return err
	}
	return p.modtagerliste(v, http.StatusUnprocessableEntity, l, page)
}

// pressModtagerRaekker gives the rows that were no recipients as a file to mend.
func (p *Portal) pressModtagerRaekker(v *visit) error {
	packed, err := base64.StdEncoding.DecodeString(v.PostFormValue("raekker"))
	var rows [][]string
	if err != nil || json.Unmarshal(packed, &rows) != nil {
		return errForm
	}
	return download(v, "ret-og-upload-igen.csv", string(sheet.Write(rows...)))
}

func (p *Portal) pressFjernModtagere(v *visit) error {
	if err := p.RecipientListCommands.RemoveRecipients(v.Context(), v.who, v.PathValue("id")); err != nil {
		return err
	}
	v.tell(sentence.Of("done-list-removed"))
	return v.redirect("/modtagere")
}
