// Package api is the English API: /v1 as JSON, errors as RFC 9457 problem details. It has no rule of its own; it
// reads requests, asks the words of package post, and writes what they say. What is wrong is told in Danish, as it is
// a user who reads it in the end.
//
// HTTP -> [api] -> ShipmentCommands, Remedies, OrganizationCommands, Receipts
package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	openapi "brevdue/api"
	"brevdue/internal/auth"
	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// API is what the API needs of the program.
type API struct {
	// Key returns whose a key is, used from an address. auth.ErrDenied is: not let in.
	Key             func(ctx context.Context, key, address string) (post.Caller, error)
	Login           Login
	Commands        post.ShipmentCommands
	ProfileCommands post.ProfileCommands
	Profiles        post.Profiles
	Outlines        post.Outlines
	Reviews         post.Reviews
	Lists           post.LetterLists
	Pauses          post.PauseCommands
	Requests        post.Requests
	Remedies        post.Remedies
	Bulks           post.Bulks
	Shipments       post.Shipments
	Letters         post.Letters
	Failures        post.Failures
	Inbox           post.Inbox
	Links           post.Links
	Audit           post.Auditor
	Seen            post.Readers
	Cases           post.Cases
	Archive         post.ArchiveReading
	Transfers       post.Transfers
	ArchiveExports  post.ArchiveExports
	FilingPlans     post.FilingPlans
	Breakers        post.Breakers
	Stops           post.Stops
	Notices         post.Notifier
	Organization    post.OrganizationCommands
	Message         func(*post.Shipment, *post.Letter) []byte // as sent, contents replaced by "sha256:" and their hash
	// Receipt push, off while PushToken is "".
	PushToken   string
	PushMemo    func(ctx context.Context, id string, raw []byte) error
	Push        func(ctx context.Context, raw []byte) error
	Environment post.Environment
	Timings     post.Timings
	Now         func() time.Time
	Person      func(org string, n ident.Number) string // a keyed hash
	// nil where there is no key for it
	Incident func(ctx context.Context, who post.Caller, shipment string) (post.Link, error)
	// nil where a table cannot be restored without its keys
	Restored post.Restorations
	// what the machine has run out of; nil where AWS sees to that
	Trouble func() string
	// nil where AWS keeps backups
	Backup func(w io.Writer) error
	// organization that may make one
	Operator string
	// what is done by whoever runs the installation; without a token nobody does it here
	Operation      post.Operation
	Administration post.Administration
	Approvals      post.ApprovalCommands
	// what waits for another person of Ubehandlet
	CorrectionApprovals   post.CorrectionApprovals
	Proposals             post.Proposals
	Organizations         post.Organizations
	Settings              post.SettingsCommands
	CheckCommands         post.CheckCommands
	Checks                post.Checks
	LookUps               post.LookUps
	LookUpCommands        post.LookUpCommands
	RehearsalCommands     post.RehearsalCommands
	RecipientLists        post.RecipientLists
	RecipientListCommands post.RecipientListCommands
	OperatorToken         string
	// Reference makes a name for an internal error, and logs it under that name.
	Reference func(r *http.Request, err error) string
}

// bodyLimit bounds a request; documents go to their presigned addresses.
const bodyLimit = 1 << 20

// contract answers with what programs may rely on.
func contract(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/yaml")
	_, _ = w.Write(openapi.OpenAPI) // the client is gone
}

// notLetIn answers whoever has no key of ours. Where keys cannot be looked up, nobody is told that theirs is wrong.
func (a *API) notLetIn(w http.ResponseWriter, r *http.Request, err error) {
	if !errors.Is(err, auth.ErrDenied) {
		a.problem(w, r, unavailable{err})
		return
	}
	w.Header().Set("WWW-Authenticate", "Bearer")
	write(w, http.StatusUnauthorized, problem{
		Title:  texts.Say("title-not-logged-in"),
		Status: http.StatusUnauthorized,
		Detail: texts.Say("key-wrong"),
	})
}

// unavailable is an error of something that we asked and that did not answer.
type unavailable struct{ error }

func (u unavailable) Unwrap() error { return u.error }

