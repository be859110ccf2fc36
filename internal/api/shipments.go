package api

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

// orderJSON is what POST /v1/shipments takes.
type orderJSON struct {
	Subject     string       `json:"subject"`
	Sender      string       `json:"sender"`        // CVR; "" for the organization's first
	Rule        post.Rule    `json:"rule"`          // first-page (default) or every-page
	Recipients  []string     `json:"recipients"`    // typed numbers; none to find them in the document
	List        string       `json:"recipientList"` // id; they get the whole document too
	Document    fileJSON     `json:"document"`
	Attachments []fileJSON   `json:"attachments"`
	AllowReply  bool         `json:"allowReply"`
	Options     post.Options `json:"options"`
	Concerns    string       `json:"concerns"`
	Case        string       `json:"case"`
	Archives    []string     `json:"archives"`
	Unit        string       `json:"unit"`         // id; the caller's own where it is left out
	Type        string       `json:"documentType"` // id
	Private     bool         `json:"confidential"` // fortrolig
	Review      bool         `json:"review"`
	Repeat      bool         `json:"repeat"`
	RemoveCPR   bool         `json:"removeCPR"` // from the letters themselves
	Profile     string       `json:"profile"`   // what the letters of a source system look like
	Names       fileJSON     `json:"names"`     // a list of numbers and names; uploaded last
	Window      bool         `json:"window"`    // with the undo window, where it needs no review
	At          string       `json:"at"`        // not before this, where it needs no review
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
	Dismissed   int                `json:"dismissed"` // failed, and handled in another way
	Cancelled   int                `json:"cancelled"`
	Archived    int                `json:"archived"`
	Open        int                `json:"open"`
	Findings    []post.Finding     `json:"findings"`
	Edits       []editJSON         `json:"edits"` // of the review
	Revision    int                `json:"revision"`
	SendAfter   time.Time          `json:"sendAfter,omitzero"` // it waits until then, and can be undone
	Paused      bool               `json:"paused,omitempty"`
	Failure     *failureText       `json:"failure"`
	Unit        string             `json:"unit,omitempty"`
	Type        string             `json:"documentType,omitempty"`
	Private     bool               `json:"confidential,omitempty"`
	AllowReply  bool               `json:"allowReply,omitempty"`
	Options     post.Options       `json:"options,omitzero"`
	LookUp      *lookUpJSON        `json:"lookUp,omitempty"`     // of one in review
	Approval    *approvalJSON      `json:"approval,omitempty"`   // it waits for another person
	ApprovedBy  string             `json:"approvedBy,omitempty"` // who let it leave
	Rehearsal   *rehearsalJSON     `json:"rehearsal,omitempty"`
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
	return &failureText{p.Code, texts.Problem(p)}
}

// shipmentOf returns a shipment as the API shows it: its own numbers in full, no person's.
func shipmentOf(s *post.Shipment) shipmentJSON {
	findings := texts.Findings(s.Findings)
	if findings == nil {
		findings = []post.Finding{}
	}
	return shipmentJSON{
		ID:          s.ID,
		State:       s.Derived(),
		Subject:     s.Subject,
		Sender:      s.Sender.Number.Reveal(),
		By:          s.By,
		Environment: s.Environment,
		Created:     s.Created,
		Pages:       s.Pages,
		Letters:     s.Letters,
		HandedOver:  s.Counts.Accepted(),
		Completed:   s.Counts.Completed,
		Failed:      s.Counts.Failed,
		Dismissed:   s.Counts.Dismissed,
		Cancelled:   s.Counts.Cancelled,
		Archived:    s.Counts.Archived,
		Open:        s.Counts.Open(),
		Findings:    findings,
		Edits:       editsOf(s),
		Revision:    len(s.Edits),
		SendAfter:   s.WaitsUntil(),
		Paused:      s.Paused,
		Failure:     textOf(s.Problem),
		Unit:        s.Area.Unit,
		Type:        s.Area.DocumentType,
		Private:     s.Area.Confidential,
		AllowReply:  s.AllowReply,
		Options:     s.Options,
		Approval:    approvalOf(s),
		ApprovedBy:  s.ApprovedBy,
	}
}

