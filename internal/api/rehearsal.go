package api

import (
	"errors"
	"net/http"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// rehearsalJSON is what would have happened to a shipment that was tried and is never sent.
type rehearsalJSON struct {
	By         string      `json:"by"`
	Ended      time.Time   `json:"ended,omitzero"`
	Leave      int         `json:"leave"`
	Containers int         `json:"inContainers"`
	Approval   bool        `json:"needsApproval"`
	OverLimit  bool        `json:"overDailyLimit,omitempty"`
	Dropped    int         `json:"dropped"`
	Held       []heldJSON  `json:"held"`
	LookUp     *lookUpJSON `json:"lookUp,omitempty"`
	Check      *checkJSON  `json:"check,omitempty"`
}

// heldJSON is why letters would have been held back.
type heldJSON struct {
	Code    post.Code `json:"code"`
	Letters int       `json:"letters"`
	Text    string    `json:"text"`
}

func (a *API) rehearsalOf(c *call, s *post.Shipment) (*rehearsalJSON, error) {
	r := s.Rehearsal
	if r == nil {
		return nil, nil
	}
	out := &rehearsalJSON{By: r.By, Ended: r.Ended, Leave: r.Leave, Containers: r.Containers, Approval: r.Approval,
		OverLimit: r.OverLimit, Dropped: r.Dropped, Held: []heldJSON{}}
	for _, h := range r.Held {
		out.Held = append(out.Held, heldJSON{h.Code, h.Letters, texts.Explain(h.Code).Title})
	}
	l, err := a.LookUps.LookUp(c.Context(), s.Org, s.ID)
	if err != nil {
		return nil, err
	}
	if l != nil && !l.Asking(a.Now()) {
		out.LookUp = lookUpCounts(l, l.Totals(a.Now()))
	}
	if r.Check == "" {
		return out, nil
	}
	check, err := a.Checks.Check(c.Context(), s.Org, r.Check)
	switch {
	case errors.Is(err, post.ErrNotFound): // it is kept for a day
		return out, nil
	case err != nil:
		return nil, err
	}
	found := checkOf(check)
	out.Check = &found
	return out, nil
}

// rehearse answers POST …/rehearse: 202, and it is done in the background.
func (a *API) rehearse(c *call) (int, any, error) {
	s, err := a.RehearsalCommands.Rehearse(c.Context(), c.who, c.PathValue("id"))
	if err != nil {
		return 0, nil, err
	}
	return http.StatusAccepted, shipmentOf(s), nil
}
