package send

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/workflow"
)

// register is a contact register.
type register func(ctx context.Context, numbers []ident.Number) (map[string]post.Enrollment, error)

// Enrollments implements post.Register.
func (r register) Enrollments(ctx context.Context, _ string, numbers []ident.Number) (map[string]post.Enrollment,
	error) {
	return r(ctx, numbers)
}

// newLookUp is an office that has been told to look two recipients up.
func newLookUp(t *testing.T, r register) (o *office, known, other ident.Number) {
	t.Helper()
	o = newOffice(t, 1, accept)
	o.LookUps, o.Register = o.store, r
	known, other = posttest.Number(t, "0101901234"), posttest.Number(t, "0606901234")
	askFor(t, o, other, known, other)
	return o, known, other
}

func askFor(t *testing.T, o *office, numbers ...ident.Number) {
	t.Helper()
	s := &post.Shipment{ID: "aaaaaaaaaaaa", Org: "demo"}
	posttest.Check(t, workflow.LookUp(t.Context(), o.store, o.queues, s, numbers, o.now))
}

// lookedUp does the job, and returns what is known after it.
func lookedUp(t *testing.T, o *office) *post.LookUp {
	t.Helper()
	for _, err := range o.Handle(t.Context(), []post.Job{{Org: "demo", LookUp: "aaaaaaaaaaaa"}}) {
		posttest.Check(t, err)
	}
	l, err := o.store.LookUp(t.Context(), "demo", "aaaaaaaaaaaa")
	posttest.Check(t, err)
	return l
}

func TestLookUp(t *testing.T) {
	o, known, other := newLookUp(t, func(_ context.Context, n []ident.Number) (map[string]post.Enrollment, error) {
		return map[string]post.Enrollment{n[0].Key(): post.Exempt, n[1].Key(): post.Registered}, nil
	})
	l := lookedUp(t, o)
	if l.Of(known, o.now) != post.Exempt || l.Of(other, o.now) != post.Registered || l.Asked != 2 {
		t.Errorf("%+v", l)
	}
	if corrected := posttest.Number(t, "0505901234"); l.Of(corrected, o.now) != post.NotLookedUp {
		t.Error("somebody nobody asked about is enrolled")
	}
}

// TestARegisterThatHangs: a look-up takes no longer than one call, holds nothing back, and says so.
func TestARegisterThatHangs(t *testing.T) {
	o, known, _ := newLookUp(t, func(ctx context.Context, _ []ident.Number) (map[string]post.Enrollment, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})
	o.Timings.Call = time.Millisecond
	if l := lookedUp(t, o); l.Problem != post.LookUpNoAnswer || l.Of(known, o.now) != post.NotLookedUp {
		t.Errorf("%+v", l)
	}
}

// TestLookUpAskedAnew: what was asked about before a correction does not stand for what was asked about after it.
func TestLookUpAskedAnew(t *testing.T) {
	var o *office
	corrected := posttest.Number(t, "0505901234")
	anew := false
	o, _, _ = newLookUp(t, func(context.Context, []ident.Number) (map[string]post.Enrollment, error) {
		if !anew {
			anew, o.now = true, o.now.Add(time.Second)
			askFor(t, o, corrected)
		}
		return nil, nil
	})
	if l := lookedUp(t, o); !l.Ended.IsZero() {
		t.Errorf("the first one answered for the second: %+v", l)
	}
	if l := lookedUp(t, o); l.Ended.IsZero() || l.Of(corrected, o.now) != post.Registered {
		t.Errorf("%+v", l)
	}
}

func TestTooManyToLookUp(t *testing.T) {
	o, known, _ := newLookUp(t, nil)
	var numbers []ident.Number
	for i := 10_000_000; len(numbers) <= post.LookUpMost; i++ {
		if n, err := ident.ParseCVR(strconv.Itoa(i)); err == nil {
			numbers = append(numbers, n)
		}
	}
	askFor(t, o, numbers...)
	if l := lookedUp(t, o); l.Problem != post.LookUpTooMany || l.Of(known, o.now) != post.NotLookedUp {
		t.Errorf("%+v", l.Problem)
	}
}

// TestAFunctionTooShortForAContainer: its job fails instead of coming again for ever.
func TestAFunctionTooShortForAContainer(t *testing.T) {
	d := newDepot(t, 2, taken)
	ctx, cancel := context.WithTimeout(t.Context(), d.Timings.CallMass)
	defer cancel()
	if errs := d.Handle(ctx, []post.Job{{Org: "demo", Container: d.id}}); errs[0] == nil {
		t.Error("its job comes again, and nobody hears of it")
	}
	d.want(t, post.Queued, 0)
	posttest.Check(t, errors.Join(d.Handle(t.Context(), []post.Job{{Org: "demo", Container: d.id}})...))
	d.want(t, post.HandedOver, 1)
}