// create answers POST /v1/shipments: 201 with a presigned upload for each file, in the order document, attachments,
// list of names.
func (a *API) create(c *call) (int, any, error) {
	var o orderJSON
	if err := c.read(&o); err != nil {
		return 0, nil, err
	}
	at, err := post.ParseMoment(o.At)
	if err != nil {
		return 0, nil, err
	}
	order := post.Order{
		Subject:    o.Subject,
		Sender:     o.Sender,
		Rule:       o.Rule,
		Recipients: o.Recipients,
		List:       o.List,
		Document:   post.FileOrder(o.Document),
		AllowReply: o.AllowReply,
		Options:    o.Options,
		Concerns:   o.Concerns,
		Case:       o.Case,
		Archives:   o.Archives,
		Unit:       o.Unit,
		Type:       o.Type,
		Private:    o.Private,
		Review:     o.Review,
		Repeat:     o.Repeat,
		RemoveCPR:  o.RemoveCPR,
		Profile:    o.Profile,
		Names:      post.FileOrder(o.Names),
		Window:     o.Window,
		At:         at,
	}
	for _, f := range o.Attachments {
		order.Attachments = append(order.Attachments, post.FileOrder(f))
	}
	s, links, err := a.Commands.Create(c.Context(), c.who, order)
	if err != nil {
		return 0, nil, err
	}
	created := createdJSON{shipmentJSON: shipmentOf(s)}
	for i, l := range links {
		created.Uploads = append(created.Uploads, uploadJSON{s.Uploads()[i].Name, l})
	}
	return http.StatusCreated, created, nil
}

// shipment answers GET /v1/shipments/{id}.
func (a *API) shipment(c *call) (int, any, error) {
	s, err := a.own(c)
	if err != nil {
		return 0, nil, err
	}
	out := shipmentOf(s)
	if out.Rehearsal, err = a.rehearsalOf(c, s); err != nil {
		return 0, nil, err
	}
	if s.State == post.InReview {
		r, err := a.Reviews.Review(c.Context(), s)
		if err != nil {
			return 0, nil, err
		}
		out.Letters, out.Findings = len(r.Letters), texts.Findings(r.Findings)
		if out.LookUp, err = a.lookUpOf(c, s, r.Letters); err != nil {
			return 0, nil, err
		}
	}
	return http.StatusOK, out, nil
}

// number reads a number from the query; one above most is most.
func (c *call) number(name string, usual, most int) (int, error) {
	text := c.URL.Query().Get(name)
	if text == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, errors.Join(errNumber, sentence.Of("number-from-one", name))
	}
	return min(n, most), nil
}

// page reads which part of a list is asked for.
func (c *call) page(list string, usual, most int) (place string, limit int, err error) {
	if limit, err = c.number("limit", usual, most); err == nil {
		place, err = post.Cursor(c.URL.Query().Get("cursor")).Place(c.who.Org, list)
	}
	return place, limit, err
}

// next is where a list goes on, as page reads it.
func (c *call) next(list, place string) post.Cursor { return post.CursorOf(c.who.Org, list, place) }

func (a *API) list(c *call) (int, any, error) {
	place, limit, err := c.page("shipments", 20, 100)
	if err != nil {
		return 0, nil, err
	}
	shipments, next, err := a.Shipments.List(c.Context(), c.who.Org, c.who.Sight(), place, limit)
	if err != nil {
		return 0, nil, err
	}
	out := make([]shipmentJSON, len(shipments))
	for i, s := range shipments {
		out[i] = shipmentOf(s)
	}
	return http.StatusOK, map[string]any{"shipments": out, "next": c.next("shipments", next)}, nil
}
