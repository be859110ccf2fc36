package cli

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

type proposalsCommand struct{}

// proposal is a correction with a new recipient that waits for another person.
type proposal struct {
	ID        string    `json:"id"`
	Letter    string    `json:"letter"`
	Recipient string    `json:"recipient"`
	Subject   string    `json:"subject,omitempty"`
	By        string    `json:"by"`
	At        time.Time `json:"at"`
}

// Run lists what waits for another person in Ubehandlet.
func (x *proposalsCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	var all struct {
		Proposals []proposal `json:"proposals"`
	}
	if err := c.call(http.MethodGet, "/v1/unhandled/proposals", nil, &all); err != nil {
		return err
	}
	return e.print(all.Proposals, func(w io.Writer) {
		for _, p := range all.Proposals {
			fmt.Fprintf(w, "%s  brev %s til %s, rettet af %s\n", p.ID, p.Letter, p.Recipient, p.By)
		}
		if len(all.Proposals) == 0 {
			fmt.Fprintln(w, "Ingen rettelser venter.")
		}
	})
}

type approveCommand struct {
	ID       string `arg:"" help:"Forsendelsens id, eller brevets (ID/NUMMER) for en rettelse i Ubehandlet."`
	Revision int    `help:"Kun, hvis der er gjort så mange rettelser, og ikke flere." default:"-1" placeholder:"ANTAL"`
	Proposal string `help:"Kun den rettelse af et brev, der har dette id; se brevdue proposals." placeholder:"ID"`
}

// Run lets go what another person has written.
func (x *approveCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	if strings.Contains(x.ID, "/") {
		return e.approveLetter(
			c,
			"/v1/unhandled/approve",
			x.ID,
			x.Proposal,
			"Rettelsen er godkendt, og brevet er på vej.",
		)
	}
	body := map[string]any{}
	if x.Revision >= 0 {
		body["revision"] = x.Revision
	}
	var s shipment
	if err := c.call(http.MethodPost, shipmentPath(x.ID, "/approve"), body, &s); err != nil {
		return err
	}
	return e.printShipment(&s)
}

func (e *Env) approveLetter(c *client, path, letter, proposal, text string) error {
	var answer map[string]any
	body := map[string]string{"letter": letter, "proposal": proposal}
	if err := c.call(http.MethodPost, path, body, &answer); err != nil {
		return err
	}
	return e.print(answer, func(w io.Writer) { fmt.Fprintln(w, text) })
}

type declineCommand struct {
	ID       string `arg:"" help:"Forsendelsens id, eller brevets (ID/NUMMER) for en rettelse i Ubehandlet."`
	Reason   string `help:"Begrundelsen; den skal gives for en forsendelse." placeholder:"TEKST"`
	Proposal string `help:"Kun den rettelse af et brev, der har dette id; se brevdue proposals." placeholder:"ID"`
}

// Run gives it back to whoever has written it.
func (x *declineCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	if strings.Contains(x.ID, "/") {
		return e.approveLetter(c, "/v1/unhandled/decline", x.ID, x.Proposal, "Rettelsen er afvist.")
	}
	var s shipment
	body := map[string]string{"reason": x.Reason}
	if err := c.call(http.MethodPost, shipmentPath(x.ID, "/decline"), body, &s); err != nil {
		return err
	}
	return e.printShipment(&s)
}
