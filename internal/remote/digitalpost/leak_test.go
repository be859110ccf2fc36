package digitalpost

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
)

// TestC11NoNumberInErrors: whatever Digital Post answers, and however a call fails, no address, error or log line has a
// recipient's number: not when it echoes the body, cuts the connection, or is not there.
func TestC11NoNumberInErrors(t *testing.T) {
	const number = "0101901234"
	n, err := ident.ParseCPR(number)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	usual := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	defer slog.SetDefault(usual)
	for name, answer := range map[string]http.HandlerFunc{
		"echo":   func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(400); _, _ = io.Copy(w, r.Body) },
		"words":  func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(422); _, _ = io.WriteString(w, number) },
		"broken": func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(200); _, _ = io.Copy(w, r.Body) },
		"down":   func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) },
		"cut":    func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"slow":   func(http.ResponseWriter, *http.Request) { time.Sleep(400 * time.Millisecond) },
	} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.Contains(r.URL.String(), number) {
				t.Errorf("the address %s", r.URL.Path)
			}
			answer(w, r)
		}))
		s.Config.ErrorLog = nil
		c := New(Config{
			Base:        s.URL,
			Timeout:     200 * time.Millisecond,
			Connections: 1,
			Pack:        packNumber,
		})
		for _, gone := range []bool{false, true} {
			if gone {
				s.Close()
			}
			for call, err := range everyCall(c, n) {
				if err != nil && strings.Contains(err.Error(), number) {
					t.Errorf("%s, %s: %v", name, call, err)
				}
			}
		}
	}
	if strings.Contains(log.String(), number) {
		t.Error("the log has the number")
	}
}

// packNumber is a container with a number in it.
func packNumber(out io.Writer, _ post.OutgoingContainer) error {
	_, err := io.WriteString(out, "0101901234")
	return err
}

// everyCall makes every call of the client that has to do with somebody.
func everyCall(c *Client, n ident.Number) map[string]error {
	ctx := context.Background()
	_, looked := c.Enrollments(ctx, "demo", []ident.Number{n})
	body := func() io.Reader { return strings.NewReader(n.Reveal()) }
	a, sent := c.Send(ctx, post.Outgoing{UUID: "u", Length: 10, Body: body})
	m, mass := c.SendContainer(ctx, post.OutgoingContainer{ID: "c"})
	_, found := c.Find(ctx, "demo", "u", time.Now())
	_, seen := c.Seen(ctx, "demo", []string{"u"}, time.Now())
	_, notified := c.LegallyNotified(ctx, "demo", []string{"u"}, time.Now())
	_, receipts := c.Receipts(ctx, 1)
	errs := map[string]error{"look up": looked, "send": sent, "container": mass, "find": found, "seen": seen,
		"notified": notified,
		"receipts": receipts, "probe": c.Probe(ctx).Unreachable}
	for name, refused := range map[string]*post.Problem{"refused": a.Refused, "container refused": m.Refused} {
		if refused != nil {
			errs[name] = refused
			if strings.Contains(refused.Detail, n.Reveal()) {
				errs[name+" detail"] = refused
			}
		}
	}
	return errs
}

// TestEnrollments: what the register says of many at once; what it does not have is not listed, and without a register
// that is said.
func TestEnrollments(t *testing.T) {
	people := []ident.Number{}
	for _, text := range []string{"0101901234", "0606901234", "0101909902", "12345674"} {
		n, err := ident.ParseAny(text)
		if err != nil {
			t.Fatal(err)
		}
		people = append(people, n)
	}
	c := answering(t, 200, `{"totalPages":1,"contacts":[
		{"cprNumber":"0101901234","mailboxSubscription":{"publicRegistrationStatus":"REGISTERED"}},
		{"cprNumber":"0606901234","mailboxSubscription":{"publicRegistrationStatus":"EXEMPT"}},
		{"cprNumber":"0707901234","mailboxSubscription":{"publicRegistrationStatus":"EXEMPT"}},
		{"cvrNumber":"12345674","mailboxSubscription":{"publicRegistrationStatus":"UNKNOWN"}}]}`)
	found, err := c.Enrollments(context.Background(), "demo", people)
	want := []post.Enrollment{post.Registered, post.Exempt, post.Unlisted, post.NotLookedUp}
	if err != nil || len(found) != len(want) {
		t.Fatalf("%v, %v", found, err)
	}
	for i, n := range people {
		if found[n.Key()] != want[i] {
			t.Errorf("number %d is %s, want %s", i, found[n.Key()], want[i])
		}
	}
	if _, err := answering(t, 404, "").Enrollments(context.Background(), "demo", people); err == nil ||
		!strings.Contains(err.Error(), post.ErrNoRegister.Error()) {
		t.Errorf("no register: %v", err)
	}
}
