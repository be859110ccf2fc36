package api

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

// rowJSON is a row of Ubehandlet.
type rowJSON struct {
	Shipment  string        `json:"shipment"`
	Letter    string        `json:"letter,omitempty"` // ID/NUMBER, as the command line takes it
	Subject   string        `json:"subject"`
	FirstPage int           `json:"firstPage"`
	LastPage  int           `json:"lastPage"`
	Recipient string        `json:"recipient,omitempty"` // masked
	Archive   string        `json:"archive,omitempty"`   // outside Brevdue, that the row is about
	Message   *messageRow   `json:"message,omitempty"`   // the row is about a message that is no job
	Code      post.Code     `json:"code"`
	Title     string        `json:"title"`
	Text      string        `json:"text"`
	Detail    string        `json:"detail,omitempty"`
	Actor     string        `json:"actor"`
	Do        string        `json:"do"`
	Remedies  []post.Remedy `json:"remedies"`
	Since     time.Time     `json:"since"`
}

// messageRow is a message that nobody could make sense of: what it was, masked.
type messageRow struct {
	ID    string     `json:"id"`
	Queue post.Queue `json:"queue"`
	Body  string     `json:"body"`
}

func rowOf(f *post.Failure) rowJSON {
	e := texts.Explain(f.Problem.Code)
	r := rowJSON{
		Shipment:  f.Shipment,
		Subject:   texts.SubjectOf(f),
		FirstPage: f.Pages[0],
		LastPage:  f.Pages[1],
		Recipient: f.Recipient,
		Archive:   f.Archive,
		Code:      f.Problem.Code,
		Title:     e.Title,
		Text:      texts.Problem(&f.Problem),
		Detail:    texts.Of(sentence.Sentence(f.Problem.Detail)),
		Actor:     e.Actor,
		Do:        e.Do,
		Remedies:  post.ResponseTo(f.Problem.Code).Remedies,
		Since:     f.Since,
	}
	if f.Message != nil {
		r.Message = &messageRow{f.Message.ID, f.Message.Queue, ident.Mask(f.Message.Body)}
	}
	if f.Letter != "" {
		r.Letter = letterName(f.Letter, f.Place())
	}
	if r.Remedies == nil {
		r.Remedies = []post.Remedy{}
	}
	return r
}

// unhandled answers GET /v1/unhandled: the open rows, of one shipment or one code if asked for.
func (a *API) unhandled(c *call) (int, any, error) {
	q := c.URL.Query()
	filter := post.FailureFilter{
		Seen: c.who.Sight(), Shipment: q.Get("shipment"), Code: post.Code(q.Get("code")),
	}
	list := "unhandled/" + filter.Shipment + "/" + string(filter.Code)
	place, limit, err := c.page(list, 100, 1000)
	if err != nil {
		return 0, nil, err
	}
	rows, next, err := a.Failures.List(c.Context(), c.who.Org, filter, place, limit)
	if err != nil {
		return 0, nil, err
	}
	out := make([]rowJSON, len(rows))
	for i, f := range rows {
		out[i] = rowOf(f)
	}
	return http.StatusOK, map[string]any{"unhandled": out, "next": c.next(list, next)}, nil
}

// letterName is how the command line names a letter: ID/NUMBER.
func letterName(id post.LetterID, number int) string {
	return id.Shipment() + "/" + strconv.Itoa(number)
}

// choiceJSON chooses rows: exactly one of the fields.
type choiceJSON struct {
	Letter   string    `json:"letter"` // SHIPMENT/NUMBER
	Shipment string    `json:"shipment"`
	Code     post.Code `json:"code"`
	All      bool      `json:"all"`
	DryRun   bool      `json:"dryRun"`
	Reason   string    `json:"reason"`
	On       string    `json:"on"`      // 2026-12-20: letters leave on that day
	Archive  string    `json:"archive"` // of those rows only the ones about this archive outside Brevdue
	Case     string    `json:"case"`    // into this case of it
}

type correctionJSON struct {
	Letter    string `json:"letter"` // SHIPMENT/NUMBER
	Recipient string `json:"recipient"`
	Subject   string `json:"subject"`
}

// correct sets recipient or subject of one letter right, and sends it.
func (a *API) correct(c *call) (int, any, error) {
	var body correctionJSON
	if err := c.read(&body); err != nil {
		return 0, nil, err
	}
	f, err := a.filter(c, choiceJSON{Letter: body.Letter})
	if err != nil {
		return 0, nil, err
	}
	switch err := a.Remedies.Correct(c.Context(), c.who, f.Letter, body.Recipient, body.Subject); {
	case errors.Is(err, post.ErrCorrectionAsked):
		return http.StatusAccepted, map[string]int{"sends": 0}, nil
	case err != nil:
		return 0, nil, err
	}
	return http.StatusOK, map[string]int{"sends": 1}, nil
}

// filter returns which rows a choice means. Exactly one field must be set, so that an empty body never means all.
func (a *API) filter(c *call, choice choiceJSON) (post.FailureFilter, error) {
	chosen := 0
	for _, is := range []bool{choice.Letter != "", choice.Shipment != "", choice.Code != "", choice.All} {
		if is {
			chosen++
		}
	}
	if chosen != 1 {
		return post.FailureFilter{}, post.Mistakes{{Field: "letter", Text: sentence.Of("choose-one")}}
	}
	f := post.FailureFilter{Shipment: choice.Shipment, Code: choice.Code, Archive: choice.Archive}
	if choice.Letter == "" {
		return f, nil
	}
	shipment, number, _ := strings.Cut(choice.Letter, "/")
	c.SetPathValue("id", shipment)
	c.SetPathValue("number", number)
	_, l, err := a.letter(c)
	if err != nil {
		return f, err
	}
	return post.FailureFilter{Shipment: shipment, Letter: l.ID, Archive: choice.Archive}, nil
}

// chosen reads the choice of a request, and the rows that it means.
func (a *API) chosen(c *call) (choice choiceJSON, f post.FailureFilter, err error) {
	if err = c.read(&choice); err == nil {
		f, err = a.filter(c, choice)
	}
	return choice, f, err
}

// replay answers POST /v1/unhandled/replay. With dryRun it says what would be done, and does nothing. Of many rows it
// answers before they are done.
func (a *API) replay(c *call) (int, any, error) {
	choice, f, err := a.chosen(c)
	if err != nil {
		return 0, nil, err
	}
	how := post.Replay{DryRun: choice.DryRun, Case: choice.Case}
	if choice.On != "" {
		if how.On, err = post.ParseDay(choice.On); err != nil {
			return 0, nil, err
		}
	}
	return bulkAnswer(a.Remedies.Replay(c.Context(), c.who, []post.FailureFilter{f}, how))
}

func (a *API) dismiss(c *call) (int, any, error) {
	choice, f, err := a.chosen(c)
	if err != nil {
		return 0, nil, err
	}
	return bulkAnswer(a.Remedies.Dismiss(c.Context(), c.who, []post.FailureFilter{f}, choice.Reason))
}
