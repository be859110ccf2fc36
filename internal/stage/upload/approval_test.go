package upload

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
)

// awaiting is a shipment of eva's with three letters for typed recipients, in review, where two people approve from
// three letters on.
func awaiting(t *testing.T) (*Commands, *store.Store, *post.Shipment) {
	t.Helper()
	ctx, c := context.Background(), orderingCommands(t)
	s := c.Days.(*store.Store)
	_, err := s.ChangeOrganization(ctx, "demo", func(o *post.Organization) error {
		o.FourEyes = 3
		return nil
	})
	posttest.Check(t, err)
	c.Users = s
	return c, s, inReview(t, c, s, "eva", 3)
}

// inReview makes a draft of so many letters.
func inReview(t *testing.T, c *Commands, s *store.Store, owner string, letters int) *post.Shipment {
	t.Helper()
	ctx := context.Background()
	o := order(func(o *post.Order) {
		for i := range letters {
			o.Recipients = append(o.Recipients, fmt.Sprintf("010190%04d", 1234+i))
		}
	})
	sh, _, err := c.Create(ctx, posttest.Person("demo", owner), o)
	posttest.Check(t, err)
	sh, err = s.Shipments().Change(ctx, "demo", sh.ID, func(s *post.Shipment) error {
		s.State, s.Drafted, s.Letters, s.Pages = post.InReview, true, letters, 1
		s.Parts[0].Object = post.Object{Key: s.Parts[0].Key, Version: "1", SHA256: s.ID}
		return nil
	})
	posttest.Check(t, err)
	return sh
}

// TestApproval is practice D3: who may let go what waits, and what voids an approval. Each door, each right and a
// second edit.
func TestApproval(t *testing.T) {
	ctx := context.Background()
	eva, bo := posttest.Person("demo", "eva"), posttest.Person("demo", "bo")
	key := post.Caller{Org: "demo", Name: "fagsystem", Kind: post.ByKey, Grants: post.Everything().Grants}
	keyOfBo := post.Caller{Org: "demo", Name: "fagsystem", Person: "bo", Kind: post.ByKey}
	subject := func(s *post.Shipment) error { s.Subject = "Et andet emne"; return nil }
	edit := func(by post.Caller) func(c *Commands, s *store.Store, id string) {
		return func(_ *Commands, st *store.Store, id string) {
			s, err := st.Shipments().Get(ctx, "demo", id)
			posttest.Check(t, err)
			posttest.Check(t, st.AddEdit(ctx, s, post.Edit{Do: post.EditDrop, Page: 1, By: by.Name, Owner: by.Owner(),
				At: posttest.Start}))
		}
	}
	for name, door := range map[string]struct {
		by     post.Caller
		before func(c *Commands, s *store.Store, id string) // after it was asked for
		want   error                                        // nil where it leaves
	}{
		"a colleague":             {bo, nil, nil},
		"whoever sent it":         {eva, nil, post.ErrOwnWork},
		"a key":                   {key, nil, &post.Forbidden{}},
		"a colleague's key":       {keyOfBo, nil, &post.Forbidden{}},
		"of another organization": {posttest.Person("andre", "bo"), nil, post.ErrNotFound},
		"after a correction":      {bo, edit(eva), post.ErrNotAsked},
		"who has corrected":       {bo, edit(bo), post.ErrOwnWork},
		"after another subject": {bo, func(_ *Commands, s *store.Store, id string) {
			_, err := s.Shipments().Change(ctx, "demo", id, subject)
			posttest.Check(t, err)
		}, post.ErrNotAsked},
		"after it was declined": {bo, func(c *Commands, _ *store.Store, id string) {
			_, err := c.Decline(ctx, bo, id, "forkert emne")
			posttest.Check(t, err)
		}, post.ErrNotAsked},
		"after it was cancelled": {bo, func(c *Commands, _ *store.Store, id string) {
			_, err := c.Cancel(ctx, eva, id)
			posttest.Check(t, err)
		}, post.ErrNotAsked},
		"of the same person under another name": {bo, func(_ *Commands, s *store.Store, _ string) {
			for _, name := range []string{"eva", "bo"} {
				posttest.Check(t, s.AddUser(ctx, post.User{Org: "demo", Name: name, Mail: "Eva@nordoby.example"},
					post.GivenCode{}))
			}
		}, post.ErrOwnWork},
	} {
		t.Run(name, func(t *testing.T) {
			c, st, s := awaiting(t)
			if _, err := c.Send(ctx, eva, s.ID, post.SendOrder{Seen: 0}); !errors.Is(err, post.ErrNeedsApproval) {
				t.Fatalf("sent by one: %v", err)
			}
			if door.before != nil {
				door.before(c, st, s.ID)
			}
			_, err := c.Approve(ctx, door.by, s.ID, post.AnyRevision)
			var forbidden *post.Forbidden
			if _, is := door.want.(*post.Forbidden); is != errors.As(err, &forbidden) ||
				!is && !errors.Is(err, door.want) {
				t.Errorf("approved: %v, want %v", err, door.want)
			}
			now, err := st.Shipments().Get(ctx, "demo", s.ID)
			posttest.Check(t, err)
			if leaves := now.State == post.InSending; leaves != (door.want == nil) ||
				leaves && now.ApprovedBy != "bo" {
				t.Errorf("it is %s, approved by %q", now.State, now.ApprovedBy)
			}
		})
	}
}

