package cli

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"brevdue/internal/pdf/pdftest"
)

// command runs a command as the program does, against a server that answers what it is told.
type command struct {
	ctx     context.Context
	answers map[string]string // "GET /v1/…" without its query: JSON, or "STATUS JSON"
	asked   []string
	in      string
	json    bool
	writer  io.Writer // in place of out
}

func (c *command) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.asked = append(c.asked, r.Method+" "+r.URL.RequestURI())
	text, known := c.answers[r.Method+" "+r.URL.Path]
	if !known {
		w.WriteHeader(http.StatusNotFound)
		text = `{"title": "Findes ikke", "detail": "Det, du beder om, findes ikke."}`
	}
	_, _ = io.WriteString(w, text)
}

// run returns the exit code and what is printed.
func (c *command) run(t *testing.T, do func(*Env) error) (code int, out, errOut string) {
	t.Helper()
	server := httptest.NewServer(c)
	defer server.Close()
	if c.ctx == nil {
		c.ctx = context.Background()
	}
	var b, e bytes.Buffer
	if c.writer == nil {
		c.writer = &b
	}
	env := &Env{Context: c.ctx, In: strings.NewReader(c.in), Out: c.writer, Err: &e,
		Globals: &Globals{Server: server.URL, Key: "k", JSON: c.json}}
	if err := do(env); err != nil {
		code = Fail(err, c.json, c.writer, &e)
	}
	if c.json && c.writer == &b {
		d := json.NewDecoder(bytes.NewReader(b.Bytes()))
		var value any
		if err := d.Decode(&value); err != nil || d.More() {
			t.Errorf("not one JSON value: %s", b.String())
		}
	}
	return code, b.String(), e.String()
}

const going = `{"environment": "simulator", "digitalPost": {"answers": true}, "stopped": null, "standings": []}`

// TestTheExitCodeIsTheTruth: 0 is completed, 3 is that something waits for a person, 1 is an error.
func TestTheExitCodeIsTheTruth(t *testing.T) {
	const rows = `{"unhandled": [{"shipment": "a"}], "next": ""}`
	for name, c := range map[string]struct {
		shipment, status, rows string
		want                   int
		says                   string
	}{
		"completed": {`{"id": "a", "state": "Completed", "letters": 2, "handedOver": 2, "completed": 2}`, going,
			rows, 0, "2 med kvittering"},
		"completed but for one": {`{"id": "a", "state": "CompletedWithErrors", "letters": 2, "completed": 1, "failed": 1}`,
			going, rows, 3, "1 fejlet"},
		"in review": {`{"id": "a", "state": "Review", "letters": 2}`, going, rows, 3, "Review"},
		"document stopped": {`{"id": "a", "state": "Stopped", "failure": {"code": "x", "text": "Kan ikke læses."}}`,
			going, rows, 3, "Kan ikke læses"},
		"cancelled": {`{"id": "a", "state": "Cancelled", "letters": 2}`, going, rows, 1, "annulleret"},
		"all sending stopped": {`{"id": "a", "state": "Sending", "letters": 2, "open": 2}`,
			strings.Replace(going, `"stopped": null`, `"stopped": {"reason": "fejl"}`, 1), rows, 3, "Sending"},
		"a receipt is missing": {`{"id": "a", "state": "Sending", "letters": 1, "handedOver": 1, "open": 1}`, going,
			rows,
			3, "1 afleveret"},
		"no such shipment": {"", going, rows, 1, "findes ikke"},
		"not our server":   {"<html>", going, rows, 1, "er adressen rigtig"},
	} {
		for _, asJSON := range []bool{false, true} {
			x := &command{json: asJSON, answers: map[string]string{"GET /v1/shipments/a": c.shipment,
				"GET /v1/status": c.status, "GET /v1/unhandled": c.rows}}
			if c.shipment == "" {
				delete(x.answers, "GET /v1/shipments/a")
			}
			code, out, errOut := x.run(t, (&watchCommand{ID: "a"}).Run)
			if code != c.want || !strings.Contains(out+errOut, c.says) && !asJSON {
				t.Errorf("%s: exit %d\n%s%s", name, code, out, errOut)
			}
		}
	}
}

