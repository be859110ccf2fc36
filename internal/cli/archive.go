package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
)

type archiveCommand struct {
	Search   archiveSearchCommand   `cmd:"" help:"Find sager efter navn, emne, CPR- eller CVR-nummer eller sagsnummer."`
	Show     archiveShowCommand     `cmd:"" help:"Vis en sag og dens dokumenter."`
	Document archiveDocumentCommand `cmd:"" help:"Hent et dokument."`
	Verify   archiveVerifyCommand   `cmd:"" help:"Efterprøv, at alt i arkivet er, som det blev gemt."`
	Status   archiveStatusCommand   `cmd:"" help:"Vis, om et brev er lagt i arkiver uden for Brevdue."`
	Export   archiveExportCommand   `cmd:"" help:"Gem en sags dokumenter i en mappe."`
}

// archivedCase is a case of the archive.
type archivedCase struct {
	Case      string             `json:"case"`
	Title     string             `json:"title"`
	Letters   []archivedLetter   `json:"letters,omitempty"`
	More      bool               `json:"more"`
	Documents []archivedDocument `json:"documents"`
}

type archivedLetter struct {
	Letter    string    `json:"letter"`
	Shipment  string    `json:"shipment"`
	Title     string    `json:"title"`
	Status    string    `json:"status"`
	State     string    `json:"state"`
	Recipient string    `json:"recipient,omitempty"`
	Concerns  string    `json:"concerns,omitempty"`
	Name      string    `json:"name,omitempty"`
	Filed     time.Time `json:"filed"`
	Archived  bool      `json:"archived"`
}

type archivedDocument struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Kind    string    `json:"kind"`
	Letter  string    `json:"letter"`
	SHA256  string    `json:"sha256"`
	Link    *linkJSON `json:"link,omitempty"`
	Content []byte    `json:"content,omitempty"`
}

func (c archivedCase) print(w io.Writer) {
	fmt.Fprintf(w, "%s  %s\n", c.Case, c.Title)
	for _, l := range c.Letters {
		about := ""
		if l.Concerns != "" {
			about = " om " + l.Concerns
		}
		fmt.Fprintf(w, "  %s  %s  %s %s%s  %s\n", l.Filed.In(post.Denmark()).Format("2006-01-02 15:04"), l.Title,
			l.Recipient, l.Name, about, l.Status)
		for _, d := range c.Documents {
			if d.Letter == l.Letter {
				fmt.Fprintf(w, "    %s  %s\n", d.ID, d.Name)
			}
		}
	}
}

type archiveSearchCommand struct {
	Text string `arg:"" optional:"" help:"Ord i navn og emne, CPR- eller CVR-nummer eller sagsnummer." placeholder:"TEKST"`
	Said string `name:"words" help:"Ord, der står i selve brevet; uden TEKST i en periode eller en dokumenttype." placeholder:"ORD"`
	From string `help:"Arkiveret fra denne dag." placeholder:"2026-12-20"`
	To   string `help:"Arkiveret til og med denne dag." placeholder:"2026-12-20"`
	Type string `help:"Kun breve af denne dokumenttype." placeholder:"ID"`
}

// Run searches.
func (x *archiveSearchCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	var found struct {
		Cases []archivedCase `json:"cases"`
		More  bool           `json:"more"`
	}
	query := map[string]any{"text": x.Text, "words": x.Said, "from": x.From, "to": x.To, "documentType": x.Type}
	if err := c.call(http.MethodPost, "/v1/archive/search", query, &found); err != nil {
		return err
	}
	return e.print(found.Cases, func(w io.Writer) {
		switch {
		case len(found.Cases) == 0 && found.More:
			fmt.Fprintln(w, "Søgningen nåede ikke alt. Skriv flere ord, en kortere periode, eller søg på nummeret.")
			return
		case len(found.Cases) == 0:
			fmt.Fprintln(w, "Intet i arkivet passer.")
		}
		for _, one := range found.Cases {
			one.print(w)
		}
		if found.More {
			fmt.Fprintln(w, "Der er flere. Skriv flere ord, en kortere periode, eller søg på nummeret.")
		}
	})
}

type archiveShowCommand struct {
	Case string `arg:"" help:"Sagens id." placeholder:"SAG"`
}

// Run shows a case.
func (x *archiveShowCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	one, err := c.archivedCase(x.Case)
	if err != nil {
		return err
	}
	return e.print(one, one.print)
}

var errNumberIsNoCase = errors.New("et nummer er ingen sag; find sagen med »brevdue archive search«")

