package send

import (
	"context"
	"errors"
	"log/slog"

	"brevdue/internal/post"
)

// resolve finds out what became of a letter that was posted in a container whose answer it does not know. Its container
// may know it; else only a sign of Digital Post's that it has the letter moves it on, and nothing permits another post:
// not found is no answer (practice.md C8).
func (t *try) resolve(ctx context.Context, restored bool) outcome {
	c, err := t.h.Containers.Container(ctx, t.letter.Org, t.letter.Container)
	switch {
	case restored, errors.Is(err, post.ErrNotFound): // the container of a backup may have been posted after it
	case err != nil:
		return t.await(err)
	case c.Open():
		if err := c.GiveUp(t.h.Now()); err != nil { // somebody works on it
			return t.await(nil)
		}
		if err := t.h.Containers.PutContainer(ctx, c); err != nil {
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
		return func(l *post.Letter) error { return l.RefuseContainer(t.h.clock(), t.uuid, "") }
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
	return func(l *post.Letter) error { return l.LeaveContainer(t.h.clock(), t.uuid) }
}

func (t *try) await(err error) outcome {
	if err != nil {
		slog.Info("not asked", "letter", t.letter.ID, "error", err)
	}
	return func(l *post.Letter) error { return l.AwaitContainer(t.h.clock(), t.uuid, t.h.Jitter()) }
}

// seen asks once for all letters of a batch that were posted in the same container.
func (guard *batchGuard) seen(ctx context.Context, t *try) (bool, error) {
	guard.mu.Lock()
	defer guard.mu.Unlock()
	container := t.letter.Org + " " + t.letter.Container
	known, asked := guard.inContainer[container]
	if !asked {
		var err error
		if known, err = guard.h.Mass.Seen(ctx, t.letter.Org, guard.asked[container], t.since); err != nil {
			return false, err
		}
		guard.inContainer[container] = known
	}
	return known[t.uuid], nil
}
