package cli

import (
	"fmt"
	"io"
)

type rehearseCommand struct {
	ID   string `arg:"" help:"Forsendelsens id. Den kan ikke sendes bagefter: upload den igen."`
	Wait bool   `help:"Vent, til den er færdig."`
}

// Run tries a reviewed shipment, and sends nothing.
func (x *rehearseCommand) Run(e *Env) error { return e.press(x.ID, "rehearse", nil, x.Wait) }

// rehearsal is what would have happened to a shipment.
type rehearsal struct {
	Ended      string  `json:"ended,omitempty"`
	Leave      int     `json:"leave"`
	Containers int     `json:"inContainers"`
	Approval   bool    `json:"needsApproval"`
	OverLimit  bool    `json:"overDailyLimit,omitempty"`
	Dropped    int     `json:"dropped"`
	Held       []held  `json:"held"`
	LookUp     *lookUp `json:"lookUp,omitempty"`
}

type held struct {
	Code    string `json:"code"`
	Letters int    `json:"letters"`
	Text    string `json:"text"`
}

func (r *rehearsal) print(w io.Writer) {
	if r == nil || r.Ended == "" {
		return
	}
	fmt.Fprintf(w, "generalprøve: %d breve ville være sendt, %d af dem samlet; %d er fravalgt. Intet er sendt.\n",
		r.Leave, r.Containers, r.Dropped)
	for _, h := range r.Held {
		fmt.Fprintf(w, "  %d breve ville være holdt tilbage: %s\n", h.Letters, h.Text)
	}
	if r.Approval {
		fmt.Fprintln(w, "  en anden skulle have godkendt den")
	}
	if r.OverLimit {
		fmt.Fprintln(w, "  den er større end dagens grænse")
	}
	r.LookUp.print(w)
}
