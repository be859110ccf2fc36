// Package api is the English room: /v1 as JSON, errors as RFC 9457 problem details. It has no rule of its own; it
// reads requests, asks the words of package post, and writes what they say. What is wrong is told in Danish, as it is
// a user who reads it in the end.
//
// HTTP -> [api] -> Desk, Remedies, Switches, Receipts
package api

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
)

// Room is what the API needs of the house.
type Room struct {
	Key       func(ctx context.Context, key string) (post.Caller, error) // an error is: not let in
	Desk      post.Desk
	Profiles  post.Profiles
	Outlines  post.Outlines
	Remedies  post.Remedies
	Shipments post.Shipments
	Letters   post.Letters
	Failures  post.Failures
	Inbox     post.Inbox
	Links     post.Links
	Audit     post.Auditor
	Cases     post.Cases
	Breakers  post.Breakers
	Stops     post.Stops
	Notices   post.Notifier
	Switches  post.Switches
	Message   func(*post.Shipment, *post.Letter) []byte // as sent, contents replaced by "sha256:" and their hash
	// Receipt push, off while PushToken is "".
	PushToken   string
	Push        func(ctx context.Context, raw []byte) error
	Environment post.Environment
	Pace        post.Pace
	Now         func() time.Time
	Person      func(org string, n ident.Number) string                                        // a keyed hash
	Incident    func(ctx context.Context, who post.Caller, shipment string) (post.Link, error) // nil where there is no key for it
	Backup      func(w io.Writer) error                                                        // nil where AWS keeps backups
	Operator    string                                                                         // organization that may make one
	// Reference makes a name for an internal error, and logs it under that name.
	Reference func(r *http.Request, err error) string
}

// bodyLimit bounds a request; documents go to their presigned addresses.
const bodyLimit = 1 << 20

// Handler returns the routes.
func (a *Room) Handler() http.Handler {
	mux := http.NewServeMux()
	for pattern, h := range map[string]func(*call) (int, any, error){
		"POST /v1/shipments":                               a.create,
		"GET /v1/shipments":                                a.list,
		"GET /v1/shipments/{id}":                           a.shipment,
		"GET /v1/shipments/{id}/letters":                   a.letters,
		"GET /v1/shipments/{id}/letters/{number}/document": a.document,
		"GET /v1/shipments/{id}/letters/{number}/message":  a.message,
		"POST /v1/shipments/{id}/send":                     a.send,
		"POST /v1/shipments/{id}/cancel":                   a.cancel,
		"POST /v1/shipments/{id}/edits":                    a.edit,
		"GET /v1/profiles":                                 a.profiles,
		"PUT /v1/profiles/{name}":                          a.putProfile,
		"DELETE /v1/profiles/{name}":                       a.removeProfile,
		"GET /v1/inbox":                                    a.inbox,
		"GET /v1/inbox/{id}/files/{number}":                a.inboxFile,
		"GET /v1/unhandled":                                a.unhandled,
		"POST /v1/unhandled/replay":                        a.replay,
		"POST /v1/unhandled/dismiss":                       a.dismiss,
		"POST /v1/unhandled/correct":                       a.correct,
		"GET /v1/status":                                   a.status,
		"POST /v1/stop":                                    a.stop,
		"POST /v1/start":                                   a.start,
		"POST /v1/shipments/{id}/incident":                 a.incident,
		"GET /v1/audit":                                    a.audit,
		"POST /v1/audit/person":                            a.person,
		"POST /v1/audit/erase":                             a.erase,
		"GET /v1/notices":                                  a.notices,
		"POST /v1/notices/{id}/resend":                     a.resend,
		"GET /v1/subscriptions":                            a.subscriptions,
		"PUT /v1/subscriptions":                            a.subscribe,
		"DELETE /v1/subscriptions/{id}":                    a.unsubscribe,
	} {
		mux.Handle(pattern, a.authenticated(h))
	}
	mux.HandleFunc("POST /v1/receipts", a.push)
	mux.HandleFunc("POST /v1/backup", a.backup)
	mux.HandleFunc("/v1/", func(w http.ResponseWriter, r *http.Request) { a.problem(w, r, post.ErrNotFound) })
	return mux
}

