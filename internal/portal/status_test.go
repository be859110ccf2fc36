package portal

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// TestStatusIsForEverybody: where the installation wants it, with what is so and nothing of any organization.
func TestStatusIsForEverybody(t *testing.T) {
	d := newCommands(t)
	ctx := t.Context()
	posttest.Check(t, d.store.PutBeat(ctx, d.now.Add(-time.Second)))
	posttest.Check(t, d.store.PutService(ctx, post.ShipmentService{Shipment: "aaaaaaaaaaaa", Sent: d.now, Letters: 3000,
		Prompt: 2999}))
	from := d.now.Add(-3 * time.Hour)
	posttest.Check(t, d.store.PutOutage(ctx, post.Outage{Of: post.DigitalPostOut, From: from,
		To: from.Add(65 * time.Minute)}))
	posttest.Check(t, d.store.PutOutage(ctx, post.Outage{Of: post.BrevdueOut, From: from.Add(-time.Hour)}))
	d.sees("/status", "Alt virker.", "99,9 %", "3.000 breve", "Digital Post svarede ikke", "1 time og 5 minutter",
		"slutningen blev ikke noteret", "-Nordøby", "-aaaaaaaaaaaa")
	if n := strings.Count(d.stranger("/status").Body.String(), "/status/attest?"); n != 1 {
		t.Errorf("%d certificates", n)
	}
	attest := attestAddress(post.Outage{Of: post.DigitalPostOut, From: from})
	d.sees(attest, "%PDF-")
	for _, wrong := range []string{"/status/attest", "/status/attest?fra=i+g%C3%A5r",
		strings.Replace(attest, "digital", "x", 1)} {
		if got := d.stranger(wrong).Code; got != http.StatusNotFound {
			t.Errorf("%s: %d", wrong, got)
		}
	}
	_, err := d.store.ChangeBreaker(ctx, post.Simulator, func(b *post.Breaker) error {
		b.Open, b.Since = true, d.now
		return nil
	})
	posttest.Check(t, err)
	posttest.Check(t, d.store.PutOutage(ctx, post.Outage{Of: post.DigitalPostOut, From: d.now}))
	d.sees("/status", "Alt virker.") // what was read a moment ago
	d.now = d.now.Add(statusKept)
	d.sees("/status", "Digital Post svarer ikke lige nu.", "varer endnu")
	_, err = d.store.ChangeBreaker(ctx, post.Simulator, (*post.Breaker).Answered)
	posttest.Check(t, err)
	d.now = d.now.Add(time.Hour)
	d.sees("/status", "Brevdues eget tilsyn kører ikke lige nu.", "-Alt virker")
}

// stranger asks without being logged in.
func (d *testPortal) stranger(path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

// sees is shows for somebody who is not logged in.
func (d *testPortal) sees(path string, texts ...string) {
	d.t.Helper()
	d.says(path, asSeen(d.stranger(path).Body.String()), texts...)
}

// TestPercent: all is said of all alone.
func TestPercent(t *testing.T) {
	for want, of := range map[string][2]int{"100 %": {7, 7}, "99,9 %": {99999, 100000}, "0 %": {0, 3},
		"33,3 %": {1, 3}} {
		if got := percent(of[0], of[1]); got != want {
			t.Errorf("%d of %d: %s, want %s", of[0], of[1], got, want)
		}
	}
}