// TestABrokenChainIsAnError, and with --json it is in the one value.
func TestABrokenChainIsAnError(t *testing.T) {
	for _, asJSON := range []bool{false, true} {
		x := &command{
			json:    asJSON,
			answers: map[string]string{"GET /v1/audit": `{"entries": [], "whole": false, "broken": "linje 7"}`},
		}
		if code, _, errOut := x.run(t, (&auditCommand{Shipment: "a&b#c"}).Run); code != 1 || !strings.Contains(errOut,
			"linje 7") {
			t.Errorf("exit %d %s", code, errOut)
		}
		if x.asked[0] != "GET /v1/audit?shipment=a%26b%23c" {
			t.Errorf("asked %v", x.asked)
		}
	}
}

// TestAReplayThatSendsNothingWaitsForAPerson, unless there was nothing to send, or it was only asked.
func TestAReplayThatSendsNothingWaitsForAPerson(t *testing.T) {
	for answer, want := range map[string]int{
		`{"sends": 1, "nothing": 2}`: 0, `{"asks": 1, "nothing": 1}`: 0, `{}`: 0, `{"nothing": 2, "dryRun": true}`: 0, `{"nothing": 2}`: 3,
	} {
		x := &command{answers: map[string]string{"POST /v1/unhandled/replay": answer}}
		if code, out, errOut := x.run(t, (&replayCommand{choice: choice{All: true}}).Run); code != want {
			t.Errorf("%s: exit %d %s%s", answer, code, out, errOut)
		}
	}
}

