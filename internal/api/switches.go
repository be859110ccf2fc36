package api

import (
	"net/http"
	"time"

	"brevdue/internal/auth"
	"brevdue/internal/post"
	"brevdue/internal/workflow"
)

// statusJSON is how an organization's post stands.
type statusJSON struct {
	Environment post.Environment `json:"environment"`
	DigitalPost wayJSON          `json:"digitalPost"`
	Stopped     *stopJSON        `json:"stopped"`
	// it was restored from a backup, and nobody has let it send yet
	Held    bool           `json:"held"`
	Trouble string         `json:"trouble,omitempty"` // of the machine itself, in Danish
	Backlog []post.Backlog `json:"standings"`
}

type wayJSON struct {
	Open  bool      `json:"answers"`
	Since time.Time `json:"downSince,omitzero"`
	Next  time.Time `json:"nextTry,omitzero"`
}

type stopJSON struct {
	At     time.Time `json:"at"`
	By     string    `json:"by,omitempty"`
	Reason string    `json:"reason,omitempty"`
	Code   post.Code `json:"code,omitempty"`
}

// status answers GET /v1/status: whether Digital Post answers, who stopped the sending, what the restoration holds, and
// where letters wait.
func (a *API) status(c *call) (int, any, error) {
	b, err := a.Breakers.Breaker(c.Context(), a.Environment)
	if err != nil {
		return 0, nil, err
	}
	stop, err := a.Stops.Stopped(c.Context(), c.who.Org)
	if err != nil {
		return 0, nil, err
	}
	s := statusJSON{Environment: a.Environment, DigitalPost: wayJSON{!b.Open, b.Since, b.Next}}
	if !b.Open {
		s.DigitalPost = wayJSON{Open: true}
	}
	if stop != nil {
		s.Stopped = &stopJSON{stop.At, stop.By, stop.Reason, stop.Code}
	}
	if a.Restored != nil {
		r, err := a.Restored.Restored(c.Context())
		if err != nil {
			return 0, nil, err
		}
		s.Held = r.Held
	}
	if a.Trouble != nil {
		s.Trouble = a.Trouble()
	}
	s.Backlog, err = workflow.BacklogOf(
		c.Context(),
		a.Shipments,
		a.Failures,
		c.who.Org,
		post.Clock{At: a.Now(), Timings: a.Timings},
	)
	return http.StatusOK, s, err
}

// stop stops the organization's sending at once.
func (a *API) stop(c *call) (int, any, error) {
	var body struct {
		Reason string `json:"reason"`
	}
	if err := c.read(&body); err != nil {
		return 0, nil, err
	}
	if err := a.Organization.Stop(c.Context(), c.who, body.Reason); err != nil {
		return 0, nil, err
	}
	return a.status(c)
}

// start lets the organization send again.
func (a *API) start(c *call) (int, any, error) {
	if err := a.Organization.Start(c.Context(), c.who); err != nil {
		return 0, nil, err
	}
	return a.status(c)
}

// backup answers with a backup of the whole installation. Only the organization that runs it gets one.
func (a *API) backup(w http.ResponseWriter, r *http.Request) {
	who, err := a.caller(r)
	switch {
	case err != nil:
		a.notLetIn(w, r, err)
		return
	case a.Backup == nil || who.Org != a.Operator:
		a.problem(w, r, post.ErrNotFound)
		return
	}
	if err = auth.Permit(who, post.RightOperate); err == nil {
		err = a.Audit.Record(r.Context(), who.Did(post.ActBackup, "", "", ""))
	}
	if err != nil {
		a.problem(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/gzip")
	if err := a.Backup(w); err != nil {
		a.Reference(r, err)
		panic(http.ErrAbortHandler) // the caller must not take half a backup for one
	}
}

// incident makes the package for the data protection officer.
func (a *API) incident(c *call) (int, any, error) {
	if _, err := a.own(c); err != nil {
		return 0, nil, err
	}
	if a.Incident == nil {
		return 0, nil, post.Mistakes{{Field: "id", Text: post.NoEvidence}}
	}
	link, err := a.Incident(c.Context(), c.who, c.PathValue("id"))
	return http.StatusCreated, link, err
}
