package cli

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"brevdue/internal/post"
)

// status is how an organization's post stands, as the API says it.
type status struct {
	Environment string `json:"environment"`
	DigitalPost struct {
		Answers   bool      `json:"answers"`
		DownSince time.Time `json:"downSince,omitzero"`
		NextTry   time.Time `json:"nextTry,omitzero"`
	} `json:"digitalPost"`
	Stopped *struct {
		At     time.Time `json:"at"`
		By     string    `json:"by,omitempty"`
		Reason string    `json:"reason,omitempty"`
		Code   string    `json:"code,omitempty"`
	} `json:"stopped"`
	Held    bool   `json:"held"`
	Trouble string `json:"trouble,omitempty"`
	Backlog []struct {
		Place  string    `json:"place"`
		Count  int       `json:"count"`
		Oldest time.Time `json:"oldest,omitzero"`
		Late   bool      `json:"late"`
	} `json:"standings"`
}

func (s *status) print(w io.Writer) {
	if s.Stopped != nil {
		fmt.Fprintf(w, "STOPPET %s af %s: %s%s\n", clock(s.Stopped.At), s.Stopped.By, s.Stopped.Reason, s.Stopped.Code)
	}
	if s.Trouble != "" {
		fmt.Fprintf(w, "FEJL PÅ MASKINEN: %s\n", s.Trouble)
	}
	switch {
	case s.Held:
		fmt.Fprintln(
			w,
			"HOLDT TILBAGE: Brevdue er gendannet fra en sikkerhedskopi. Intet bliver sendt, før IT har kørt "+
				"»brevdue resume«.",
		)
	case s.DigitalPost.Answers:
		fmt.Fprintf(w, "Digital Post (%s) svarer\n", s.Environment)
	default:
		fmt.Fprintf(
			w,
			"Digital Post (%s) svarer ikke siden %s, næste forsøg %s\n",
			s.Environment,
			clock(s.DigitalPost.DownSince),
			clock(s.DigitalPost.NextTry),
		)
	}
	for _, p := range s.Backlog {
		if p.Count == 0 {
			continue
		}
		late := ""
		if p.Late {
			late = "  længere end normalt"
		}
		fmt.Fprintf(w, "%7d  %-12s ældst %s%s\n", p.Count, p.Place, clock(p.Oldest), late)
	}
}

func clock(t time.Time) string { return t.In(post.Denmark()).Format("2006-01-02 15:04") }

// organization sends a command about the organization and prints its state after it.
func (e *Env) organization(method, path string, body any) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	var s status
	if err := c.call(method, path, body, &s); err != nil {
		return err
	}
	return e.print(s, s.print)
}

type statusCommand struct{}

// Run prints how everything stands.
func (x *statusCommand) Run(e *Env) error { return e.organization(http.MethodGet, "/v1/status", nil) }

type stopCommand struct {
	Reason string `required:"" help:"Hvorfor. Gemmes med navn og tid."`
}

// Run stops the organization's sending.
func (x *stopCommand) Run(e *Env) error {
	return e.organization(http.MethodPost, "/v1/stop", map[string]string{"reason": x.Reason})
}

type startCommand struct{}

// Run lets the organization send again.
func (x *startCommand) Run(e *Env) error { return e.organization(http.MethodPost, "/v1/start", nil) }
