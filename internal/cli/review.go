package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

type editCommand struct {
	ID        string `arg:"" help:"Forsendelsens id."`
	Page      int    `help:"Brevets første side, eller siden, der skal begynde et nyt brev."`
	Merge     bool   `help:"Læg brevet sammen med det før." xor:"do"`
	Cut       bool   `help:"Begynd et nyt brev på siden." xor:"do"`
	Recipient string `help:"Brevets CPR- eller CVR-nummer; »-« læser det fra standard input." xor:"do"`
	Drop      bool   `help:"Send ikke brevet." xor:"do"`
	Undo      int    `help:"Fortryd rettelsen med dette nummer." placeholder:"NUMMER" xor:"do"`
	Revision  int    `help:"Kun, hvis der er gjort så mange rettelser, og ikke flere." default:"-1" placeholder:"ANTAL"`
}

// Run corrects the split. A shipment of a version before is split anew by that, which it waits for.
func (x *editCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	if x.Undo > 0 {
		return x.undo(e, c)
	}
	if x.Page < 1 {
		return errors.New("sig, hvilken side det er: --page")
	}
	body := map[string]any{"page": x.Page}
	if x.Revision >= 0 {
		body["revision"] = x.Revision
	}
	switch {
	case x.Merge:
		body["do"] = "merge"
	case x.Cut:
		body["do"] = "cut"
	case x.Drop:
		body["do"] = "drop"
	case x.Recipient != "":
		number, err := e.secret(x.Recipient)
		if err != nil {
			return err
		}
		body["do"], body["recipient"] = "recipient", number
	default:
		return errors.New("sig, hvad der skal rettes: --merge, --cut, --recipient, --drop eller --undo")
	}
	if err := c.call(http.MethodPost, shipmentPath(x.ID, "/edits"), body, &shipment{}); err != nil {
		return err
	}
	return e.wait(c, x.ID, false)
}

// undo takes a correction back.
func (x *editCommand) undo(e *Env, c *client) error {
	path := shipmentPath(x.ID, fmt.Sprintf("/edits/%d", x.Undo))
	if x.Revision >= 0 {
		path += fmt.Sprintf("?revision=%d", x.Revision)
	}
	var s shipment
	if err := c.call(http.MethodDelete, path, nil, &s); err != nil {
		return err
	}
	return e.wait(c, x.ID, false)
}

// secret returns a value, or reads it from standard input for "-", so that it does not stand in the shell's history.
func (e *Env) secret(value string) (string, error) {
	if value != "-" {
		return value, nil
	}
	return e.read()
}

// profile is what the letters of a source system look like.
type profile struct {
	Name      string   `json:"name"`
	Rule      string   `json:"rule"`
	Own       []string `json:"own"`
	Label     string   `json:"label"`
	Begins    string   `json:"begins"`
	RemoveCPR bool     `json:"removeCPR"`
	Type      string   `json:"documentType"`
}

type profilesCommand struct {
	Put    string   `help:"Gem en profil med dette navn." placeholder:"NAVN" xor:"do"`
	Remove string   `help:"Fjern profilen." placeholder:"NAVN" xor:"do"`
	Rule   string   `help:"Hvor nummeret står." enum:"first-page,every-page" default:"first-page"`
	Own    []string `help:"Afsenderens CVR-numre, der står i brevene."`
	Label  string   `help:"Det, der står foran modtagerens nummer."`
	Begins string   `help:"Det, der står på hvert brevs første side og ikke på andre."`
	CPR    bool     `name:"remove-cpr" help:"Fjern modtagerens CPR-nummer fra brevene."`
	Type   string   `help:"Den dokumenttype, brevene har, når der ikke vælges en." placeholder:"ID"`
}

// Run changes a profile if it is told to, and shows all.
func (x *profilesCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	switch {
	case x.Put != "":
		body := profile{Rule: x.Rule, Own: x.Own, Label: x.Label, Begins: x.Begins, RemoveCPR: x.CPR,
			Type: x.Type}
		err = c.call(http.MethodPut, "/v1/profiles/"+url.PathEscape(x.Put), body, &struct{}{})
	case x.Remove != "":
		err = c.call(http.MethodDelete, "/v1/profiles/"+url.PathEscape(x.Remove), nil, &struct{}{})
	}
	if err != nil {
		return err
	}
	var all struct {
		Profiles []profile `json:"profiles"`
	}
	if err := c.call(http.MethodGet, "/v1/profiles", nil, &all); err != nil {
		return err
	}
	return e.print(all.Profiles, func(w io.Writer) {
		for _, p := range all.Profiles {
			fmt.Fprintf(
				w,
				"%-20s %-10s nummer efter %q, begynder med %q, egne numre %s, dokumenttype %s\n",
				p.Name,
				p.Rule,
				p.Label,
				p.Begins,
				strings.Join(p.Own, ", "),
				cmp.Or(p.Type, "ingen"),
			)
		}
	})
}
