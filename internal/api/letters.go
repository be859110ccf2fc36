package api

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"brevdue/internal/auth"
	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// letterJSON is a letter as programs see it.
type letterJSON struct {
	ID        post.LetterID      `json:"id"`
	Number    int                `json:"number"`
	FirstPage int                `json:"firstPage"`
	LastPage  int                `json:"lastPage"`
	Recipient *recipientJSON     `json:"recipient"`
	State     post.LetterState   `json:"state"`
	Failure   *failureText       `json:"failure"`
	Archived  bool               `json:"archived"`
	UUID      string             `json:"messageUUID,omitempty"`
	History   []post.Event       `json:"history"`
	Name      string             `json:"name,omitempty"` // as the letter says
	Findings  []post.FindingCode `json:"findings,omitempty"`
	Unit      string             `json:"unit,omitempty"` // P-number
	Available time.Time          `json:"availableFrom,omitzero"`
	Notified  time.Time          `json:"legallyNotified,omitzero"`
}

type recipientJSON struct {
	Type ident.Kind `json:"type"`
	ID   string     `json:"id"`
}

func letterOf(l *post.Letter, s *post.Shipment, reveal bool) letterJSON {
	out := letterJSON{
		ID:        l.ID,
		Number:    l.Number,
		FirstPage: l.First,
		LastPage:  l.Last,
		State:     l.State,
		Failure:   textOf(l.Problem),
		Archived:  l.Archiving.State == post.Archived,
		History:   texts.History(l.History),
		Unit:      l.Unit,
		Available: l.Available(&s.Options),
		Notified:  l.Notified,
	}
	if m := l.Current(); m != nil {
		out.UUID = m.UUID
	}
	if !l.Recipient.IsZero() {
		out.Recipient = &recipientJSON{l.Recipient.Kind(), l.Recipient.String()}
		if reveal {
			out.Recipient.ID = l.Recipient.Reveal()
		}
	}
	return out
}

// letters answers GET /v1/shipments/{id}/letters, by place from ?from= on. Numbers are masked; ?reveal=true shows them
// and stands in the audit log first.
func (a *API) letters(c *call) (int, any, error) {
	s, err := a.own(c)
	if err != nil {
		return 0, nil, err
	}
	from, err := c.number("from", 1, 1<<30)
	if err != nil {
		return 0, nil, err
	}
	limit, err := c.number("limit", 100, 1000)
	if err != nil {
		return 0, nil, err
	}
	reveal := c.URL.Query().Get("reveal") == "true"
	if reveal {
		if err := auth.PermitAt(c.who, post.RightReveal, s.Area); err != nil {
			return 0, nil, err
		}
		if err := a.Audit.Record(c.Context(), c.who.Did(post.ActSee, s.ID, "",
			texts.Say("numbers-seen", from))); err != nil {
			return 0, nil, err
		}
	}
	letters, outline, err := a.lettersOf(c, s, from, limit)
	if err != nil {
		return 0, nil, err
	}
	out := make([]letterJSON, len(letters))
	for i, l := range letters {
		out[i] = letterOf(l, s, reveal)
		seen := outline.Letter(l.Number)
		out[i].Name, out[i].Findings = post.Visible(seen.Name), seen.Findings
	}
	next := 0
	if len(out) == limit {
		next = out[limit-1].Number + 1
	}
	return http.StatusOK, map[string]any{"letters": out, "next": next}, nil
}

// lettersOf returns letters by their place in the list, and the outline: of what waits for review as Send would write
// them now.
func (a *API) lettersOf(c *call, s *post.Shipment, from, limit int) ([]*post.Letter, *post.Outline, error) {
	if s.State == post.InReview {
		r, err := a.Reviews.Review(c.Context(), s)
		if err != nil {
			return nil, nil, err
		}
		first := min(from-1, len(r.Letters))
		return r.Letters[first:min(first+limit, len(r.Letters))], r.Outline, nil
	}
	letters, err := a.Lists.Page(c.Context(), s, from, limit)
	if err != nil {
		return nil, nil, err
	}
	outline, err := a.Outlines.Outline(c.Context(), s)
	return letters, outline, err
}

// letter returns the letter of a call, and its shipment.
func (a *API) letter(c *call) (*post.Shipment, *post.Letter, error) {
	s, err := a.own(c)
	if err != nil {
		return nil, nil, err
	}
	number, err := strconv.Atoi(c.PathValue("number"))
	if err != nil || number < 1 {
		return nil, nil, post.ErrNotFound
	}
	page, _, err := a.lettersOf(c, s, number, 1)
	if err != nil {
		return nil, nil, err
	}
	if len(page) == 0 || page[0].Number != number {
		return nil, nil, fmt.Errorf("letter %d of %s: %w", number, s.ID, post.ErrNotFound)
	}
	return s, page[0], nil
}

// see writes down that somebody sees a letter, before it is shown.
func (a *API) see(c *call, l *post.Letter, what string) error {
	return a.Audit.Record(c.Context(), c.who.Did(post.ActSee, l.ID.Shipment(), l.ID, what))
}

// document answers with a link: no document passes through an answer.
func (a *API) document(c *call) (int, any, error) {
	s, l, err := a.letter(c)
	if err == nil {
		err = a.see(c, l, "brev")
	}
	if err != nil {
		return 0, nil, err
	}
	document := l.Document
	if s.State == post.InReview {
		if document, err = a.Reviews.Preview(c.Context(), s, l); err != nil {
			return 0, nil, err
		}
	}
	link, err := a.Links.Download(c.Context(), c.who.Org, document, string(l.ID)+".pdf")
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, link, nil
}

// messageJSON is a message as it was sent: the text, and where the contents are that belong in place of "sha256:…".
type messageJSON struct {
	Text  string     `json:"text"`
	Files []partJSON `json:"files"`
}

type partJSON struct {
	SHA256 string `json:"sha256"`
	post.Link
}

// message answers with the MeMo message as it was sent, each file's content replaced by its SHA-256, and links to these
// files.
func (a *API) message(c *call) (int, any, error) {
	s, l, err := a.letter(c)
	if err != nil {
		return 0, nil, err
	}
	if l.Current() == nil {
		return 0, nil, fmt.Errorf("message of %s: %w", l.ID, post.ErrNotFound)
	}
	if err := a.see(c, l, "besked"); err != nil {
		return 0, nil, err
	}
	m := messageJSON{Text: string(a.Message(s, l))}
	objects := []post.Object{l.Document}
	for _, p := range s.Parts[1:] {
		objects = append(objects, p.Object)
	}
	for _, o := range objects {
		link, err := a.Links.Download(c.Context(), c.who.Org, o, "fil")
		if err != nil {
			return 0, nil, err
		}
		m.Files = append(m.Files, partJSON{o.SHA256, link})
	}
	return http.StatusOK, m, nil
}
