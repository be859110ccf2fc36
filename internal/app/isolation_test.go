package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"brevdue/internal/keys"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/remote/digitalpost/fake"
	"brevdue/internal/workflow"
)

// two is an installation with two organizations: "demo", which has everything, and "anden", which tries to get at it.
type two struct {
	t        *testing.T
	home     *server
	server   *httptest.Server
	shipment string
	key      string // of anden
	session  string
}

const otherSubject = "Fortroligt emne"

func newTwo(t *testing.T) *two {
	t.Helper()
	ctx := context.Background()
	w := &two{t: t, shipment: "aaaaaaaaaaaa"}
	mux := http.NewServeMux()
	w.server = httptest.NewServer(mux)
	t.Cleanup(w.server.Close)
	var err error
	w.home, err = build(
		Config{
			Data:        t.TempDir(),
			Timings:     post.DemoTimings,
			UploadLimit: 1 << 20,
			Senders:     1,
			Duplicates:  fake.RefuseDuplicates,
		},
		w.server.URL,
		w.server.URL,
	)
	posttest.Check(t, err)
	t.Cleanup(func() { posttest.Check(t, w.home.close()) })
	handler, err := w.home.handler()
	posttest.Check(t, err)
	mux.Handle("/", handler)
	_, err = w.home.app.CreateOrganization(ctx, Demo, func(string) error { return nil })
	posttest.Check(t, err)
	created, err := w.home.app.CreateOrganization(
		ctx,
		post.NewOrganization{ID: "anden", Name: "Anden Kommune", CVR: "12345674", User: "anden"},
		func(key string) error {
			w.key = key
			return nil
		},
	)
	posttest.Check(t, err)
	w.session, _, err = w.home.app.Auth().Login(ctx, post.Client{Address: "192.0.2.1"}, "anden", created.Code)
	posttest.Check(t, err)
	w.furnish()
	return w
}

// furnish gives the organization "demo" one of everything.
func (w *two) furnish() {
	w.t.Helper()
	ctx, s := context.Background(), w.home.app.Store
	shipment, letters := posttest.Shipment(w.t, w.shipment, 3)
	shipment.Subject = otherSubject
	for _, l := range letters {
		posttest.Check(w.t, l.Queue(posttest.Now))
		posttest.Check(w.t, l.Fail(posttest.Now, post.Problem{Code: post.UnknownRecipient}))
	}
	objects, err := w.home.app.Objects.Put(
		ctx,
		post.File{Key: "inbox/demo/m1/1", Content: []byte(otherSubject)},
		post.File{Key: "letters/" + w.shipment + "/1.pdf", Content: []byte(otherSubject)},
	)
	posttest.Check(w.t, err)
	letters[0].Document = objects[1]
	posttest.Check(w.t, s.Shipments().Create(ctx, shipment))
	posttest.Check(w.t, s.Letters().Create(ctx, &post.Shipment{}, letters))
	posttest.Check(
		w.t,
		s.Failures().
			Put(ctx, &post.Failure{Org: "demo", Shipment: w.shipment, Letter: letters[0].ID, Subject: otherSubject,
				Problem: *letters[0].Problem, Since: posttest.Start}, nil),
	)
	posttest.Check(
		w.t,
		s.Inbox().Put(ctx, &post.InboxMessage{ID: "m1", Org: "demo", Subject: otherSubject, Received: posttest.Start,
			Files: []post.InboxFile{{Name: "a", Object: objects[0]}}}),
	)
	posttest.Check(
		w.t,
		s.AuditLog(time.Now).
			Record(ctx, post.Caller{Org: "demo", Name: "eva"}.Did(post.ActSee, w.shipment, "", otherSubject)),
	)
	posttest.Check(
		w.t,
		s.Notices().Subscribe(ctx, post.Subscription{ID: "s1", Org: "demo", Mail: "fortrolig@demo.dk",
			Kinds: post.NoticeKinds}),
	)
	posttest.Check(
		w.t,
		s.Notices().
			Note(ctx, post.Notice{Org: "demo", Kind: post.ShipmentErrors, About: w.shipment, At: posttest.Start}),
	)
	posttest.Check(w.t, s.Notices().Digest(ctx, "demo", posttest.Start))
	posttest.Check(
		w.t,
		s.File(
			ctx,
			post.Filing{
				Org:    "demo",
				Case:   "m-1",
				Person: keys.Person(w.home.app.CaseKey, "demo", letters[0].Recipient.Key()),
				Letter: letters[0].ID,
			},
		),
	)
}

