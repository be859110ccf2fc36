package posttest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"brevdue/internal/post"
)

func failures(t *testing.T, w Words) {
	ctx := context.Background()
	row := func(number int, code post.Code) *post.Failure {
		return &post.Failure{
			Org:      "demo",
			Shipment: "eeeeeeeeeeee",
			Letter:   post.NewLetterID("eeeeeeeeeeee", 1, number, number, number),
			Subject:  "Emne",
			Pages: [2]int{
				number,
				number,
			},
			Recipient: "010190-xxxx",
			Problem:   post.Problem{Code: code},
			Since:     Start.Add(time.Duration(number) * time.Second),
		}
	}
	for i := range 7 {
		must(t, w.Failures.Put(ctx, row(i+1, post.NotEnrolled), nil))
		must(t, w.Failures.Put(ctx, row(i+1, post.NotEnrolled), nil)) // twice is once
	}
	must(t, w.Failures.Put(ctx, row(3, post.ArchiveFailedCode), nil))
	list := func(f post.FailureFilter) (n int) {
		for cursor := ""; ; {
			rows, next, err := w.Failures.List(ctx, "demo", f, cursor, 3)
			must(t, err)
			n += len(rows)
			if cursor = next; cursor == "" {
				return n
			}
		}
	}
	letter := post.NewLetterID("eeeeeeeeeeee", 1, 3, 3, 3)
	const shipment = "eeeeeeeeeeee"
	for _, c := range []struct {
		f    post.FailureFilter
		want int
	}{
		{post.FailureFilter{}, 8},
		{post.FailureFilter{Code: post.NotEnrolled}, 7},
		{post.FailureFilter{Shipment: shipment}, 8},
		{post.FailureFilter{Shipment: shipment, Letter: letter}, 2},
		{post.FailureFilter{Shipment: shipment, Letter: letter, Code: post.NotEnrolled}, 1},
		{post.FailureFilter{Shipment: "ffffffffffff"}, 0},
		{post.FailureFilter{Code: post.Refused}, 0},
	} {
		if got := list(c.f); got != 0 {
			t.Errorf("%+v: who sees nothing gets %d rows", c.f, got)
		}
		c.f.Seen = post.Everything()
		if got := list(c.f); got != c.want {
			t.Errorf("%+v: %d rows, want %d", c.f, got, c.want)
		}
	}
	for _, id := range []string{"m1", "m2"} {
		must(
			t,
			w.Failures.Put(
				ctx,
				&post.Failure{
					Org:     "other",
					Message: &post.DeadMessage{Queue: post.SendQueue, ID: id, Body: "?"},
					Problem: post.Problem{Code: post.Unknown},
					Since:   Start,
				},
				nil,
			),
		)
	}
	rows, next, err := w.Failures.List(
		ctx,
		"other",
		post.FailureFilter{Seen: post.Everything(), Message: "m2", Code: post.Unknown},
		"",
		3,
	)
	if err != nil || next != "" || len(rows) != 1 || rows[0].Message == nil ||
		*rows[0].Message != (post.DeadMessage{Queue: post.SendQueue, ID: "m2", Body: "?"}) {
		t.Errorf("the message's row is %+v, %q: %v", rows, next, err)
	}
	third := row(3, post.NotEnrolled)
	must(t, w.Failures.Close(ctx, third, "ringet op", "mette", Start.Add(time.Hour)))
	must(t, w.Failures.Close(ctx, third, "igen", "jonas", Start.Add(time.Hour))) // a double click
	if got := list(post.EveryRow()); got != 7 {
		t.Errorf("%d rows after one was closed, want 7", got)
	}
	must(t, w.Failures.Put(ctx, row(3, post.NotEnrolled), nil)) // a dead letter that comes late
	if got := list(post.EveryRow()); got != 7 {
		t.Errorf("%d rows: one that was dismissed came back without a new failure", got)
	}
	anew := row(3, post.NotEnrolled)
	anew.Since = Start.Add(2 * time.Hour)
	must(t, w.Failures.Put(ctx, anew, nil))
	if got := list(post.EveryRow()); got != 8 {
		t.Errorf("%d rows after the letter failed anew, want 8", got)
	}
	must(t, w.Failures.Close(ctx, third, "", "mette", Start.Add(3*time.Hour))) // somebody who saw the old row
	if got := list(post.EveryRow()); got != 8 {
		t.Errorf("%d rows: a row that came anew was closed unseen", got)
	}
}

