package digitalpost

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"brevdue/internal/post"
)

// answering is a Digital Post that answers everything in one way, and a client of it.
func answering(t *testing.T, status int, body string) *Client {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(s.Close)
	return New(Config{Base: s.URL, Timeout: time.Second, Connections: 1})
}

func notAllowed(detail string) post.Answer {
	return post.Answer{Refused: &post.Problem{Code: post.NotAllowed, Detail: detail}}
}

// TestAnswersToAMessage: only a technical receipt for this message is a yes, and only a refusal in words is a no; what
// nobody understands is neither, so that it is asked about.
func TestAnswersToAMessage(t *testing.T) {
	const refused = `{"code":"memo.invalid","message":"recipient 0101901234 is wrong",` +
		`"fieldErrors":[{"field":"label","code":"x"}]}`
	for name, c := range map[string]struct {
		status int
		body   string
		want   post.Answer // Refused by its code and detail
		fails  bool
	}{
		"taken in":              {201, `{"messageUUID":"u1","transmissionId":"t1"}`, post.Answer{Accepted: true}, false},
		"another's receipt":     {201, `{"messageUUID":"u2","transmissionId":"t1"}`, post.Answer{}, true},
		"a receipt cut short":   {201, `{"messageUUID":"u1"`, post.Answer{}, true},
		"a yes without receipt": {200, ``, post.Answer{}, true},
		"refused": {400, refused, post.Answer{Refused: &post.Problem{Code: post.MessageRefused,
			Detail: "memo.invalid label:x"}}, false},
		"refused without a code": {422, `<html>`, post.Answer{Refused: &post.Problem{Code: post.MessageRefused,
			Detail: "HTTP 422"}}, false},
		"a duplicate": {400, `{"code":"` + post.DuplicateCode + `"}`, post.Answer{Duplicate: true,
			Refused: &post.Problem{Code: post.MessageRefused, Detail: post.DuplicateCode}}, false},
		"no certificate": {401, `{}`, notAllowed("HTTP 401"), false},
		"not allowed":    {403, ``, notAllowed("HTTP 403"), false},
		"too many":       {429, ``, post.Answer{}, true},
		"broken":         {503, ``, post.Answer{}, true},
		"elsewhere":      {302, ``, post.Answer{}, true},
	} {
		got, err := answering(t, c.status, c.body).Send(
			context.Background(),
			post.Outgoing{UUID: "u1", Length: 1, Body: func() io.Reader { return strings.NewReader("x") }},
		)
		if (err != nil) != c.fails || got.Accepted != c.want.Accepted || got.Duplicate != c.want.Duplicate ||
			(got.Refused == nil) != (c.want.Refused == nil) {
			t.Errorf("%s: %+v, %v", name, got, err)
			continue
		}
		if got.Refused != nil &&
			(got.Refused.Code != c.want.Refused.Code || got.Refused.Detail != c.want.Refused.Detail) {
			t.Errorf("%s: %s %q", name, got.Refused.Code, got.Refused.Detail)
		}
		if err != nil && strings.Contains(err.Error(), "0101901234") {
			t.Errorf("%s: the error names a person: %v", name, err)
		}
	}
}

// TestFindKnowsTheMessageAlone: an event of another message, or of another kind, is no yes; an answer that cannot be
// read is no no.
func TestFindKnowsTheMessageAlone(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		found  bool
		fails  bool
	}{
		"it is there":       {200, `{"events":[{"eventTag":"MEMO_SEND_RECEIVED","message":"u1"}]}`, true, false},
		"it was receipted":  {200, `{"events":[{"eventTag":"TECHNICAL_RECEIPT_SENT","message":"u1"}]}`, true, false},
		"another message":   {200, `{"events":[{"eventTag":"MEMO_SEND_RECEIVED","message":"u2"}]}`, false, false},
		"another event":     {200, `{"events":[{"eventTag":"MEMO_SEND_FAILED","message":"u1"}]}`, false, false},
		"nothing is known":  {200, `{"events":[]}`, false, false},
		"an answer cut off": {200, `{"events":[`, false, true},
		"it does not say":   {500, ``, false, true},
	} {
		found, err := answering(t, c.status, c.body).Find(context.Background(), "demo", "u1", time.Now())
		if found != c.found || (err != nil) != c.fails {
			t.Errorf("%s: %v, %v", name, found, err)
		}
	}
}

// TestNoReceiptIsLost: one that cannot be read is kept as it came, with its id where it has one.
func TestNoReceiptIsLost(t *testing.T) {
	c := answering(t, 200, `{"receipts":[{"id":"r1","messageId":"x","messageUUID":"u1","receiptStatus":"COMPLETED",
		"timeStamp":"2026-11-28T10:00:00.5"},{"id":"r2","messageUUID":7},"text"]}`)
	got, err := c.Receipts(context.Background(), 10)
	if err != nil || len(got) != 3 {
		t.Fatalf("%d receipts: %v", len(got), err)
	}
	if r := got[0]; r.ID != "r1" || r.Status != post.ReceiptCompleted || !r.Verify() ||
		!r.Issued.Equal(time.Date(2026, 11, 28, 10, 0, 0, 500_000_000, time.UTC)) {
		t.Errorf("the first is %+v", r)
	}
	if got[1].ID != "r2" || got[2].ID != "" || string(got[2].Raw) != `"text"` || !got[2].Verify() {
		t.Errorf("what cannot be read: %+v, %+v", got[1], got[2])
	}
}
