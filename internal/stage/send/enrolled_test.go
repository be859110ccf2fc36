package send

import (
	"context"
	"errors"
	"testing"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// reviewed notes in letters what their review knew.
func (o *office) reviewed(t *testing.T, e post.Enrollment) {
	t.Helper()
	_, err := o.store.Letters().ChangeAny(context.Background(), post.IDs(o.letters), func(l *post.Letter) error {
		l.Reviewed = e
		return nil
	})
	posttest.Check(t, err)
}

// says is a register that says of everybody what it says now.
func says(now *post.Enrollment, asked *int) register {
	return func(_ context.Context, numbers []ident.Number) (map[string]post.Enrollment, error) {
		*asked++
		found := map[string]post.Enrollment{}
		for _, n := range numbers {
			found[n.Key()] = *now
		}
		return found, nil
	}
}

// TestC5AskedAgainWhenALetterLeaves: what has changed since the review holds that letter, and nothing of it has left;
// whoever sends it again has decided.
func TestC5AskedAgainWhenALetterLeaves(t *testing.T) {
	now, asked := post.Exempt, 0
	o := newOffice(t, 2, accept)
	o.Register = says(&now, &asked)
	o.reviewed(t, post.Registered)
	o.send(t)
	if asked != 1 {
		t.Errorf("the register was asked %d times about a batch", asked)
	}
	l := o.get(t, 0)
	if l.State != post.Failed || l.Problem.Code != post.EnrollmentChanged || len(o.channel.Posted) > 0 ||
		l.Current().Attempts != 0 || l.Replayable() != post.ReplaySends {
		t.Fatalf("%s, %+v, %d posts", l.State, l.Problem, len(o.channel.Posted))
	}
	_, err := o.store.Letters().ChangeAny(context.Background(), post.IDs(o.letters), func(l *post.Letter) error {
		return l.Requeue(nil, posttest.Now, "eva", time.Time{})
	})
	posttest.Check(t, err)
	o.send(t)
	if l := o.get(t, 0); l.State != post.HandedOver || asked != 1 {
		t.Errorf("sent again it is %s, and the register was asked %d times", l.State, asked)
	}
}

// TestC5HoldsNothingElse: a letter leaves whose recipient is enrolled as before, or was not looked up in the review, or
// about whom the register is silent; of that its history tells.
func TestC5HoldsNothingElse(t *testing.T) {
	silent := register(func(context.Context, []ident.Number) (map[string]post.Enrollment, error) {
		return nil, errors.New("no answer")
	})
	none := register(func(context.Context, []ident.Number) (map[string]post.Enrollment, error) {
		return nil, post.ErrNoRegister
	})
	hangs := register(func(ctx context.Context, _ []ident.Number) (map[string]post.Enrollment, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})
	exempt, asked := post.Exempt, 0
	for name, c := range map[string]struct {
		register register
		reviewed post.Enrollment
		told     bool
	}{
		"as before":     {says(&exempt, &asked), post.Exempt, false},
		"not looked up": {says(&exempt, new(int)), "", false},
		"silent":        {silent, post.Registered, true},
		"no look-up":    {none, post.Registered, true},
		"hangs":         {hangs, post.Registered, true},
	} {
		t.Run(name, func(t *testing.T) {
			for _, mass := range []bool{false, true} {
				d := newDepot(t, 3, taken)
				d.Register, d.Timings.Call = c.register, 20*time.Millisecond
				d.reviewed(t, c.reviewed)
				if mass {
					d.post(t)
				} else {
					d.send(t)
				}
				l := d.get(t, 1)
				told := false
				for _, e := range l.History {
					told = told || e.What == post.WasNotLookedUp
				}
				if l.State != post.HandedOver || told != c.told {
					t.Errorf("in a container %v: %s, told %v", mass, l.State, told)
				}
			}
		})
	}
}

// TestC5InAContainer: who has changed is left out of the container, and the others leave in it.
func TestC5InAContainer(t *testing.T) {
	d := newDepot(t, 4, taken)
	changed := d.letters[2].Recipient.Key()
	d.Register = register(func(_ context.Context, all []ident.Number) (map[string]post.Enrollment, error) {
		found := map[string]post.Enrollment{}
		for _, n := range all {
			found[n.Key()] = post.Registered
		}
		found[changed] = post.NoMailbox
		return found, nil
	})
	d.reviewed(t, post.Registered)
	d.post(t)
	if got := d.states(t); got[post.HandedOver] != 3 || got[post.Failed] != 1 || len(d.mass.Taken) != 3 {
		t.Errorf("%v, %d taken", got, len(d.mass.Taken))
	}
	if l := d.get(t, 2); l.Problem == nil || l.Problem.Code != post.EnrollmentChanged {
		t.Errorf("%+v", l.Problem)
	}
}

// TestC5NeverHoldsWhatMayHaveArrived: the answer to an attempt was lost, and the register changes after it: Digital
// Post is asked, as ever, and the letter is not called unsent.
func TestC5NeverHoldsWhatMayHaveArrived(t *testing.T) {
	now, asked := post.Registered, 0
	o := newOffice(t, 1, func(string, int) (post.Answer, error) {
		return post.Answer{Accepted: true}, context.DeadlineExceeded
	})
	o.Register = says(&now, &asked)
	o.reviewed(t, post.Registered)
	o.send(t)
	now = post.Exempt
	o.now = o.get(t, 0).Due.Add(time.Second)
	o.send(t)
	if l := o.get(t, 0); l.State != post.HandedOver || asked != 1 {
		t.Errorf("%s, asked %d times", l.State, asked)
	}
}
