package api

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
)

// orderJSON is what POST /v1/shipments takes.
type orderJSON struct {
	Subject     string     `json:"subject"`
	Sender      string     `json:"sender"`     // CVR; "" for the organization's first
	Rule        post.Rule  `json:"rule"`       // first-page (default) or every-page
	Recipients  []string   `json:"recipients"` // typed numbers; none to find them in the document
	Document    fileJSON   `json:"document"`
	Attachments []fileJSON `json:"attachments"`
	AllowReply  bool       `json:"allowReply"`
	Case        string     `json:"case"`
	Review      bool       `json:"review"`
	Repeat      bool       `json:"repeat"`
	RemoveCPR   bool       `json:"removeCPR"` // from the letters themselves
	Profile     string     `json:"profile"`   // what the letters of a source system look like
	Names       fileJSON   `json:"names"`     // a list of numbers and names; uploaded last
}

type fileJSON struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
}

// uploadJSON is the presigned upload of one file.
type uploadJSON struct {
	Name string `json:"name"`
	post.Link
}

type createdJSON struct {
	shipmentJSON
	Uploads []uploadJSON `json:"uploads"` // the document, then the attachments
}

// shipmentJSON is a shipment as programs see it.
type shipmentJSON struct {
	ID          string             `json:"id"`
	State       post.ShipmentState `json:"state"`
	Subject     string             `json:"subject"`
	Sender      string             `json:"sender"`
	By          string             `json:"by"`
	Environment post.Environment   `json:"environment"`
	Created     time.Time          `json:"created"`
	Pages       int                `json:"pages"`
	Letters     int                `json:"letters"`
	HandedOver  int                `json:"handedOver"` // HandedOver or Completed now
	Completed   int                `json:"completed"`
	Failed      int                `json:"failed"`
	Cancelled   int                `json:"cancelled"`
	Archived    int                `json:"archived"`
	Open        int                `json:"open"`
	Findings    []post.Finding     `json:"findings"`
	Edits       []editJSON         `json:"edits"` // of the review
	Failure     *failureText       `json:"failure"`
}

// failureText is why something stopped.
type failureText struct {
	Code post.Code `json:"code"`
	Text string    `json:"text"`
}

func textOf(p *post.Problem) *failureText {
	if p == nil {
		return nil
	}
	return &failureText{p.Code, p.Danish()}
}

func shipmentOf(s *post.Shipment) shipmentJSON {
	findings := s.Findings
	if findings == nil {
		findings = []post.Finding{}
	}
	return shipmentJSON{
		ID: s.ID, State: s.Shown(), Subject: s.Subject, Sender: s.Sender.Number.Reveal(), By: s.By, Environment: s.Environment,
		Created: s.Created, Pages: s.Pages, Letters: s.Letters, HandedOver: s.Counts.TakenIn(), Completed: s.Counts.Completed,
		Failed: s.Counts.Failed, Cancelled: s.Counts.Cancelled, Archived: s.Counts.Archived, Open: s.Counts.Open(),
		Findings: findings, Edits: editsOf(s), Failure: textOf(s.Problem),
	}
}

func (a *Room) create(c *call) (int, any, error) {
	var o orderJSON
	if err := c.read(&o); err != nil {
		return 0, nil, err
	}
	order := post.Order{Subject: o.Subject, Sender: o.Sender, Rule: o.Rule, Recipients: o.Recipients, Document: post.FileOrder(o.Document),
		AllowReply: o.AllowReply, Case: o.Case, Review: o.Review, Repeat: o.Repeat, RemoveCPR: o.RemoveCPR, Profile: o.Profile, Names: post.FileOrder(o.Names)}
	for _, f := range o.Attachments {
		order.Attachments = append(order.Attachments, post.FileOrder(f))
	}
	s, links, err := a.Desk.Create(c.Context(), c.who, order)
	if err != nil {
		return 0, nil, err
	}
	created := createdJSON{shipmentJSON: shipmentOf(s)}
	for i, l := range links {
		created.Uploads = append(created.Uploads, uploadJSON{s.Uploads()[i].Name, l})
	}
	return http.StatusCreated, created, nil
}

// own returns the caller's shipment; that of another organization is not found.
func (a *Room) own(c *call) (*post.Shipment, error) {
	s, err := a.Shipments.Get(c.Context(), c.PathValue("id"))
	if err == nil && s.Org != c.who.Org {
		return nil, fmt.Errorf("shipment %s: %w", s.ID, post.ErrNotFound)
	}
	return s, err
}

