package cli

import (
	"fmt"
	"io"
	"net/http"
	"strings"
)

// transfer is what has come of a letter in an archive outside Brevdue.
type transfer struct {
	Archive string `json:"archive"`
	Name    string `json:"name"`
	State   string `json:"state"`
	Status  string `json:"status"`
	Case    string `json:"case,omitempty"`
	Why     string `json:"why,omitempty"`
	Next    string `json:"next,omitempty"`
}

type archiveStatusCommand struct {
	Letter string `arg:"" help:"Brevet: FORSENDELSE/NUMMER." placeholder:"ID/NUMMER"`
}

// Run shows what has come of a letter in archives outside Brevdue.
func (x *archiveStatusCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	shipment, number, _ := strings.Cut(x.Letter, "/")
	var answer struct {
		Archives []transfer `json:"archives"`
	}
	path := shipmentPath(shipment, "/letters/"+number+"/archives")
	if err := c.call(http.MethodGet, path, nil, &answer); err != nil {
		return err
	}
	return e.print(answer.Archives, func(w io.Writer) {
		if len(answer.Archives) == 0 {
			fmt.Fprintln(w, "Brevet lægges kun i Brevdues eget arkiv.")
		}
		for _, t := range answer.Archives {
			fmt.Fprintf(w, "%s: %s", t.Name, t.Status)
			if t.Case != "" {
				fmt.Fprintf(w, ", sag %s", t.Case)
			}
			fmt.Fprintln(w)
			if t.Why != "" {
				fmt.Fprintf(w, "    %s\n", t.Why)
			}
		}
	})
}
