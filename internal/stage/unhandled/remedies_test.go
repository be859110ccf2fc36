package unhandled

import (
	"context"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

// desk is Ubehandlet over memory, with letters that Digital Post has refused.
type desk struct {
	*Remedies
	store   *store.Store
	queues  *posttest.MemoryQueues
	letters []*post.Letter
	now     time.Time
}

var eva = post.Caller{Org: "demo", Name: "eva", Kind: post.ByUser}

func newDesk(t *testing.T, letters int) *desk {
	t.Helper()
	ctx := context.Background()
	d := &desk{store: store.New(storetest.NewMemory()), queues: &posttest.MemoryQueues{}, now: posttest.Start}
	clock := func() time.Time { return d.now }
	d.Remedies = &Remedies{Shipments: d.store.Shipments(), Letters: d.store.Letters(), Failures: d.store.Failures(), Queues: d.queues, Channel: &posttest.MemoryChannel{},
		Audit: d.store.Trail(clock), UUIDKey: []byte("key"), Pace: post.ProductionPace, Now: clock}
	s, all := posttest.Shipment(t, "aaaaaaaaaaaa", letters)
	posttest.Check(t, d.store.Shipments().Create(ctx, s))
	for _, l := range all {
		posttest.Check(t, l.Queue(posttest.Now))
		l.Messages = []post.Message{{UUID: post.MakeUUID([]byte("key"), l.ID, 0), Created: d.now, Posts: 1, Refused: 1}}
		posttest.Check(t, l.Fail(posttest.Now, post.Problem{Code: post.NotEnrolled}))
	}
	posttest.Check(t, d.store.Letters().Create(ctx, all))
	for _, l := range all {
		posttest.Check(t, d.store.Failures().Put(ctx, &post.Failure{Org: "demo", Shipment: s.ID, Letter: l.ID, Problem: *l.Problem, Since: l.Problem.At}))
	}
	d.letters = all
	return d
}

func (d *desk) get(t *testing.T, i int) *post.Letter {
	t.Helper()
	l, err := d.store.Letters().Get(context.Background(), d.letters[i].ID)
	posttest.Check(t, err)
	return l
}

// TestReplayOfManyIsSpread: a hundred at once, the others minute by minute; twice is once; all of it is in the trail.
func TestReplayOfManyIsSpread(t *testing.T) {
	d := newDesk(t, 250)
	ctx := context.Background()
	sum, err := d.Replay(ctx, eva, post.FailureFilter{}, post.Replay{DryRun: true})
	posttest.Check(t, err)
	if sum.Sends != 250 || d.get(t, 0).State != post.Failed {
		t.Fatalf("dry run: %+v", sum)
	}
	for range 2 {
		_, err = d.Replay(ctx, eva, post.FailureFilter{}, post.Replay{})
		posttest.Check(t, err)
	}
	minutes := map[int]int{}
	for i := range d.letters {
		l := d.get(t, i)
		if l.State != post.Queued || len(l.Messages) != 2 {
			t.Fatalf("letter %d is %s with %d messages", i, l.State, len(l.Messages))
		}
		if l.Due.After(d.now.Add(d.Pace.Look)) || l.Due.Before(d.now.Add(d.Pace.Look)) {
			minutes[int(l.Due.Sub(d.now).Minutes())]++
		} else {
			minutes[0]++
		}
	}
	if n := len(d.queues.Take(post.SendQueue)); n != 100 || minutes[0] != 100 || minutes[1] != 100 || minutes[2] != 50 {
		t.Errorf("%d errands at once, and by minute %v", n, minutes)
	}
	chain, err := post.Chain(ctx, d.Audit, "demo", "aaaaaaaaaaaa")
	posttest.Check(t, err)
	if len(chain) != 5 || post.VerifyChain(chain) != nil {
		t.Errorf("the trail has %d entries: %v", len(chain), post.VerifyChain(chain))
	}
}

// TestReplayOnADay: the letter waits without an errand until then.
func TestReplayOnADay(t *testing.T) {
	d := newDesk(t, 1)
	on := d.now.Add(20 * 24 * time.Hour)
	_, err := d.Replay(context.Background(), eva, post.FailureFilter{}, post.Replay{On: on})
	posttest.Check(t, err)
	if l := d.get(t, 0); l.State != post.Queued || !l.Due.Equal(on) || len(d.queues.Take(post.SendQueue)) != 0 {
		t.Errorf("%s, due %v", l.State, l.Due)
	}
	rows, _, err := d.store.Failures().List(context.Background(), "demo", post.FailureFilter{}, "", 10)
	posttest.Check(t, err)
	if len(rows) != 0 {
		t.Error("its row is still there")
	}
}

// TestCorrect: another recipient is another message; twice is once; another organization's letter is not found; what may be
// at Digital Post is not corrected.
func TestCorrect(t *testing.T) {
	d := newDesk(t, 2)
	ctx := context.Background()
	if err := d.Correct(ctx, post.Caller{Org: "another"}, d.letters[0].ID, "0505801235", ""); err == nil {
		t.Error("another organization corrects it")
	}
	for range 2 {
		posttest.Check(t, d.Correct(ctx, eva, d.letters[0].ID, "0505801235", "Nyt emne"))
	}
	l := d.get(t, 0)
	if l.State != post.Queued || l.Recipient.Reveal() != "0505801235" || l.Subject != "Nyt emne" || len(l.Messages) != 2 || l.Messages[1].UUID == l.Messages[0].UUID ||
		len(l.Corrections) != 1 || l.Corrections[0].UUID != l.Messages[0].UUID {
		t.Errorf("%+v", l)
	}
	_, _, err := post.ChangeOne(ctx, d.Letters, d.letters[1].ID, func(l *post.Letter) error { l.Messages[0].Refused = 0; return nil })
	posttest.Check(t, err)
	if err := d.Correct(ctx, eva, d.letters[1].ID, "0505801235", ""); err == nil || d.get(t, 1).State != post.Failed {
		t.Errorf("a letter that may have arrived: %v, %s", err, d.get(t, 1).State)
	}
}
