package send

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"brevdue/internal/keys"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// depot is an office whose letters wait for a container.
type depot struct {
	*office
	mass *posttest.MemoryMass
	id   string
}

func newDepot(t *testing.T, letters int, answer func(n int) (post.Answer, error)) *depot {
	t.Helper()
	d := &depot{office: newOffice(t, letters, accept), mass: &posttest.MemoryMass{Answer: answer},
		id: "aaaaaaaaaaaa.1.1"}
	d.Mass, d.Containers, d.office.Handler.Restored = d.mass, d.store, nil
	ctx := context.Background()
	posttest.Check(t, d.store.CreateContainer(ctx,
		&post.Container{ID: d.id, Org: "demo", Shipment: "aaaaaaaaaaaa", Letters: post.IDs(d.letters)}))
	_, err := d.store.Letters().ChangeAny(ctx, post.IDs(d.letters), func(l *post.Letter) error {
		l.Container = d.id
		return nil
	})
	posttest.Check(t, err)
	return d
}

// post hands the container to the stage once.
func (d *depot) post(t *testing.T) {
	t.Helper()
	for _, err := range d.Handle(context.Background(), []post.Job{{Org: "demo", Container: d.id}}) {
		posttest.Check(t, err)
	}
}

func (d *depot) container(t *testing.T) *post.Container {
	t.Helper()
	c, err := d.store.Container(context.Background(), "demo", d.id)
	posttest.Check(t, err)
	return c
}

func (d *depot) states(t *testing.T) map[post.LetterState]int {
	t.Helper()
	states := map[post.LetterState]int{}
	for i := range d.letters {
		states[d.get(t, i).State]++
	}
	return states
}

func (d *depot) want(t *testing.T, state post.LetterState, posts int) {
	t.Helper()
	if got := d.states(t); got[state] != len(d.letters) {
		t.Fatalf("%v, want all %s", got, state)
	}
	if len(d.mass.Posts) != posts {
		t.Fatalf("%d posts, want %d", len(d.mass.Posts), posts)
	}
	for uuid, n := range d.mass.Taken {
		if n+d.channel.Posted[uuid] > 1 {
			t.Errorf("%s left %d times", uuid, n+d.channel.Posted[uuid])
		}
	}
}

func (d *depot) later(t *testing.T) {
	t.Helper()
	for i := range d.letters {
		if l := d.get(t, i); l.Due.After(d.now) {
			d.now = l.Due.Add(time.Second)
		}
	}
}

func taken(int) (post.Answer, error) { return post.Answer{Accepted: true, Transmission: "t"}, nil }

func TestContainerGivesEachLetterItsTick(t *testing.T) {
	d := newDepot(t, 7, taken)
	d.post(t)
	d.post(t) // the job comes again
	d.want(t, post.HandedOver, 1)
	if c := d.container(t); c.End != post.ContainerAccepted || c.Attempts != 1 || c.Hash == "" || len(c.Left) > 0 {
		t.Errorf("%+v", c)
	}
	if l := d.get(t, 3); l.Current().Transmission != "t" || l.Current().Digest == "" || l.Container != d.id {
		t.Errorf("%+v", l.Current())
	}
}

