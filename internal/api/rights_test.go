package api

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"brevdue/internal/auth"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// rights is the right that each route needs (practice D1); "-" is for whoever is let in. A new route has to be in it.
var rights = map[string]post.Right{
	"POST /v1/shipments":                               post.RightWrite,
	"GET /v1/shipments":                                "-",
	"GET /v1/shipments/{id}":                           "-",
	"GET /v1/shipments/{id}/letters":                   "-",
	"GET /v1/shipments/{id}/letters/{number}/document": "-",
	"GET /v1/shipments/{id}/letters/{number}/message":  "-",
	"GET /v1/shipments/{id}/letters/{number}/archives": "-",
	"POST /v1/shipments/{id}/send":                     post.RightSend,
	"POST /v1/shipments/{id}/cancel":                   post.RightSend, // of one that is being sent
	"POST /v1/shipments/{id}/edits":                    post.RightWrite,
	"DELETE /v1/shipments/{id}/edits/{number}":         post.RightWrite,
	"POST /v1/shipments/{id}/undo":                     post.RightSend,
	"POST /v1/shipments/{id}/pause":                    post.RightSend,
	"POST /v1/shipments/{id}/continue":                 post.RightSend,
	"POST /v1/shipments/{id}/approve":                  post.RightApprove,
	"POST /v1/shipments/{id}/decline":                  post.RightApprove,
	"POST /v1/shipments/{id}/incident":                 post.RightOperate,
	"GET /v1/recipient-lists":                          post.RightWrite,
	"POST /v1/recipient-lists":                         post.RightWrite,
	"GET /v1/recipient-lists/{id}":                     post.RightWrite,
	"DELETE /v1/recipient-lists/{id}":                  post.RightWrite,
	"GET /v1/profiles":                                 "-",
	"PUT /v1/profiles/{name}":                          post.RightWrite,
	"DELETE /v1/profiles/{name}":                       post.RightWrite,
	"GET /v1/inbox":                                    post.RightInbox,
	"GET /v1/inbox/{id}/files/{number}":                post.RightInbox,
	"GET /v1/unhandled":                                post.RightUnhandled,
	"POST /v1/unhandled/replay":                        post.RightUnhandled,
	"POST /v1/unhandled/dismiss":                       post.RightUnhandled,
	"POST /v1/unhandled/correct":                       post.RightUnhandled,
	"GET /v1/unhandled/bulks/{id}":                     post.RightUnhandled,
	"POST /v1/unhandled/bulks/{id}/stop":               post.RightUnhandled,
	"GET /v1/unhandled/proposals":                      post.RightApprove,
	"POST /v1/unhandled/approve":                       post.RightApprove,
	"POST /v1/unhandled/decline":                       post.RightApprove,
	"GET /v1/status":                                   "-",
	"POST /v1/shipments/{id}/rehearse":                 post.RightWrite,
	"POST /v1/shipments/{id}/look-up":                  post.RightWrite,
	"POST /v1/checks":                                  post.RightOperate,
	"GET /v1/checks/{id}":                              post.RightOperate,
	"POST /v1/stop":                                    post.RightOperate,
	"POST /v1/start":                                   post.RightOperate,
	"GET /v1/audit":                                    post.RightAudit,
	"POST /v1/audit/person":                            post.RightAudit,
	"POST /v1/archive/search":                          post.RightArchive,
	"GET /v1/archive/cases/{case}":                     post.RightArchive,
	"POST /v1/archive/cases/{case}/export":             post.RightArchive,
	"GET /v1/archive/documents/{document}":             post.RightArchive,
	"POST /v1/archive/verify":                          post.RightArchive,
	"POST /v1/audit/seen":                              post.RightAudit,
	"POST /v1/audit/erase":                             post.RightAudit,
	"GET /v1/notices":                                  post.RightOperate,
	"POST /v1/notices/{id}/resend":                     post.RightOperate,
	"GET /v1/subscriptions":                            post.RightOperate,
	"PUT /v1/subscriptions":                            post.RightOperate,
	"DELETE /v1/subscriptions/{id}":                    post.RightOperate,
	"POST /v1/logout":                                  "-",
	"GET /v1/settings":                                 post.RightAdminister,
	"GET /v1/filing-plan":                              post.RightOperate,
	"PUT /v1/filing-plan":                              post.RightOperate,
	"PATCH /v1/settings":                               post.RightAdminister,
	"GET /v1/users":                                    post.RightAdminister,
	"POST /v1/users":                                   post.RightAdminister,
	"POST /v1/users/import":                            post.RightAdminister,
	"PATCH /v1/users/{name}":                           post.RightAdminister,
	"POST /v1/users/{name}/close":                      post.RightAdminister,
	"POST /v1/users/{name}/open":                       post.RightAdminister,
	"POST /v1/users/{name}/code":                       post.RightAdminister,
	"POST /v1/users/{name}/factors/remove":             post.RightAdminister,
	"GET /v1/groups":                                   post.RightAdminister,
	"POST /v1/groups":                                  post.RightAdminister,
	"PATCH /v1/groups/{group}":                         post.RightAdminister,
	"DELETE /v1/groups/{group}":                        post.RightAdminister,
	"GET /v1/keys":                                     post.RightAdminister,
	"POST /v1/keys":                                    post.RightAdminister,
	"POST /v1/keys/{key}/close":                        post.RightAdminister,
}