// TestABulkIsWaitedFor until it has ended; what it has not done waits for a person.
func TestABulkIsWaitedFor(t *testing.T) {
	const begun, path = `{"id": "b1", "kind": "replay", "total": 60}`, "GET /v1/unhandled/bulks/b1"
	for answer, want := range map[string]struct {
		exit int
		says string
	}{
		`{"id": "b1", "sends": 60, "total": 60, "done": 60, "ended": true}`: {0, "60 sendes igen"},
		`{"id": "b1", "sends": 10, "total": 60, "done": 10, "ended": true, "problem": "Digital Post svarer ikke."}`: {3,
			"Stoppet efter 10: Digital Post svarer ikke. Resten står stadig i Ubehandlet."},
		`{"id": "b1", "sends": 50, "total": 60, "done": 50, "missing": 10, "ended": true}`: {0, "10 var der ikke, da turen kom til dem"},
	} {
		x := &command{answers: map[string]string{"POST /v1/unhandled/replay": begun, path: answer}}
		code, out, errOut := x.run(t, (&replayCommand{choice: choice{All: true}}).Run)
		if code != want.exit || !strings.Contains(out, want.says) {
			t.Errorf("%s: exit %d %s%s", answer, code, out, errOut)
		}
	}
	x := &command{answers: map[string]string{"POST /v1/unhandled/dismiss": `{"id": "b1"}`,
		path: `{"id": "b1", "dismissed": 60, "ended": true}`}}
	dismiss := &dismissCommand{choice: choice{All: true}, Reason: "x"}
	if code, out, _ := x.run(t, dismiss.Run); code != 0 || !strings.Contains(out, "60 markeret som håndteret") {
		t.Errorf("exit %d %s", code, out)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// TestWhatIsNotPrintedIsAnError: half a list, or half a letter, must not pass for one.
func TestWhatIsNotPrintedIsAnError(t *testing.T) {
	for name, do := range map[string]func(*Env) error{
		"status": (&statusCommand{}).Run, "shipments": (&shipmentsCommand{}).Run, "watch": (&watchCommand{ID: "a"}).Run,
		"unhandled": (&unhandledCommand{}).Run,
	} {
		for _, asJSON := range []bool{false, true} {
			x := &command{writer: full{}, json: asJSON, answers: map[string]string{"GET /v1/status": going,
				"GET /v1/shipments": `{"shipments": []}`,
				"GET /v1/unhandled": `{"unhandled": []}`, "GET /v1/shipments/a": `{"id": "a", "state": "Completed"}`}}
			if name == "shipments" && !asJSON {
				continue // it has nothing to print
			}
			if code, _, errOut := x.run(t, do); code != 1 || !strings.Contains(errOut, "no space left") {
				t.Errorf("%s: exit %d %s", name, code, errOut)
			}
		}
	}
}

// TestCommandsEndWhenToldTo: whatever they wait for.
func TestCommandsEndWhenToldTo(t *testing.T) {
	pdf := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(pdf, pdftest.Merge(pdftest.Options{}, pdftest.Letter{Heading: []string{"A"}, Pages: 40}),
		0o600); err != nil {
		t.Fatal(err)
	}
	const sending = `{"id": "a", "state": "Sending", "letters": 2, "open": 2}`
	answers := map[string]string{"GET /v1/shipments/a": sending, "POST /v1/shipments/a/send": sending,
		"POST /v1/shipments/a/edits": `{"id": "a", "state": "Splitting"}`,
		"POST /v1/shipments":         `{"id": "a"}`, "GET /v1/status": going, "GET /v1/unhandled": `{"unhandled": []}`}
	for name, do := range map[string]func(*Env) error{
		"watch": (&watchCommand{ID: "a"}).Run, "send": (&sendCommand{ID: "a",
			Wait: true}).Run, "edit": (&editCommand{ID: "a", Page: 1, Merge: true}).Run,
		"upload": (&uploadCommand{File: pdf, Subject: "x", Wait: true}).Run, "split": (&splitCommand{File: pdf,
			Rule: "first-page"}).Run,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
			defer cancel()
			if name == "split" {
				cancel() // it is quick
			}
			x := &command{ctx: ctx, answers: answers}
			began := time.Now()
			if code, _, errOut := x.run(t, do); code != 1 || !strings.Contains(errOut, "afbrudt") ||
				time.Since(began) > 3*time.Second {
				t.Errorf("exit %d after %s: %s", code, time.Since(began), errOut)
			}
		})
	}
}

