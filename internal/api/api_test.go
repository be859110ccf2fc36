package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"brevdue/internal/auth"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/stage/split"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

// testAPI is an API on a table in memory, that lets in whoever has the key "k".
type testAPI struct {
	t *testing.T
	*API
	store  *store.Store
	logged []error
}

// orders takes orders and remembers the last.
type orders struct {
	post.ShipmentCommands
	got post.Order
}

func (o *orders) Create(_ context.Context, who post.Caller, order post.Order) (*post.Shipment, []post.Link, error) {
	o.got = order
	return &post.Shipment{ID: "aaaaaaaaaaaa", Org: who.Org, Subject: order.Subject, State: post.Uploading}, nil, nil
}

func newTestAPI(t *testing.T) *testAPI {
	s := store.New(storetest.NewMemory())
	r := &testAPI{t: t, store: s}
	r.API = &API{
		Key: func(_ context.Context, key, _ string) (post.Caller, error) {
			if key == "k" {
				return post.Caller{Org: "demo", Name: "test", Kind: post.ByKey,
					Grants: post.GrantsOf(post.KeyRights()...)}, nil
			}
			return post.Caller{}, auth.ErrDenied
		},
		Commands: &orders{}, Shipments: s.Shipments(), Letters: s.Letters(), Failures: s.Failures(), Inbox: s.Inbox(),
		Notices:  s.Notices(),
		Lists:    s.Letters(),
		Bulks:    s.Bulks(),
		Requests: s,
		Now:      time.Now,
		Reviews:  &split.Handler{Lists: s.Letters(), Outlines: s, Drafts: s},
		Outlines: s, Audit: s.AuditLog(time.Now), PushToken: "p", Push: func(context.Context,
			[]byte) error {
			return nil
		},
		Reference: func(_ *http.Request, err error) string {
			r.logged = append(r.logged, err)
			return "4f00"
		},
	}
	return r
}

// ask makes a request with the right key.
func (r *testAPI) ask(method, path string, body io.Reader, header ...string) *httptest.ResponseRecorder {
	r.t.Helper()
	var sent []byte
	if body != nil {
		var err error
		if sent, err = io.ReadAll(body); err != nil { // it breaks off on its way
			body = io.MultiReader(bytes.NewReader(sent), iotest.ErrReader(err))
		} else {
			body = bytes.NewReader(sent)
		}
	}
	q := httptest.NewRequest(method, path, body)
	q.Header.Set("Authorization", "Bearer k")
	for i := 0; i+1 < len(header); i += 2 {
		q.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	r.Handler().ServeHTTP(w, q)
	kept(r.t, q, sent, w)
	return w
}

func problemIn(t *testing.T, w *httptest.ResponseRecorder) problem {
	t.Helper()
	var p problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Title == "" || p.Detail == "" {
		t.Errorf("no problem details (RFC 9457): %d %s", w.Code, w.Body)
	}
	return p
}

// TestABodyIsOneValueOfText: what is wrong with it is told in the user's words, and nothing is made of it.
func TestABodyIsOneValueOfText(t *testing.T) {
	const latin1 = "{\"subject\": \"Afg\xf8relse\"}"
	for name, c := range map[string]struct {
		body string
		want int
		says string
		kind string
	}{
		"one value":             {`{"subject": "Afgørelse"}`, 201, "", ""},
		"an emoji, escaped":     {`{"subject": "\ud83d\ude00 \\ud800"}`, 201, "", ""},
		"nothing":               {" \n", 201, "", ""},
		"white space after it":  {"{}\r\n\t ", 201, "", "application/json; charset=utf-8"},
		"two values":            {`{"subject": "a"} {"subject": "b"}`, 422, "én JSON-værdi", ""},
		"something after it":    {`{"subject": "a"}x`, 422, "én JSON-værdi", ""},
		"Latin-1":               {latin1, 422, "UTF-8", ""},
		"Latin-1, and said so":  {`{}`, 422, "iso-8859-1", "application/json; charset=iso-8859-1"},
		"half a surrogate pair": {`{"subject": "\ud83d"}`, 422, "UTF-8", ""},
		"the wrong half first":  {`{"subject": "\ude00\ud83d"}`, 422, "UTF-8", ""},
		"a number for a text":   {`{"subject": 7}`, 422, "»subject« skal være en tekst", ""},
		"a text for a list":     {`{"recipients": "0101901234"}`, 422, "»recipients« skal være en liste", ""},
		"a text for a switch":   {`{"review": "yes"}`, 422, "»review« skal være true eller false", ""},
		"a text for a size":     {`{"document": {"size": "7"}}`, 422, "»document.size« skal være et tal", ""},
		"a list":                {`[]`, 422, "et objekt", ""},
		"an unknown field":      {`{"emne": "a"}`, 422, "»emne« findes ikke", ""},
		"broken off":            {`{"subject": "a`, 422, "midt i", ""},
		"no JSON":               {`hej`, 422, "ved tegn 1", ""},
		"too much":              {`{"subject": "` + strings.Repeat("x", bodyLimit) + `"}`, 413, "1 MB", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := newTestAPI(t)
			w := r.ask("POST", "/v1/shipments", strings.NewReader(c.body), "Content-Type", c.kind)
			if w.Code != c.want || !strings.Contains(w.Body.String(), c.says) {
				t.Errorf("%d %s; want %d %q", w.Code, w.Body, c.want, c.says)
			}
			if w.Code >= 400 {
				problemIn(t, w)
			}
			for _, goWord := range []string{"Go ", "orderJSON", "string", "json:", "unexpected"} {
				if strings.Contains(w.Body.String(), goWord) {
					t.Errorf("it speaks Go: %s", w.Body)
				}
			}
			if len(r.logged) > 0 {
				t.Errorf("it is called our error: %v", r.logged)
			}
		})
	}
}

