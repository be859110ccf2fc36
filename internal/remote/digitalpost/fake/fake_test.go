package fake_test

import (
	"context"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"brevdue/internal/keys"
	"brevdue/internal/memo"
	"brevdue/internal/post"
	"brevdue/internal/remote/digitalpost"
	"brevdue/internal/remote/digitalpost/container"
	"brevdue/internal/remote/digitalpost/fake"
)

// exchange is a simulator and the client that we send with.
type exchange struct {
	*digitalpost.Client
	t    *testing.T
	path string
	url  string
	stop func()
}

func open(t *testing.T, path string, d fake.Duplicates) *exchange {
	t.Helper()
	s, err := fake.Open(path, d, 10*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s.Handler())
	return &exchange{
		t:    t,
		path: path,
		url:  server.URL,
		Client: digitalpost.New(
			digitalpost.Config{Base: server.URL + "/apis/v1", Timeout: 300 * time.Millisecond, Connections: 4,
				Pack: container.Write},
		),
		stop: func() { server.CloseClientConnections(); server.Close(); _ = s.Close() },
	}
}

func message(n int, recipient string) *memo.Message {
	id := post.NewLetterID("aaaaaaaaaaaa", 1, n, n, n)
	return &memo.Message{
		Version: "1.2",
		Header: memo.Header{
			Type:      memo.DigitalPost,
			UUID:      memo.UUID(keys.MessageUUID([]byte("k"), string(id), "", 0)),
			ID:        string(id),
			Label:     "Emne",
			Sender:    memo.Sender{ID: "99060816", Type: "CVR", Label: "K"},
			Recipient: memo.Recipient{ID: recipient, Type: "CPR"},
		},
		Body: &memo.Body{
			Created: memo.At(time.Unix(1_790_000_000, 0)),
			Main: memo.MainDocument{Files: []memo.File{{
				Name: "Brev.pdf", EncodingFormat: "application/pdf", Language: "da",
				Content: memo.ContentOf([]byte("%PDF-1.7 brev")),
			}}},
		},
	}
}

func (e *exchange) send(m *memo.Message) (post.Answer, error) {
	return e.Send(
		context.Background(),
		post.Outgoing{UUID: string(m.Header.UUID), Length: m.Length(), Body: m.Reader},
	)
}