// rightsAPI is an API with one shipment of a unit, whoever asks.
func rightsAPI(t *testing.T, who *post.Caller) http.Handler {
	t.Helper()
	a := newTestAPI(t)
	a.Key = func(context.Context, string, string) (post.Caller, error) { return *who, nil }
	a.Administration = &auth.Administration{Auth: &auth.Auth{}}
	s, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 1)
	s.State, s.Subject = post.InSending, "Et emne"
	s.Area = post.Area{Owner: "bo", Unit: "skole", DocumentType: "afgoerelse", KLE: "17.01.01"}
	posttest.Check(t, a.store.Shipments().Create(t.Context(), s))
	posttest.Check(t, a.store.Letters().Create(t.Context(), &post.Shipment{}, letters))
	return a.Handler()
}

func answer(h http.Handler, pattern string) *httptest.ResponseRecorder {
	method, path, _ := strings.Cut(pattern, " ")
	path = strings.NewReplacer("{id}", "aaaaaaaaaaaa", "{number}", "1", "{name}", "eva", "{group}", "g", "{key}", "k").
		Replace(path)
	r := httptest.NewRequest(method, path, strings.NewReader("{}"))
	r.Header.Set("Authorization", "Bearer x")
	w := httptest.NewRecorder()
	func() {
		defer func() { _ = recover() }() // what lies behind the right is not there
		h.ServeHTTP(w, r)
	}()
	return w
}

