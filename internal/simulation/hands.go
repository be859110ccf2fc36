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
	shipments, letters, failures, notices, trail := s.Shipments(), s.Letters(), s.Failures(), s.Notices(), s.Trail(now)
	h := &hands{w: w}
	h.desk = &upload.Desk{Shipments: shipments, Letters: letters, Organizations: s, Files: s, Profiles: s, Outlines: s, Links: links{}, Queues: w.queues, Audit: trail,
		Environment: post.Simulator, Limit: 1 << 20, Pace: w.pace, Now: now, NewID: w.newID}
	h.split = &split.Handler{Audit: trail, Shipments: shipments, Letters: letters, Files: s, Outlines: s, Objects: w.objects, Queues: w.queues,
		Environment: post.Simulator, Pace: w.pace, Now: now, Make: w.planOf}
	h.send = &send.Handler{Shipments: shipments, Letters: letters, Objects: w.objects, Queues: w.queues, Channel: w.post, UUIDKey: key,
		Breakers: s, Stops: s, Notices: notices, Audit: trail, Environment: post.Simulator, Pace: w.pace, Now: now, Jitter: w.rng.Float64}
	h.archive = &archive.Handler{Shipments: shipments, Letters: letters, Objects: w.objects, Cases: s, CaseKey: key,
		Pace: w.pace, Now: now, Jitter: w.rng.Float64}
	h.receipt = &receipt.Handler{Letters: letters, Failures: failures, Strays: s, Queues: w.queues, Channel: w.post, UUIDKey: key,
		Pace: w.pace, Now: now}
	h.unhandled = &unhandled.Handler{Shipments: shipments, Letters: letters, Failures: failures, Notices: notices, Operator: org,
		Pace: w.pace, Now: now}
	h.remedies = &unhandled.Remedies{Audit: trail, Shipments: shipments, Letters: letters, Failures: failures, Queues: w.queues,
		Channel: w.post, UUIDKey: key, Pace: w.pace, Now: now}
	h.sweep = &sweep.Handler{Shipments: shipments, Letters: letters, Objects: w.objects, Queues: w.queues, Notices: notices, Stops: s,
		Pace: w.pace, Now: now}
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
	panic("no such queue: " + q) // newQueues makes those above alone
}