// TestC8LostAnswerToAContainer: not found permits no post; a sign of Digital Post's moves a letter on; after the
// deadline a person decides, and the same UUID leaves once more only then.
func TestC8LostAnswerToAContainer(t *testing.T) {
	d := newDepot(t, 4, func(int) (post.Answer, error) {
		return post.Answer{Accepted: true}, context.DeadlineExceeded
	})
	d.post(t)
	hidden := d.get(t, 0).Current().UUID
	d.mass.Hidden = map[string]bool{hidden: true}
	d.later(t)
	d.post(t) // the container is not posted again
	d.send(t)
	if got := d.states(t); got[post.HandedOver] != 3 || got[post.Sending] != 1 || d.mass.Asked != 1 {
		t.Fatalf("%v, asked %d times", got, d.mass.Asked)
	}
	for range 20 { // its event is late: it is asked about again and again, and never posted
		d.later(t)
		d.send(t)
	}
	if l := d.get(t, 0); l.State != post.Failed || l.Problem.Code != post.Unconfirmed || len(d.mass.Posts) != 1 ||
		len(d.channel.Posted) != 0 {
		t.Fatalf("%s %+v after %d and %d posts", l.State, l.Problem, len(d.mass.Posts), len(d.channel.Posted))
	}
	_, _, err := change(d, t, func(l *post.Letter) error {
		return l.Requeue(func(string, string, int) string { t.Error("a new UUID"); return "x" }, d.clock(), "eva",
			time.Time{})
	})
	posttest.Check(t, err)
	d.send(t)
	if l := d.get(t, 0); l.State != post.HandedOver || d.channel.Posted[hidden] != 1 {
		t.Errorf("a person has taken it upon themselves: %s, %v", l.State, d.channel.Posted)
	}
}

func change(d *depot, t *testing.T, do func(*post.Letter) error) (*post.Letter, bool, error) {
	t.Helper()
	changed, err := d.store.Letters().ChangeAny(context.Background(), []post.LetterID{d.letters[0].ID}, do)
	if err != nil {
		return nil, false, err
	}
	return changed[0].Letter, changed[0].Wrote, changed[0].Err
}

// TestRefusedWholeIsSentOneByOne: with the same UUIDs, and each letter has its own answer.
func TestRefusedWholeIsSentOneByOne(t *testing.T) {
	d := newDepot(t, 5, func(int) (post.Answer, error) {
		return post.Answer{Refused: &post.Problem{Code: post.MessageRefused, Detail: "archive.invalid"}}, nil
	})
	d.post(t)
	uuid := d.get(t, 2).Current().UUID
	d.send(t) // Digital Post may have taken some of them in before it refused, and know of it only later
	if len(d.channel.Posted) != 0 {
		t.Fatalf("%d posts at once", len(d.channel.Posted))
	}
	d.later(t)
	d.send(t)
	d.want(t, post.HandedOver, 1)
	if l := d.get(t, 2); l.Current().UUID != uuid || d.channel.Posted[uuid] != 1 || len(l.Messages) != 1 {
		t.Errorf("%+v", l.Messages)
	}
}

// TestNotTakenInIsPostedAgain: an answer that says that nothing was taken in is no doubt.
func TestNotTakenInIsPostedAgain(t *testing.T) {
	for _, no := range []error{post.ErrNotTaken, post.ErrNoConnection} {
		d := newDepot(t, 3, func(n int) (post.Answer, error) {
			if n < 3 {
				return post.Answer{}, fmt.Errorf("HTTP 503: %w", no)
			}
			return taken(n)
		})
		for range 3 {
			d.post(t)
			d.later(t)
		}
		d.want(t, post.HandedOver, 3)
		if c := d.container(t); c.Attempts != 3 || c.End != post.ContainerAccepted {
			t.Errorf("%+v", c)
		}
	}
}

// TestWhatIsPressedBeforeThePost: Stop, Pause and Cancel keep letters out until the post begins.
func TestWhatIsPressedBeforeThePost(t *testing.T) {
	for name, c := range map[string]struct {
		is   post.Clearance
		want post.LetterState
	}{
		"stop":   {post.Clearance{Stop: &post.Stop{}}, post.Sending},
		"pause":  {post.Clearance{Paused: true}, post.Sending},
		"undo":   {post.Clearance{Unreleased: true}, post.Sending},
		"cancel": {post.Clearance{Cancels: 1, CancelledBy: "eva"}, post.Cancelled},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDepot(t, 3, taken)
			d.Clearances = &pressed{c.is, 0}
			d.post(t)
			d.want(t, c.want, 0)
			if is := d.container(t); !is.Open() || is.Attempts != 1 {
				t.Errorf("%+v", is)
			}
			d.Clearances = &pressed{post.Clearance{}, 0}
			d.later(t)
			d.post(t)
			if c.want == post.Sending {
				d.want(t, post.HandedOver, 1)
			}
		})
	}
}