type brokenOff struct{}

func (brokenOff) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// TestWhoGoesAwayIsNobodysError: a body that never comes whole is not logged as an internal error.
func TestWhoGoesAwayIsNobodysError(t *testing.T) {
	for _, path := range []string{"/v1/shipments", "/v1/receipts"} {
		r := newTestAPI(t)
		header := []string{}
		if path == "/v1/receipts" {
			header = []string{"Authorization", "Bearer p"}
		}
		if w := r.ask("POST", path, brokenOff{}, header...); w.Code != http.StatusBadRequest || len(r.logged) > 0 {
			t.Errorf("%s: %d, logged %v", path, w.Code, r.logged)
		}
	}
}

// TestWhatDoesNotAnswerIsNoWrongKey: a table that is away is 503 and in the log, on every route; only a key that was
// looked up and not found is 401.
func TestWhatDoesNotAnswerIsNoWrongKey(t *testing.T) {
	for _, route := range []string{"GET /v1/shipments", "POST /v1/stop", "POST /v1/backup", "GET /v1/unhandled"} {
		method, path, _ := strings.Cut(route, " ")
		r := newTestAPI(t)
		if w := r.ask(method, path, nil, "Authorization", "Bearer other"); w.Code != http.StatusUnauthorized ||
			len(r.logged) > 0 {
			t.Errorf("%s with a wrong key: %d, logged %v", route, w.Code, r.logged)
		}
		if w := r.ask(method, path, nil, "Authorization", "k"); w.Code != http.StatusUnauthorized {
			t.Errorf("%s without Bearer: %d", route, w.Code)
		}
		away := fmt.Errorf("table: %w", errors.New("connection refused"))
		r.Key = func(context.Context, string, string) (post.Caller, error) { return post.Caller{}, away }
		w := r.ask(method, path, nil)
		p := problemIn(t, w)
		if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || !strings.Contains(p.Detail,
			"4f00") {
			t.Errorf("%s: %d %+v", route, w.Code, p)
		}
		if len(r.logged) != 1 || !errors.Is(r.logged[0], away) || strings.Contains(p.Detail, "refused") {
			t.Errorf("%s: logged %v, told %s", route, r.logged, p.Detail)
		}
	}
}

// silentTable never answers in time.
type silentTable struct{ post.Shipments }

func (silentTable) List(context.Context, string, post.Sight, string, int) ([]*post.Shipment, string, error) {
	return nil, "", fmt.Errorf("query: %w", context.DeadlineExceeded)
}

