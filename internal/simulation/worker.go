package simulation

import (
	"time"

	"brevdue/internal/post"
	"brevdue/internal/stage/archive"
	"brevdue/internal/stage/organization"
	"brevdue/internal/stage/receipt"
	"brevdue/internal/stage/send"
	"brevdue/internal/stage/split"
	"brevdue/internal/stage/sweep"
	"brevdue/internal/stage/unhandled"
	"brevdue/internal/stage/upload"
	"brevdue/internal/store"
	"brevdue/internal/workflow"
)

// worker is the stages as one actor has them, with its own clock.
type worker struct {
	w         *world
	commands  *upload.Commands
	split     *split.Handler
	send      *send.Handler
	archive   *archive.Handler
	receipt   *receipt.Handler
	unhandled *unhandled.Handler
	remedies  *unhandled.Remedies

	corrections  *unhandled.Remedies // for whoever corrects
	organization *organization.Commands
	sweep        *sweep.Handler

	organizations *store.Store // what an operator changes of them
}

// rowsAtOnce is how many rows of Ubehandlet are done while somebody waits: few, so that there are bulks.
const rowsAtOnce = 2

var key = []byte("a key of the simulation")

// worker returns the stages of an actor. They are made once for each coroutine, which is one actor after the other.
func (w *world) worker(a *actor) *worker {
	if a.coroutine.stage == nil || a.coroutine.stage.w != w {
		a.coroutine.stage = w.newWorker(a.coroutine)
	}
	return a.coroutine.stage
}

func (w *world) newWorker(coroutine *coroutine) *worker {
	s := w.storeOf(table{w})
	now := func() time.Time { return coroutine.actor.now() }
	h := &worker{w: w}
	h.takeOrders(s, now)
	h.sendLetters(s, now)
	h.solveFailures(s, now)
	if w.register != nil {
		h.send.LookUps, h.send.Register = s, w.register
		h.split.LookUps = s
	}
	if w.plant.put != nil {
		w.plant.put(w, h)
	}
	return h
}

// takeOrders makes the stages up to the queue.
func (h *worker) takeOrders(s *store.Store, now func() time.Time) {
	w, shipments, letters, notices, auditLog := h.w, s.Shipments(), s.Letters(), s.Notices(), s.AuditLog(now)
	h.commands = &upload.Commands{
		Restored:      w,
		Shipments:     shipments,
		Letters:       letters,
		Organizations: s,
		Days:          s,
		Users:         s,
		Files:         s,
		Profiles:      s,
		Reviews: &split.Handler{
			Uploads:  w.files,
			Replan:   w.replanOf,
			Lists:    letters,
			Outlines: outlines{w},
			Drafts:   s,
			Objects:  w.files,
			Now:      now,
		},
		Drafts:      s,
		LookUps:     s,
		Checks:      noChecks{},
		Lists:       letters,
		Links:       links{},
		Queues:      w.queues,
		Audit:       auditLog,
		Environment: post.Simulator,
		Limit:       1 << 20,
		Timings:     w.timings,
		Now:         now,
		NewID:       w.newID,
	}
	h.split = &split.Handler{
		NewLetters:    letters,
		Uploads:       w.files,
		Runner:        oneByOne{w},
		Restored:      w,
		Audit:         auditLog,
		Shipments:     shipments,
		Letters:       letters,
		Files:         s,
		Outlines:      outlines{w},
		Containers:    s,
		MassFrom:      w.massFrom,
		MassMost:      w.massMost,
		Versions:      s,
		Organizations: s,
		RightsNow:     &w.rightsNow,
		Notices:       notices,
		Days:          s,
		Objects:       w.files,
		Queues:        w.queues,
		Environment:   post.Simulator,
		Timings:       w.timings,
		Now:           now,
		NewSecret:     w.newSecret,
		Split:         w.planOf,
		Replan:        w.replanOf,
		Drafts:        s,
		Lists:         letters,
	}
	h.organization = &organization.Commands{Audit: auditLog, Stops: s, Notices: notices, Now: now}
}

