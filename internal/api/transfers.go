package api

import (
	"net/http"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// transferJSON is what has come of a letter in an archive outside Brevdue.
type transferJSON struct {
	Archive string             `json:"archive"`
	Name    string             `json:"name"`
	State   post.TransferState `json:"state"` // "" while it is on its way
	Status  string             `json:"status"`
	Case    string             `json:"case,omitempty"` // its number there
	Why     string             `json:"why,omitempty"`
	Next    time.Time          `json:"next,omitzero"` // when it is tried again, or looked at
}

// transfers answers GET /v1/shipments/{id}/letters/{number}/archives: what has come of a letter in archives outside
// Brevdue.
func (a *API) transfers(c *call) (int, any, error) {
	s, l, err := a.letter(c)
	if err != nil {
		return 0, nil, err
	}
	out := []transferJSON{}
	if s.State == post.InReview || len(s.Archives) == 0 {
		return http.StatusOK, map[string]any{"archives": out}, nil
	}
	o, err := a.Organizations.Organization(c.Context(), c.who.Org)
	if err != nil {
		return 0, nil, err
	}
	all, err := a.Transfers.Transfers(c.Context(), c.who.Org, l.ID)
	if err != nil {
		return 0, nil, err
	}
	for _, t := range all {
		j := transferJSON{Archive: t.Archive, Name: o.ArchiveName(t.Archive), State: t.State, Status: texts.Transfer(t),
			Case: t.Case.Number}
		if t.Problem != nil {
			j.Why = texts.Problem(t.Problem)
		}
		if t.State == "" {
			j.Next = t.Due
		}
		out = append(out, j)
	}
	return http.StatusOK, map[string]any{"archives": out}, nil
}
