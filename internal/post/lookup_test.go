package post_test

import (
	"testing"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/keys"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// TestALookUpThatNeverEnds: after a while nobody is told any more that the register is being asked.
func TestALookUpThatNeverEnds(t *testing.T) {
	var none *post.LookUp
	asked := &post.LookUp{Made: posttest.Start}
	soon, late := posttest.Start.Add(time.Second), posttest.Start.Add(post.LookUpWithin)
	if none.Asking(soon) || none.Trouble() != "" || !asked.Asking(soon) || asked.Asking(late) ||
		asked.Trouble() != post.LookUpNoAnswer {
		t.Error("what is said of a look-up whose job was lost is not true")
	}
}

func TestCountRecipients(t *testing.T) {
	exempt, enrolled := posttest.Number(t, "0101901234"), posttest.Number(t, "0606901234")
	corrected := posttest.Number(t, "0505901234")
	l := &post.LookUp{Made: posttest.Start, Ended: posttest.Start, Numbers: []ident.Number{exempt, enrolled},
		Others: map[string]post.Enrollment{exempt.Key(): post.Exempt}}
	letters := []*post.Letter{
		{Recipient: exempt}, {Recipient: enrolled}, {Recipient: enrolled}, {Recipient: corrected}, {},
	}
	n := l.Count(letters, posttest.Start)
	if n[post.Exempt] != 1 || n[post.Registered] != 1 || n[post.NotLookedUp] != 1 || len(n) != 3 {
		t.Errorf("%v", n)
	}
}

// TestHeldThoughSomebodyElseHasBegun: a sender that has stood still before it could hold the letter takes its own
// attempt back, and no more: another may have posted it by now.
func TestHeldThoughSomebodyElseHasBegun(t *testing.T) {
	l := letter(t)
	uuid := begin(t, l)
	stood, later := l.Lease, post.Clock{At: posttest.Start.Add(time.Hour), Timings: posttest.Now.Timings}
	must(t, l.Begin(keys.UUIDs(key), later, later.At.Add(time.Minute)))
	must(t, l.CountAttempt(uuid)) // and its answer is lost
	lease := l.Lease
	must(t, l.HoldChanged(later, uuid, stood, post.Exempt))
	if l.State != post.Sending || l.Current().Attempts != 1 || !l.Lease.Equal(lease) {
		t.Errorf("it is %s with %+v, lease %v", l.State, l.Current(), l.Lease)
	}
	must(t, l.HoldChanged(later, uuid, lease, post.Exempt))
	if l.State != post.Failed || l.Current().Attempts != 0 {
		t.Errorf("held by who has it, it is %s with %+v", l.State, l.Current())
	}
}