func files(t *testing.T, w Words) {
	ctx := context.Background()
	claim := func(shipment string, since time.Time, force bool, want string) {
		t.Helper()
		if owner, err := w.Files.Claim(ctx, "demo", "abc", shipment, Start, since, force); err != nil ||
			owner != want {
			t.Errorf("claimed for %s: %s has it, want %s: %v", shipment, owner, want, err)
		}
	}
	claim("ssssssssssss", Start.Add(-time.Hour), false, "ssssssssssss")
	claim("ssssssssssss", Start.Add(-time.Hour), false, "ssssssssssss")
	claim("tttttttttttt", Start.Add(-time.Hour), false, "ssssssssssss")
	for since, want := range map[time.Time]string{Start.Add(-time.Hour): "ssssssssssss", Start.Add(time.Hour): ""} {
		if got, err := w.Files.SentSince(ctx, "demo", "abc", since); err != nil || got != want {
			t.Errorf("sent since %v: %q, want %q: %v", since, got, want, err)
		}
	}
	if got, err := w.Files.SentSince(ctx, "other", "abc", Start.Add(-time.Hour)); err != nil || got != "" {
		t.Errorf("another organization is told of the file: %q, %v", got, err)
	}
	claim("tttttttttttt", Start.Add(time.Hour), false, "tttttttttttt") // the old claim is past
	claim("uuuuuuuuuuuu", Start.Add(-time.Hour), true, "uuuuuuuuuuuu")
	first, second := post.NewLetterID("aaaaaaaaaaaa", 1, 1, 1, 1), post.NewLetterID("aaaaaaaaaaaa", 1, 2, 2, 2)
	pdf := post.FiledDocument{Kind: post.LetterDocument, Name: "Emne.pdf", Type: "application/pdf",
		Object: post.Object{Key: "archive/demo/m-1/1.pdf", Version: "v", SHA256: "s", Size: 7}}
	c := post.Filing{Org: "demo", Case: "m-1", Person: "m-1", Letter: first, At: Start,
		Documents: []post.FiledDocument{pdf}, Record: post.Object{Key: "archive/demo/m-1/1.json", Version: "w"}}
	c.Name, c.NameKeys, c.UUID, c.Message = "Anton Holm", []string{"n-1", "n-2"}, "u", "s"
	must(t, w.Cases.File(ctx, c))
	must(t, w.Cases.File(ctx, post.Filing{Org: "demo", Case: "2026-17", Person: "m-1", Letter: second, At: Start}))
	for of, want := range map[string][]post.LetterID{"m-1": {first, second}, "2026-17": {second}, "m-": nil} {
		if got, err := w.Cases.LettersOf(ctx, "demo", of); err != nil || !slices.Equal(got, want) {
			t.Errorf("letters of %s: %v, %v", of, got, err)
		}
	}
	if got, err := w.Cases.LettersOf(ctx, "another", "m-1"); err != nil || len(got) > 0 {
		t.Errorf("another organization's: %v, %v", got, err)
	}
	must(t, w.Cases.File(ctx, c))
	found, next, err := w.Cases.FiledUnder(ctx, "demo", "n-2", "", 1)
	if err != nil || len(found) != 1 || found[0].Letter != first || found[0].Name != c.Name || next == "" {
		t.Errorf("under a name: %+v, %q: %v", found, next, err)
	}
	for after, n := "", 0; ; n++ { // a page of one row each: persons and cases, of which the cases count
		some, next, err := w.Cases.FiledUnder(ctx, "demo", "", after, 1)
		must(t, err)
		if after = next; next == "" || n > 9 {
			break
		}
		if len(some) > 0 && some[0].Case != "m-1" && some[0].Case != "2026-17" {
			t.Errorf("in all cases: %+v", some[0])
		}
	}
	filed, err := w.Cases.Filed(ctx, c, post.Filing{Org: "demo", Case: "m-1", Letter: second},
		post.Filing{Org: "another", Case: "m-1", Letter: first},
		post.Filing{Org: "demo", Case: "2026-17", Letter: second})
	must(t, err)
	c.NameKeys = nil // are not kept: they are keys of their own
	if fmt.Sprint(*filed[0]) != fmt.Sprint(c) || filed[1].Case != "2026-17" || filed[2] != nil ||
		len(filed[3].Documents) > 0 || filed[3].Case != "2026-17" {
		t.Errorf("filed: %+v, want %+v; %v", filed[0], c, filed[1:])
	}
}
