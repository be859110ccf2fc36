package cli

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// row is a row of Ubehandlet as the API shows it.
type row struct {
	Shipment  string       `json:"shipment"`
	Letter    string       `json:"letter,omitempty"`
	Subject   string       `json:"subject"`
	Message   *deadMessage `json:"message,omitempty"`
	FirstPage int          `json:"firstPage"`
	LastPage  int          `json:"lastPage"`
	Recipient string       `json:"recipient,omitempty"`
	Archive   string       `json:"archive,omitempty"` // outside Brevdue
	Code      string       `json:"code"`
	Title     string       `json:"title"`
	Text      string       `json:"text"`
	Detail    string       `json:"detail,omitempty"`
	Actor     string       `json:"actor"`
	Do        string       `json:"do"`
	Remedies  []string     `json:"remedies"`
	Since     time.Time    `json:"since"`
}

// deadMessage is a message that nobody could make sense of.
type deadMessage struct {
	ID    string `json:"id"`
	Queue string `json:"queue"`
	Body  string `json:"body"`
}

// about says what a row is about: the pages of a letter and whom it is for, or the whole document.
func (r row) about() string {
	switch {
	case r.Letter == "":
		return "hele dokumentet"
	case r.LastPage == 0:
		return r.Recipient
	}
	return strings.TrimSpace(fmt.Sprintf("side %d–%d %s", r.FirstPage, r.LastPage, r.Recipient))
}

func unhandledRows(c *client, query string) ([]row, error) {
	rows := []row{}
	for cursor := ""; ; {
		var page struct {
			Unhandled []row  `json:"unhandled"`
			Next      string `json:"next"`
		}
		if err := c.call(http.MethodGet, "/v1/unhandled?limit=1000&"+query+"&cursor="+url.QueryEscape(cursor), nil,
			&page); err != nil {
			return nil, err
		}
		rows = append(rows, page.Unhandled...)
		if cursor = page.Next; cursor == "" {
			return rows, nil
		}
	}
}

type unhandledCommand struct {
	Shipment string `help:"Kun denne forsendelse." placeholder:"ID"`
	Code     string `help:"Kun denne slags."`
}

// Run lists what waits for somebody.
func (x *unhandledCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	rows, err := unhandledRows(c, url.Values{"shipment": {x.Shipment}, "code": {x.Code}}.Encode())
	if err != nil {
		return err
	}
	return e.print(rows, func(w io.Writer) {
		for _, r := range rows {
			name := r.Letter
			if name == "" {
				name = r.Shipment
			}
			if r.Message != nil {
				fmt.Fprintf(
					w,
					"%-18s %-20s %s: %s\n    %s: %s\n    %s: %s\n",
					r.Message.ID,
					r.Code,
					r.Subject,
					r.Message.Body,
					r.Title,
					r.Text,
					r.Actor,
					r.Do,
				)
				continue
			}
			fmt.Fprintf(
				w,
				"%-18s %-20s %s\n    %s: %s\n    %s: %s\n",
				name,
				r.Code,
				r.about(),
				r.Title,
				r.Text,
				r.Actor,
				r.Do,
			)
		}
		if len(rows) == 0 {
			fmt.Fprintln(w, "Alt er behandlet.")
		}
	})
}

// choice chooses rows.
type choice struct {
	Letter   string `help:"Ét brev: FORSENDELSE/NUMMER." xor:"choice" required:"" placeholder:"ID/NUMMER"`
	Shipment string `help:"Alle i en forsendelse." xor:"choice" required:"" placeholder:"ID"`
	Code     string `help:"Alle af en slags." xor:"choice" required:""`
	All      bool   `help:"Alle." xor:"choice" required:""`
	Archive  string `help:"Kun det, som dette arkiv ikke tog imod (id; Brevdues eget er brevdue)." placeholder:"ID"`
}

func (x choice) body() map[string]any {
	return map[string]any{"letter": x.Letter, "shipment": x.Shipment, "code": x.Code, "all": x.All,
		"archive": x.Archive}
}

type replayCommand struct {
	choice
	DryRun bool   `help:"Sig kun, hvor mange det drejer sig om."`
	On     string `help:"Send på en dag, højst 60 dage frem." placeholder:"2026-12-20"`

	Case string `help:"Læg det i denne sag i arkivet i stedet." placeholder:"SAGSNUMMER"`
}

// Run sends again.
func (x *replayCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	body := x.body()
	body["dryRun"], body["on"], body["case"] = x.DryRun, x.On, x.Case
	sum, err := e.bulk(c, "/v1/unhandled/replay", body)
	if err != nil {
		return err
	}
	err = e.print(sum, func(w io.Writer) {
		if sum.DryRun {
			fmt.Fprintln(w, "Intet er sendt endnu – sådan vil det gå:")
		}
		fmt.Fprintf(
			w,
			"%d sendes igen, %d er hos Digital Post (der bliver spurgt, ikke sendt), %d arkiveres igen, %d "+
				"forsendelser deles igen, %d venter på, at nogen retter eller beslutter noget\n",
			sum.Sends,
			sum.Asks,
			sum.Archives,
			sum.Splits,
			sum.Nothing,
		)
		sum.printRest(w)
	})
	if err == nil && sum.Problem != "" {
		return waitsForPerson
	}
	if err == nil && !sum.DryRun && sum.Nothing > 0 && sum.Sends+sum.Asks+sum.Archives+sum.Splits == 0 {
		return waitsForPerson // nothing was sent: all of it needs a person first
	}
	return err
}

type correctCommand struct {
	Letter    string `arg:"" help:"FORSENDELSE/NUMMER."`
	Recipient string `help:"Modtagerens CPR- eller CVR-nummer; »-« læser det fra standard input, så det ikke står i historikken."`
	Subject   string `help:"Emnet."`
}

// Run sets one letter right and sends it.
func (x *correctCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	if x.Recipient, err = e.secret(x.Recipient); err != nil {
		return err
	}
	var sum struct {
		Sends int `json:"sends"`
	}
	if err := c.call(http.MethodPost, "/v1/unhandled/correct",
		map[string]string{"letter": x.Letter, "recipient": x.Recipient, "subject": x.Subject}, &sum); err != nil {
		return err
	}
	return e.print(sum, func(w io.Writer) { fmt.Fprintln(w, "Brevet er rettet og bliver sendt.") })
}

type dismissCommand struct {
	choice
	Reason string `required:"" help:"Begrundelsen. Den bliver gemt med dit navn."`
}

// Run takes rows out of Ubehandlet.
func (x *dismissCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	body := x.body()
	body["reason"] = x.Reason
	sum, err := e.bulk(c, "/v1/unhandled/dismiss", body)
	if err != nil {
		return err
	}
	err = e.print(sum, func(w io.Writer) {
		fmt.Fprintf(w, "%d markeret som håndteret\n", sum.Dismissed)
		sum.printRest(w)
	})
	if err == nil && sum.Problem != "" {
		return waitsForPerson
	}
	return err
}
