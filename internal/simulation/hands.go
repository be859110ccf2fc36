package simulation

import (
	"time"

	"brevdue/internal/post"
	"brevdue/internal/stage/archive"
	"brevdue/internal/stage/receipt"
	"brevdue/internal/stage/send"
	"brevdue/internal/stage/split"
	"brevdue/internal/stage/sweep"
	"brevdue/internal/stage/unhandled"
	"brevdue/internal/stage/upload"
	"brevdue/internal/store"
)

// hands are the stages as one actor has them, with its own clock.
type hands struct {
	w         *world
	desk      *upload.Desk
	split     *split.Handler
	send      *send.Handler
	archive   *archive.Handler
	receipt   *receipt.Handler
	unhandled *unhandled.Handler
	remedies  *unhandled.Remedies
	sweep     *sweep.Handler
}

var key = []byte("a key of the simulation")

// hands are made once for each coroutine, which is one actor after the other.
func (w *world) hands(a *actor) *hands {
	if a.hand.stage == nil || a.hand.stage.w != w {
		a.hand.stage = w.newHands(a.hand)
	}
	return a.hand.stage
}

func (w *world) newHands(hand *hand) *hands {
	s := store.New(table{w})
	now := func() time.Time { return hand.actor.now() }
	h := &hands{w: w,
		desk: &upload.Desk{Shipments: s.Shipments(), Letters: s.Letters(), Organizations: s, Files: s, Links: links{}, Queues: w.queues, Audit: s.Trail(now),
			Environment: post.Simulator, Limit: 1 << 20, Pace: w.pace, Now: now, NewID: w.newID},
		split: &split.Handler{Audit: s.Trail(now), Shipments: s.Shipments(), Letters: s.Letters(), Files: s, Objects: w.objects, Queues: w.queues,
			Environment: post.Simulator, Pace: w.pace, Now: now, Make: w.planOf},
		send: &send.Handler{Shipments: s.Shipments(), Letters: s.Letters(), Objects: w.objects, Queues: w.queues, Channel: w.post, UUIDKey: key, Breakers: s, Stops: s, Notices: s.Notices(), Audit: s.Trail(now),
			Environment: post.Simulator, Pace: w.pace, Now: now, Jitter: w.rng.Float64},
		archive:   &archive.Handler{Shipments: s.Shipments(), Letters: s.Letters(), Objects: w.objects, Cases: s, CaseKey: key, Pace: w.pace, Now: now, Jitter: w.rng.Float64},
		receipt:   &receipt.Handler{Letters: s.Letters(), Failures: s.Failures(), Strays: s, Queues: w.queues, Channel: w.post, UUIDKey: key, Pace: w.pace, Now: now},
		unhandled: &unhandled.Handler{Shipments: s.Shipments(), Letters: s.Letters(), Failures: s.Failures(), Notices: s.Notices(), Operator: org, Pace: w.pace, Now: now},
		remedies:  &unhandled.Remedies{Audit: s.Trail(now), Shipments: s.Shipments(), Letters: s.Letters(), Failures: s.Failures(), Queues: w.queues, Channel: w.post, UUIDKey: key, Pace: w.pace, Now: now},
		sweep:     &sweep.Handler{Shipments: s.Shipments(), Letters: s.Letters(), Objects: w.objects, Queues: w.queues, Notices: s.Notices(), Stops: s, Pace: w.pace, Now: now},
	}
	if w.plant.put != nil {
		w.plant.put(w, h)
	}
	return h
}

// of returns the handler of a queue.
func (h *hands) of(q post.Queue) post.Handler {
	switch q {
	case post.SplitQueue:
		return h.split.Handle
	case post.SendQueue:
		return h.send.Handle
	case post.ArchiveQueue:
		return h.archive.Handle
	case post.ReceiptQueue:
		return h.receipt.Ask
	}
	for _, work := range post.WorkQueues {
		if work.Dead() == q {
			return h.unhandled.DeadLetters(work)
		}
	}
	panic("no such queue: " + q)
}
