package post_test

import (
	"testing"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

func TestOptionsAreChecked(t *testing.T) {
	now := posttest.Start // 2026-11-22
	for name, c := range map[string]struct {
		o     post.Options
		reply bool
		field string // "" for none
	}{
		"nothing": {post.Options{}, false, ""},
		"all": {
			post.Options{ReplyBy: "2026-12-24", DeliverOn: "2026-12-01", Notification: "Brev"}, true, "",
		},
		"a deadline, and no reply": {post.Options{ReplyBy: "2026-12-24"}, false, "replyBy"},
		"today":                    {post.Options{DeliverOn: "2026-11-22"}, false, "deliverOn"},
		"no day":                   {post.Options{DeliverOn: "24.12.2026"}, false, "deliverOn"},
		"years ahead":              {post.Options{DeliverOn: "2029-01-01"}, false, "deliverOn"},
		"reply before delivery":    {post.Options{ReplyBy: "2026-12-01", DeliverOn: "2026-12-24"}, true, "replyBy"},
		"a number":                 {post.Options{Notification: "Til 010190-1234"}, false, "notification"},
		"long":                     {post.Options{Notification: string(make([]rune, 161))}, false, "notification"},
		"legal without reason":     {post.Options{Legal: true}, false, "legalReason"},
	} {
		var wrong post.Mistakes
		c.o.Check(c.reply, now, &wrong)
		if c.field == "" && len(wrong) > 0 || c.field != "" && (len(wrong) == 0 || wrong[0].Field != c.field) {
			t.Errorf("%s: %v", name, wrong)
		}
	}
}

// TestC9TheReceiptsClockCountsFromTheDeliveryDay: what Digital Post keeps until a day has no receipt before it.
func TestC9TheReceiptsClockCountsFromTheDeliveryDay(t *testing.T) {
	o := post.Options{DeliverOn: "2026-12-01"}
	l := &post.Letter{State: post.HandedOver, Due: posttest.Start.Add(time.Minute)}
	l.AwaitDelivery(posttest.Now, o.DeliveryDay())
	if want := time.Date(2026, 11, 30, 23, 0, 0, 0, time.UTC).
		Add(post.DemoTimings.ReceiptWithin); !l.Due.Equal(
		want,
	) {
		t.Errorf("due %v, want %v", l.Due, want)
	}
	l.AwaitDelivery(posttest.Now, (&post.Options{}).DeliveryDay())
	if !l.Due.Equal(time.Date(2026, 11, 30, 23, 0, 0, 0, time.UTC).Add(post.DemoTimings.ReceiptWithin)) {
		t.Errorf("without a day it is due %v", l.Due)
	}
}

// TestC14Available: only a letter that reached its recipient starts a deadline, and no earlier than its delivery day.
func TestC14Available(t *testing.T) {
	at := posttest.Start.Add(time.Hour)
	receipt := post.Receipt{Status: post.ReceiptCompleted, Issued: at}
	for name, c := range map[string]struct {
		state     post.LetterState
		deliverOn string
		want      time.Time
	}{
		"completed":        {post.Completed, "", at},
		"kept until a day": {post.Completed, "2026-12-01", time.Date(2026, 11, 30, 23, 0, 0, 0, time.UTC)},
		"handed over":      {post.HandedOver, "", time.Time{}},
		"failed":           {post.Failed, "", time.Time{}},
		"cancelled":        {post.Cancelled, "", time.Time{}},
	} {
		l := &post.Letter{
			State:    c.state,
			Receipts: []post.Receipt{{Status: post.ReceiptReceived, Issued: posttest.Start}, receipt},
		}
		if got := l.Available(&post.Options{DeliverOn: c.deliverOn}); !got.Equal(c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestTypedName: a letter has the name that the recipient list gives its number, and none once it is for somebody else.
func TestTypedName(t *testing.T) {
	first, second := posttest.Number(t, "010190-1234"), posttest.Number(t, "060690-1234")
	s := &post.Shipment{TypedRecipients: []ident.Number{first, second}, TypedNames: []string{"Anna Holm", ""}}
	letter := func(ordinal int, n ident.Number) *post.Letter {
		return &post.Letter{ID: post.DraftLetterID("aaaaaaaaaaaa", 1, 1, ordinal), Recipient: n}
	}
	for name, c := range map[string]struct {
		l    *post.Letter
		want string
	}{
		"as it is listed":  {letter(1, first), "Anna Holm"},
		"without a name":   {letter(2, second), ""},
		"corrected":        {letter(1, second), ""},
		"of no typed one":  {letter(0, first), ""},
		"beyond the list":  {letter(3, first), ""},
		"of an id of none": {&post.Letter{ID: "x", Recipient: first}, ""},
	} {
		if got := s.TypedName(c.l); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
