package api

import (
	"errors"
	"net/http"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
	"brevdue/internal/workflow"
)

// entryJSON is a line of the audit log.
type entryJSON struct {
	Shipment string         `json:"shipment,omitempty"`
	Number   int64          `json:"number"`
	At       time.Time      `json:"at"`
	Kind     post.ActorKind `json:"by"`
	Name     string         `json:"name,omitempty"`
	Action   post.Action    `json:"action"`
	Letter   post.LetterID  `json:"letter,omitempty"`
	Text     string         `json:"text,omitempty"`
	Erased   bool           `json:"erased,omitempty"`
	Hash     string         `json:"hash"`
}

func entryOf(e *post.Entry) entryJSON {
	return entryJSON{
		e.Shipment,
		e.Number,
		e.At,
		e.Kind,
		e.Name,
		e.Action,
		e.Letter,
		texts.EntryText(e),
		e.Erased,
		e.Hash,
	}
}

// audit returns a chain, and whether it is whole.
func (a *API) audit(c *call) (int, any, error) {
	shipment := c.URL.Query().Get("shipment")
	if err := a.Audit.Record(c.Context(), workflow.Asked(c.who, shipment)); err != nil {
		return 0, nil, err
	}
	chain, err := workflow.AuditChain(c.Context(), a.Audit, c.who.Org, shipment)
	if err != nil {
		return 0, nil, err
	}
	broken := ""
	if err := post.VerifyChain(chain); err != nil {
		broken = err.Error()
	}
	out := make([]entryJSON, len(chain))
	for i, e := range chain {
		out[i] = entryOf(e)
	}
	return http.StatusOK, map[string]any{"entries": out, "whole": broken == "", "broken": broken}, nil
}

// aboutPerson is what a person may know of the audit log: what happened to the letters, and what was seen and done,
// without the names of staff.
type aboutPerson struct {
	Letter   post.LetterID    `json:"letter"`
	Subject  string           `json:"subject"`
	State    post.LetterState `json:"state"`
	Events   []eventJSON      `json:"events"`
	Accesses []entryJSON      `json:"accesses"`
}

type eventJSON struct {
	At   time.Time      `json:"at"`
	What post.EventCode `json:"what"`
}

// person exports what is known of a person's letters. The number stands in the body: addresses are logged.
func (a *API) person(c *call) (int, any, error) {
	var body struct {
		Number string `json:"number"`
	}
	if err := c.read(&body); err != nil {
		return 0, nil, err
	}
	n, err := ident.ParseAny(body.Number)
	if err != nil {
		return 0, nil, post.Mistakes{{Field: "number", Text: sentence.Of("not-a-number")}}
	}
	person := a.Person(c.who.Org, n)
	if err := a.Audit.Record(c.Context(), c.who.Did(post.ActExport, "", "", person)); err != nil {
		return 0, nil, err
	}
	ids, err := a.Cases.LettersOf(c.Context(), c.who.Org, person)
	if err != nil {
		return 0, nil, err
	}
	out := []aboutPerson{}
	for _, id := range ids {
		about, err := a.about(c, id)
		if errors.Is(err, post.ErrNotFound) {
			continue
		}
		if err != nil {
			return 0, nil, err
		}
		out = append(out, about)
	}
	return http.StatusOK, map[string]any{"letters": out}, nil
}

// about returns what is known of one letter to the person it was for (GDPR, article 15): events and accesses, without
// the names of those who looked.
func (a *API) about(c *call, id post.LetterID) (aboutPerson, error) {
	l, err := a.Letters.Get(c.Context(), c.who.Org, id)
	if err != nil {
		return aboutPerson{}, err
	}
	s, err := a.Shipments.Get(c.Context(), c.who.Org, id.Shipment())
	if err != nil {
		return aboutPerson{}, err
	}
	out := aboutPerson{Letter: id, Subject: s.Subject, State: l.State, Accesses: []entryJSON{}}
	for _, e := range l.History {
		out.Events = append(out.Events, eventJSON{e.At, e.What})
	}
	chain, err := workflow.AuditChain(c.Context(), a.Audit, c.who.Org, s.ID)
	for _, e := range chain {
		if e.Letter == "" || e.Letter == id {
			e.Name, e.Text = "", ""
			out.Accesses = append(out.Accesses, entryOf(e))
		}
	}
	return out, err
}

// seen returns who has seen a person, or what a user has seen and done: the newest first.
func (a *API) seen(c *call) (int, any, error) {
	var body struct {
		Number string `json:"number"`
		User   string `json:"user"`
	}
	if err := c.read(&body); err != nil {
		return 0, nil, err
	}
	var entries []*post.Entry
	var err error
	if body.User != "" {
		entries, err = a.Seen.OfUser(c.Context(), c.who, body.User)
	} else {
		n, numberErr := ident.ParseAny(body.Number)
		if numberErr != nil {
			return 0, nil, post.Mistakes{{Field: "number", Text: sentence.Of("not-a-number")}}
		}
		entries, err = a.Seen.OfPerson(c.Context(), c.who, n)
	}
	out := make([]entryJSON, len(entries))
	for i, e := range entries {
		out[i] = entryOf(e)
	}
	return http.StatusOK, map[string]any{"entries": out}, err
}

// erase takes away names and texts from before a day; the chains stay whole.
func (a *API) erase(c *call) (int, any, error) {
	var body struct {
		Before   string `json:"before"` // 2021-12-31
		Shipment string `json:"shipment"`
	}
	if err := c.read(&body); err != nil {
		return 0, nil, err
	}
	before, err := post.ParseDay(body.Before)
	if err != nil {
		return 0, nil, post.Mistakes{{Field: "before", Text: "Skriv en dato som 2021-12-31."}}
	}
	if before.After(a.Now().Add(-post.AuditKept)) {
		return 0, nil, post.Mistakes{{Field: "before", Text: sentence.Of("erase-too-early")}}
	}
	if err := a.Audit.Record(c.Context(), c.who.Did(post.ActErase, body.Shipment, "", body.Before)); err != nil {
		return 0, nil, err
	}
	n, err := a.Audit.Erase(c.Context(), c.who.Org, body.Shipment, before)
	return http.StatusOK, map[string]int{"erased": n}, err
}
