package unhandled

import (
	"context"
	"errors"
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// TestACorrectionTakesTwo is practice D3 for Ubehandlet: where two people approve, a new recipient is a proposal, which
// neither who made it nor a key approves; a letter that has changed since is not corrected; another subject needs
// nobody.
func TestACorrectionTakesTwo(t *testing.T) {
	ctx := context.Background()
	key := post.Caller{Org: "demo", Name: "fagsystem", Kind: post.ByKey, Grants: post.Everything().Grants}
	for name, c := range map[string]struct {
		by    post.Caller
		edit  func(*fixture) // between the proposal and the approval
		wants error
		sees  bool // which proposal is approved is said
	}{
		"a colleague":                 {posttest.Person("demo", "bo"), nil, nil, true},
		"whoever made it":             {eva, nil, post.ErrOwnWork, true},
		"a key":                       {key, nil, &post.Forbidden{}, true},
		"another organization":        {posttest.Person("andre", "bo"), nil, post.ErrNotFound, true},
		"a colleague, after a change": {posttest.Person("demo", "bo"), touched, post.ErrNotAsked, false},
		"a colleague, after it was proposed anew": {posttest.Person("demo", "bo"), func(d *fixture) {
			anew(t, d, posttest.Person("demo", "bo"))
		}, post.ErrOwnWork, false},
		"a colleague, of what was proposed before": {posttest.Person("demo", "bo"), func(d *fixture) {
			anew(t, d, eva)
		}, post.ErrNotAsked, true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newFixture(t, 1)
			_, err := d.store.ChangeOrganization(ctx, "demo", func(o *post.Organization) error {
				o.FourEyes = 100
				return nil
			})
			posttest.Check(t, err)
			id := d.letters[0].ID
			if err := d.Correct(ctx, eva, id, "0101901000", ""); !errors.Is(err, post.ErrCorrectionAsked) {
				t.Fatalf("a new recipient needs nobody: %v", err)
			}
			if d.get(t, 0).State != post.Failed || len(d.queues.Take(post.SendQueue)) > 0 {
				t.Fatal("it leaves before anybody has approved it")
			}
			seen := ""
			if p, err := d.store.Proposal(ctx, "demo", id); err == nil && c.sees {
				seen = p.ID
			}
			if c.edit != nil {
				c.edit(d)
			}
			err = d.ApproveCorrection(ctx, c.by, id, seen)
			var forbidden *post.Forbidden
			if _, is := c.wants.(*post.Forbidden); is && errors.As(err, &forbidden) {
				err, c.wants = nil, post.ErrOwnWork
			} else if !errors.Is(err, c.wants) {
				t.Errorf("approved: %v, want %v", err, c.wants)
			}
			leaves := len(d.queues.Take(post.SendQueue)) > 0 && d.get(t, 0).Recipient.Reveal() == "0101901000"
			if leaves != (c.wants == nil) {
				t.Errorf("it leaves: %v", leaves)
			}
		})
	}
	d := newFixture(t, 1)
	posttest.Check(t, d.Correct(ctx, eva, d.letters[0].ID, "", "Et andet emne"))
}

// anew proposes another recipient for a letter.
func anew(t *testing.T, d *fixture, by post.Caller) {
	t.Helper()
	err := d.Correct(context.Background(), by, d.letters[0].ID, "0505801235", "")
	if !errors.Is(err, post.ErrCorrectionAsked) {
		t.Errorf("proposed anew: %v", err)
	}
}

// touched changes a letter as whoever replays it does.
func touched(d *fixture) {
	_, err := d.store.Letters().Change(context.Background(), "demo", []post.LetterID{d.letters[0].ID},
		func(l *post.Letter) error {
			l.Note(d.now, post.WasAsked, "")
			return nil
		})
	if err != nil {
		panic(err)
	}
}

// TestNobodySendsAloneWhatNobodyHasSent: letters of a draft whose cancel after a restore had its senders ask are not
// replayed by one person where it takes two.
func TestNobodySendsAloneWhatNobodyHasSent(t *testing.T) {
	ctx := context.Background()
	for fourEyes, want := range map[int]int{0: 1, 100: 0} {
		d := newFixture(t, 1)
		_, err := d.store.ChangeOrganization(ctx, "demo", func(o *post.Organization) error {
			o.FourEyes = fourEyes
			return nil
		})
		posttest.Check(t, err)
		_, err = d.store.Shipments().Change(ctx, "demo", "aaaaaaaaaaaa", func(s *post.Shipment) error {
			s.Unsent = true
			return nil
		})
		posttest.Check(t, err)
		b, err := d.Replay(ctx, eva, []post.FailureFilter{{}}, post.Replay{})
		if err != nil || b.Replayed.Sends != want {
			t.Errorf("with four eyes from %d letters %+v: %v", fourEyes, b.Replayed, err)
		}
	}
}