// pressed answers with what somebody has pressed, from the second time on.
type pressed struct {
	is    post.Clearance
	asked int
}

// Clearance implements post.Clearances.
func (p *pressed) Clearance(context.Context, string, string) (post.Clearance, error) {
	if p.asked++; p.asked == 1 {
		return post.Clearance{}, nil
	}
	return p.is, nil
}

// TestWhoDiesBeforeThePostHoldsNothingUp: the letters that were begun go on by themselves, once it is sure that there
// was no post; and whoever stood still meanwhile cannot begin it any more.
func TestWhoDiesBeforeThePostHoldsNothingUp(t *testing.T) {
	d := newDepot(t, 3, taken)
	ctx := context.Background()
	c := d.container(t)
	lease := d.now.Add(time.Minute)
	posttest.Check(t, c.Take(d.now, lease))
	posttest.Check(t, d.store.PutContainer(ctx, c))
	_, err := d.store.Letters().ChangeAny(ctx, post.IDs(d.letters)[:2], func(l *post.Letter) error {
		return l.Begin(keys.UUIDs(d.UUIDKey), d.clock(), lease)
	})
	posttest.Check(t, err)
	d.now = lease.Add(time.Second)
	d.send(t) // the sweep brings the two that are Sending
	d.send(t)
	for i := range 2 {
		if l := d.get(t, i); l.State != post.HandedOver || l.Container != "" {
			t.Errorf("%s: %s in %q", l.ID, l.State, l.Container)
		}
	}
	c.Post(d.now, c.Letters, "hash")
	if err := d.store.PutContainer(ctx, c); !errors.Is(err, post.ErrOvertaken) {
		t.Errorf("whoever stood still begins the post: %v", err)
	}
}

// TestNobodyHoldsAContainerInVain: whoever takes a container whose letters are all being asked about, for whoever had
// it died, gives it back: the letters go on at once, and not after one more lease.
func TestNobodyHoldsAContainerInVain(t *testing.T) {
	d := newDepot(t, 3, taken)
	ctx := context.Background()
	c := d.container(t)
	lease := d.now.Add(time.Minute)
	posttest.Check(t, c.Take(d.now, lease))
	posttest.Check(t, d.store.PutContainer(ctx, c))
	begin := func(until time.Time) {
		_, err := d.store.Letters().ChangeAny(ctx, post.IDs(d.letters), func(l *post.Letter) error {
			return l.Begin(keys.UUIDs(d.UUIDKey), d.clock(), until)
		})
		posttest.Check(t, err)
	}
	begin(lease)
	d.now = lease.Add(time.Second)
	begin(d.now.Add(time.Second)) // by those who ask
	d.post(t)
	if c := d.container(t); !c.Open() || c.Lease.After(d.now) {
		t.Errorf("the container is held until %v: %+v", c.Lease, c)
	}
	d.now = d.now.Add(2 * time.Second)
	d.send(t)
	d.send(t)
	for i := range d.letters {
		if l := d.get(t, i); l.State != post.HandedOver {
			t.Errorf("%s is %s", l.ID, l.State)
		}
	}
}

