package portal

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/keys"
	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/stage/archive"
	"brevdue/internal/stage/organization"
	"brevdue/internal/stage/split"
	"brevdue/internal/stage/unhandled"
	"brevdue/internal/stage/upload"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
	"brevdue/internal/workflow"
)

// testPortal is a portal over memory, with a clock that the test turns.
type testPortal struct {
	t         *testing.T
	store     *store.Store
	handler   http.Handler
	queues    *posttest.MemoryQueues
	unhandled *unhandled.Handler
	remedies  *unhandled.Remedies
	now       time.Time
	gate      *gateOf // who comes in: eva, where a test says nobody else
	told      *http.Cookie
}

// nowhere is where no organization has a log-in of its own.
func nowhere(context.Context) (map[string]string, error) { return nil, nil }

// eva may do everything.
var eva = posttest.Person("demo", "eva")

func newCommands(t *testing.T) *testPortal {
	t.Helper()
	d := &testPortal{t: t, store: store.New(storetest.NewMemory()), queues: &posttest.MemoryQueues{},
		now: posttest.Start, gate: &gateOf{who: &eva}}
	s, now := d.store, func() time.Time { return d.now }
	posttest.Check(
		t,
		s.CreateOrganization(
			context.Background(),
			&post.Organization{ID: "demo", Name: "Nordøby Kommune", MeMo: post.MeMo12,
				Senders: []post.Sender{{Number: posttest.Number(t, "99060816"), Name: "Nordøby Kommune"}}},
		),
	)
	d.unhandled = &unhandled.Handler{
		Shipments: s.Shipments(),
		Letters:   s.Letters(),
		Lists:     s.Letters(),
		Failures:  s.Failures(),
		Notices:   s.Notices(),
		Operator:  "demo",
		Timings:   post.DemoTimings,
		Now:       now,
	}
	remedies := &unhandled.Remedies{
		Shipments: s.Shipments(),
		Letters:   s.Letters(),
		Failures:  s.Failures(),
		Queues:    d.queues,
		Channel:   &posttest.MemoryChannel{},
		Audit:     s.AuditLog(now),
		UUIDKey:   []byte("key"),
		Timings:   post.DemoTimings,
		Now:       now,
		Bulks:     s.Bulks(),
		Runner:    parallel.Goroutines{},
		NewID:     func() string { return "bbbbbbbbbbbb" },
	}
	d.remedies = remedies
	var err error
	d.handler, err = New(
		Config{
			SignOnPlaces:   nowhere,
			CertificateEnd: func(*post.Connection) time.Time { return time.Time{} },
			Auth:           d.gate,
			Profiles:       s,
			Lists:          s.Letters(),
			Reviews:        &split.Handler{Lists: s.Letters(), Outlines: s, Drafts: s},
			Remedies:       remedies,
			Bulks:          s.Bulks(),
			Organization: &organization.Commands{
				Audit: s.AuditLog(now), Stops: s, Notices: s.Notices(), Now: now,
				Reachable: func(context.Context, string) error { return nil },
			},
			Names: &workflow.Names{Outlines: s}, SavedFilters: s, Inbox: s.Inbox(), Proposals: s,
			LogReading: &archive.Reader{Shipments: s.Shipments(), Letters: s.Letters(), Cases: s, Titles: s,
				Lists: s.Letters(), Failures: s.Failures(), Names: &workflow.Names{Outlines: s}, Audit: s.AuditLog(now),
				CaseKey: []byte("key")},
			Archive: &archive.Reader{Shipments: s.Shipments(), Letters: s.Letters(), Cases: s,
				Titles: s, Lists: s.Letters(), Audit: s.AuditLog(now), CaseKey: []byte("key")},
			FilingPlans:    s,
			Checks:         s,
			LookUps:        s,
			Progresses:     s,
			Service:        s,
			Beats:          s,
			StatusPage:     true,
			RecipientLists: s,
			RecipientListCommands: &upload.Commands{
				RecipientLists: s, Organizations: s, Audit: s.AuditLog(now), Now: now,
				NewID: func() string { return "llllllllllll" },
			},
			LookUpCommands: &upload.Commands{
				Shipments: s.Shipments(), LookUps: s, Queues: d.queues, Now: now,
				Reviews: &split.Handler{Lists: s.Letters(), Outlines: s, Drafts: s},
			},
			CheckCommands: &organization.Checks{
				Checks: s, Queues: d.queues, Now: now, NewID: func() string { return "bbbbbbbbbbbb" },
			},
			ProfileCommands: &upload.Commands{Profiles: s, Audit: s.AuditLog(now), Now: now},
			Organizations:   s,
			Shipments:       s.Shipments(),
			Failures:        s.Failures(),
			Audit:           s.AuditLog(now),
			Seen: workflow.Seen{Audit: s.AuditLog(now), Cases: s, Person: func(_ string, n ident.Number) string {
				return "m-" + n.Key()[:4]
			}},
			Breakers:    s,
			Stops:       s,
			Notices:     s.Notices(),
			Timings:     post.DemoTimings,
			Now:         now,
			Environment: post.Simulator,
			Reference:   func(_ *http.Request, err error) string { return err.Error() },
		},
	)
	posttest.Check(t, err)
	return d
}