// state is everything that the table has of the organization "demo".
func (w *two) state() string {
	w.t.Helper()
	ctx, s := context.Background(), w.home.app.Store
	var b bytes.Buffer
	shipment, err := s.Shipments().GetAny(ctx, w.shipment)
	posttest.Check(w.t, err)
	letters, err := s.Letters().Page(ctx, &post.Shipment{ID: w.shipment, Version: 1, Letters: 10}, 1, 10)
	posttest.Check(w.t, err)
	rows, _, err := s.Failures().List(ctx, "demo", post.EveryRow(), "", 10)
	posttest.Check(w.t, err)
	stop, err := s.Stopped(ctx, "demo")
	posttest.Check(w.t, err)
	subscriptions, err := s.Notices().Subscriptions(ctx, "demo")
	posttest.Check(w.t, err)
	deliveries, err := s.Notices().Deliveries(ctx, "demo", 10)
	posttest.Check(w.t, err)
	auditLog, err := workflow.AuditChain(ctx, s.AuditLog(time.Now), "demo", w.shipment)
	posttest.Check(w.t, err)
	for _, v := range []any{shipment, letters, rows, stop, subscriptions, deliveries, auditLog} {
		posttest.Check(w.t, json.NewEncoder(&b).Encode(v))
	}
	return b.String()
}

var patterns = regexp.MustCompile(`"((?:GET|POST|PUT|DELETE) /[^"]*)"`)

