package posttest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"brevdue/internal/post"
)

// access: who may do what is changed as one; of two administrators who close each other at once one stays; a key may do
// no more than whoever made it may now.
func access(t *testing.T, w Words) {
	ctx, o := context.Background(), w.Organizations
	for _, name := range []string{"a", "b"} {
		must(t, o.AddUser(ctx, post.User{Org: "ost", Name: name, Groups: []string{post.Administrators}},
			post.GivenCode{Hash: name}))
	}
	var closing sync.WaitGroup
	var errs [2]error
	for i, name := range []string{"a", "b"} {
		closing.Go(func() { errs[i] = closeUser(o, name) })
	}
	closing.Wait()
	is, err := o.Access(ctx, "ost")
	must(t, err)
	if is.Administrators() != 1 || !errors.Is(errors.Join(errs[:]...), post.ErrLastAdministrator) {
		t.Errorf("%d administrators are left: %v", is.Administrators(), errs)
	}
	err = o.ChangeAccess(ctx, "ost", func(a *post.Access) error {
		g, err := a.Group(post.Administrators)
		must(t, err)
		g.Grants = post.GrantsOf(post.RightOperate)
		return nil
	})
	if !errors.Is(err, post.ErrLastAdministrator) {
		t.Errorf("nobody administers any more: %v", err)
	}
	is, err = o.Access(ctx, "west")
	if err != nil || len(is.Users) > 0 || len(is.Groups) != len(post.DefaultGroups()) {
		t.Errorf("an organization without users has %+v: %v", is, err)
	}
}

func closeUser(o StoredOrganizations, name string) error {
	return o.ChangeAccess(context.Background(), "ost", func(a *post.Access) error {
		u, err := a.User(name)
		if err == nil {
			u.Closed = Start
		}
		return err
	})
}

func apiKeys(t *testing.T, w Words) {
	ctx, o := context.Background(), w.Organizations
	maker := post.User{Org: "ost", Name: "maker", Groups: []string{post.Senders}}
	must(t, o.AddUser(ctx, maker, post.GivenCode{Hash: "m"}))
	k := post.Key{Org: "ost", Name: "fagsystem", Maker: "maker", From: []string{"10.0.0.0/8"}, Made: Start,
		Grants: post.GrantsOf(post.RightSend, post.RightOperate)}
	must(t, o.AddKey(ctx, "0123456789abcdef0", k))
	if err := o.AddKey(ctx, "0123456789abcdef0", k); !errors.Is(err, post.ErrExists) {
		t.Errorf("a key twice: %v", err)
	}
	c, from, err := o.Key(ctx, "0123456789abcdef0")
	if err != nil || !c.May(post.RightSend) || c.May(post.RightOperate) || c.Owner() != "maker" || len(from) != 1 {
		t.Errorf("the key is %+v from %v: %v", c, from, err)
	}
	if _, err := o.CloseKey(ctx, "nord", "0123456789abcdef", Start); !errors.Is(err, post.ErrNotFound) {
		t.Errorf("another organization closes the key: %v", err)
	}
	let := func(closed time.Time) {
		must(t, o.ChangeAccess(ctx, "ost", func(a *post.Access) error {
			u, err := a.User("maker")
			must(t, err)
			u.Closed = closed
			return nil
		}))
	}
	let(Start)
	if _, _, err := o.Key(ctx, "0123456789abcdef0"); !errors.Is(err, post.ErrNotFound) {
		t.Errorf("the key of a closed user comes in: %v", err)
	}
	let(time.Time{})
	closed, err := o.CloseKey(ctx, "ost", "0123456789abcdef", Start)
	if err != nil || closed.Closed.IsZero() || closed.Name != "fagsystem" {
		t.Errorf("closed it is %+v: %v", closed, err)
	}
	if _, _, err := o.Key(ctx, "0123456789abcdef0"); !errors.Is(err, post.ErrNotFound) {
		t.Errorf("a closed key comes in: %v", err)
	}
	if all, err := o.Keys(ctx, "ost"); err != nil || len(all) != 1 || all[0].ID != "0123456789abcdef" {
		t.Errorf("the keys are %+v: %v", all, err)
	}
}

