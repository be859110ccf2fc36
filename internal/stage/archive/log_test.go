package archive

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/workflow"
)

// inLog searches the log as somebody, and returns what is found: letters by number and name, shipments by subject.
func (d *desk) inLog(who post.Caller, q post.LogQuery) string {
	d.t.Helper()
	d.reader.Failures, d.reader.Names = d.store.Failures(), &workflow.Names{Outlines: d.store}
	found, err := d.reader.SearchLog(context.Background(), who, q)
	posttest.Check(d.t, err)
	var all []string
	for _, l := range found.Letters {
		all = append(all, fmt.Sprintf("%d %s", l.Number, l.Name))
	}
	for _, s := range found.Shipments {
		all = append(all, s.Subject)
	}
	return strings.Join(all, ", ")
}

// TestSearchLog: letters are found by name and number, shipments by subject; whoever may not open them finds nothing.
func TestSearchLog(t *testing.T) {
	d := newDesk(t)
	d.change(0, queue)
	d.file(0)
	d.change(1, func(l *post.Letter) error { // the second is held back: it lies in no case
		return l.Fail(posttest.Now, post.Problem{Code: post.NoRecipientFound})
	})
	l, err := d.store.Letters().GetAny(context.Background(), d.letters[1])
	posttest.Check(t, err)
	posttest.Check(t, d.store.Failures().Put(context.Background(), &post.Failure{Org: "demo", Shipment: "aaaaaaaaaaaa",
		Letter: l.ID, Number: 2, Problem: *l.Problem, Since: posttest.Start}, nil))
	first, err := d.store.Letters().GetAny(context.Background(), d.letters[0])
	posttest.Check(t, err)

	stranger := posttest.Person("demo", "bo")
	stranger.Grants = post.GrantsOf(post.RightWrite)
	foreign := posttest.Person("other", "eva")
	foreign.Grants = d.who.Grants
	day := func(n int) time.Time { return posttest.Start.AddDate(0, 0, n) }
	for _, c := range []struct {
		who  post.Caller
		q    post.LogQuery
		want string
	}{
		{d.who, post.LogQuery{Text: "anton"}, "1 Anton Lykkegaard"},
		{d.who, post.LogQuery{Text: "lykkegård"}, "1 Anton Lykkegaard, 2 Bodil Åse Lykkegaard"},
		{d.who, post.LogQuery{Text: "aase lykke"}, "2 Bodil Åse Lykkegaard"},
		{d.who, post.LogQuery{Text: "anton emne"}, "1 Anton Lykkegaard"},
		{d.who, post.LogQuery{Text: "anton noget andet"}, ""},
		{d.who, post.LogQuery{Text: "emne"}, "Emne"},
		{d.who, post.LogQuery{Text: first.Recipient.Reveal()}, "1 Anton Lykkegaard"},
		{d.who, post.LogQuery{Text: "0202901234"}, ""},
		{d.who, post.LogQuery{Text: "anton", ShipmentFilter: post.ShipmentFilter{From: day(1)}}, ""},
		{d.who, post.LogQuery{Text: "anton", ShipmentFilter: post.ShipmentFilter{From: day(-1), Before: day(1)}},
			"1 Anton Lykkegaard"},
		{d.who, post.LogQuery{Text: "lykkegaard", ShipmentFilter: post.ShipmentFilter{State: post.LogFailed}},
			"2 Bodil Åse Lykkegaard"},
		{stranger, post.LogQuery{Text: "anton"}, ""},
		{stranger, post.LogQuery{Text: "emne"}, ""},
		{stranger, post.LogQuery{Text: first.Recipient.Reveal()}, ""},
		{foreign, post.LogQuery{Text: "anton"}, ""},
	} {
		if got := d.inLog(c.who, c.q); got != c.want {
			t.Errorf("%s searches %q: %q, want %q", c.who.Name, c.q.Text, got, c.want)
		}
	}
}

// TestD6SearchIsAudited: that somebody has searched is written down, a number as its hash and words not at all.
func TestD6SearchIsAudited(t *testing.T) {
	d := newDesk(t)
	for _, text := range []string{"0101901000", "Anton"} {
		d.inLog(d.who, post.LogQuery{Text: text})
	}
	entries, err := d.store.AuditLog(d.Now).EntriesBy(context.Background(), "demo", "eva", 100)
	posttest.Check(t, err)
	var said []string
	for _, e := range entries {
		said = append(said, e.Text)
	}
	all := strings.Join(said, "\n")
	if n := len(slices.DeleteFunc(said, func(s string) bool { return !strings.Contains(s, "loggen") })); n != 2 ||
		strings.Contains(all, "010190") || strings.Contains(all, "Anton") {
		t.Errorf("%d entries: %s", n, all)
	}
}