// TestAnApprovalIsOfOneSend: what was approved, taken back and corrected is approved again.
func TestAnApprovalIsOfOneSend(t *testing.T) {
	ctx := context.Background()
	eva, bo := posttest.Person("demo", "eva"), posttest.Person("demo", "bo")
	c, _, s := awaiting(t)
	for range 2 {
		_, err := c.Send(ctx, eva, s.ID, post.SendOrder{Seen: 0, Window: true})
		if !errors.Is(err, post.ErrNeedsApproval) {
			t.Fatalf("sent by one: %v", err)
		}
		if _, err := c.Approve(ctx, bo, s.ID, 0); err != nil {
			t.Fatal(err)
		}
		_, err = c.Undo(ctx, eva, s.ID)
		posttest.Check(t, err)
	}
}

// TestSplittingSlipsUnderNothing: letters are summed over writer and day, and a shipment counts once.
func TestSplittingSlipsUnderNothing(t *testing.T) {
	ctx := context.Background()
	eva, bo := posttest.Person("demo", "eva"), posttest.Person("demo", "bo")
	c, st, _ := awaiting(t)
	send := func(who post.Caller, letters int) error {
		s := inReview(t, c, st, who.Name, letters)
		_, err := c.Send(ctx, who, s.ID, post.SendOrder{Seen: 0})
		_, _ = c.Send(ctx, who, s.ID, post.SendOrder{Seen: 0}) // a second click counts once
		return err
	}
	posttest.Check(t, send(eva, 2))
	if err := send(eva, 1); !errors.Is(err, post.ErrNeedsApproval) {
		t.Errorf("the third letter of the day: %v", err)
	}
	posttest.Check(t, send(bo, 2)) // somebody else's day
	next := posttest.Start.Add(24 * time.Hour)
	c.Now = func() time.Time { return next }
	posttest.Check(t, send(eva, 2))
}

// TestDailyLimit: no more leaves in a day than the organization, or one key, may send; it says so, and nothing is lost.
func TestDailyLimit(t *testing.T) {
	ctx, c := context.Background(), orderingCommands(t)
	st := c.Days.(*store.Store)
	_, err := st.ChangeOrganization(ctx, "demo", func(o *post.Organization) error {
		o.Daily, o.KeyDaily = 10, 4
		return nil
	})
	posttest.Check(t, err)
	key := post.Caller{Org: "demo", Name: "fagsystem", Kind: post.ByKey, Grants: post.Everything().Grants}
	for i, one := range []struct {
		who     post.Caller
		letters int
		want    error
	}{
		{key, 4, nil}, {key, 1, post.ErrDailyLimit}, {posttest.Person("demo", "eva"), 6, nil},
		{posttest.Person("demo", "bo"), 1, post.ErrDailyLimit},
	} {
		s := inReview(t, c, st, "eva", one.letters)
		s, err := st.Shipments().Change(ctx, "demo", s.ID, func(s *post.Shipment) error {
			s.Area.Owner = one.who.Owner()
			return nil
		})
		posttest.Check(t, err)
		_, err = c.Send(ctx, one.who, s.ID, post.SendOrder{Seen: 0})
		if !errors.Is(err, one.want) {
			t.Errorf("shipment %d: %v, want %v", i+1, err, one.want)
		}
		if s, err = st.Shipments().Get(ctx, "demo", s.ID); err != nil || one.want != nil && s.State != post.InReview {
			t.Errorf("shipment %d is %s: %v", i+1, s.State, err)
		}
	}
}