// TestEveryRouteNeedsItsRight is practice D1: whoever has every right but one is refused where it is needed, and with
// that one alone is not refused for another. A right for another unit, document type or number of the filing plan is
// none.
func TestEveryRouteNeedsItsRight(t *testing.T) {
	who := &post.Caller{Org: "demo", Name: "eva", Kind: post.ByUser, Person: "eva"}
	h := rightsAPI(t, who)
	a := newTestAPI(t).API
	for pattern, need := range rights {
		r, ok := a.routes()[pattern]
		if !ok {
			r, ok = a.people()[pattern]
		}
		if !ok || need != "-" && r.needOf == nil && r.need != need || need == "-" && r.need != "" {
			t.Errorf("%s is there: %v, and needs %q, want %q", pattern, ok, r.need, need)
		}
		others := post.GrantsOf(slices.DeleteFunc(post.Rights(), func(r post.Right) bool { return r == need })...)
		if who.Grants = others; need != "-" {
			if w := answer(h, pattern); w.Code != http.StatusForbidden {
				t.Errorf("%s without %s: %d %s", pattern, need, w.Code, w.Body)
			}
		}
		who.Grants = post.GrantsOf(need, post.RightSeeAll)
		if w := answer(h, pattern); w.Code == http.StatusForbidden {
			t.Errorf("%s with %s: %s", pattern, need, w.Body)
		}
		if need == "-" || !strings.Contains(pattern, "/shipments/{id}") {
			continue
		}
		for _, scope := range []post.Scope{{Unit: "vej"}, {DocumentType: "brev"}, {KLE: "17.02"}, {KLE: "1"}} {
			who.Grants = append(post.GrantsOf(post.RightSeeAll), post.Grant{Right: need, Scope: scope})
			if w := answer(h, pattern); w.Code != http.StatusForbidden {
				t.Errorf("%s with %+v: %d %s", pattern, scope, w.Code, w.Body)
			}
		}
		for _, scope := range []post.Scope{{Unit: "skole"}, {DocumentType: "afgoerelse"}, {KLE: "17.01"}, {KLE: "17"}} {
			who.Grants = append(post.GrantsOf(post.RightSeeAll), post.Grant{Right: need, Scope: scope})
			if w := answer(h, pattern); w.Code == http.StatusForbidden {
				t.Errorf("%s with %+v: %d %s", pattern, scope, w.Code, w.Body)
			}
		}
	}
	for _, table := range []map[string]route{a.routes(), a.people()} {
		for pattern := range table {
			if rights[pattern] == "" {
				t.Errorf("%s is in no table of rights", pattern)
			}
		}
	}
}

// TestWhatIsNotSeenIsNotThere: a shipment of others is neither listed nor opened without the right to see it, in the
// list or by its id; what is confidential is listed without its subject.
func TestWhatIsNotSeenIsNotThere(t *testing.T) {
	who := &post.Caller{Org: "demo", Name: "eva", Kind: post.ByUser, Person: "eva"}
	h := rightsAPI(t, who)
	elsewhere := post.Grants{{Right: post.RightSeeAll, Scope: post.Scope{Unit: "vej"}}}
	for _, grants := range []post.Grants{nil, elsewhere, post.GrantsOf(post.RightSend, post.RightAdminister)} {
		who.Grants = grants
		for pattern, need := range rights {
			if !strings.Contains(pattern, "/shipments/{id}") {
				continue
			}
			if need != "-" {
				who.Grants = append(slices.Clone(grants), post.GrantsOf(need)...)
			}
			if w := answer(
				h,
				pattern,
			); w.Code != http.StatusNotFound ||
				strings.Contains(w.Body.String(), "Et emne") {
				t.Errorf("%s with %+v: %d %s", pattern, who.Grants, w.Code, w.Body)
			}
		}
		if w := answer(h, "GET /v1/shipments"); strings.Contains(w.Body.String(), "Et emne") {
			t.Errorf("listed with %+v: %s", grants, w.Body)
		}
	}
	for _, grants := range []post.Grants{post.GrantsOf(post.RightSeeAll),
		{{Right: post.RightSeeAll, Scope: post.Scope{Unit: "skole"}}}} {
		if who.Grants = grants; !strings.Contains(answer(h, "GET /v1/shipments").Body.String(), "Et emne") {
			t.Errorf("not listed with %+v", grants)
		}
	}
	who.Name, who.Person, who.Grants = "bo", "bo", nil
	if w := answer(h, "GET /v1/shipments"); !strings.Contains(w.Body.String(), "Et emne") {
		t.Errorf("one's own is not listed: %s", w.Body)
	}
}

