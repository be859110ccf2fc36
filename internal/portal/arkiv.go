package portal

import (
	"mime"
	"net/http"
	"strings"

	"brevdue/internal/post"
)

// arkivPage shows the cases that a search has found, or one case.
type arkivPage struct {
	Query    post.ArchiveQuery // what was asked for; a number is not shown again
	Types    []post.DocumentType
	Asked    bool
	Mistakes mistakes
	Cases    []sagLine
	More     bool // there are more than are shown
}

// sagLine is a case in the list of what was found.
type sagLine struct {
	Case, Title string
	Recipient   string // masked
	Concerns    string // whom its letters are about, masked, where that is another one
	Name        string
	Documents   int
	Newest      *post.ArchivedLetter
}

// sagPage is a case, with what lies in it, the newest first.
type sagPage struct {
	Case, Recipient, Name string
	Letters               []sagLetter
	More                  bool
	Mistakes              mistakes
}

type sagLetter struct {
	*post.ArchivedLetter
	Mark, Archiving mark
}

func (p *Portal) showArkiv(v *visit) error { return p.arkiv(v, http.StatusOK, arkivPage{}) }

func (p *Portal) arkiv(v *visit, status int, page arkivPage) error {
	page.Types = v.org.Types
	return p.show(v, status, "arkiv", "arkiv", "Arkiv", page)
}

// pressArkiv searches. What is searched is in the form and in no address: it may be a number.
func (p *Portal) pressArkiv(v *visit) error {
	page := arkivPage{Asked: true, Query: post.ArchiveQuery{Text: strings.TrimSpace(v.PostFormValue("q")),
		Words: strings.TrimSpace(v.PostFormValue("ord")), From: v.PostFormValue("fra"), To: v.PostFormValue("til"),
		DocumentType: v.PostFormValue("type")}}
	found, err := p.Archive.SearchArchive(v.Context(), v.who, page.Query)
	for _, text := range []*string{&page.Query.Text, &page.Query.Words} {
		if strings.ContainsAny(*text, "0123456789") {
			*text = ""
		}
	}
	page.Mistakes = mistakesOf(err).named(map[string]string{"fra_dag": "fra", "til_dag": "til"})
	if page.Mistakes != nil {
		page.Asked = false
		return p.arkiv(v, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	page.More = found.More
	for _, c := range found.Cases {
		newest := &c.Letters[0]
		line := sagLine{Case: c.Case, Title: newest.Title, Name: newest.Name, Newest: newest,
			Recipient: newest.Recipient, Concerns: newest.Concerns}
		for _, l := range c.Letters {
			line.Documents += len(l.Documents)
		}
		page.Cases = append(page.Cases, line)
	}
	return p.arkiv(v, http.StatusOK, page)
}

func (p *Portal) showSag(v *visit) error { return p.sag(v, http.StatusOK, nil) }

func (p *Portal) sag(v *visit, status int, wrong mistakes) error {
	c, err := p.Archive.ArchivedCase(v.Context(), v.who, v.PathValue("case"))
	if err != nil {
		return err
	}
	newest := c.Letters[0]
	page := sagPage{Case: c.Case, Name: newest.Name, Recipient: newest.Recipient, More: c.More,
		Mistakes: wrong}
	if newest.Concerns != "" { // the case is that person's
		page.Name, page.Recipient = "", newest.Concerns
	}
	for i := range c.Letters {
		l := &c.Letters[i]
		page.Letters = append(page.Letters, sagLetter{l, letterMarks[l.State],
			filedMark(l.Archiving, l.State, len(l.Filed.Documents) > 0)})
	}
	return p.show(v, status, "sag", "arkiv", capital(caseText(c.Case))+" – Arkiv", page)
}

// openSagZip leads to the presigned address of a zip file with all that lies in a case.
func (p *Portal) openSagZip(v *visit) error {
	id := v.PathValue("case")
	object, err := p.ArchiveExports.ExportCase(v.Context(), v.who, id)
	if wrong := mistakesOf(err); wrong != nil {
		return p.sag(v, http.StatusUnprocessableEntity, wrong)
	}
	if err != nil {
		return err
	}
	link, err := p.Links.Download(v.Context(), v.who.Org, object, post.FileName(capital(caseText(id))+".zip"))
	if err != nil {
		return err
	}
	return v.redirect(p.here(v, link).URL)
}

// openDokument leads to the presigned address of a file, or gives what is a part of the record.
func (p *Portal) openDokument(v *visit) error {
	d, err := p.Archive.ArchivedDocument(v.Context(), v.who, post.DocumentID(v.PathValue("document")))
	if err != nil {
		return err
	}
	if !d.Part() {
		link, err := p.Links.Download(v.Context(), v.who.Org, d.Object, d.Name)
		if err != nil {
			return err
		}
		return v.redirect(p.here(v, link).URL)
	}
	header := v.w.Header()
	header.Set("Content-Type", "application/octet-stream")
	header.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": d.Name}))
	_, _ = v.w.Write(d.Content) // the client is gone
	return nil
}
