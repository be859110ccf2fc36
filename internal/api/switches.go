package api

import (
	"net/http"
	"strings"
	"time"

	"brevdue/internal/post"
)

// statusJSON is how an organization's post stands.
type statusJSON struct {
	Environment post.Environment `json:"environment"`
	DigitalPost wayJSON          `json:"digitalPost"`
	Stopped     *stopJSON        `json:"stopped"`
	Standings   []post.Standing  `json:"standings"`
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

func (a *Room) status(c *call) (int, any, error) {
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
	s.Standings, err = post.Standings(c.Context(), a.Shipments, a.Failures, c.who.Org, post.Moment{At: a.Now(), Pace: a.Pace})
	return http.StatusOK, s, err
}

// stop stops the organization's sending at once.
func (a *Room) stop(c *call) (int, any, error) {
	var body struct {
		Reason string `json:"reason"`
	}
	if err := c.read(&body); err != nil {
		return 0, nil, err
	}
	if err := a.Switches.Stop(c.Context(), c.who, body.Reason); err != nil {
		return 0, nil, err
	}
	return a.status(c)
}

// start lets the organization send again.
func (a *Room) start(c *call) (int, any, error) {
	if err := a.Switches.Start(c.Context(), c.who); err != nil {
		return 0, nil, err
	}
	return a.status(c)
}

// backup answers with a backup of the whole installation. Only the organization that runs it gets one.
func (a *Room) backup(w http.ResponseWriter, r *http.Request) {
	key, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	who, err := a.Key(r.Context(), key)
	switch {
	case err != nil:
		write(w, http.StatusUnauthorized, problem{Title: "Ikke logget ind", Status: http.StatusUnauthorized, Detail: "API-nøglen mangler eller er forkert."})
		return
	case a.Backup == nil || who.Org != a.Operator:
		a.problem(w, r, post.ErrNotFound)
		return
	}
	if err := a.Audit.Record(r.Context(), who.Did(post.ActBackup, "", "", "")); err != nil {
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
func (a *Room) incident(c *call) (int, any, error) {
	if _, err := a.own(c); err != nil {
		return 0, nil, err
	}
	if a.Incident == nil {
		return 0, nil, post.Mistakes{{Field: "id", Text: post.NoEvidence}}
	}
	link, err := a.Incident(c.Context(), c.who, c.PathValue("id"))
	return http.StatusCreated, link, err
}