// routes are all that API or portal answers, read from its source, so that a new one cannot be forgotten.
func routes(t *testing.T, file string) []string {
	t.Helper()
	source, err := os.ReadFile(file)
	posttest.Check(t, err)
	var all []string
	for _, m := range patterns.FindAllSubmatch(source, -1) {
		all = append(all, string(m[1]))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// allRoutes are the routes of API and portal.
func allRoutes(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, file := range []string{"../api/routes.go", "../api/users.go", "../portal/routes.go"} {
		all = append(all, routes(t, file)...)
	}
	return all
}

// TestOtherOrganizations tries every route with the ids of another organization: nothing is shown, nothing changes.
func TestOtherOrganizations(t *testing.T) {
	w := newTwo(t)
	before := w.state()
	delivery := regexp.MustCompile(`"id":"(\d{14}-[0-9a-f]+)"`).FindStringSubmatch(before)
	ids := strings.NewReplacer("{id}", w.shipment, "{number}", "1", "{$}", "", "{user}", "eva", "{name}", "eva",
		"{group}", "g", "{key}", "k", "{bulk}", "b")
	bodies := map[string]string{
		"POST /v1/shipments":         `{"subject":"x","sender":"99060816","document":{"name":"a.pdf"}}`,
		"POST /v1/unhandled/replay":  `{"letter":"aaaaaaaaaaaa/1"}`,
		"POST /v1/unhandled/dismiss": `{"shipment":"aaaaaaaaaaaa","reason":"x"}`,
		"POST /v1/unhandled/correct": `{"letter":"aaaaaaaaaaaa/1","recipient":"0101901000"}`,
		"POST /v1/stop":              `{"reason":"x"}`,
		"POST /v1/audit/person":      `{"number":"0101901000"}`,
		"POST /v1/audit/erase":       `{"before":"2030-01-01","shipment":"aaaaaaaaaaaa"}`,
		"PUT /v1/subscriptions":      `{"mail":"anden@anden.dk"}`,
	}
	own := []string{
		"POST /v1/receipts",
		"POST /v1/memos",
		"GET /static/",
		"GET /log-ind",
		"POST /log-ind",
		"GET /log-ind/glemt",
		"POST /log-ind/glemt",
		"POST /log-af",
		"POST /v1/login",
		"GET /v1/openapi.yaml",
	} // nothing of an organization
	tried := 0
	for _, pattern := range allRoutes(t) {
		if slices.Contains(own, pattern) {
			continue
		}
		method, path, _ := strings.Cut(pattern, " ")
		path = ids.Replace(path)
		switch {
		case strings.HasPrefix(pattern, "GET /v1/inbox/"):
			path = "/v1/inbox/m1/files/1"
		case strings.Contains(pattern, "/notices/"):
			path = "/v1/notices/" + delivery[1] + "/resend"
		case strings.Contains(pattern, "DELETE /v1/subscriptions"):
			path = "/v1/subscriptions/s1"
		case pattern == "GET /v1/audit":
			path += "?shipment=" + w.shipment
		case pattern == "GET /v1/unhandled":
			path += "?shipment=" + w.shipment
		}
		t.Run(pattern, func(t *testing.T) {
			tried++
			status, body := w.try(method, path, bodies[pattern])
			if status >= 500 {
				t.Errorf("%d %s", status, body)
			}
			for _, secret := range []string{otherSubject, "010190", "fortrolig@demo.dk"} {
				if strings.Contains(body, secret) {
					t.Errorf("it shows %q of another organization: %d %s", secret, status, body)
				}
			}
			if strings.Contains(path, w.shipment) && !strings.Contains(path, "?") && status < 300 {
				t.Errorf("another organization's shipment: %d", status)
			}
		})
	}
	if after := w.state(); after != before {
		t.Errorf("something of the other organization was changed:\n%s\n%s", before, after)
	}
	if tried < 90 {
		t.Errorf("only %d routes were found", tried)
	}
}

// try makes a request as the organization "anden".
func (w *two) try(method, path, body string) (int, string) {
	w.t.Helper()
	var reader io.Reader = strings.NewReader(body)
	form := url.Values{
		"kode":        {"unknown-recipient"},
		"valgt":       {w.shipment + ".1.1.1.0"},
		"h":           {"haandteret"},
		"bekraeft":    {"1"},
		"begrundelse": {"x"},
		"id":          {"s1"},
		"til":         {"x@anden.dk"},
		"emne":        {"x"},
	}
	if !strings.HasPrefix(path, "/v1/") {
		reader = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequest(method, w.server.URL+path, reader)
	posttest.Check(w.t, err)
	if strings.HasPrefix(path, "/v1/") {
		req.Header.Set("Authorization", "Bearer "+w.key)
		req.Header.Set("Content-Type", "application/json")
	} else {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.AddCookie(&http.Cookie{Name: "brevdue_session", Value: w.session})
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	posttest.Check(w.t, err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	posttest.Check(w.t, err)
	return res.StatusCode, string(b)
}

func sha(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// TestLockOut: after eight wrong codes a name is locked, whether it exists or not, however a user's is typed, and so is
// the right code.
func TestLockOut(t *testing.T) {
	w := newTwo(t)
	ctx := context.Background()
	code, err := w.home.app.Auth().NewCode(ctx, post.Caller{Org: "anden", Name: "bo"})
	posttest.Check(t, err)
	login := func(name, code string) int {
		res, err := http.PostForm(w.server.URL+"/log-ind", url.Values{"bruger": {name}, "kode": {code}})
		posttest.Check(t, err)
		_ = res.Body.Close()
		return res.StatusCode
	}
	for _, name := range []string{"bo", "findes-ikke"} {
		for i := range 8 {
			want := http.StatusUnauthorized
			if i == 7 {
				want = http.StatusTooManyRequests
			}
			typed := name
			if name == "bo" && i%2 == 1 {
				typed = "bo@anden"
			}
			if got := login(typed, "forkert"); got != want {
				t.Errorf("%s, wrong code %d: %d", typed, i+1, got)
			}
		}
	}
	if got := login("bo", code); got != http.StatusTooManyRequests {
		t.Errorf("the right code of a locked name: %d", got)
	}
	posttest.Check(t, w.home.app.Store.ClearAttempts(ctx, sha("anden\x00bo")))
	if got := login("bo", code); got != http.StatusOK {
		t.Errorf("after the lock: %d", got)
	}
	auditLog, err := workflow.AuditChain(ctx, w.home.app.Store.AuditLog(time.Now), "anden", "")
	posttest.Check(t, err)
	acts := map[post.Action]int{}
	for _, e := range auditLog {
		acts[e.Action]++
	}
	if acts[post.ActRefused] != 7 || acts[post.ActLocked] != 1 || acts[post.ActLogin] < 1 {
		t.Errorf("the trail has %v", acts)
	}
}
