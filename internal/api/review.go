package api

import (
	"net/http"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
)

// editJSON is a correction of the review.
type editJSON struct {
	Do        post.EditKind `json:"do"`   // merge, cut, recipient, drop
	Page      int           `json:"page"` // the letter's first page, or the one to cut at
	Recipient string        `json:"recipient,omitempty"`
	By        string        `json:"by,omitempty"`
	At        time.Time     `json:"at,omitzero"`
}

func editsOf(s *post.Shipment) []editJSON {
	edits := []editJSON{}
	for _, e := range s.Edits {
		out := editJSON{Do: e.Do, Page: e.Page, By: e.By, At: e.At}
		if !e.Recipient.IsZero() {
			out.Recipient = e.Recipient.String()
		}
		edits = append(edits, out)
	}
	return edits
}

func (a *Room) edit(c *call) (int, any, error) {
	var in editJSON
	if err := c.read(&in); err != nil {
		return 0, nil, err
	}
	e := post.Edit{Do: in.Do, Page: in.Page}
	switch in.Do {
	case post.EditRecipient:
		n, err := ident.ParseAny(in.Recipient)
		if err != nil {
			return 0, nil, post.Mistakes{{Field: "recipient", Text: "Det er ikke et CPR-nummer (10 cifre) eller et CVR-nummer (8 cifre). Se efter, om et ciffer er forkert."}}
		}
		e.Recipient = n
	case post.EditMerge, post.EditCut, post.EditDrop:
	default:
		return 0, nil, post.Mistakes{{Field: "do", Text: "Rettelsen findes ikke. Vælg merge, cut, recipient eller drop."}}
	}
	s, err := a.Desk.Edit(c.Context(), c.who, c.PathValue("id"), e)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusAccepted, shipmentOf(s), nil
}

// profileJSON is what the letters of a source system look like.
type profileJSON struct {
	Name      string    `json:"name"`
	Rule      post.Rule `json:"rule"`
	Own       []string  `json:"own"`    // CVR numbers of the sender that stand in the letters
	Label     string    `json:"label"`  // stands before the recipient's number
	Begins    string    `json:"begins"` // stands on first pages only
	RemoveCPR bool      `json:"removeCPR"`
}

func (a *Room) profiles(c *call) (int, any, error) {
	all, err := a.Profiles.Profiles(c.Context(), c.who.Org)
	if err != nil {
		return 0, nil, err
	}
	out := make([]profileJSON, len(all))
	for i, p := range all {
		out[i] = profileJSON{Name: p.Name, Rule: p.Rule, Label: p.Label, Begins: p.Begins, RemoveCPR: p.RemoveCPR, Own: []string{}}
		for _, n := range p.Own {
			out[i].Own = append(out[i].Own, n.Reveal())
		}
	}
	return http.StatusOK, map[string]any{"profiles": out}, nil
}

func (a *Room) putProfile(c *call) (int, any, error) {
	var in profileJSON
	if err := c.read(&in); err != nil {
		return 0, nil, err
	}
	p := post.Profile{Name: c.PathValue("name"), Rule: in.Rule, Label: in.Label, Begins: in.Begins, RemoveCPR: in.RemoveCPR}
	for _, text := range in.Own {
		n, err := ident.ParseCVR(text)
		if err != nil {
			return 0, nil, post.Mistakes{{Field: "own", Text: text + " er ikke et CVR-nummer."}}
		}
		p.Own = append(p.Own, n)
	}
	if err := a.Desk.PutProfile(c.Context(), c.who, p); err != nil {
		return 0, nil, err
	}
	return http.StatusOK, map[string]string{}, nil
}

func (a *Room) removeProfile(c *call) (int, any, error) {
	if err := a.Desk.RemoveProfile(c.Context(), c.who, c.PathValue("name")); err != nil {
		return 0, nil, err
	}
	return http.StatusOK, map[string]string{}, nil
}
