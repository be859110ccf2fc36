package api

import (
	"net/http"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
)

// lookUpJSON is what the register says of the recipients of a shipment in review.
type lookUpJSON struct {
	At          time.Time `json:"at"`
	Problem     string    `json:"problem,omitempty"` // no-register, no-answer or too-many: then nobody was looked up
	Registered  int       `json:"registered"`
	Exempt      int       `json:"exempt"`
	Closed      int       `json:"closed"`
	Unknown     int       `json:"unknown"`
	NotLookedUp int       `json:"notLookedUp"`
}

// lookUpOf counts recipients, each once; nil while the register is asked.
func (a *API) lookUpOf(c *call, s *post.Shipment, letters []*post.Letter) (*lookUpJSON, error) {
	l, err := a.LookUps.LookUp(c.Context(), s.Org, s.ID)
	if err != nil || l == nil || l.Ended.IsZero() {
		return nil, err
	}
	n := map[post.Enrollment]int{}
	seen := map[ident.Number]bool{}
	for _, letter := range letters {
		if !letter.Recipient.IsZero() && !seen[letter.Recipient] {
			seen[letter.Recipient] = true
			n[l.Of(letter.Recipient, a.Now())]++
		}
	}
	return &lookUpJSON{l.Ended, l.Problem, n[post.Registered], n[post.Exempt], n[post.NoMailbox], n[post.Unlisted],
		n[post.NotLookedUp]}, nil
}

// lookUpAgain answers POST /v1/shipments/{id}/look-up: the register is asked in the background.
func (a *API) lookUpAgain(c *call) (int, any, error) {
	if err := a.LookUpCommands.LookUpRecipients(c.Context(), c.who, c.PathValue("id")); err != nil {
		return 0, nil, err
	}
	return http.StatusAccepted, struct{}{}, nil
}
