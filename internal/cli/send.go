package cli

import "net/http"

type sendCommand struct {
	ID       string `arg:"" help:"Forsendelsens id."`
	Window   bool   `help:"Kan fortrydes en tid, før den bliver sendt."`
	At       string `help:"Send tidligst da, f.eks. »2026-12-20 08:00«." placeholder:"TID"`
	Revision int    `help:"Kun, hvis der er gjort så mange rettelser, og ikke flere." default:"-1" placeholder:"ANTAL"`
	AskDates bool   `help:"Send ikke breve, hvis dato er to dage gammel eller mere, eller hvor en dag i teksten er forbi."`
	Wait     bool   `help:"Vent, til alt er færdigt eller venter på dig."`
}

// Run sends a reviewed shipment.
func (x *sendCommand) Run(e *Env) error {
	body := map[string]any{"window": x.Window, "at": x.At, "askDates": x.AskDates}
	if x.Revision >= 0 {
		body["revision"] = x.Revision
	}
	return e.press(x.ID, "send", body, x.Wait)
}

type undoCommand struct {
	ID string `arg:"" help:"Forsendelsens id."`
}

// Run takes a shipment back that was sent and still waits.
func (x *undoCommand) Run(e *Env) error { return e.press(x.ID, "undo", nil, false) }

type pauseCommand struct {
	ID string `arg:"" help:"Forsendelsens id."`
}

// Run holds back what has not left.
func (x *pauseCommand) Run(e *Env) error { return e.press(x.ID, "pause", nil, false) }

type continueCommand struct {
	ID   string `arg:"" help:"Forsendelsens id."`
	Wait bool   `help:"Vent, til alt er færdigt eller venter på dig."`
}

// Run lets a paused shipment go on.
func (x *continueCommand) Run(e *Env) error { return e.press(x.ID, "continue", nil, x.Wait) }

type cancelCommand struct {
	ID string `arg:"" help:"Forsendelsens id."`
}

// Run cancels what has not left.
func (x *cancelCommand) Run(e *Env) error { return e.press(x.ID, "cancel", nil, false) }

func (e *Env) press(id, what string, body any, wait bool) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	var s shipment
	if err := c.call(http.MethodPost, shipmentPath(id, "/", what), body, &s); err != nil {
		return err
	}
	if wait {
		return e.wait(c, id, true)
	}
	return e.printShipment(&s)
}
