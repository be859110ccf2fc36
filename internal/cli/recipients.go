package cli

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"

	"brevdue/internal/sheet"
)

type recipientsCommand struct {
	List   recipientsListCommand   `cmd:"" help:"Vis modtagerlister."`
	Show   recipientsShowCommand   `cmd:"" help:"Vis, hvem der er på en liste."`
	Import recipientsImportCommand `cmd:"" help:"Lav en liste af en CSV-fil, eller føj rækker til en."`
	Remove recipientsRemoveCommand `cmd:"" help:"Fjern en liste."`
}

// recipientList is a list of saved recipients.
type recipientList struct {
	ID         string           `json:"id"`
	Name       string           `json:"name"`
	Count      int              `json:"count"`
	Recipients []savedRecipient `json:"recipients,omitempty"`
	Added      int              `json:"added,omitempty"`
	Head       []string         `json:"head,omitempty"`
	Bad        []badRecipient   `json:"bad,omitempty"`
}

type savedRecipient struct {
	Recipient string `json:"recipient"`
	Unit      string `json:"unit,omitempty"`
	Name      string `json:"name,omitempty"`
}

type badRecipient struct {
	Line  int      `json:"line"`
	Cells []string `json:"cells"`
	Why   string   `json:"why"`
}

type recipientsListCommand struct{}

// Run lists the lists.
func (x *recipientsListCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	var all struct {
		Lists []recipientList `json:"lists"`
	}
	if err := c.call(http.MethodGet, "/v1/recipient-lists", nil, &all); err != nil {
		return err
	}
	return e.print(all.Lists, func(w io.Writer) {
		for _, l := range all.Lists {
			fmt.Fprintf(w, "%s  %d modtagere  %s\n", l.ID, l.Count, l.Name)
		}
	})
}

type recipientsShowCommand struct {
	ID string `arg:"" help:"Listens id."`
}

// Run shows a list.
func (x *recipientsShowCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	var l recipientList
	if err := c.call(http.MethodGet, "/v1/recipient-lists/"+url.PathEscape(x.ID), nil, &l); err != nil {
		return err
	}
	return e.print(l, func(w io.Writer) {
		for _, r := range l.Recipients {
			fmt.Fprintf(w, "%s %s  %s\n", r.Recipient, r.Unit, r.Name)
		}
	})
}

type recipientsImportCommand struct {
	File    string `arg:"" help:"CSV-fil: nummer, navn og evt. p-nummer." type:"existingfile"`
	Name    string `help:"Navnet på en ny liste." placeholder:"NAVN"`
	List    string `help:"Id på den liste, som rækkerne føjes til." placeholder:"ID"`
	Unit    string `help:"Enheden, der ejer en ny liste; uden den din egen." placeholder:"ID"`
	Replace bool   `help:"Rækkerne er hele listen fra nu af."`
	Bad     string `help:"Skriv rækker, der ikke kan bruges, til denne fil." placeholder:"FIL"`
}

// Run makes a list of the good rows, and tells of the others.
func (x *recipientsImportCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	file, err := os.ReadFile(x.File)
	if err != nil {
		return err
	}
	rows, err := sheet.Read(file) // in UTF-8 from here on
	if err != nil {
		return fmt.Errorf("%s: %w", x.File, err)
	}
	var l recipientList
	body := map[string]any{
		"list": x.List, "name": x.Name, "unit": x.Unit, "replace": x.Replace, "csv": string(sheet.Write(rows...)),
	}
	if err := c.call(http.MethodPost, "/v1/recipient-lists", body, &l); err != nil {
		return err
	}
	if err := x.writeBad(l.Head, l.Bad); err != nil {
		return err
	}
	err = e.print(l, func(w io.Writer) {
		fmt.Fprintf(w, "%s  %d modtagere  %s\n", l.ID, l.Count, l.Name)
		for _, b := range l.Bad {
			fmt.Fprintf(w, "  %s\n", b.Why)
		}
	})
	if err == nil && len(l.Bad) > 0 {
		return waitsForPerson
	}
	return err
}

func (x *recipientsImportCommand) writeBad(head []string, bad []badRecipient) error {
	if x.Bad == "" || len(bad) == 0 {
		return nil
	}
	var rows [][]string
	if head != nil {
		rows = append(rows, head)
	}
	for _, b := range bad {
		rows = append(rows, append(b.Cells, b.Why))
	}
	return os.WriteFile(x.Bad, sheet.Write(rows...), 0o600)
}

type recipientsRemoveCommand struct {
	ID string `arg:"" help:"Listens id."`
}

// Run removes a list.
func (x *recipientsRemoveCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	var answer map[string]any
	if err := c.call(http.MethodDelete, "/v1/recipient-lists/"+url.PathEscape(x.ID), nil, &answer); err != nil {
		return err
	}
	return e.print(answer, func(w io.Writer) { fmt.Fprintln(w, "Listen er fjernet.") })
}
