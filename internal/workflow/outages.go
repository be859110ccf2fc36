package workflow

import (
	"context"
	"log/slog"
	"time"

	"brevdue/internal/post"
)

// RecordedBreakers are breakers that note when Digital Post is out of reach, and when it is back.
type RecordedBreakers struct {
	post.Breakers
	Record post.ServiceRecord
	Now    func() time.Time
}

// ChangeBreaker implements post.Breakers. What cannot be noted holds up no letter.
func (b RecordedBreakers) ChangeBreaker(ctx context.Context, e post.Environment, change func(*post.Breaker) error) (
	*post.Breaker, error) {
	var before post.Breaker
	after, err := b.Breakers.ChangeBreaker(ctx, e, func(now *post.Breaker) error {
		before = *now
		return change(now)
	})
	if err != nil || after.Open == before.Open {
		return after, err
	}
	o := post.Outage{Of: post.DigitalPostOut, From: after.Since}
	if before.Open {
		o.From, o.To = before.Since, b.Now()
	}
	if err := b.Record.PutOutage(ctx, o); err != nil {
		slog.Warn("an outage is not noted", "error", err)
	}
	return after, nil
}

// How often it is noted that Brevdue works, and from when on a pause is an outage.
const (
	BeatEvery   = time.Minute
	BeatMissing = 5 * time.Minute
)

// Heart notes that Brevdue works, and finds out when it did not.
type Heart struct {
	Beats  post.Heartbeats
	Record post.ServiceRecord
	Now    func() time.Time
}

// Beat is called once in BeatEvery.
func (h Heart) Beat(ctx context.Context) (more bool, err error) {
	now := h.Now()
	last, err := h.Beats.LastBeat(ctx)
	if err == nil && !last.IsZero() && now.Sub(last) >= BeatMissing { // first: the beat after it makes it forgotten
		err = h.Record.PutOutage(ctx, post.Outage{Of: post.BrevdueOut, From: last, To: now})
	}
	if err != nil {
		return false, err
	}
	return false, h.Beats.PutBeat(ctx, now)
}
