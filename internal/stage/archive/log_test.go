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

// TestOtherwiseNamed: a number that has had letters to somebody else altogether is told, one without letters is not.
func TestOtherwiseNamed(t *testing.T) {
	d := newDesk(t)
	d.change(0, queue)
	d.file(0)
	first, err := d.store.Letters().GetAny(t.Context(), d.letters[0])
	posttest.Check(t, err)
	for name, want := range map[string]bool{"Sofie Brandt": true, "Anton Lykkegaard": false, "A. Lykkegård": false,
		"Anton B. Nielsen": false, "": false} {
		got, err := d.reader.OtherwiseNamed(t.Context(), "demo", first.Recipient, name)
		if err != nil || got != want {
			t.Errorf("%q: %v, %v, want %v", name, got, err, want)
		}
	}
	for org, n := range map[string]string{"demo": "0202901234", "other": first.Recipient.Reveal()} {
		got, err := d.reader.OtherwiseNamed(t.Context(), org, posttest.Number(t, n), "Sofie Brandt")
		if err != nil || got {
			t.Errorf("%s: %v, %v", org, got, err)
		}
	}
}

// drafts are reviews as they stand.
type drafts struct {
	post.Reviews
	of map[string]*post.Review
}

func (d drafts) Review(_ context.Context, s *post.Shipment) (*post.Review, error) {
	if r := d.of[s.ID]; r != nil {
		return r, nil
	}
	return nil, post.ErrNotFound
}

// TestSearchLogFindsWhatWaits: a letter that leaves next week is found by its name and its number, by whoever may open
// it; a draft that nobody has sent is not.
func TestSearchLogFindsWhatWaits(t *testing.T) {
	d := newDesk(t)
	reviews := drafts{of: map[string]*post.Review{}}
	d.reader.Reviews = reviews
	for _, id := range []string{"waitswaitswa", "draftdraftdr", "gonegonegone"} {
		s, made := posttest.Shipment(t, id, 1)
		s.Drafted, s.Waiting, s.SendAfter = true, true, posttest.Start.AddDate(0, 0, 7)
		if id == "draftdraftdr" {
			s.State, s.Waiting = post.InReview, false
		}
		posttest.Check(t, d.store.Shipments().Create(t.Context(), s))
		made[0].Number = 1
		if id != "gonegonegone" {
			reviews.of[id] = &post.Review{Letters: made, Outline: &post.Outline{
				Letters: []post.OutlineLetter{{Name: "Viggo Ventende", First: 1, Last: 1}}}}
		}
	}
	stranger := posttest.Person("demo", "bo")
	stranger.Grants = post.GrantsOf(post.RightWrite)
	for _, c := range []struct {
		who        post.Caller
		text, want string
	}{
		{d.who, "viggo", "1 Viggo Ventende"}, {d.who, "0101901000", "1 Viggo Ventende"}, {d.who, "viggo anden", ""},
		{stranger, "viggo", ""}, {stranger, "0101901000", ""},
	} {
		if got := d.inLog(c.who, post.LogQuery{Text: c.text}); got != c.want {
			t.Errorf("%s searches %q: %q, want %q", c.who.Name, c.text, got, c.want)
		}
	}
}
