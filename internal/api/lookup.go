package api

import (
	"net/http"
	"time"

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
	if err != nil || l == nil || l.Asking(a.Now()) {
		return nil, err
	}
	return lookUpCounts(l, l.Count(letters, a.Now())), nil
}

func lookUpCounts(l *post.LookUp, n map[post.Enrollment]int) *lookUpJSON {
	at := l.Ended
	if at.IsZero() {
		at = l.Made
	}
	return &lookUpJSON{at, l.Trouble(), n[post.Registered], n[post.Exempt], n[post.NoMailbox], n[post.Unlisted],
		n[post.NotLookedUp]}
}

// lookUpAgain answers POST /v1/shipments/{id}/look-up: the register is asked in the background.
func (a *API) lookUpAgain(c *call) (int, any, error) {
	if err := a.LookUpCommands.LookUpRecipients(c.Context(), c.who, c.PathValue("id")); err != nil {
		return 0, nil, err
	}
	return http.StatusAccepted, struct{}{}, nil
}