func TestATableThatIsSilentIsToldAsThat(t *testing.T) {
	r := newTestAPI(t)
	r.Shipments = silentTable{}
	if w := r.ask("GET", "/v1/shipments", nil); w.Code != http.StatusServiceUnavailable || len(r.logged) != 1 {
		t.Errorf("%d %s, logged %v", w.Code, w.Body, r.logged)
	}
}

// TestListsEnd: whoever follows "next" as it is, unescaped, sees everything once; what is no place in the list is an
// error.
func TestListsEnd(t *testing.T) {
	r, ctx := newTestAPI(t), context.Background()
	for i := range 7 {
		s, letters := posttest.Shipment(t, fmt.Sprintf("%012d", i), 1)
		posttest.Check(t, r.store.Shipments().Create(ctx, s))
		posttest.Check(t, r.store.Inbox().Put(ctx, &post.InboxMessage{ID: s.ID, Org: "demo", Received: posttest.Start}))
		posttest.Check(t, r.store.Failures().Put(ctx, &post.Failure{Org: "demo", Shipment: s.ID, Letter: letters[0].ID,
			Problem: post.Problem{Code: post.UnknownRecipient}, Since: posttest.Start}, nil))
	}
	for path, list := range map[string]string{
		"/v1/shipments?limit=2": "shipments", "/v1/inbox?limit=3": "messages", "/v1/unhandled?limit=2": "unhandled",
		"/v1/unhandled?code=unknown-recipient&limit=2": "unhandled",
	} {
		seen, cursor := map[string]bool{}, ""
		for page := 0; page == 0 || cursor != ""; page++ {
			if page > 10 {
				t.Fatalf("%s never ends", path)
			}
			w := r.ask("GET", path+"&cursor="+cursor, nil)
			var answer map[string]json.RawMessage
			posttest.Check(t, json.Unmarshal(w.Body.Bytes(), &answer))
			var rows []json.RawMessage
			posttest.Check(t, json.Unmarshal(answer[list], &rows))
			for _, row := range rows {
				if seen[string(row)] {
					t.Fatalf("%s shows something twice", path)
				}
				seen[string(row)] = true
			}
			if page == 0 {
				other := r.ask("GET", path+"&cursor=x"+strings.Trim(string(answer["next"]), `"`), nil)
				if problemIn(t, other); other.Code != http.StatusBadRequest {
					t.Errorf("%s with a changed cursor: %d", path, other.Code)
				}
			}
			cursor = strings.Trim(string(answer["next"]), `"`)
		}
		if len(seen) != 7 {
			t.Errorf("%s shows %d of 7", path, len(seen))
		}
	}
}

// TestAnAddressIsReadOrRefused: a number or a place that is none is never taken for the beginning.
func TestAnAddressIsReadOrRefused(t *testing.T) {
	r := newTestAPI(t)
	s, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 1)
	posttest.Check(t, r.store.Shipments().Create(context.Background(), s))
	posttest.Check(t, r.store.Letters().Create(context.Background(), &post.Shipment{}, letters))
	for path, want := range map[string]int{
		"/v1/shipments": 200, "/v1/shipments?limit=100000": 200, "/v1/shipments?cursor=": 200,
		"/v1/shipments/aaaaaaaaaaaa/letters?from=1": 200,
		"/v1/shipments?limit=ten":                   400, "/v1/shipments?limit=0": 400,
		"/v1/shipments?cursor=2026-11-28%23a": 400,
		"/v1/shipments?cursor=!":              400,
		"/v1/inbox?limit=-1":                  400, "/v1/unhandled?cursor=x": 400, "/v1/notices?limit=1.5": 400,
		"/v1/shipments/aaaaaaaaaaaa/letters?from=two": 400, "/v1/shipments/aaaaaaaaaaaa/letters?from=0": 400,
		"/v1/unhandled?code=%E6": 400, "/v1/shipments/%E6": 400, "/v1/unhandled?code=%zz": 400,
	} {
		if w := r.ask("GET", path, nil); w.Code != want {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		} else if w.Code >= 400 {
			problemIn(t, w)
		}
	}
	if len(r.logged) > 0 {
		t.Errorf("logged %v", r.logged)
	}
}