// silent reports whether somebody we asked did not answer.
func silent(err error) bool {
	var network net.Error
	return errors.As(err, &unavailable{}) || errors.Is(err, context.DeadlineExceeded) || errors.As(err, &network)
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
	Type   string    `json:"type,omitempty"`
	Title  string    `json:"title"`
	Status int       `json:"status"`
	Detail string    `json:"detail"`
	Code   post.Code `json:"code,omitempty"`
	Errors []mistake `json:"errors,omitempty"`
}

func (a *API) problem(w http.ResponseWriter, r *http.Request, err error) {
	p := a.problemOf(r, err)
	if p.Status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "10")
	}
	write(w, p.Status, p)
}

// mistake is something wrong with one field of a request.
type mistake struct {
	Field string `json:"field"`
	Text  string `json:"text"`
}

func mistakesOf(all post.Mistakes) []mistake {
	mistakes := make([]mistake, len(all))
	for i, m := range all {
		mistakes[i] = mistake{m.Field, texts.Of(m.Text)}
	}
	return mistakes
}

// problemOf returns the problem details (RFC 9457) of an error. An error that nobody foresaw gets a reference that
// stands in the log, and none of its own words.
func (a *API) problemOf(r *http.Request, err error) problem {
	var mistakes post.Mistakes
	var told *post.Problem
	var forbidden *post.Forbidden
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return problem{
			Title:  texts.Say("title-too-large"),
			Status: http.StatusRequestEntityTooLarge,
			Detail: texts.Say("body-too-large", large.Limit>>20),
		}
	case errors.As(err, &mistakes):
		return problem{
			Title:  texts.Say("something-to-mend"),
			Status: http.StatusUnprocessableEntity,
			Detail: texts.Error(mistakes),
			Errors: mistakesOf(mistakes),
		}
	case errors.As(err, &forbidden):
		return problem{
			Title:  texts.Say("title-forbidden"),
			Status: http.StatusForbidden,
			Detail: texts.Sentence(forbidden),
		}
	case errors.Is(err, errBroken):
		return problem{Title: texts.Say("title-broken"), Status: http.StatusBadRequest, Detail: texts.Sentence(err)}
	case errors.Is(err, errQuery), errors.Is(err, errNumber), errors.Is(err, post.ErrCursor):
		return problem{Title: texts.Say("title-address"), Status: http.StatusBadRequest, Detail: texts.Sentence(err)}
	case errors.Is(err, post.ErrNotFound), errors.Is(err, post.ErrNoLetterID):
		return problem{
			Title:  texts.Say("title-not-found"),
			Status: http.StatusNotFound,
			Detail: texts.Say("not-in-organization"),
		}
	case tooMany(err):
		return problem{
			Title:  texts.Say("not-now"),
			Status: http.StatusTooManyRequests,
			Detail: texts.Sentence(err),
		}
	case errors.Is(err, post.ErrDraftChanged):
		return problem{
			Title:  texts.Say("title-changed"),
			Status: http.StatusPreconditionFailed,
			Detail: texts.Sentence(err),
		}
	case errors.Is(err, post.ErrRunning):
		return problem{
			Title:  texts.Say("not-now"),
			Status: http.StatusConflict,
			Detail: texts.Say("request-running"),
		}
	case post.NotNow(err):
		return problem{Title: texts.Say("not-now"), Status: http.StatusConflict, Detail: texts.Sentence(err)}
	case errors.As(err, &told):
		return problem{
			Title:  texts.Explain(told.Code).Title,
			Status: http.StatusServiceUnavailable,
			Detail: texts.Problem(told),
			Code:   told.Code,
		}
	case post.OwnFault(err) != "":
		a.Reference(r, err)
		return problem{
			Title:  texts.Say("cannot-now"),
			Status: http.StatusServiceUnavailable,
			Detail: texts.Of(post.OwnFault(err)),
		}
	case silent(err):
		return problem{
			Title:  texts.Say("title-silent"),
			Status: http.StatusServiceUnavailable,
			Detail: texts.Say("data-away", a.Reference(r, err)),
		}
	}
	return problem{
		Title:  texts.Say("title-internal"),
		Status: http.StatusInternalServerError,
		Detail: texts.Say("internal-error", a.Reference(r, err)),
	}
}
