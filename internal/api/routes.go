package api

import (
	"context"
	"net"
	"net/http"
	"strings"

	"brevdue/internal/auth"
	"brevdue/internal/post"
)

// route is what answers to a pattern, and the right that it needs. Whoever has it for no area is told so; a route of a
// shipment, {id}, needs it for that one.
type route struct {
	need post.Right // "" for whoever is let in
	do   func(*call) (int, any, error)
	// needOf is the right that a shipment needs by how it stands
	needOf func(*post.Shipment) post.Right
	secret bool // the answer is not kept: it shows a code or a key
}

// Handler returns the routes.
func (a *API) Handler() http.Handler {
	mux := http.NewServeMux()
	for pattern, r := range a.routes() {
		mux.Handle(pattern, a.authenticated(pattern, a.caller, r))
	}
	for pattern, r := range a.people() {
		mux.Handle(pattern, a.authenticated(pattern, a.caller, r))
	}
	for pattern, r := range a.operations() {
		mux.Handle(pattern, a.authenticated(pattern, a.operator, r))
	}
	for pattern, h := range a.others() {
		mux.HandleFunc(pattern, h)
	}
	mux.HandleFunc("/v1/", func(w http.ResponseWriter, r *http.Request) { a.problem(w, r, post.ErrNotFound) })
	return mux
}

// others are the routes that look at their callers themselves, or are open to all.
func (a *API) others() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"POST /v1/receipts":    a.push,
		"POST /v1/memos":       a.pushMemo,
		"POST /v1/backup":      a.backup,
		"POST /v1/login":       a.login,
		"GET /v1/openapi.yaml": contract,
	}
}

// routes are what needs a key or a session, as openapi.yaml describes it.
func (a *API) routes() map[string]route {
	return map[string]route{
		"POST /v1/shipments":                               {need: post.RightWrite, do: a.create},
		"GET /v1/shipments":                                {do: a.list},
		"GET /v1/shipments/{id}":                           {do: a.shipment},
		"GET /v1/shipments/{id}/letters":                   {do: a.letters},
		"GET /v1/shipments/{id}/letters/{number}/document": {do: a.document},
		"GET /v1/shipments/{id}/letters/{number}/message":  {do: a.message},
		"GET /v1/shipments/{id}/letters/{number}/archives": {do: a.transfers},
		"POST /v1/shipments/{id}/send":                     {need: post.RightSend, do: a.send},
		"POST /v1/shipments/{id}/cancel":                   {do: a.cancel, needOf: (*post.Shipment).CancelNeeds},
		"POST /v1/shipments/{id}/edits":                    {need: post.RightWrite, do: a.edit},
		"DELETE /v1/shipments/{id}/edits/{number}":         {need: post.RightWrite, do: a.undoEdit},
		"POST /v1/shipments/{id}/undo":                     {need: post.RightSend, do: a.undo},
		"POST /v1/shipments/{id}/pause":                    {need: post.RightSend, do: a.pause},
		"POST /v1/shipments/{id}/continue":                 {need: post.RightSend, do: a.continueSending},
		"GET /v1/recipient-lists":                          {need: post.RightWrite, do: a.recipientLists},
		"POST /v1/recipient-lists":                         {need: post.RightWrite, do: a.importRecipients},
		"GET /v1/recipient-lists/{id}":                     {need: post.RightWrite, do: a.recipientList},
		"DELETE /v1/recipient-lists/{id}":                  {need: post.RightWrite, do: a.removeRecipients},
		"GET /v1/profiles":                                 {do: a.profiles},
		"PUT /v1/profiles/{name}":                          {need: post.RightWrite, do: a.putProfile},
		"DELETE /v1/profiles/{name}":                       {need: post.RightWrite, do: a.removeProfile},
		"GET /v1/inbox":                                    {need: post.RightInbox, do: a.inbox},
		"GET /v1/inbox/{id}/files/{number}":                {need: post.RightInbox, do: a.inboxFile},
		"GET /v1/unhandled":                                {need: post.RightUnhandled, do: a.unhandled},
		"POST /v1/unhandled/replay":                        {need: post.RightUnhandled, do: a.replay},
		"POST /v1/unhandled/dismiss":                       {need: post.RightUnhandled, do: a.dismiss},
		"POST /v1/unhandled/correct":                       {need: post.RightUnhandled, do: a.correct},
		"GET /v1/unhandled/bulks/{id}":                     {need: post.RightUnhandled, do: a.bulk},
		"POST /v1/unhandled/bulks/{id}/stop":               {need: post.RightUnhandled, do: a.stopBulk},
		"GET /v1/status":                                   {do: a.status},
		"POST /v1/shipments/{id}/rehearse":                 {need: post.RightWrite, do: a.rehearse},
		"POST /v1/shipments/{id}/look-up":                  {need: post.RightWrite, do: a.lookUpAgain},
		"POST /v1/checks":                                  {need: post.RightOperate, do: a.startCheck},
		"GET /v1/checks/{id}":                              {need: post.RightOperate, do: a.check},
		"POST /v1/stop":                                    {need: post.RightOperate, do: a.stop},
		"POST /v1/start":                                   {need: post.RightOperate, do: a.start},
		"POST /v1/shipments/{id}/incident":                 {need: post.RightOperate, do: a.incident},
		"GET /v1/audit":                                    {need: post.RightAudit, do: a.audit},
		"POST /v1/audit/person":                            {need: post.RightAudit, do: a.person},
		"POST /v1/archive/search":                          {need: post.RightArchive, do: a.searchArchive},
		"GET /v1/archive/cases/{case}":                     {need: post.RightArchive, do: a.archivedCase},
		"POST /v1/archive/cases/{case}/export":             {need: post.RightArchive, do: a.exportCase},
		"GET /v1/archive/documents/{document}":             {need: post.RightArchive, do: a.archivedDocument},
		"POST /v1/archive/verify":                          {need: post.RightArchive, do: a.verifyArchive},
		"POST /v1/audit/seen":                              {need: post.RightAudit, do: a.seen},
		"POST /v1/audit/erase":                             {need: post.RightAudit, do: a.erase},
		"GET /v1/notices":                                  {need: post.RightOperate, do: a.notices},
		"POST /v1/notices/{id}/resend":                     {need: post.RightOperate, do: a.resend},
		"GET /v1/subscriptions":                            {need: post.RightOperate, do: a.subscriptions},
		"PUT /v1/subscriptions":                            {need: post.RightOperate, do: a.subscribe},
		"DELETE /v1/subscriptions/{id}":                    {need: post.RightOperate, do: a.unsubscribe},
		"POST /v1/logout":                                  {do: a.logout},
		"POST /v1/shipments/{id}/approve":                  {need: post.RightApprove, do: a.approve},
		"POST /v1/shipments/{id}/decline":                  {need: post.RightApprove, do: a.decline},
		"GET /v1/unhandled/proposals":                      {need: post.RightApprove, do: a.proposals},
		"POST /v1/unhandled/approve":                       {need: post.RightApprove, do: a.approveCorrection},
		"POST /v1/unhandled/decline":                       {need: post.RightApprove, do: a.declineCorrection},
		"GET /v1/settings":                                 {need: post.RightAdminister, do: a.settings},
		"GET /v1/filing-plan":                              {need: post.RightOperate, do: a.filingPlan},
		"PUT /v1/filing-plan":                              {need: post.RightOperate, do: a.putFilingPlan},
		"PATCH /v1/settings":                               {need: post.RightAdminister, do: a.changeSettings},
	}
}

