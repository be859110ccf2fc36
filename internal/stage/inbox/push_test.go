package inbox

import (
	"slices"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

// TestAPushedMessageIsStoredFirst: its receipt follows by its organization's mailbox, once, also when that was lost; it
// stands in the inbox once however often it is pushed, and what nobody can read is kept.
func TestAPushedMessageIsStoredFirst(t *testing.T) {
	ctx, s := t.Context(), store.New(storetest.NewMemory())
	for id, cvr := range map[string]string{"demo": "99060816", "drift": "12345674"} {
		posttest.Check(t, s.CreateOrganization(ctx, &post.Organization{
			ID: id, Name: "Kommune", Senders: []post.Sender{{Number: posttest.Number(t, cvr)}},
		}))
	}
	box := &mailbox{lost: true}
	h := &Handler{
		Mailbox: box, Inbox: s.Inbox(), Pushed: s, Objects: &posttest.MemoryObjects{}, Organizations: s,
		Operator: "drift", Now: func() time.Time { return posttest.Start },
	}
	raw := message(t, uuid1, "99060816", "%PDF en")
	for range 2 {
		posttest.Check(t, h.Push(ctx, uuid1, raw))
	}
	posttest.Check(t, h.Push(ctx, uuid2, []byte("<ikke-memo>")))
	if len(box.confirmed) > 0 {
		t.Errorf("the receipt goes before the answer: %v", box.confirmed)
	}
	of := func(org string) []post.PushedMemo {
		all, err := s.DuePushedMemos(ctx, posttest.Start, 10)
		posttest.Check(t, err)
		return slices.DeleteFunc(all, func(is post.PushedMemo) bool { return is.Org != org })
	}
	if err := h.ConfirmPushed(ctx, of("demo")); err == nil {
		t.Error("the receipt was lost, and nobody hears of it")
	}
	for range 2 {
		posttest.Check(t, h.ConfirmPushed(ctx, of("demo")))
	}
	if !slices.Equal(box.confirmed, []string{uuid1 + " COMPLETED"}) {
		t.Errorf("by its organization's mailbox: %v", box.confirmed)
	}
	posttest.Check(t, h.ConfirmPushed(ctx, of("drift")))
	if !slices.Equal(box.confirmed, []string{uuid1 + " COMPLETED", uuid2 + " INVALID"}) {
		t.Errorf("by the operator's: %v", box.confirmed)
	}
	for org, want := range map[string]int{"demo": 1, "drift": 1} {
		if list, _, err := s.Inbox().List(ctx, org, "", 10); err != nil || len(list) != want {
			t.Errorf("the inbox of %s has %+v: %v", org, list, err)
		}
	}
}
