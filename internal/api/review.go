package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"
	_ "time/tzdata" // Danish time also where the machine has no zones

	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// editJSON is a correction of the review.
type editJSON struct {
	Do        post.EditKind `json:"do"`   // merge, cut, recipient, drop
	Page      int           `json:"page"` // the letter's first page, or the one to cut at
	Recipient string        `json:"recipient,omitempty"`
	By        string        `json:"by,omitempty"`
	At        time.Time     `json:"at,omitzero"`
	Revision  *int          `json:"revision,omitempty"` // of the draft that the caller has seen; none for whichever it is
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

// revisionOf is the revision that a caller names, or any.
func revisionOf(n *int) int {
	if n == nil || *n < 0 {
		return post.AnyRevision
	}
	return *n
}

// edit answers POST …/edits: one correction of a shipment in review. 202 where the document is split anew for it, as
// that of a shipment is whose letters a version before has written.
func (a *API) edit(c *call) (int, any, error) {
	var in editJSON
	if err := c.read(&in); err != nil {
		return 0, nil, err
	}
	e := post.Edit{Do: in.Do, Page: in.Page}
	switch in.Do {
	case post.EditRecipient:
		n, err := ident.ParseAny(in.Recipient)
		if err != nil {
			var wrong post.Mistakes
			wrong.SayNumber("recipient", sentence.Of("place-number"), err)
			return 0, nil, wrong
		}
		e.Recipient = n
	case post.EditMerge, post.EditCut, post.EditDrop:
	default:
		return 0, nil, post.Mistakes{{Field: "do", Text: sentence.Of("edit-unknown")}}
	}
	return a.edited(a.Commands.Edit(c.Context(), c.who, c.PathValue("id"), revisionOf(in.Revision), e))
}

func (a *API) edited(s *post.Shipment, err error) (int, any, error) {
	switch {
	case err != nil:
		return 0, nil, err
	case s.State == post.Splitting:
		return http.StatusAccepted, shipmentOf(s), nil
	}
	return http.StatusOK, shipmentOf(s), nil
}

// undoEdit answers DELETE …/edits/{number}: the correction with that number, from 1 on, counts no more.
func (a *API) undoEdit(c *call) (int, any, error) {
	n, err := strconv.Atoi(c.PathValue("number"))
	if err != nil || n < 1 {
		return 0, nil, post.ErrNotFound
	}
	seen := post.AnyRevision
	if text := c.URL.Query().Get("revision"); text != "" {
		if seen, err = strconv.Atoi(text); err != nil || seen < 0 {
			return 0, nil, errors.Join(errNumber, sentence.Of("number-from-one", "revision"))
		}
	}
	e := post.Edit{Do: post.EditUndo, Page: n}
	return a.edited(a.Commands.Edit(c.Context(), c.who, c.PathValue("id"), seen, e))
}

// sendJSON is how a reviewed shipment is to leave.
type sendJSON struct {
	Revision *int   `json:"revision"` // of the draft that the caller has seen; none for whichever it is
	Window   bool   `json:"window"`   // with the undo window of the organization
	At       string `json:"at"`       // not before this: RFC 3339, or a day or a minute in Denmark
	AskDates bool   `json:"askDates"` // refuse where letters are old when they leave
}

// send answers POST …/send.
func (a *API) send(c *call) (int, any, error) {
	var in sendJSON
	if err := c.read(&in); err != nil {
		return 0, nil, err
	}
	at, err := post.ParseMoment(in.At)
	if err != nil {
		return 0, nil, err
	}
	how := post.SendOrder{Seen: revisionOf(in.Revision), Window: in.Window, At: at, AskDates: in.AskDates}
	s, err := a.Commands.Send(c.Context(), c.who, c.PathValue("id"), how)
	return a.waiting(c, s, err)
}

func (a *API) cancel(c *call) (int, any, error)          { return a.press(c, a.Commands.Cancel) }
func (a *API) undo(c *call) (int, any, error)            { return a.press(c, a.Commands.Undo) }
func (a *API) pause(c *call) (int, any, error)           { return a.press(c, a.Pauses.Pause) }
func (a *API) continueSending(c *call) (int, any, error) { return a.press(c, a.Pauses.Continue) }

func (a *API) press(
	c *call,
	do func(ctx context.Context, who post.Caller, id string) (*post.Shipment, error),
) (int, any, error) {
	s, err := do(c.Context(), c.who, c.PathValue("id"))
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, shipmentOf(s), nil
}

// profileJSON is what the letters of a source system look like.
type profileJSON struct {
	Name      string    `json:"name"`
	Rule      post.Rule `json:"rule"`
	Own       []string  `json:"own"`    // CVR numbers of the sender that stand in the letters
	Label     string    `json:"label"`  // stands before the recipient's number
	Begins    string    `json:"begins"` // stands on first pages only
	RemoveCPR bool      `json:"removeCPR"`
	Type      string    `json:"documentType"` // of its letters, where the order names none
}

// profiles answers GET /v1/profiles.
func (a *API) profiles(c *call) (int, any, error) {
	all, err := a.Profiles.Profiles(c.Context(), c.who.Org)
	if err != nil {
		return 0, nil, err
	}
	out := make([]profileJSON, len(all))
	for i, p := range all {
		out[i] = profileJSON{
			Name:      p.Name,
			Rule:      p.Rule,
			Label:     p.Label,
			Begins:    p.Begins,
			RemoveCPR: p.RemoveCPR,
			Type:      p.DocumentType,
			Own:       []string{},
		}
		for _, n := range p.Own {
			out[i].Own = append(out[i].Own, n.Reveal())
		}
	}
	return http.StatusOK, map[string]any{"profiles": out}, nil
}

// putProfile answers PUT /v1/profiles/{name}: it makes the profile, or takes the place of the one there.
func (a *API) putProfile(c *call) (int, any, error) {
	var in profileJSON
	if err := c.read(&in); err != nil {
		return 0, nil, err
	}
	p := post.Profile{
		Name:         c.PathValue("name"),
		Rule:         in.Rule,
		Label:        in.Label,
		Begins:       in.Begins,
		RemoveCPR:    in.RemoveCPR,
		DocumentType: in.Type,
	}
	for _, text := range in.Own {
		n, err := ident.ParseCVR(text)
		if err != nil {
			return 0, nil, post.Mistakes{{Field: "own", Text: sentence.Of("not-a-cvr", text)}}
		}
		p.Own = append(p.Own, n)
	}
	if err := a.ProfileCommands.PutProfile(c.Context(), c.who, p); err != nil {
		return 0, nil, err
	}
	return http.StatusOK, map[string]string{}, nil
}

func (a *API) removeProfile(c *call) (int, any, error) {
	if err := a.ProfileCommands.RemoveProfile(c.Context(), c.who, c.PathValue("name")); err != nil {
		return 0, nil, err
	}
	return http.StatusOK, map[string]string{}, nil
}