func (a *Room) shipment(c *call) (int, any, error) {
	s, err := a.own(c)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, shipmentOf(s), nil
}

// number reads a number from the query, within bounds.
func (c *call) number(name string, usual, most int) int {
	n, err := strconv.Atoi(c.URL.Query().Get(name))
	if err != nil || n < 1 {
		return usual
	}
	return min(n, most)
}

func (a *Room) list(c *call) (int, any, error) {
	shipments, next, err := a.Shipments.List(c.Context(), c.who.Org, c.URL.Query().Get("cursor"), c.number("limit", 20, 100))
	if err != nil {
		return 0, nil, err
	}
	out := make([]shipmentJSON, len(shipments))
	for i, s := range shipments {
		out[i] = shipmentOf(s)
	}
	return http.StatusOK, map[string]any{"shipments": out, "next": next}, nil
}

func (a *Room) send(c *call) (int, any, error)   { return a.press(c, a.Desk.Send) }
func (a *Room) cancel(c *call) (int, any, error) { return a.press(c, a.Desk.Cancel) }

func (a *Room) press(c *call, do func(ctx context.Context, who post.Caller, id string) (*post.Shipment, error)) (int, any, error) {
	s, err := do(c.Context(), c.who, c.PathValue("id"))
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, shipmentOf(s), nil
}

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
}

type recipientJSON struct {
	Type ident.Kind `json:"type"`
	ID   string     `json:"id"`
}

func letterOf(l *post.Letter, reveal bool) letterJSON {
	out := letterJSON{
		ID: l.ID, Number: l.ID.Number(), FirstPage: l.First, LastPage: l.Last, State: l.State, Failure: textOf(l.Problem),
		Archived: l.Archiving.State == post.Archived, History: l.History,
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

func (a *Room) letters(c *call) (int, any, error) {
	s, err := a.own(c)
	if err != nil {
		return 0, nil, err
	}
	from, limit := c.number("from", 1, 1<<30), c.number("limit", 100, 1000)
	reveal := c.URL.Query().Get("reveal") == "true"
	if reveal {
		if err := a.Audit.Record(c.Context(), c.who.Did(post.ActSee, s.ID, "", fmt.Sprintf("numre fra brev %d", from))); err != nil {
			return 0, nil, err
		}
	}
	letters, err := a.Letters.Page(c.Context(), s.ID, s.Version, from, limit)
	if err != nil {
		return 0, nil, err
	}
	outline, err := a.Outlines.Outline(c.Context(), s)
	if err != nil {
		return 0, nil, err
	}
	out := make([]letterJSON, len(letters))
	for i, l := range letters {
		out[i] = letterOf(l, reveal)
		seen := outline.Letter(l.ID.Number())
		out[i].Name, out[i].Findings = seen.Name, seen.Findings
	}
	next := 0
	if len(out) == limit {
		next = out[limit-1].Number + 1
	}
	return http.StatusOK, map[string]any{"letters": out, "next": next}, nil
}

// letter returns the letter of a call, and its shipment.
func (a *Room) letter(c *call) (*post.Shipment, *post.Letter, error) {
	s, err := a.own(c)
	if err != nil {
		return nil, nil, err
	}
	number, err := strconv.Atoi(c.PathValue("number"))
	if err != nil || number < 1 {
		return nil, nil, post.ErrNotFound
	}
	page, err := a.Letters.Page(c.Context(), s.ID, s.Version, number, 1)
	if err != nil {
		return nil, nil, err
	}
	if len(page) == 0 || page[0].ID.Number() != number {
		return nil, nil, fmt.Errorf("letter %d of %s: %w", number, s.ID, post.ErrNotFound)
	}
	return s, page[0], nil
}

// see writes down that somebody sees a letter, before it is shown.
func (a *Room) see(c *call, l *post.Letter, what string) error {
	return a.Audit.Record(c.Context(), c.who.Did(post.ActSee, l.ID.Shipment(), l.ID, what))
}

// document answers with a link: no document passes through an answer.
func (a *Room) document(c *call) (int, any, error) {
	_, l, err := a.letter(c)
	if err == nil {
		err = a.see(c, l, "brev")
	}
	if err != nil {
		return 0, nil, err
	}
	link, err := a.Links.Download(c.Context(), c.who.Org, l.Document, string(l.ID)+".pdf")
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

func (a *Room) message(c *call) (int, any, error) {
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
