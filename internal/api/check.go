package api

import (
	"net/http"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// checkJSON is a trial of the connection.
type checkJSON struct {
	ID    string          `json:"id"`
	Ended bool            `json:"ended"`
	OK    bool            `json:"ok"` // nothing keeps letters from leaving
	Lines []checkLineJSON `json:"lines"`
	Made  time.Time       `json:"made"`
}

type checkLineJSON struct {
	Part  post.CheckPart  `json:"part"`
	State post.CheckState `json:"state"`
	Text  string          `json:"text"`
	Do    string          `json:"do,omitempty"`
}

func checkOf(c *post.Check) checkJSON {
	out := checkJSON{ID: c.ID, Ended: !c.Ended.IsZero(), Made: c.Made, Lines: []checkLineJSON{}}
	out.OK = out.Ended && !c.Wrong()
	for _, l := range c.Lines {
		out.Lines = append(out.Lines, checkLineJSON{l.Part, l.State, texts.Of(l.Text), texts.Of(l.Do)})
	}
	return out
}

// startCheck answers POST /v1/checks: 202, and the send function does it.
func (a *API) startCheck(c *call) (int, any, error) {
	check, err := a.CheckCommands.StartCheck(c.Context(), c.who)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusAccepted, checkOf(check), nil
}

// check answers GET /v1/checks/{id}.
func (a *API) check(c *call) (int, any, error) {
	check, err := a.Checks.Check(c.Context(), c.who.Org, c.PathValue("id"))
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, checkOf(check), nil
}