// TestTheContainerDecides: who dies after the answer was stored, and before its letters were, leaves no doubt; and a
// letter that was left out of the post gets no tick by it.
func TestTheContainerDecides(t *testing.T) {
	for end, want := range map[post.ContainerEnd]post.LetterState{
		post.ContainerAccepted: post.HandedOver, post.ContainerRefused: post.HandedOver,
	} {
		d := newDepot(t, 3, taken)
		ctx := context.Background()
		lease := d.now.Add(time.Minute)
		_, err := d.store.Letters().ChangeAny(ctx, post.IDs(d.letters), func(l *post.Letter) error {
			return l.Begin(keys.UUIDs(d.UUIDKey), d.clock(), lease)
		})
		posttest.Check(t, err)
		c := d.container(t)
		c.Post(d.now, c.Letters[1:], "hash")
		c.End, c.Transmission = end, "t"
		posttest.Check(t, d.store.PutContainer(ctx, c))
		d.now = lease.Add(time.Second)
		d.send(t)
		if l := d.get(t, 0); l.State != post.Sending || l.Container != "" || l.Current().Attempts != 0 {
			t.Errorf("%s: what was left out: %s, %d attempts", end, l.State, l.Current().Attempts)
		}
		posts := len(d.channel.Posted)
		d.later(t)
		d.now = d.now.Add(time.Second)
		d.send(t)
		if got := d.states(t); got[want] != 3 {
			t.Errorf("%s: %v", end, got)
		}
		if end == post.ContainerAccepted && (posts != 0 || len(d.channel.Posted) != 1) {
			t.Errorf("%d, then %d posts", posts, len(d.channel.Posted))
		}
	}
}

// TestADamagedLetterIsLeftOut: it holds up none of the others.
func TestADamagedLetterIsLeftOut(t *testing.T) {
	d := newDepot(t, 4, taken)
	_, _, err := change(d, t, func(l *post.Letter) error {
		l.Document.Key = "letters/gone.pdf"
		return nil
	})
	posttest.Check(t, err)
	d.post(t)
	if got := d.states(t); got[post.HandedOver] != 3 || got[post.Failed] != 1 {
		t.Errorf("%v", got)
	}
	if c := d.container(t); len(c.Left) != 1 || c.Left[0] != d.letters[0].ID {
		t.Errorf("left out: %v", c.Left)
	}
}

// TestContainersOpenTheCircuit: where only containers are under way, an outage is seen, too.
func TestContainersOpenTheCircuit(t *testing.T) {
	d := newDepot(t, 7, func(int) (post.Answer, error) { return post.Answer{}, post.ErrNotTaken })
	for range post.BreakAfter {
		d.post(t)
		d.later(t)
	}
	b, err := d.Breakers.Breaker(t.Context(), d.Environment)
	posttest.Check(t, err)
	if !b.Open {
		t.Errorf("after %d posts that were not taken in the circuit is closed: %+v", post.BreakAfter, b)
	}
}

// TestAnUnfitMessageStaysHere: what Digital Post would refuse is never posted, by itself or among others.
func TestAnUnfitMessageStaysHere(t *testing.T) {
	unfit := func(o *office) {
		_, err := o.Letters.ChangeAny(t.Context(), post.IDs(o.letters)[:1], func(l *post.Letter) error {
			l.Subject = strings.Repeat("x", 300)
			return nil
		})
		posttest.Check(t, err)
	}
	o := newOffice(t, 3, accept)
	unfit(o)
	o.send(t)
	d := newDepot(t, 3, taken)
	unfit(d.office)
	d.post(t)
	for i := range 3 {
		want := post.HandedOver
		if i == 0 {
			want = post.Failed
		}
		if one, many := o.get(t, i), d.get(t, i); one.State != want || many.State != want {
			t.Errorf("letter %d is %s alone, %s in a container", i+1, one.State, many.State)
		}
	}
	l := d.get(t, 0)
	if l.Problem.Code != post.MessageRefused || !strings.Contains(l.Problem.Detail, "label") ||
		strings.Contains(l.Problem.Detail, "xxx") || len(o.channel.Posted) != 2 || len(d.mass.Taken) != 2 {
		t.Errorf("%+v, %d and %d were posted", l.Problem, len(o.channel.Posted), len(d.mass.Taken))
	}
}
