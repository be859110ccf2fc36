package cli

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/schollz/progressbar/v3"
)

// pollEvery is the time between two looks at a shipment.
const pollEvery = 200 * time.Millisecond

// rowsWithin is how long a letter that has failed just now may take until it stands in Ubehandlet.
const rowsWithin = 30 * time.Second

// wait looks at a shipment until every letter is final or in Ubehandlet, or the shipment itself waits for a person.
// fresh says that it was sent just now: then what has failed is on its way to Ubehandlet, and waited for.
func (e *Env) wait(c *client, id string, fresh bool) error {
	var bar *progressbar.ProgressBar
	var ended time.Time
	for {
		var s shipment
		if err := c.call(http.MethodGet, "/v1/shipments/"+id, nil, &s); err != nil {
			return err
		}
		if e.Watched && !e.JSON && s.Letters > 0 {
			if bar == nil {
				bar = progressbar.NewOptions(s.Letters, progressbar.OptionSetWriter(e.Err), progressbar.OptionSetDescription("breve"), progressbar.OptionClearOnFinish())
			}
			_ = bar.Set(s.Completed + s.Failed + s.Cancelled) // only for show
		}
		over, err := e.over(c, &s)
		if err != nil {
			return err
		}
		if over && fresh {
			if over, err = shown(c, &s, &ended); err != nil {
				return err
			}
		}
		if over {
			if err := e.printShipment(&s); err != nil {
				return err
			}
			if s.State == "Completed" && s.Completed == s.Letters {
				return nil
			}
			return waitsForPerson
		}
		time.Sleep(pollEvery)
	}
}

// shown reports whether what failed stands in Ubehandlet, or has had the time to.
func shown(c *client, s *shipment, ended *time.Time) (bool, error) {
	if s.Failed == 0 {
		return true, nil
	}
	if ended.IsZero() {
		*ended = time.Now()
	}
	rows, err := unhandledRows(c, "shipment="+s.ID)
	return len(rows) >= s.Failed || time.Since(*ended) > rowsWithin, err
}

// over reports whether nothing more happens by itself. A letter that waits for another try is not over; one whose
// receipt is missing stands in Ubehandlet.
func (e *Env) over(c *client, s *shipment) (bool, error) {
	switch s.State {
	case "Review", "Stopped", "Cancelled", "Completed", "CompletedWithErrors":
		return true, nil
	case "Sending":
	default:
		return false, nil
	}
	if s.Open == 0 || s.HandedOver-s.Completed != s.Open {
		return false, nil
	}
	rows, err := unhandledRows(c, "shipment="+s.ID+"&code=no-receipt")
	return err == nil && len(rows) >= s.Open, err
}

type sendCommand struct {
	ID   string `arg:"" help:"Forsendelsens id."`
	Wait bool   `help:"Vent, til alt er færdigt eller venter på dig."`
}

// Run sends a reviewed shipment.
func (x *sendCommand) Run(e *Env) error { return e.press(x.ID, "send", x.Wait) }

type cancelCommand struct {
	ID string `arg:"" help:"Forsendelsens id."`
}

// Run cancels what has not left.
func (x *cancelCommand) Run(e *Env) error { return e.press(x.ID, "cancel", false) }

func (e *Env) press(id, what string, wait bool) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	var s shipment
	if err := c.call(http.MethodPost, "/v1/shipments/"+id+"/"+what, nil, &s); err != nil {
		return err
	}
	if wait {
		return e.wait(c, id, true)
	}
	return e.printShipment(&s)
}

type watchCommand struct {
	ID string `arg:"" help:"Forsendelsens id."`
}

// Run waits for a shipment.
func (x *watchCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	return e.wait(c, x.ID, false)
}

type shipmentsCommand struct {
	Limit int `help:"Hvor mange." default:"20"`
}

// Run lists shipments.
func (x *shipmentsCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	var page struct {
		Shipments []shipment `json:"shipments"`
	}
	if err := c.call(http.MethodGet, fmt.Sprintf("/v1/shipments?limit=%d", x.Limit), nil, &page); err != nil {
		return err
	}
	return e.print(page.Shipments, func(w io.Writer) {
		for _, s := range page.Shipments {
			fmt.Fprintf(w, "%s  %-20s %3d ud af %d behandlet, %d fejlede  %s\n", s.ID, s.State, s.HandedOver+s.Failed, s.Letters, s.Failed, s.Subject)
		}
	})
}
