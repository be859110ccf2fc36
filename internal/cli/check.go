package cli

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// check is a trial of the connection, as the API shows it.
type check struct {
	ID    string `json:"id"`
	Ended bool   `json:"ended"`
	OK    bool   `json:"ok"`
	Lines []struct {
		Part  string `json:"part"`
		State string `json:"state"`
		Text  string `json:"text"`
		Do    string `json:"do,omitempty"`
	} `json:"lines"`
}

type checkCommand struct {
	Within time.Duration `help:"Så længe ventes der på svar." default:"3m" placeholder:"TID"`
}

var errNotChecked = errors.New("afprøvningen blev ikke færdig: står afsendelseskøen stille?")

// Run tries the connection, and ends with 3 when something keeps letters from leaving.
func (x *checkCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	var is check
	if err := c.call(http.MethodPost, "/v1/checks", nil, &is); err != nil {
		return err
	}
	for began := time.Now(); !is.Ended; {
		if time.Since(began) > x.Within {
			return errNotChecked
		}
		if err := e.pause(pollEvery); err != nil {
			return err
		}
		if err := c.call(http.MethodGet, "/v1/checks/"+url.PathEscape(is.ID), nil, &is); err != nil {
			return err
		}
	}
	err = e.print(is, func(w io.Writer) {
		marks := map[string]string{"ok": "✓", "warning": "!", "wrong": "✗"}
		for _, l := range is.Lines {
			fmt.Fprintf(w, "%s %s\n", marks[l.State], l.Text)
			if l.Do != "" {
				fmt.Fprintf(w, "    %s\n", l.Do)
			}
		}
	})
	if err == nil && !is.OK {
		err = waitsForPerson
	}
	return err
}