// dayCounts: a shipment counts once, and what is too much is not counted.
func dayCounts(t *testing.T, w Words) {
	o := w.Organizations
	count := func(shipment string, letters int, want bool) {
		t.Helper()
		over, err := o.Count(context.Background(), "nord", "eva", "2026-11-29", shipment, letters, 100)
		if err != nil || over != want {
			t.Errorf("%s with %d letters is over: %v, %v", shipment, letters, over, err)
		}
	}
	would := func(shipment string, letters int, want bool) {
		t.Helper()
		over, err := o.WouldCount(context.Background(), "nord", "eva", "2026-11-29", shipment, letters, 100)
		if err != nil || over != want {
			t.Errorf("%s with %d letters would be over: %v, %v", shipment, letters, over, err)
		}
	}
	would("c", 101, true)
	would("c", 100, false)
	count("a", 60, false)
	would("a", 100, false)
	would("b", 41, true)
	count("a", 60, false)
	count("b", 41, true)
	count("b", 40, false)
	count("a", 61, true)
	count("a", 50, false)
	count("c", 10, false)
	over, err := o.Count(context.Background(), "syd", "eva", "2026-11-29", "b", 100, 100)
	if err != nil || over {
		t.Errorf("another organization's day counts too: %v, %v", over, err)
	}
	over, err = o.WouldCount(context.Background(), "vest", "eva", "2026-11-29", "b", 100, 100)
	if err != nil || over {
		t.Errorf("another organization's day counts too: %v, %v", over, err)
	}
}

// proposals: what waits for approval is seen where its shipment is opened.
func proposals(t *testing.T, w Words) {
	ctx, o := context.Background(), w.Organizations
	p := post.Proposal{
		Org:       "nord",
		ID:        "pppppppppppp",
		Letter:    "aaaaaaaaaaaa-1",
		Number:    1,
		Area:      post.Area{Owner: "eva", Unit: "skole"},
		Recipient: Number(t, "0101901234"),
		By:        "eva",
		At:        Start,
		Revision:  3,
	}
	must(t, o.PutProposal(ctx, p))
	if is, err := o.Proposal(ctx, "nord", p.Letter); err != nil || is != p {
		t.Errorf("the proposal is %+v: %v", is, err)
	}
	if _, err := o.Proposal(ctx, "syd", p.Letter); !errors.Is(err, post.ErrNotFound) {
		t.Errorf("another organization's: %v", err)
	}
	elsewhere := post.Sight{
		Owner:  "bo",
		Grants: post.Grants{{Right: post.RightSeeAll, Scope: post.Scope{Unit: "vej"}}},
	}
	for sees, want := range map[*post.Sight]int{{Owner: "eva"}: 1, &elsewhere: 0} {
		if all, err := o.Proposals(ctx, "nord", *sees); err != nil || len(all) != want {
			t.Errorf("%+v sees %+v: %v", sees, all, err)
		}
	}
	must(t, o.DropProposal(ctx, "nord", p.Letter))
	if _, err := o.Proposal(ctx, "nord", p.Letter); !errors.Is(err, post.ErrNotFound) {
		t.Errorf("it is there still: %v", err)
	}
}

// rightsNow: who has been closed, or is another organization's, may nothing; nor may a key that was closed. A key that
// is in no list comes in as ever.
func rightsNow(t *testing.T, w Words) {
	ctx, o := context.Background(), w.Organizations
	for _, name := range []string{"a", "b", "sender"} {
		groups := []string{post.Administrators}
		if name == "sender" {
			groups = []string{post.Senders}
		}
		must(t, o.AddUser(ctx, post.User{Org: "ost", Name: name, Groups: groups}, post.GivenCode{Hash: name}))
	}
	k := post.Key{Org: "ost", Name: "fagsystem", Made: Start, Grants: post.GrantsOf(post.RightSend)}
	must(t, o.AddKey(ctx, "0123456789abcdef0", k))
	ask := func(org, owner string, r post.Right, want bool) {
		t.Helper()
		if may, err := o.MayNow(ctx, org, owner, r, post.Area{Owner: owner}); err != nil || may != want {
			t.Errorf("%s of %s may %s: %v, %v", owner, org, r, may, err)
		}
	}
	ask("ost", "sender", post.RightSend, true)
	ask("ost", "sender", post.RightAdminister, false)
	ask("syd", "sender", post.RightSend, false)
	ask("ost", post.KeyOwner("fagsystem"), post.RightSend, true)
	ask("ost", post.KeyOwner("fagsystem"), post.RightWrite, false)
	ask("ost", post.KeyOwner("of before"), post.RightSend, true)
	must(t, o.ChangeAccess(ctx, "ost", func(a *post.Access) error {
		u, err := a.User("sender")
		must(t, err)
		u.Closed = Start
		return nil
	}))
	_, err := o.CloseKey(ctx, "ost", "0123456789abcdef", Start)
	must(t, err)
	ask("ost", "sender", post.RightSend, false)
	ask("ost", post.KeyOwner("fagsystem"), post.RightSend, false)
}

// Person is a user who may do everything.
func Person(org, name string) post.Caller {
	return post.Caller{Org: org, Name: name, Person: name, Kind: post.ByUser, Grants: post.Everything().Grants}
}
