package send

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/workflow"
)

// resolve finds out what became of a letter that was posted in a container whose answer it does not know. Its container
// may know it; else only a sign of Digital Post's that it has the letter moves it on, and nothing permits another post:
// not found is no answer (practice.md C8).
func (t *try) resolve(ctx context.Context, restored bool) outcome {
	c, err := t.h.Containers.Container(ctx, t.letter.Org, t.letter.Container)
	if err == nil && !restored {
		t.posted = c.Posted
	}
	switch {
	case restored, errors.Is(err, post.ErrNotFound): // the container of a backup may have been posted after it
	case err != nil:
		return t.await(err)
	case c.Open():
		switch err := workflow.GiveUp(ctx, t.h.Containers, c, t.h.Now()); {
		case errors.Is(err, post.ErrUnchanged): // somebody works on it
			return t.await(nil)
		case errors.Is(err, post.ErrOvertaken): // another letter of it was faster: what it has done holds for this one
			return t.resolve(ctx, restored)
		case err != nil:
			return t.await(err)
		}
		return t.leave()
	case c.End == post.ContainerGivenUp, !c.Holds(t.letter.ID):
		return t.leave()
	case c.End == post.ContainerAccepted:
		digest := t.message.Digest()
		return func(l *post.Letter) error {
			return l.HandOver(t.h.clock(), t.uuid, c.Transmission, digest, false)
		}
	case c.End == post.ContainerRefused:
		return t.mine(func(l *post.Letter) error { return l.RefuseContainer(t.h.clock(), t.uuid, "") })
	}
	seen, err := t.guard.seen(ctx, t)
	switch {
	case err != nil:
		t.guard.record(t.letter, err)
		return t.await(err)
	case seen:
		t.guard.record(t.letter, nil)
		return t.found()
	}
	if result := t.askForLost(ctx); result != nil {
		return result
	}
	return t.await(nil)
}

func (t *try) leave() outcome {
	return t.mine(func(l *post.Letter) error { return l.LeaveContainer(t.h.clock(), t.uuid) })
}

func (t *try) await(err error) outcome {
	if err != nil {
		slog.Info("not asked", "letter", t.letter.ID, "error", err)
	}
	return t.mine(func(l *post.Letter) error {
		return l.AwaitContainer(t.h.clock(), t.uuid, t.posted, t.h.Jitter())
	})
}

// mine does something to a letter as long as nobody else has begun it since.
func (t *try) mine(what outcome) outcome {
	lease := t.letter.Lease
	return func(l *post.Letter) error {
		if !l.Lease.Equal(lease) {
			return post.ErrUnchanged
		}
		return what(l)
	}
}

// beforePost is from how long before a post of a container its events are asked for: clocks differ.
const beforePost = 10 * time.Minute

// seen asks once for all letters of a batch that were posted in the same container.
func (guard *batchGuard) seen(ctx context.Context, t *try) (bool, error) {
	guard.mu.Lock()
	defer guard.mu.Unlock()
	container := t.letter.Org + " " + t.letter.Container
	known, asked := guard.inContainer[container]
	if !asked && guard.unseen != nil { // no answer to the first question of a batch answers the others of it, too
		return false, guard.unseen
	}
	if !asked {
		since := t.since
		if !t.posted.IsZero() {
			since = t.posted.Add(-beforePost)
		}
		ctx, cancel := context.WithTimeout(ctx, guard.h.Timings.Call)
		defer cancel()
		var err error
		known, err = guard.h.Mass.Seen(ctx, t.letter.Org, guard.asked[container], since)
		if guard.inContainer[container] = known; err != nil { // what was seen before it is true all the same
			guard.unseen = err
		}
	}
	if known[t.uuid] {
		return true, nil
	}
	return false, guard.unseen
}
