package fake_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"brevdue/internal/memo"
	"brevdue/internal/post"
	"brevdue/internal/remote/digitalpost/fake"
)

// containerOf puts messages into a container.
func containerOf(messages ...*memo.Message) post.OutgoingContainer {
	c := post.OutgoingContainer{Org: "demo", ID: "aaaaaaaaaaaa.1.1"}
	for _, m := range messages {
		c.Messages = append(c.Messages, post.Outgoing{
			UUID: string(m.Header.UUID), Length: m.Length(), Body: m.Reader,
		})
	}
	return c
}

func messages(n int) (all []*memo.Message) {
	for i := range n {
		all = append(all, message(i+1, "0101901234"))
	}
	return all
}

// tell says what becomes of the next container, or of events.
func (e *exchange) tell(path, word string) {
	e.t.Helper()
	req, err := http.NewRequest(http.MethodPut, e.url+path, strings.NewReader(word))
	if err != nil {
		e.t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil || res.StatusCode != http.StatusNoContent {
		e.t.Fatalf("%s %s: %v", path, word, err)
	}
	_ = res.Body.Close()
}

func (e *exchange) seen(all []*memo.Message) int {
	e.t.Helper()
	var uuids []string
	for _, m := range all {
		uuids = append(uuids, string(m.Header.UUID))
	}
	seen, err := e.Seen(context.Background(), "demo", uuids, time.Now().Add(-time.Hour))
	if err != nil {
		e.t.Fatal(err)
	}
	return len(seen)
}

// TestContainerIsTakenInWhole: each message has its own receipt, also one that is no MeMo or for nobody, and what was
// taken in is on disk at the 201.
func TestContainerIsTakenInWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.db")
	e := open(t, path, fake.RefuseDuplicates)
	all := messages(120)
	all[3].Header.Recipient.ID = "0101909902" // unknown
	all[4].Header.Recipient.ID = "0101909909" // refused at the door, which a container has not
	all[5].Header.Label = strings.Repeat("x", 300)
	a, err := e.SendContainer(context.Background(), containerOf(all...))
	if err != nil || !a.Accepted || a.Transmission == "" {
		t.Fatalf("%+v, %v", a, err)
	}
	e.stop()
	e = open(t, path, fake.RefuseDuplicates)
	defer e.stop()
	if n := e.seen(all); n != 120 {
		t.Errorf("%d are found", n)
	}
	var got []post.Receipt
	for len(got) < 120 {
		some := e.receipts(1)
		var ids []string
		for _, r := range some {
			ids = append(ids, r.ID)
		}
		if err := e.RemoveReceipts(context.Background(), ids); err != nil || len(some) == 0 {
			t.Fatalf("%d receipts, %v", len(got), err)
		}
		got = append(got, some...)
	}
	states := map[post.ReceiptStatus]int{}
	for _, r := range got {
		states[r.Status]++
	}
	if len(got) != 120 || states[post.ReceiptCompleted] != 117 || states[post.ReceiptInvalid] != 3 {
		t.Errorf("%d receipts: %v", len(got), states)
	}
}

// TestWhatBecomesOfAContainer: each kind of answer, and what of it is there afterwards.
func TestWhatBecomesOfAContainer(t *testing.T) {
	for word, want := range map[string]struct {
		taken   int
		is      error // nil for an answer, or any other error
		refused bool
		lost    bool
	}{
		"lose-answer": {taken: 30, lost: true},
		"refuse":      {refused: true},
		"reject-half": {taken: 15},
		"unavailable": {is: post.ErrNotTaken},
		"break-off":   {lost: true},
	} {
		t.Run(word, func(t *testing.T) {
			e := open(t, filepath.Join(t.TempDir(), "s.db"), fake.RefuseDuplicates)
			defer e.stop()
			e.tell("/containers", word)
			all := messages(30)
			a, err := e.SendContainer(context.Background(), containerOf(all...))
			switch {
			case want.is != nil && !errors.Is(err, want.is),
				want.lost && (err == nil || errors.Is(err, post.ErrNotTaken) || errors.Is(err, post.ErrNoConnection)),
				want.refused && (err != nil || a.Refused == nil || a.Refused.Detail != "archive.invalid"),
				want.is == nil && !want.lost && !want.refused && !a.Accepted:
				t.Errorf("%+v, %v", a, err)
			}
			if n := e.seen(all); n != want.taken {
				t.Errorf("%d are there", n)
			}
			a, err = e.SendContainer(context.Background(), containerOf(messages(31)[30:]...))
			if err != nil || !a.Accepted {
				t.Errorf("the next one: %+v, %v", a, err)
			}
		})
	}
}

// TestLateEvents: what was taken in is found when its event is there.
func TestLateEvents(t *testing.T) {
	e := open(t, filepath.Join(t.TempDir(), "s.db"), fake.RefuseDuplicates)
	defer e.stop()
	e.tell("/events", "1h")
	all := messages(3)
	if a, err := e.SendContainer(context.Background(), containerOf(all...)); err != nil || !a.Accepted {
		t.Fatalf("%+v, %v", a, err)
	}
	if n := e.seen(all); n != 0 {
		t.Errorf("%d are found", n)
	}
	found, err := e.Find(context.Background(), "demo", string(all[0].Header.UUID), time.Unix(0, 0))
	if err != nil || found {
		t.Errorf("found %v, %v", found, err)
	}
	e.tell("/events", "0s")
	if n := e.seen(all); n != 3 {
		t.Errorf("%d are found", n)
	}
}

// TestLegallyNotified: only a legal notification has an event of its own, and only where its recipient can receive it.
func TestLegallyNotified(t *testing.T) {
	e := open(t, filepath.Join(t.TempDir(), "s.db"), fake.RefuseDuplicates)
	defer e.stop()
	all := []*memo.Message{message(1, "0101901234"), message(2, "0101901234"), message(3, "0101909901")}
	all[0].Header.LegalNotification, all[2].Header.LegalNotification = memo.Yes, memo.Yes
	var uuids []string
	for _, m := range all {
		if a, err := e.send(m); err != nil || !a.Accepted {
			t.Fatalf("%+v, %v", a, err)
		}
		uuids = append(uuids, string(m.Header.UUID))
	}
	when, err := e.LegallyNotified(context.Background(), "demo", uuids, time.Now().Add(-time.Hour))
	if err != nil || len(when) != 1 || when[uuids[0]].IsZero() {
		t.Errorf("notified %v: %v", when, err)
	}
}

// TestABrokenContainer: one whose message is not as long as was said, or that is no container, is taken in by nobody.
func TestABrokenContainer(t *testing.T) {
	e := open(t, filepath.Join(t.TempDir(), "s.db"), fake.RefuseDuplicates)
	defer e.stop()
	all := messages(5)
	c := containerOf(all...)
	c.Messages[4].Length++
	if a, err := e.SendContainer(context.Background(), c); err == nil {
		t.Errorf("%+v", a)
	}
	req, _ := http.NewRequest(http.MethodPost, e.url+"/apis/v1/memos/", strings.NewReader("no container"))
	req.Header.Set("Content-Type", "application/x-lzma")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if res.StatusCode != http.StatusBadRequest || !strings.Contains(string(body), "archive.invalid") {
		t.Errorf("%d %s", res.StatusCode, body)
	}
	if n := e.seen(all); n != 0 {
		t.Errorf("%d are there", n)
	}
}
