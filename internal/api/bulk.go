package api

import (
	"net/http"

	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// bulkJSON is what became of rows of Ubehandlet that were chosen together.
type bulkJSON struct {
	ID   string        `json:"id,omitempty"` // "" where all was done at once
	Kind post.BulkKind `json:"kind"`
	post.Replayed
	DryRun    bool   `json:"dryRun"`
	Dismissed int    `json:"dismissed"`
	Total     int    `json:"total"`
	Done      int    `json:"done"`
	Left      int    `json:"left"`    // could not be done, and stand there still
	Missing   int    `json:"missing"` // were not there any more when their turn came
	Ended     bool   `json:"ended"`
	Problem   string `json:"problem,omitempty"` // why it ended before its last row
}

// bulkAnswer answers with what was done, or with where its progress is found.
func bulkAnswer(b *post.Bulk, err error) (int, any, error) {
	if err != nil {
		return 0, nil, err
	}
	out := bulkJSON{
		ID:        b.ID,
		Kind:      b.Kind,
		Replayed:  b.Replayed,
		Dismissed: b.Dismissed,
		DryRun:    b.How.DryRun,
		Total:     b.Total,
		Done:      b.Done,
		Left:      b.Left,
		Missing:   b.Missing(),
		Ended:     b.Over(),
	}
	if b.Problem != nil {
		out.Problem = texts.Problem(b.Problem)
	}
	if !b.Over() {
		return http.StatusAccepted, out, nil
	}
	return http.StatusOK, out, nil
}

// bulk answers GET /v1/unhandled/bulks/{id}: how far it is, with the same status as when it was pressed.
func (a *API) bulk(c *call) (int, any, error) {
	return bulkAnswer(a.Bulks.Get(c.Context(), c.who.Org, c.PathValue("id")))
}

// stopBulk answers POST /v1/unhandled/bulks/{id}/stop. What was done is done.
func (a *API) stopBulk(c *call) (int, any, error) {
	return bulkAnswer(a.Remedies.StopBulk(c.Context(), c.who, c.PathValue("id")))
}