// sendLetters makes the stages from the queue to the archive.
func (h *worker) sendLetters(s *store.Store, now func() time.Time) {
	w, shipments, letters, notices, auditLog := h.w, s.Shipments(), s.Letters(), s.Notices(), s.AuditLog(now)
	channel, ways := w.waysOf(s, now)
	h.organizations = s
	h.send = &send.Handler{
		Ways:        ways,
		Runner:      oneByOne{w},
		Restored:    w,
		Clearances:  s,
		Shipments:   shipments,
		Letters:     letters,
		Objects:     w.files,
		Queues:      w.queues,
		Channel:     channel,
		Mass:        channel,
		Containers:  s,
		UUIDKey:     key,
		Breakers:    s,
		Stops:       s,
		Notices:     notices,
		Audit:       auditLog,
		Environment: post.Simulator,
		Timings:     w.timings,
		Now:         now,
		Jitter:      w.rng.Float64,
	}
	h.archive = &archive.Handler{
		Runner:    oneByOne{w},
		Shipments: shipments,
		Letters:   letters,
		Objects:   w.files,
		Cases:     s,
		Titles:    s,
		Names:     &workflow.Names{Outlines: outlines{w}},
		Transfers: s,
		Archives:  w.outside.open,
		Queues:    w.queues,
		CaseKey:   key,
		UUIDKey:   key,
		Timings:   w.timings,
		Now:       now,
		Jitter:    w.rng.Float64,
		NewID:     w.newID,
	}
	h.receipt = &receipt.Handler{
		Runner:      oneByOne{w},
		Letters:     letters,
		Failures:    s.Failures(),
		Orphans:     s,
		Queues:      w.queues,
		Channel:     channel,
		UUIDKey:     key,
		Timings:     w.timings,
		Now:         now,
		Breakers:    s,
		Notices:     notices,
		Environment: post.Simulator,
	}
}

// solveFailures makes the stages of Ubehandlet, and the sweep.
func (h *worker) solveFailures(s *store.Store, now func() time.Time) {
	w, shipments, letters, failures := h.w, s.Shipments(), s.Letters(), s.Failures()
	notices, auditLog := s.Notices(), s.AuditLog(now)
	channel, _ := w.waysOf(s, now)
	h.unhandled = &unhandled.Handler{
		Restored:  w,
		Shipments: shipments,
		Letters:   letters,
		Lists:     letters,
		Failures:  failures,
		Bulks:     s.Bulks(),
		Notices:   notices,

		Containers: s,
		Transfers:  s,
		Operator:   org,
		Timings:    w.timings,
		Now:        now,
	}
	h.remedies = &unhandled.Remedies{
		Audit:     auditLog,
		Shipments: shipments,
		Letters:   letters,
		Failures:  failures,
		Bulks:     s.Bulks(),
		Queues:    w.queues,
		Transfers: s,
		Channel:   channel,
		UUIDKey:   key,
		Timings:   w.timings,
		Now:       now,
		NewID:     w.newID,
		AtOnce:    rowsAtOnce,
		Runner:    oneByOne{w},
		Restored:  w,

		Organizations: s,
		Proposals:     s,
	}
	h.sweep = &sweep.Handler{
		DueLetters:   letters,
		DueShipments: shipments,
		DueBulks:     s.Bulks(),
		Bulks:        s.Bulks(),
		Transfers:    s,
		Shipments:    shipments,
		Letters:      letters,
		Objects:      w.files,
		Uploads:      w.files,
		Queues:       w.queues,
		Notices:      notices,
		Stops:        s,
		Timings:      w.timings,
		Now:          now,
	}
	corrections := *h.remedies
	h.corrections = &corrections
}

// of returns the handler of a queue.
func (h *worker) of(q post.Queue) workflow.Handler {
	switch q {
	case post.SplitQueue:
		return h.split.Handle
	case post.SendQueue:
		return h.send.Handle
	case post.ArchiveQueue:
		return h.archive.Handle
	case post.ReceiptQueue:
		return h.receipt.Ask
	case post.BulkQueue:
		return h.remedies.Handle
	}
	for _, work := range post.WorkQueues {
		if work.Dead() == q {
			return h.unhandled.DeadLetters(work)
		}
	}
	panic("no such queue: " + q) // newQueues makes those above alone
}
