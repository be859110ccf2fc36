package portal

import (
	"encoding/base64"
	"io"
	"mime"
	"net/http"
	"strings"

	"brevdue/internal/auth"
	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// importPage shows what an import will do, and then what it has done.
type importPage struct {
	List                 string // as it was uploaded, in base64: the second step has it from the page
	Name                 string
	Done                 bool
	Adds, Changes, Skips int
	Rows                 []importLine // that change something or are skipped
	Skipped              string       // those alone, as a list to mend
	Mails                bool
	Mistakes             mistakes
}

// Count is how many users change.
func (p importPage) Count() int { return p.Adds + p.Changes }

type importLine struct {
	post.ImportedRow
	GroupNames string
	Text       string
	Skipped    bool
}

func (p *Portal) showImport(v *visit) error { return p.importer(v, http.StatusOK, importPage{}) }

func (p *Portal) importer(v *visit, status int, page importPage) error {
	page.Mails = p.Mails
	title := "Importér brugere"
	return p.show(v, status, "import", "administration", title+" – Administration", page)
}

// pressImport shows what a list will do; with »bekraeft« it is done.
func (p *Portal) pressImport(v *visit) error {
	page := importPage{List: v.PostFormValue("liste"), Name: v.PostFormValue("filnavn")}
	list, err := base64.StdEncoding.DecodeString(page.List)
	if err != nil {
		return errForm
	}
	if file, head, err := v.FormFile("fil"); err == nil {
		if list, err = io.ReadAll(file); err != nil {
			return err
		}
		page.List, page.Name = base64.StdEncoding.EncodeToString(list), head.Filename
	}
	page.Done = v.PostFormValue("bekraeft") != ""
	rows, err := p.Administration.Import(v.Context(), v.who, list, !page.Done)
	if wrong := refusalOf(err); wrong != nil {
		return p.importer(v, http.StatusUnprocessableEntity, importPage{Mistakes: wrong})
	}
	if err != nil {
		return err
	}
	var skipped []post.ImportedRow
	for _, r := range rows {
		line := importLine{ImportedRow: r, GroupNames: strings.Join(r.Groups, ", ")}
		switch r.What {
		case post.ImportAdds:
			page.Adds++
			line.Text = importAddsText
		case post.ImportChanges:
			page.Changes++
			line.Text = importChangesText
		case post.ImportSame:
			continue
		default:
			page.Skips++
			line.Text, line.Skipped, skipped = texts.Sentence(r.Why), true, append(skipped, r)
		}
		page.Rows = append(page.Rows, line)
	}
	if len(skipped) > 0 {
		page.Skipped = string(auth.List(skipped))
	}
	return p.importer(v, http.StatusOK, page)
}

// pressRaekker gives the rows that were skipped as a file to mend.
func (p *Portal) pressRaekker(v *visit) error {
	return download(v, "ret-og-importer-igen.csv", v.PostFormValue("liste"))
}

// showSkabelon gives a list with nobody in it but an example.
func (p *Portal) showSkabelon(v *visit) error {
	return download(v, "brugere.csv", "\ufeffBrugernavn;Navn;Mail;Adgangsgrupper\r\n"+importExample+"\r\n")
}

func download(v *visit, name, content string) error {
	return downloadFile(v, name, "text/csv; charset=utf-8", []byte(content))
}

// downloadFile gives a file to keep.
func downloadFile(v *visit, name, contentType string, content []byte) error {
	v.w.Header().Set("Content-Type", contentType)
	attach(v, name)
	_, _ = v.w.Write(content) // the browser is gone
	return nil
}

// attach says what a file is called on somebody's machine.
func attach(v *visit, name string) {
	v.w.Header().Set("Content-Disposition",
		mime.FormatMediaType("attachment", map[string]string{"filename": post.FileName(name)}))
}