func isNumber(text string) bool {
	_, err := ident.ParseAny(text)
	return err == nil
}

// archivedCase asks for a case. A number is no case, and would stand in an address.
func (c *client) archivedCase(id string) (one archivedCase, err error) {
	if isNumber(id) {
		return one, errNumberIsNoCase
	}
	err = c.call(http.MethodGet, "/v1/archive/cases/"+url.PathEscape(id), nil, &one)
	return one, err
}

type archiveDocumentCommand struct {
	ID  string `arg:"" help:"Dokumentets id."`
	Out string `help:"Gem det i denne fil; uden den skrives det ud." short:"o" type:"path"`
}

// Run fetches a document.
func (x *archiveDocumentCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	content, err := c.archivedDocument(x.ID)
	if err != nil {
		return err
	}
	return e.give(content, x.Out)
}

// archivedDocument fetches the bytes of a document, and holds them against their hash.
func (c *client) archivedDocument(id string) ([]byte, error) {
	var d archivedDocument
	if err := c.call(http.MethodGet, "/v1/archive/documents/"+url.PathEscape(id), nil, &d); err != nil {
		return nil, err
	}
	content := d.Content
	if d.Link != nil {
		var err error
		if content, err = c.fetch(*d.Link); err != nil {
			return nil, err
		}
	}
	if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != d.SHA256 {
		return nil, fmt.Errorf("%s er ikke, som det blev gemt", id)
	}
	return content, nil
}

type archiveVerifyCommand struct{}

// archiveReport is what came of holding the archive against its hashes.
type archiveReport struct {
	Letters   int      `json:"letters"`
	Documents int      `json:"documents"`
	Damaged   []string `json:"damaged"`
	Next      string   `json:"next,omitempty"`
}

// Run verifies the archive, some letters at a time.
func (x *archiveVerifyCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	all := archiveReport{Damaged: []string{}}
	for after := ""; ; {
		var some archiveReport
		if err := c.call(http.MethodPost, "/v1/archive/verify", map[string]any{"after": after}, &some); err != nil {
			return err
		}
		all.Letters, all.Documents = all.Letters+some.Letters, all.Documents+some.Documents
		all.Damaged = append(all.Damaged, some.Damaged...)
		if after = some.Next; after == "" {
			break
		}
	}
	err = e.print(all, func(w io.Writer) {
		fmt.Fprintf(w, "%d breve med %d dokumenter er efterprøvet.\n", all.Letters, all.Documents)
		for _, id := range all.Damaged {
			fmt.Fprintf(w, "%s er ikke, som det blev gemt\n", id)
		}
	})
	if err == nil && len(all.Damaged) > 0 {
		return errors.New("arkivet er beskadiget")
	}
	return err
}

type archiveExportCommand struct {
	Case string `required:"" help:"Sagens id." placeholder:"SAG"`
	Out  string `required:"" help:"Mappen; hvert brev får en mappe i den. Med --zip zip-filen." placeholder:"MAPPE" type:"path"`
	Zip  bool   `help:"Hent sagen som én zip-fil, højst 100 MB."`
}

// Run saves the documents of a case.
func (x *archiveExportCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	if x.Zip {
		content, err := c.zippedCase(x.Case)
		if err != nil {
			return err
		}
		return e.give(content, x.Out)
	}
	one, err := c.archivedCase(x.Case)
	if err != nil {
		return err
	}
	for _, d := range one.Documents {
		content, err := c.archivedDocument(d.ID)
		if err != nil {
			return err
		}
		folder := filepath.Join(x.Out, post.FileName(d.Letter))
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, plainName(d)), content, 0o600); err != nil {
			return err
		}
	}
	if one.More {
		return errors.New("sagen har flere breve, end der kan hentes på én gang: de nyeste er gemt")
	}
	return e.print(one, func(w io.Writer) { fmt.Fprintf(w, "%d dokumenter ligger i %s\n", len(one.Documents), x.Out) })
}

// zippedCase fetches a case as a zip file.
func (c *client) zippedCase(id string) ([]byte, error) {
	if isNumber(id) {
		return nil, errNumberIsNoCase
	}
	var link linkJSON
	if err := c.call(http.MethodPost, "/v1/archive/cases/"+url.PathEscape(id)+"/export", nil, &link); err != nil {
		return nil, err
	}
	return c.fetch(link)
}

// plainName is what a document is called in a folder, also on Windows: the kind tells documents of the same name apart.
func plainName(d archivedDocument) string {
	_, part, _ := strings.Cut(d.ID, "~")
	return post.FileName(part) + " - " + post.FileName(d.Name)
}