func (d *testPortal) ask(method, path string, form url.Values) string {
	d.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(&http.Cookie{Name: cookieName(r), Value: "x"})
	if d.told != nil {
		r.AddCookie(d.told)
	}
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if c.Name == toldCookie {
			d.told = c
		}
	}
	if w.Code >= http.StatusInternalServerError {
		d.t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	return strings.Join(strings.Fields(w.Body.String()), " ")
}

// asSeen is a page without the white space that nobody sees.
func asSeen(page string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(page), " "), "> <", "><")
}

// shows wants texts on a page, and none of those behind a minus.
func (d *testPortal) shows(path string, texts ...string) {
	d.t.Helper()
	d.says(path, asSeen(d.ask(http.MethodGet, path, nil)), texts...)
}

// says holds a page against what stands on it, and what does not.
func (d *testPortal) says(path, page string, texts ...string) {
	d.t.Helper()
	for _, text := range texts {
		not := strings.HasPrefix(text, "-")
		if text = strings.TrimPrefix(text, "-"); strings.Contains(page, text) == not {
			d.t.Errorf("%s: %q is there: %v", path, text, not)
		}
	}
}

// shipment puts a shipment there whose letters have gone through what is given, one function for each.
func (d *testPortal) shipment(id string, letters ...func(l *post.Letter)) {
	d.t.Helper()
	ctx := context.Background()
	s, all := posttest.Shipment(d.t, id, len(letters))
	s.FannedOut = true
	for i, l := range all {
		posttest.Check(d.t, l.Queue(posttest.Now))
		letters[i](l)
	}
	posttest.Check(d.t, d.store.Shipments().Create(ctx, s))
	posttest.Check(d.t, d.store.Letters().Create(ctx, &post.Shipment{}, all))
	for _, l := range all {
		if l.State == post.Failed {
			posttest.Check(
				d.t,
				errors.Join(
					d.unhandled.DeadLetters(post.SendQueue)(
						ctx,
						[]post.Job{{Org: "demo", Letter: l.ID, Code: l.Problem.Code}},
					)...),
			)
		}
	}
}

func handedOver(l *post.Letter) {
	_ = l.Begin(keys.UUIDs([]byte("key")), posttest.Now, posttest.Start.Add(time.Minute))
	_ = l.HandOver(posttest.Now, l.Current().UUID, "t", "d", false)
}

func completed(l *post.Letter) {
	handedOver(l)
	r := post.Receipt{
		ID:        "r" + string(l.ID),
		MessageID: l.ID,
		UUID:      l.Current().UUID,
		Status:    post.ReceiptCompleted,
		Raw:       []byte(`{}`),
	}
	r.SetHash()
	_ = l.Take(r, posttest.Now)
}

func withoutNumber(l *post.Letter) {
	l.Recipient = ident.Number{}
	_ = l.Fail(posttest.Now, post.Problem{Code: post.NoRecipientFound})
}

func refused(l *post.Letter) {
	_ = l.Begin(keys.UUIDs([]byte("key")), posttest.Now, posttest.Start.Add(time.Minute))
	_ = l.Refuse(posttest.Now, l.Current().UUID, false, post.Problem{Code: post.NotAllowed, Detail: "HTTP 403"})
}

func unanswered(l *post.Letter) {
	_ = l.Begin(keys.UUIDs([]byte("key")), posttest.Now, posttest.Start.Add(time.Minute))
	_ = l.Reschedule(posttest.Now, l.Current().UUID, 1, "HTTP 503")
	_ = l.Fail(posttest.Now, post.Problem{Code: post.ChannelDown})
}

func filed(before func(*post.Letter)) func(*post.Letter) {
	return func(l *post.Letter) {
		before(l)
		_ = l.Archive(posttest.Now, post.Archiving{Case: "sag-1", Edition: l.Archiving.Edition}, len(l.Receipts))
	}
}