// TestASilentServerIsNotWaitedForForEver: before an answer, in the middle of one, and in the middle of an upload; one
// that is only slow is waited for.
func TestASilentServerIsNotWaitedForForEver(t *testing.T) {
	file := filepath.Join(t.TempDir(), "large.pdf")
	if err := os.WriteFile(file, make([]byte, 32<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	release := make(chan struct{})
	var segments atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/slow":
			for range 8 {
				_, _ = io.WriteString(w, "xx")
				_ = http.NewResponseController(w).Flush()
				segments.Add(1)
				time.Sleep(100 * time.Millisecond)
			}
			return
		case "/half":
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"id": `)
			_ = http.NewResponseController(w).Flush()
		}
		<-release
	}))
	defer server.Close()
	defer close(release)
	c := &client{ctx: context.Background(), base: server.URL, silence: 400 * time.Millisecond}
	link := func(path string) linkJSON { return linkJSON{Method: "POST", URL: server.URL + path} }
	for name, do := range map[string]func() error{
		"no answer":   func() error { return c.call("GET", "/none", nil, &struct{}{}) },
		"half of one": func() error { return c.call("GET", "/half", nil, &struct{}{}) },
		"half a file": func() error { _, err := c.fetch(link("/half")); return err },
		"an upload":   func() error { return c.upload(link("/none"), file, io.Discard) },
	} {
		began := time.Now()
		if err := do(); !errors.Is(err, errSilent) || time.Since(began) > 5*time.Second {
			t.Errorf("%s: %v after %s", name, err, time.Since(began))
		} else if code := Fail(err, false, io.Discard, io.Discard); code != 1 {
			t.Errorf("%s: exit %d", name, code)
		}
	}
	if b, err := c.fetch(link("/slow")); err != nil || len(b) != 16 || segments.Load() != 8 {
		t.Errorf("a slow server: %d bytes, %v", len(b), err)
	}
}

// TestWhatTheStorageRefused is told as what it is.
func TestWhatTheStorageRefused(t *testing.T) {
	s3 := func(code, message string) string {
		return "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>" + message + "</Message></Error>"
	}
	for name, c := range map[string]struct {
		status    int
		body      string
		want, not string
	}{
		"an expired form": {403, s3("AccessDenied", "Invalid according to Policy: Policy expired."),
			"linket er udløbet", "rettigheder"},
		"an expired link":     {403, s3("AccessDenied", "Request has expired"), "linket er udløbet", "rettigheder"},
		"the bucket's policy": {403, s3("AccessDenied", "Access Denied"), "rettigheder", "start forsendelsen forfra"},
		"a wrong clock":       {403, s3("RequestTimeTooSkewed", "The difference is too large."), "uret", "udløbet"},
		"a wrong signature": {403, s3("SignatureDoesNotMatch", "The signature does not match."),
			"SignatureDoesNotMatch",
			"udløbet"},
		"too large": {400, s3("EntityTooLarge", "x"), "større", "udløbet"},
		"our own words": {403, "Linket er udløbet; start forsendelsen forfra for at få et nyt.\n",
			"Linket er udløbet", "x"},
		"another storage": {403, "Forbidden", "Forbidden", "udløbet"},
		"nothing":         {403, "", "403 Forbidden", "udløbet"},
	} {
		err := refusal(
			&http.Response{StatusCode: c.status, Status: fmt.Sprint(c.status, " ", http.StatusText(c.status)),
				Body: io.NopCloser(strings.NewReader(c.body))},
		)
		if !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), c.not) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

const hostile = "a\x1b[2J\x9b\u202egnp.exe\u2066\x7f\r\u0085\xff.pdf"

func harmless(t *testing.T, what, text string) {
	t.Helper()
	for _, r := range text {
		if r != '\n' && r != '\t' && hidden(r) {
			t.Errorf("%s prints %U: %q", what, r, text)
		}
	}
}

// TestOthersWordsAreOnlyShown: what a terminal would obey, or hide, is written out, in text, JSON and errors.
func TestOthersWordsAreOnlyShown(t *testing.T) {
	message, err := json.Marshal(map[string]any{"messages": []any{map[string]any{"id": "m", "fromName": hostile,
		"subject": "Æblegrød 😀 " + hostile}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, asJSON := range []bool{false, true} {
		x := &command{json: asJSON, answers: map[string]string{"GET /v1/inbox": string(message)}}
		_, out, _ := x.run(t, (&inboxListCommand{}).Run)
		harmless(t, "inbox", out)
		if !strings.Contains(out, "Æblegrød 😀") || !strings.Contains(out, `\u202e`) ||
			!strings.Contains(out, `\u001b`) {
			t.Errorf("it does not show what is there: %s", out)
		}
	}
	var out, errOut bytes.Buffer
	Fail(errors.New("kunne ikke læse "+hostile), true, &out, &errOut)
	harmless(t, "an error", out.String()+errOut.String())
}

// TestVerifyShowsHostileNames: a package's names are whatever somebody wrote.
func TestVerifyShowsHostileNames(t *testing.T) {
	path := filepath.Join(t.TempDir(), "evil.zip")
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for range 2 { // twice, so that the error names it
		w, err := z.Create(hostile)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(w, "x")
	}
	if err := errors.Join(z.Close(), os.WriteFile(path, b.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
	x := &command{}
	code, out, errOut := x.run(t, (&verifyCommand{File: path}).Run)
	harmless(t, "verify", out+errOut)
	if code != 1 || !strings.Contains(errOut, `\u001b[2J`) {
		t.Errorf("exit %d %s", code, errOut)
	}
}