// TestConfidential (fortrolig): listed without its subject, opened by its owner and by who may open it.
func TestConfidential(t *testing.T) {
	who := &post.Caller{Org: "demo", Name: "eva", Kind: post.ByUser, Person: "eva"}
	a := newTestAPI(t)
	a.Key = func(context.Context, string, string) (post.Caller, error) { return *who, nil }
	s, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 1)
	s.State, s.Subject, s.Area = post.InSending, "Et emne", post.Area{Owner: "bo", Confidential: true}
	posttest.Check(t, a.store.Shipments().Create(t.Context(), s))
	posttest.Check(t, a.store.Letters().Create(t.Context(), &post.Shipment{}, letters))
	f := &post.Failure{Org: "demo", Area: s.Area, Shipment: s.ID, Letter: letters[0].ID, Subject: "Et emne",
		Problem: post.Problem{Code: post.NotEnrolled}, Since: posttest.Start}
	posttest.Check(t, a.store.Failures().Put(t.Context(), f, nil))
	h := a.Handler()
	for _, c := range []struct {
		person string
		grants post.Grants
		opens  bool
	}{
		{"eva", post.GrantsOf(post.RightSeeAll, post.RightUnhandled), false},
		{"eva", post.GrantsOf(post.RightSeeAll, post.RightUnhandled, post.RightConfidential), true},
		{"bo", post.GrantsOf(post.RightUnhandled), true},
	} {
		who.Person, who.Name, who.Grants = c.person, c.person, c.grants
		for _, pattern := range []string{"GET /v1/shipments", "GET /v1/shipments/{id}", "GET /v1/unhandled"} {
			w := answer(h, pattern)
			if strings.Contains(w.Body.String(), "Et emne") != c.opens {
				t.Errorf("%s by %s with %+v: %d %s", pattern, c.person, c.grants, w.Code, w.Body)
			}
		}
		if w := answer(h, "GET /v1/shipments"); !strings.Contains(w.Body.String(), s.ID) {
			t.Errorf("%s does not see that it is there: %s", c.person, w.Body)
		}
	}
}

// TestAKeyTouchesNoPeople is practice D4: whatever rights a key has, it makes neither users nor groups nor keys.
func TestAKeyTouchesNoPeople(t *testing.T) {
	who := &post.Caller{Org: "demo", Name: "fagsystem", Kind: post.ByKey, Grants: post.Everything().Grants}
	h := rightsAPI(t, who)
	for pattern := range newTestAPI(t).people() {
		if w := answer(h, pattern); w.Code != http.StatusForbidden {
			t.Errorf("%s: %d %s", pattern, w.Code, w.Body)
		}
	}
}

// TestOtherRoutesNeedTheirRight: routes that look at their callers themselves. A backup is everything: it needs the
// right to operate, in the organization that runs the installation. The others are open, or have a token of their own.
func TestOtherRoutesNeedTheirRight(t *testing.T) {
	open := map[string]bool{"POST /v1/receipts": true, "POST /v1/memos": true, "POST /v1/login": true,
		"GET /v1/openapi.yaml": true}
	who := &post.Caller{Org: "demo", Name: "program", Kind: post.ByKey}
	a := newTestAPI(t).API
	a.Key = func(context.Context, string, string) (post.Caller, error) { return *who, nil }
	a.Operator, a.Backup = "demo", func(w io.Writer) error { _, err := io.WriteString(w, "all of it"); return err }
	h := a.Handler()
	for pattern := range a.others() {
		if pattern != "POST /v1/backup" && !open[pattern] {
			t.Errorf("%s: who may?", pattern)
		}
	}
	for _, c := range []struct {
		org    string
		grants post.Grants
		want   int
	}{
		{"demo", post.GrantsOf(post.RightOperate), http.StatusOK},
		{"demo", post.GrantsOf(slices.DeleteFunc(post.Rights(), isOperate)...), http.StatusForbidden},
		{"demo", nil, http.StatusForbidden},
		{"syd", post.GrantsOf(post.RightOperate), http.StatusNotFound},
	} {
		who.Org, who.Grants = c.org, c.grants
		if w := answer(
			h,
			"POST /v1/backup",
		); w.Code != c.want ||
			(c.want != 200) == strings.Contains(w.Body.String(), "all") {
			t.Errorf("a backup for %s with %v: %d %s", c.org, c.grants, w.Code, w.Body)
		}
	}
}

func isOperate(r post.Right) bool { return r == post.RightOperate }