// call is one request of somebody who was let in.
type call struct {
	*http.Request
	who      post.Caller
	shipment *post.Shipment // of the address, where there is one
}

// authenticated lets requests of known callers in who have the right, and writes what the handler returns: a status and
// a body as JSON, or the problem details of its error.
func (a *API) authenticated(
	pattern string,
	known func(*http.Request) (post.Caller, error),
	h route,
) http.Handler {
	ofShipment := strings.Contains(pattern, " /v1/shipments/{id}")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, err := known(r)
		if err != nil {
			a.notLetIn(w, r, err)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, bodyLimit)
		c := &call{Request: r, who: who}
		if err = c.readable(); err == nil {
			err = auth.Permit(who, h.need)
		}
		if err == nil && ofShipment {
			c.shipment, err = a.permitted(c, c.PathValue("id"), h)
		}
		var status int
		var body any
		switch {
		case err != nil:
		case h.secret:
			status, body, err = h.do(c)
		default:
			status, body, err = a.once(c, h.do)
		}
		if err != nil {
			a.problem(w, r, err)
			return
		}
		write(w, status, body)
	})
}

// permitted returns a shipment for which the caller has the right of a route.
func (a *API) permitted(c *call, id string, h route) (*post.Shipment, error) {
	s, err := a.Shipments.Get(c.Context(), c.who.Org, id)
	if err != nil {
		return nil, err
	}
	need := h.need
	if h.needOf != nil {
		need = h.needOf(s)
	}
	return s, auth.PermitAt(c.who, need, s.Area)
}

// own returns the shipment of the address.
func (a *API) own(c *call) (*post.Shipment, error) {
	if c.shipment != nil && c.shipment.ID == c.PathValue("id") {
		return c.shipment, nil
	}
	return a.permitted(c, c.PathValue("id"), route{})
}

// caller returns whose key or session a request has.
func (a *API) caller(r *http.Request) (post.Caller, error) {
	key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return post.Caller{}, auth.ErrDenied
	}
	return a.Key(r.Context(), key, clientOf(r).Address)
}

// clientOf is where a request comes from.
func clientOf(r *http.Request) post.Client {
	c := post.Client{Address: r.RemoteAddr, Agent: r.UserAgent()}
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		c.Address = host
	}
	return c
}

// Login lets a person in who works at a command line.
type Login interface {
	Login(ctx context.Context, from post.Client, name, code string) (token string, s post.Session, err error)
	Logout(ctx context.Context, token string) error
}
