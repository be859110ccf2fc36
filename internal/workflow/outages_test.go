package workflow_test

import (
	"context"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
	"brevdue/internal/workflow"
)

// TestOutagesOfDigitalPostAreNoted: from the first sign of it to the first answer.
func TestOutagesOfDigitalPostAreNoted(t *testing.T) {
	ctx, now, s := context.Background(), posttest.Start, store.New(storetest.NewMemory())
	b := workflow.RecordedBreakers{Breakers: s, Record: s, Now: func() time.Time { return now }}
	is := func(want ...post.Outage) {
		t.Helper()
		got, err := s.Outages(ctx, posttest.Start.Add(-time.Hour))
		posttest.Check(t, err)
		if len(got) != len(want) || len(want) > 0 && (!got[0].From.Equal(want[0].From) ||
			!got[0].To.Equal(want[0].To) || got[0].Of != want[0].Of) {
			t.Errorf("%v, want %v", got, want)
		}
	}
	fail := func(b *post.Breaker) error {
		return b.Failed(post.Clock{At: now, Timings: post.DemoTimings}, post.Silence{NoConnection: true}, 0)
	}
	for range post.BreakAfter {
		is()
		_, err := b.ChangeBreaker(ctx, post.Simulator, fail)
		posttest.Check(t, err)
		now = now.Add(time.Second)
	}
	is(post.Outage{Of: post.DigitalPostOut, From: posttest.Start})
	_, err := b.ChangeBreaker(ctx, post.Simulator, fail)
	posttest.Check(t, err)
	now = now.Add(time.Minute)
	end := now
	for range 2 {
		_, err := b.ChangeBreaker(ctx, post.Simulator, (*post.Breaker).Answered)
		posttest.Check(t, err)
		is(post.Outage{Of: post.DigitalPostOut, From: posttest.Start, To: end})
		now = now.Add(time.Minute)
	}
}

// TestOutagesOfBrevdueAreNoted: when it did not say that it works, and not while it does.
func TestOutagesOfBrevdueAreNoted(t *testing.T) {
	ctx, now, s := context.Background(), posttest.Start, store.New(storetest.NewMemory())
	h := workflow.Heart{Beats: s, Record: s, Now: func() time.Time { return now }}
	for _, pause := range []time.Duration{0, workflow.BeatEvery, workflow.BeatMissing - time.Second, time.Hour,
		workflow.BeatEvery} {
		now = now.Add(pause)
		_, err := h.Beat(ctx)
		posttest.Check(t, err)
	}
	got, err := s.Outages(ctx, posttest.Start)
	posttest.Check(t, err)
	if len(got) != 1 || got[0].Of != post.BrevdueOut || !got[0].To.Equal(now.Add(-workflow.BeatEvery)) ||
		got[0].Lasted(now) != time.Hour {
		t.Errorf("%v", got)
	}
}
