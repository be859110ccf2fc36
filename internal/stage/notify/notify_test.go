package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

type carrier struct {
	got  []Message
	fail int // so many times
}

func (c *carrier) Deliver(_ context.Context, m Message) error {
	if c.fail > 0 {
		c.fail--
		return errors.New("451 later")
	}
	c.got = append(c.got, m)
	return nil
}

// TestADigestNotAFlood: what happens close together is one message to each subscriber, for what they asked for; the
// same thing is not told again within the hour; a server that is away is tried again.
func TestADigestNotAFlood(t *testing.T) {
	ctx := context.Background()
	now := posttest.Start
	notices := store.New(storetest.NewMemory()).Notices()
	mail, hook := &carrier{fail: 1}, &carrier{}
	h := &Handler{
		Deliveries: notices,
		Runner:     parallel.Goroutines{},
		Notices:    notices,
		Mail:       mail,
		Hook:       hook,
		Base:       "https://post.kommune.dk",
		Timings:    post.ProductionTimings,
		Now:        func() time.Time { return now },
		Operator:   "demo",
	}
	run := func() {
		t.Helper()
		_, err := h.Run(ctx)
		posttest.Check(t, err)
	}
	posttest.Check(
		t,
		notices.Subscribe(
			ctx,
			post.Subscription{ID: "1", Org: "demo", Mail: "eva@kommune.dk", Kinds: post.NoticeKinds},
		),
	)
	posttest.Check(
		t,
		notices.Subscribe(
			ctx,
			post.Subscription{
				ID:     "2",
				Org:    "demo",
				Hook:   "https://kommune.dk/hook",
				Secret: "s",
				Kinds:  []post.NoticeKind{post.DigitalPostDown},
			},
		),
	)
	note := func(kind post.NoticeKind, about string) {
		t.Helper()
		posttest.Check(t, notices.Note(ctx, post.Notice{Org: "demo", Kind: kind, About: about, At: now}))
	}
	for range 300 {
		note(post.ShipmentErrors, "aaaaaaaaaaaa")
	}
	note(post.ShipmentErrors, "bbbbbbbbbbbb")
	note(post.DigitalPostDown, "")
	run()
	if len(mail.got)+len(hook.got) > 0 {
		t.Fatal("told before the digest is due")
	}
	now = now.Add(post.DigestAfter + time.Second)
	run()
	if len(hook.got) != 1 || len(hook.got[0].Notices) != 1 || hook.got[0].Secret != "s" || len(mail.got) != 0 {
		t.Fatalf("hook %+v, mail %+v", hook.got, mail.got)
	}
	now = now.Add(time.Hour)
	run()
	if len(mail.got) != 1 || len(mail.got[0].Notices) != 3 || !strings.Contains(mail.got[0].Text, "aaaaaaaaaaaa") ||
		!strings.Contains(mail.got[0].Text, "https://post.kommune.dk/log/ubehandlet") {
		t.Fatalf("mail %+v", mail.got)
	}
	log, err := notices.Deliveries(ctx, "demo", 10)
	posttest.Check(t, err)
	if len(log) != 2 || log[0].Done.IsZero() || log[1].Done.IsZero() || max(log[0].Tries, log[1].Tries) != 2 {
		t.Errorf("log %+v %+v", log[0], log[1])
	}
	note(post.ShipmentErrors, "aaaaaaaaaaaa")
	now = now.Add(post.DigestAfter + time.Second)
	run()
	if len(mail.got) != 2 {
		t.Errorf("an hour later it may be told again: %d mails", len(mail.got))
	}
	note(post.ShipmentErrors, "aaaaaaaaaaaa")
	now = now.Add(post.DigestAfter + time.Second)
	run()
	if len(mail.got) != 2 {
		t.Error("told twice within the hour")
	}
	posttest.Check(t, notices.NoteToAll(ctx, post.DigitalPostDown, post.DigitalPostUp, now))
	now = now.Add(2 * time.Hour)
	run()
	if last := mail.got[len(mail.got)-1]; !strings.Contains(last.Text, "Digital Post svarer igen") &&
		!strings.Contains(last.Subject, "svarer igen") {
		t.Errorf("up again: %+v", last)
	}
	posttest.Check(t, notices.Resend(ctx, "demo", log[0].ID, now))
	n := len(mail.got) + len(hook.got)
	run()
	if len(mail.got)+len(hook.got) != n+1 {
		t.Error("resend delivers nothing")
	}
}