// call is one request of somebody who was let in.
type call struct {
	*http.Request
	who post.Caller
}

func (a *Room) authenticated(h func(*call) (int, any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		who, err := a.Key(r.Context(), key)
		if !ok || err != nil {
			w.Header().Set("WWW-Authenticate", "Bearer")
			write(w, http.StatusUnauthorized, problem{Title: "Ikke logget ind", Status: http.StatusUnauthorized, Detail: "API-nøglen mangler eller er forkert."})
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, bodyLimit)
		status, body, err := h(&call{r, who})
		if err != nil {
			a.problem(w, r, err)
			return
		}
		write(w, status, body)
	})
}

// read reads the JSON body of a request; what it does not know is a mistake.
func (c *call) read(into any) error {
	d := json.NewDecoder(c.Body)
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		return post.Mistakes{{Field: "body", Text: "Indholdet er ikke den JSON, der ventes: " + err.Error()}}
	}
	return nil
}

func write(w http.ResponseWriter, status int, body any) {
	kind := "application/json"
	if _, ok := body.(problem); ok {
		kind = "application/problem+json"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(body) // the client is gone
}

// problem is a problem detail (RFC 9457).
type problem struct {
	Type   string         `json:"type,omitempty"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Detail string         `json:"detail"`
	Code   post.Code      `json:"code,omitempty"`
	Errors []post.Mistake `json:"errors,omitempty"`
}

func (a *Room) problem(w http.ResponseWriter, r *http.Request, err error) {
	var mistakes post.Mistakes
	var told *post.Problem
	p := problem{}
	switch {
	case errors.As(err, &mistakes):
		p = problem{Title: "Der er noget, der skal rettes", Status: http.StatusUnprocessableEntity, Detail: mistakes.Error(), Errors: mistakes}
	case errors.Is(err, post.ErrNotFound), errors.Is(err, post.ErrNoLetterID):
		p = problem{Title: "Findes ikke", Status: http.StatusNotFound, Detail: "Det, du beder om, findes ikke i jeres organisation."}
	case errors.Is(err, post.ErrNotInReview), errors.Is(err, post.ErrNotCancelled), errors.Is(err, post.ErrAlreadySent), errors.Is(err, post.ErrNoSuchPage):
		p = problem{Title: "Det kan ikke lade sig gøre nu", Status: http.StatusConflict, Detail: sentence(err)}
	case errors.As(err, &told):
		p = problem{Title: post.Explain(told.Code).Title, Status: http.StatusServiceUnavailable, Detail: told.Danish(), Code: told.Code}
	default:
		p = problem{Title: "Intern fejl", Status: http.StatusInternalServerError, Detail: "Noget gik galt hos os. Intet er tabt. Reference: " + a.Reference(r, err)}
	}
	write(w, p.Status, p)
}

// sentence makes an error text a sentence.
func sentence(err error) string {
	text := err.Error()
	r := []rune(text)
	return strings.ToUpper(string(r[0])) + string(r[1:]) + "."
}

// push takes a receipt that Digital Post sends us (API 1.68: receiptEndpoint).
func (a *Room) push(w http.ResponseWriter, r *http.Request) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	switch {
	case a.PushToken == "":
		a.problem(w, r, post.ErrNotFound)
		return
	case subtle.ConstantTimeCompare([]byte(token), []byte(a.PushToken)) != 1:
		write(w, http.StatusUnauthorized, problem{Title: "Ikke logget ind", Status: http.StatusUnauthorized, Detail: "Nøglen til kvitteringer er forkert."})
		return
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	if err == nil {
		err = a.Push(r.Context(), raw)
	}
	if err != nil {
		a.problem(w, r, err)
		return
	}
	w.WriteHeader(http.StatusOK)
}