// receipts waits for so many.
func (e *exchange) receipts(n int) []post.Receipt {
	e.t.Helper()
	var got []post.Receipt
	for range 100 {
		var err error
		if got, err = e.Receipts(context.Background(), 50); err != nil {
			e.t.Fatal(err)
		}
		if len(got) >= n {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	return got
}

func TestReceiptStaysUntilItIsRemovedAndSurvives(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.db")
	e := open(t, path, fake.RefuseDuplicates)
	m := message(1, "0101901234")
	if a, err := e.send(m); err != nil || !a.Accepted || a.Transmission == "" {
		t.Fatalf("%+v, %v", a, err)
	}
	e.stop() // what was accepted and what is owed are on disk
	e = open(t, path, fake.RefuseDuplicates)
	defer e.stop()
	for range 2 {
		got := e.receipts(1)
		if len(got) != 1 || got[0].Status != post.ReceiptCompleted || got[0].UUID != string(m.Header.UUID) ||
			got[0].MessageID != post.LetterID(m.Header.ID) ||
			!got[0].Verify() ||
			got[0].Issued.IsZero() {
			t.Fatalf("%+v", got)
		}
	}
	if err := e.RemoveReceipts(context.Background(), []string{e.receipts(1)[0].ID,
		"00000000-0000-4000-8000-000000000000"}); err != nil {
		t.Fatal(err)
	}
	if got, _ := e.Receipts(context.Background(), 50); len(got) != 0 {
		t.Errorf("%d receipts are left", len(got))
	}
	other := string(message(2, "0101901234").Header.UUID)
	for uuid, want := range map[string]bool{string(m.Header.UUID): true, other: false} {
		if found, err := e.Find(context.Background(), "demo", uuid, time.Unix(0, 0)); err != nil || found != want {
			t.Errorf("asked for %s: %v, %v", uuid, found, err)
		}
	}
}

func TestDuplicates(t *testing.T) {
	for d, want := range map[fake.Duplicates]struct {
		accepted  bool
		duplicate bool
		receipts  []post.ReceiptStatus
	}{
		fake.RefuseDuplicates:  {false, true, []post.ReceiptStatus{post.ReceiptCompleted}},
		fake.AcceptDuplicates:  {true, false, []post.ReceiptStatus{post.ReceiptCompleted}},
		fake.InvalidBeforeDone: {true, false, []post.ReceiptStatus{post.ReceiptCompleted, post.ReceiptInvalid}},
	} {
		t.Run(string(d), func(t *testing.T) {
			e := open(t, filepath.Join(t.TempDir(), "s.db"), d)
			defer e.stop()
			m := message(1, "0101901234")
			if a, err := e.send(m); err != nil || !a.Accepted {
				t.Fatal(a, err)
			}
			a, err := e.send(m)
			if err != nil || a.Accepted != want.accepted || a.Duplicate != want.duplicate {
				t.Errorf("again: %+v, %v", a, err)
			}
			got := map[post.ReceiptStatus]bool{}
			for _, r := range e.receipts(len(want.receipts)) {
				got[r.Status] = true
			}
			for _, status := range want.receipts {
				if !got[status] {
					t.Errorf("no receipt %s: %v", status, got)
				}
			}
		})
	}
}

// TestEndings: what each ending does at the door and by receipt.
func TestEndings(t *testing.T) {
	e := open(t, filepath.Join(t.TempDir(), "s.db"), fake.RefuseDuplicates)
	defer e.stop()
	for i, c := range []struct {
		ending  string
		door    string // accepted, refused or error
		receipt post.ReceiptStatus
		code    post.Code
	}{
		{"9901", "accepted", post.ReceiptNotAllowed, post.NotEnrolled}, {"9902", "accepted", post.ReceiptInvalid,
			post.UnknownRecipient},
		{"9903", "error", "", ""}, {"9904", "error", "", ""}, {"9905", "error", post.ReceiptCompleted, ""}, {"9906",
			"accepted", "", ""},
		{"9907", "accepted", post.ReceiptCompleted, ""}, {"9909", "refused", "", ""}, {"9911", "accepted",
			post.ReceiptNotAllowed, post.Closed},
		{"9912", "accepted", post.ReceiptNotAllowed, post.NotEnrolled}, {"1234", "accepted", post.ReceiptCompleted, ""},
	} {
		m := message(i+1, "010190"+c.ending)
		a, err := e.send(m)
		door := map[bool]string{true: "accepted", false: "refused"}[a.Accepted]
		if err != nil {
			door = "error"
		}
		if door != c.door {
			t.Errorf("%s at the door: %s (%+v, %v), want %s", c.ending, door, a, err, c.door)
		}
		time.Sleep(20 * time.Millisecond)
		var got []post.Receipt
		for _, r := range e.receipts(0) {
			if r.UUID == string(m.Header.UUID) {
				got = append(got, r)
			}
		}
		switch {
		case c.receipt == "" && len(got) > 0, c.receipt != "" && len(got) == 0:
			t.Errorf("%s: %d receipts", c.ending, len(got))
		case c.receipt != "" && (got[0].Status != c.receipt || c.code != "" &&
			post.CodeOfReceipt(got[0].ErrorCode) != c.code):
			t.Errorf("%s: %s %s", c.ending, got[0].Status, got[0].ErrorCode)
		case c.ending == "9907" && len(got) != 2:
			t.Errorf("9907: %d receipts, want 2", len(got))
		}
	}
}

// TestInvalidMessageIsRefusedByReceipt: validity is checked after the 201 (digital-post.md 3.2).
func TestInvalidMessageIsRefusedByReceipt(t *testing.T) {
	e := open(t, filepath.Join(t.TempDir(), "s.db"), fake.RefuseDuplicates)
	defer e.stop()
	m := message(1, "010190-1234") // with a dash: not ten digits
	if a, err := e.send(m); err != nil || !a.Accepted {
		t.Fatal(a, err)
	}
	if got := e.receipts(1); len(got) != 1 || got[0].Status != post.ReceiptInvalid {
		t.Errorf("%+v", got)
	}
}
