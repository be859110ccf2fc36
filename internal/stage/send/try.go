package send

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"brevdue/internal/memo"
	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/workflow"
)

// question is what is asked before a letter is posted.
type question uint8

const (
	askNothing   question = iota
	askAndCount           // an attempt was never answered: after the question one more is counted
	askContainer          // the attempt was made in a container: nothing is posted
	askOnly               // what is known of the letter comes out of a backup, or each attempt was refused
)

// try is one attempt at one message.
type try struct {
	h       *Handler
	guard   *batchGuard
	letter  *post.Letter
	uuid    string
	since   time.Time // from when its events are asked for
	message *memo.Message
	digest  string
	asked   question
	posted  time.Time // when its container was; zero where that is not known
	lost    []string  // other UUIDs under which the letter may have left
}

// attempt makes the message, asks first if an earlier attempt was not answered, then posts.
func (h *Handler) attempt(ctx context.Context, guard *batchGuard, f *files, l *post.Letter, ask question,
	lost []string) (result outcome) {
	m := l.Current()
	t := &try{h: h, guard: guard, letter: l, uuid: m.UUID, since: l.EventsSince(), asked: ask, lost: lost}
	var panicked error
	defer func() {
		if panicked != nil {
			result = t.reschedule(panicked)
		}
	}()
	defer parallel.Recover(&panicked)
	message, err := h.message(ctx, f, l)
	switch {
	case errors.Is(err, post.ErrDamaged), errors.Is(err, post.ErrNotFound):
		slog.Error("a letter's file cannot be used", "letter", l.ID, "error", err)
		return t.mine(func(l *post.Letter) error { return l.FailDamaged(h.clock(), t.uuid) })
	case err != nil:
		return t.reschedule(err)
	}
	shipment, err := h.shipment(ctx, l)
	if err != nil {
		return t.reschedule(err)
	}
	if since := shipment.Created.Add(-24 * time.Hour); since.Before(t.since) {
		t.since = since // it may have been split, and sent, before the split that we know of
	}
	if err := h.awaitNotification(ctx, shipment, l); err != nil {
		return t.reschedule(err)
	}
	t.message, t.digest = message, message.Digest()
	if ask == askContainer {
		return t.resolve(ctx, guard.restored.From(shipment))
	}
	if ask != askNothing {
		if result, over := t.ask(ctx, ask == askAndCount); over {
			return result
		}
	}
	return t.post(ctx)
}

// ask asks whether the letter arrived before. Not over means: it did not, and one more attempt has been counted where
// that is asked for.
func (t *try) ask(ctx context.Context, count bool) (result outcome, over bool) {
	found, err := t.h.Channel.Find(ctx, t.letter.Org, t.uuid, t.since)
	if err != nil || found { // that it knows nothing of a letter does not say that it takes letters in
		t.guard.record(t.letter, err)
	}
	switch {
	case err != nil:
		return t.reschedule(err), true
	case found:
		return t.found(), true
	}
	if result := t.askForLost(ctx); result != nil {
		return result, true
	}
	if !count {
		return nil, false
	}
	_, wrote, err := workflow.ChangeOne(
		ctx,
		t.h.Letters,
		t.letter.Org,
		t.letter.ID,
		func(l *post.Letter) error { return l.CountAttempt(t.uuid) },
	)
	if err != nil {
		return t.reschedule(err), true
	}
	if !wrote { // the letter has gone on: there is nothing to post any more
		return func(*post.Letter) error { return post.ErrUnchanged }, true
	}
	return nil, false
}

// post posts the message once. Cancels and stops are read again right before; a letter that they hold back takes its
// attempt back. No answer is never a refusal: the letter is tried again after Digital Post was asked.
func (t *try) post(ctx context.Context) outcome {
	if p := unfit(t.message); p != nil {
		return t.refuse(false, *p)
	}
	if result := t.h.changed(t.letter, t.guard.enrolled[t.letter.ID]); result != nil {
		return result
	}
	switch c, err := t.guard.lastCheck(ctx, t.letter); {
	case err != nil:
		return t.reschedule(err)
	case c.Cancels > t.letter.Cancels:
		asked := 0
		if t.asked != askNothing {
			asked = t.letter.Current().Refused
		}
		return func(l *post.Letter) error { return l.Withdraw(t.h.clock(), t.uuid, c, asked, t.h.Jitter()) }
	case c.Stop != nil, c.Paused, c.Unreleased:
		lease := t.letter.Lease
		return func(l *post.Letter) error { return l.UndoAttempt(t.h.clock(), t.uuid, lease) }
	}
	answer, err := t.h.Channel.Send(
		ctx,
		post.Outgoing{Org: t.letter.Org, Way: t.letter.Current().Way, UUID: t.uuid, Length: t.message.Length(),
			Body: t.message.Reader},
	)
	t.guard.record(t.letter, err)
	switch {
	case err != nil:
		return t.reschedule(err)
	case answer.Accepted:
		return t.h.unseen(t.letter, t.guard.enrolled[t.letter.ID], func(l *post.Letter) error {
			return l.HandOver(t.h.clock(), t.uuid, answer.Transmission, t.digest, false)
		})
	case answer.Duplicate:
		return t.duplicate(ctx, *answer.Refused)
	}
	if answer.Refused.Code == post.NotAllowed {
		t.guard.refuses(t.letter.Org)
	}
	return t.refuse(false, *answer.Refused)
}

// unfit returns why Digital Post would refuse a message; nil for one that it takes.
func unfit(m *memo.Message) *post.Problem {
	if m.Length() > post.MessageLimit {
		return &post.Problem{Code: post.MessageRefused, Text: sentence.Of("letter-too-large")}
	}
	if err := m.Check(); err != nil {
		return &post.Problem{Code: post.MessageRefused, Detail: err.Error()}
	}
	return nil
}

// duplicate decides what "already received" means. The UUID is ours alone (an HMAC), so if Digital Post has a message
// under it, it is this letter; if it says that it has none, a person decides.
func (t *try) duplicate(ctx context.Context, p post.Problem) outcome {
	found, err := t.h.Channel.Find(ctx, t.letter.Org, t.uuid, t.since)
	switch {
	case err != nil:
		return t.reschedule(err)
	case found:
		return t.found()
	}
	return t.refuse(true, p)
}

func (t *try) found() outcome {
	return func(l *post.Letter) error { return l.HandOver(t.h.clock(), t.uuid, "", t.digest, true) }
}

func (t *try) refuse(duplicate bool, p post.Problem) outcome {
	return func(l *post.Letter) error { return l.Refuse(t.h.clock(), t.uuid, duplicate, p) }
}

func (t *try) reschedule(err error) outcome {
	if post.OwnFault(err) != "" {
		slog.Error("waits for the machine", "letter", t.letter.ID, "error", err)
		return func(l *post.Letter) error { return l.WaitForMachine(t.h.clock(), t.uuid, t.h.Jitter()) }
	}
	why := string(sentence.Of("error"))
	if errors.Is(err, context.DeadlineExceeded) {
		why = "time-out"
	} else if text := err.Error(); len(text) < 40 {
		why = text
	}
	slog.Info("put off", "letter", t.letter.ID, "error", err)
	return func(l *post.Letter) error { return l.Reschedule(t.h.clock(), t.uuid, t.h.Jitter(), why) }
}
