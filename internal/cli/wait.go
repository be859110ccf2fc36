package cli

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
)

// pollEvery is the time between two looks at a shipment.
const pollEvery = 200 * time.Millisecond

// rowsWithin is how long a letter that has failed just now may take until it stands in Ubehandlet.
const rowsWithin = 30 * time.Second

// errCancelled is how waiting for letters to be sent ends when somebody does not want them sent.
var errCancelled = errors.New("forsendelsen er annulleret; det, der ikke var sendt, bliver ikke sendt")

// wait looks at a shipment until every letter is final or in Ubehandlet, or the shipment itself waits for a person.
// fresh says that it was sent just now: then what has failed is on its way to Ubehandlet, and waited for.
func (e *Env) wait(c *client, id string, fresh bool) error {
	var bar *progressbar.ProgressBar
	var ended time.Time
	for looks := 0; ; looks++ {
		var s shipment
		if err := c.call(http.MethodGet, shipmentPath(id), nil, &s); err != nil {
			return err
		}
		if e.Watched && !e.JSON && s.Letters > 0 {
			if bar == nil {
				bar = progressbar.NewOptions(
					s.Letters,
					progressbar.OptionSetWriter(e.Err),
					progressbar.OptionSetDescription("breve"),
					progressbar.OptionClearOnFinish(),
				)
			}
			_ = bar.Set(s.Completed + s.Failed + s.Dismissed + s.Cancelled) // only for show
		}
		over, err := e.over(c, &s, looks)
		if err != nil {
			return err
		}
		if over && fresh {
			if over, err = shown(c, &s, &ended); err != nil {
				return err
			}
		}
		if over {
			return e.ended(&s)
		}
		if err := e.pause(pollEvery); err != nil {
			return fmt.Errorf("%w; forsendelsen går videre på serveren", err)
		}
	}
}

// pause waits between two looks at something, unless the user ends the command.
func (e *Env) pause(d time.Duration) error {
	select {
	case <-e.Context.Done():
		return ErrInterrupted
	case <-time.After(d):
		return nil
	}
}

// ended prints a shipment that nothing more happens to by itself. The exit code says whether that is its end.
func (e *Env) ended(s *shipment) error {
	if err := e.printShipment(s); err != nil {
		return err
	}
	switch {
	case s.State == "Completed" && s.Completed+s.Dismissed == s.Letters:
		return nil
	case s.State == "Rehearsed" && s.Rehearsal != nil && len(s.Rehearsal.Held) == 0:
		return nil
	case s.State == "Cancelled":
		return printed{errCancelled}
	}
	return waitsForPerson
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
func (e *Env) over(c *client, s *shipment, looks int) (bool, error) {
	switch s.State {
	case "Review", "Stopped", "Cancelled", "Completed", "CompletedWithErrors", "Rehearsed":
		return true, nil
	case "Sending":
		if s.Paused {
			return true, nil
		}
	default:
		return false, nil
	}
	if looks%stopEvery == stopEvery-1 {
		if stopped, err := c.stopped(); stopped || err != nil {
			return stopped, err
		}
	}
	if s.Open == 0 || s.HandedOver-s.Completed != s.Open {
		return false, nil
	}
	rows, err := unhandledRows(c, "shipment="+s.ID+"&code=no-receipt")
	return err == nil && len(rows) >= s.Open, err
}

// stopEvery is after how many looks it is asked whether somebody has stopped all sending.
const stopEvery = 10

// stopped reports whether all sending is stopped: then letters wait until a person starts it again.
func (c *client) stopped() (bool, error) {
	var s status
	err := c.call(http.MethodGet, "/v1/status", nil, &s)
	return s.Stopped != nil, err
}

func shipmentPath(id string, more ...string) string {
	return "/v1/shipments/" + url.PathEscape(id) + strings.Join(more, "")
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
			fmt.Fprintf(
				w,
				"%s  %-20s %3d ud af %d behandlet, %d fejlede  %s\n",
				s.ID,
				s.State,
				s.HandedOver+s.Failed,
				s.Letters,
				s.Failed,
				s.Subject,
			)
		}
	})
}
