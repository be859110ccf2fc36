package inbox

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"brevdue/internal/memo"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

// mailbox is a Digital Post with post waiting, whose answers may be lost.
type mailbox struct {
	waiting   map[string][]byte
	confirmed []string
	lost      bool // the next confirmation is not answered
}

func (m *mailbox) Waiting(_ context.Context, page, size int) ([]string, error) {
	var ids []string
	for id := range m.waiting {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids[min(page*size, len(ids)):min((page+1)*size, len(ids))], nil
}

func (m *mailbox) Fetch(_ context.Context, id string) ([]byte, error) {
	if raw, ok := m.waiting[id]; ok {
		return raw, nil
	}
	return nil, post.ErrNotFound
}

func (m *mailbox) Confirm(_ context.Context, id, uuid string, status post.ReceiptStatus) error {
	if m.lost {
		m.lost = false
		return errors.New("time-out")
	}
	m.confirmed = append(m.confirmed, id+" "+string(status))
	delete(m.waiting, id)
	return nil
}

func message(t *testing.T, uuid, to, text string) []byte {
	t.Helper()
	m := &memo.Message{
		Version: "1.2",
		Header: memo.Header{
			Type: memo.DigitalPost, UUID: memo.UUID(uuid), Label: "Ansøgning",
			Sender:    memo.Sender{ID: "0101901234", Type: "CPR", Label: "Anton"},
			Recipient: memo.Recipient{ID: to, Type: "CVR"},
		},
		Body: &memo.Body{Created: memo.At(posttest.Start), Main: memo.MainDocument{Files: []memo.File{{
			Name: "brev.pdf", EncodingFormat: "application/pdf", Language: "da", Content: memo.ContentOf([]byte(text)),
		}}}},
	}
	b, err := m.Bytes()
	posttest.Check(t, err)
	return b
}

const uuid1, uuid2 = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"

// TestStoredFirstConfirmedAfter: a message whose confirmation was lost comes again and stands in the inbox once; one
// that cannot be read is kept as it came; what is for nobody we know goes to the operator.
func TestStoredFirstConfirmedAfter(t *testing.T) {
	ctx := context.Background()
	s, objects := store.New(storetest.NewMemory()), &posttest.MemoryObjects{}
	posttest.Check(
		t,
		s.CreateOrganization(
			ctx,
			&post.Organization{
				ID:      "demo",
				Name:    "Kommune",
				Senders: []post.Sender{{Number: posttest.Number(t, "99060816")}},
			},
		),
	)
	box := &mailbox{
		lost: true,
		waiting: map[string][]byte{
			"a": message(t, uuid1, "99060816", "%PDF en"),
			"b": message(t, uuid2, "12345674", "%PDF to"),
			"c": []byte("<ikke-memo>"),
		},
	}
	h := &Handler{
		Mailbox:       box,
		Inbox:         s.Inbox(),
		Objects:       objects,
		Organizations: s,
		Operator:      "drift",
		Now:           func() time.Time { return posttest.Start },
	}
	if _, err := h.Poll(ctx); err == nil || !strings.Contains(err.Error(), "message a") ||
		!strings.Contains(err.Error(), "drift") {
		t.Errorf("the lost confirmation, and an operator that is not there: %v", err)
	}
	if len(box.waiting) != 3 || len(box.confirmed) > 0 {
		t.Errorf("%d wait, %v was confirmed", len(box.waiting), box.confirmed)
	}
	posttest.Check(t, s.CreateOrganization(ctx, &post.Organization{ID: "drift", Name: "Drift"}))
	stored, err := s.Inbox().Get(ctx, "demo", uuid1)
	posttest.Check(t, err)
	if _, err := h.Poll(ctx); err != nil {
		t.Error(err)
	}
	if !slices.Equal(box.confirmed, []string{"a COMPLETED", "b COMPLETED", "c INVALID"}) || len(box.waiting) > 0 {
		t.Errorf("confirmed %v, still waiting %d", box.confirmed, len(box.waiting))
	}
	list, _, err := s.Inbox().List(ctx, "demo", "", 10)
	if err != nil || len(list) != 1 || list[0].ID != stored.ID || list[0].From.Reveal() != "0101901234" {
		t.Errorf("the inbox has %+v: %v", list, err)
	}
	content, done, err := objects.Open(ctx, list[0].Files[0].Object)
	if err != nil || string(content) != "%PDF en" {
		t.Errorf("its document is %q: %v", content, err)
	}
	done()
	others, _, err := s.Inbox().List(ctx, "drift", "", 10)
	if err != nil || len(others) != 2 {
		t.Fatalf("the operator has %+v: %v", others, err)
	}
	for _, m := range others {
		raw, done, err := objects.Open(ctx, m.Raw)
		if err != nil || len(raw) == 0 || (m.Problem != nil) != (string(raw) == "<ikke-memo>") {
			t.Errorf("%+v was kept as %q: %v", m, raw, err)
		}
		done()
	}
}

// laterScanner has no verdict at first.
type laterScanner struct{ verdict bool }

// Scan implements post.Scanner.
func (s *laterScanner) Scan(context.Context, post.Object) (string, error) {
	if !s.verdict {
		return "", post.ErrNotScanned
	}
	return "", nil
}

// TestAMessageWaitsForItsVerdict is no error that anybody is alarmed by: the next poll takes it in.
func TestAMessageWaitsForItsVerdict(t *testing.T) {
	ctx, s, scanner := t.Context(), store.New(storetest.NewMemory()), &laterScanner{}
	posttest.Check(t, s.CreateOrganization(ctx, &post.Organization{
		ID: "demo", Name: "Kommune", Senders: []post.Sender{{Number: posttest.Number(t, "99060816")}},
	}))
	box := &mailbox{waiting: map[string][]byte{"a": message(t, uuid1, "99060816", "%PDF en")}}
	h := &Handler{
		Mailbox: box, Inbox: s.Inbox(), Objects: &posttest.MemoryObjects{}, Organizations: s, Operator: "demo",
		Scanner: scanner, Now: func() time.Time { return posttest.Start },
	}
	for want := range 2 {
		if _, err := h.Poll(ctx); err != nil || len(box.confirmed) != want {
			t.Errorf("poll %d: confirmed %v, %v", want+1, box.confirmed, err)
		}
		if _, err := s.Inbox().Get(ctx, "demo", uuid1); (err == nil) != (want == 1) {
			t.Errorf("poll %d: it is in the inbox: %v", want+1, err)
		}
		scanner.verdict = true
	}
}