// TestCertificate: 60, 30 and 7 days before its end, once each.
func TestCertificate(t *testing.T) {
	ctx := context.Background()
	now := posttest.Start
	notices := store.New(storetest.NewMemory()).Notices()
	mail := &carrier{}
	h := &Handler{
		Deliveries: notices,
		Runner:     parallel.Goroutines{},
		Notices:    notices,
		Mail:       mail,
		Timings:    post.ProductionTimings,
		Now:        func() time.Time { return now },
		Operator:   "drift",
		Expires:    now.Add(70 * 24 * time.Hour),
	}
	posttest.Check(
		t,
		notices.Subscribe(
			ctx,
			post.Subscription{ID: "1", Org: "drift", Mail: "it@kommune.dk", Kinds: post.NoticeKinds},
		),
	)
	days := map[int]int{} // mails by how many days were left
	for ; now.Before(h.Expires); now = now.Add(30 * time.Minute) {
		before := len(mail.got)
		_, err := h.Run(ctx)
		posttest.Check(t, err)
		if n := len(mail.got) - before; n > 0 {
			days[int(h.Expires.Sub(now).Hours()/24)] += n
		}
	}
	if len(days) != 3 || days[59] != 1 || days[29] != 1 || days[6] != 1 {
		t.Errorf("warned at %v", days)
	}
}

// TestThousandsOfNotices: what was told long ago hides nothing that is new, of this organization or another.
func TestThousandsOfNotices(t *testing.T) {
	ctx := context.Background()
	now := posttest.Start
	notices := store.New(storetest.NewMemory()).Notices()
	mail := &carrier{}
	h := &Handler{
		Deliveries: notices,
		Runner:     parallel.Goroutines{},
		Notices:    notices,
		Mail:       mail,
		Timings:    post.ProductionTimings,
		Now:        func() time.Time { return now },
	}
	for _, org := range []string{"a", "b"} {
		posttest.Check(
			t,
			notices.Subscribe(
				ctx,
				post.Subscription{ID: "1", Org: org, Mail: org + "@kommune.dk", Kinds: post.NoticeKinds},
			),
		)
	}
	note := func(org string, n int) {
		posttest.Check(
			t,
			notices.Note(
				ctx,
				post.Notice{Org: org, Kind: post.ShipmentErrors, About: fmt.Sprintf("%012d", n), At: now},
			),
		)
	}
	told := func(org string) (n int) {
		for _, m := range mail.got {
			if m.To == org+"@kommune.dk" {
				n += len(m.Notices)
			}
		}
		return n
	}
	for i := range 1200 {
		note("a", i)
	}
	for range 60 {
		now = now.Add(post.DigestAfter)
		_, err := h.Run(ctx)
		posttest.Check(t, err)
	}
	note("a", 5000)
	note("b", 1)
	now = now.Add(post.DigestAfter + time.Second)
	_, err := h.Run(ctx)
	posttest.Check(t, err)
	if told("a") != 1201 || told("b") != 1 {
		t.Errorf("a was told %d things, b %d", told("a"), told("b"))
	}
}

// TestAMessageIsTheSameAtEveryTry: a receiver that saw it before its answer was lost knows it again, to the byte, also
// when it was another version of Brevdue, at another address, that tried before.
func TestAMessageIsTheSameAtEveryTry(t *testing.T) {
	ctx := context.Background()
	now := posttest.Start
	notices := store.New(storetest.NewMemory()).Notices()
	subscription := post.NewSubscription("demo", "eva")
	subscription.Hook, subscription.Kinds = "https://kommune.dk/hook", post.NoticeKinds
	posttest.Check(t, notices.Subscribe(ctx, subscription))
	posttest.Check(t, notices.Note(ctx, post.Notice{Org: "demo", Kind: post.ShipmentErrors, About: "aaaaaaaaaaaa",
		At: now}))
	tried := &tries{}
	for n := range 4 {
		now = now.Add(2 * time.Hour)
		h := &Handler{
			Deliveries: notices,
			Runner:     parallel.Goroutines{},
			Notices:    notices,
			Hook:       tried,
			Base:       fmt.Sprintf("https://post%d.kommune.dk", n),
			Timings:    post.ProductionTimings,
			Now:        func() time.Time { return now },
		}
		_, err := h.Run(ctx)
		posttest.Check(t, err)
	}
	posttest.Check(t, notices.Resend(ctx, "demo", tried.got[0].ID, now))
	_, err := (&Handler{Deliveries: notices, Runner: parallel.Goroutines{}, Notices: notices, Hook: tried,
		Base: "https://ny.kommune.dk", Timings: post.ProductionTimings,
		Now: func() time.Time { return now.Add(time.Minute) }}).Run(ctx)
	posttest.Check(t, err)
	if len(tried.got) < 4 {
		t.Fatalf("%d tries", len(tried.got))
	}
	for _, m := range tried.got {
		if m.ID != tried.got[0].ID || string(m.Body) != string(tried.got[0].Body) {
			t.Errorf("%s:\n%s\nbefore:\n%s", m.ID, m.Body, tried.got[0].Body)
		}
	}
	var body struct {
		ID, Subject, Text string
		At                time.Time
		Notices           []post.Notice
	}
	if err := json.Unmarshal(tried.got[0].Body, &body); err != nil || body.ID != tried.got[0].ID || body.At.IsZero() ||
		len(body.Notices) != 1 || body.Text == "" {
		t.Errorf("%s: %v", tried.got[0].Body, err)
	}
}

// tries fails every time.
type tries struct{ got []Message }

func (r *tries) Deliver(_ context.Context, m Message) error {
	r.got = append(r.got, m)
	return errors.New("no answer")
}
