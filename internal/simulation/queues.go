package simulation

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"brevdue/internal/post"
)

// queues give out messages at least once, in any order.
type queues struct {
	w        *world
	messages map[post.Queue][]*message
	names    []post.Queue
}

type message struct {
	job      post.Job
	visible  time.Time
	receives int
	gone     bool
}

func newQueues(w *world) *queues {
	q := &queues{w: w, messages: map[post.Queue][]*message{}}
	for _, name := range post.WorkQueues {
		q.names = append(q.names, name, name.Dead())
	}
	return q
}

// Send implements post.Queues.
func (q *queues) Send(ctx context.Context, name post.Queue, jobs ...post.Job) error {
	called := at(ctx, "send") != nil
	if called {
		for _, e := range jobs {
			q.w.mustNotName(7, "a message", e.Org)
			q.w.mustNotName(7, "a message", e.Object)
			q.w.mustNotName(7, "a message", e.Shipment+string(e.Letter))
		}
		if q.w.either("queue", QueueNotSent, 80) {
			return errService
		}
	}
	for _, e := range jobs {
		q.add(name, e)
		if q.w.chance(QueueTwice, 30) {
			q.add(name, e)
		}
	}
	if called && q.w.chance(QueueSent, 80) {
		return errTimedOut
	}
	return nil
}

func (q *queues) add(name post.Queue, e post.Job) {
	wait := time.Duration(5+q.w.rng.IntN(200)) * time.Millisecond
	if q.w.chance(QueueLate, 30) {
		wait = time.Duration(q.w.rng.IntN(60)) * time.Second
	}
	q.messages[name] = append(q.messages[name], &message{job: e, visible: q.w.now.Add(wait)})
	if q.w.tracing {
		q.w.note("%s <- %+v", name, e)
	}
}

// Return implements post.Queues.
func (q *queues) Return(ctx context.Context, m post.DeadMessage) error {
	var e post.Job
	if err := json.Unmarshal([]byte(m.Body), &e); err != nil {
		return err
	}
	return q.Send(ctx, m.Queue, e)
}

// next is when a queue has work.
func (q *queues) next(name post.Queue) time.Time {
	var next time.Time
	for _, m := range q.messages[name] {
		if next.IsZero() || m.visible.Before(next) {
			next = m.visible
		}
	}
	return next
}

// waiting is how many messages there are in all.
func (q *queues) waiting() int {
	n := 0
	for _, all := range q.messages {
		n += len(all)
	}
	return n
}

// visibility of each queue, as infra/template.yaml and wire/machine have it: longer than the work takes, mostly.
func (q *queues) visibility(name post.Queue) time.Duration {
	switch name {
	case post.SplitQueue:
		return 30 * time.Minute
	case post.SendQueue:
		return 3 * q.w.timings.Call
	case post.BulkQueue:
		return 10 * time.Minute
	}
	return time.Minute
}

// give hands a batch to a function.
func (q *queues) give(name post.Queue) {
	var batch []*message
	all := q.messages[name]
	for i := range all {
		if q.w.faulty && q.w.rng.IntN(4) == 0 { // somebody else first
			j := i + q.w.rng.IntN(len(all)-i)
			if j > i {
				all[i], all[j] = all[j], all[i]
				q.w.faults[QueueOrder]++
			}
		}
		m := all[i]
		if m.visible.After(q.w.now) || len(batch) == 10 {
			continue
		}
		if m.receives > 0 {
			q.w.faults[QueueVisible]++
		}
		m.receives++
		m.visible = q.w.now.Add(q.visibility(name))
		if m.receives > post.MaxReceives && slices.Contains(post.WorkQueues, name) {
			m.gone = true
			q.w.count(QueueDead)
			q.add(name.Dead(), m.job)
			continue
		}
		batch = append(batch, m)
	}
	q.sweepUp(name)
	if len(batch) > 0 {
		q.work(name, batch)
	}
}

func (q *queues) work(name post.Queue, batch []*message) {
	jobs := make([]post.Job, len(batch))
	for i, m := range batch {
		jobs[i] = m.job
	}
	var errs []error
	q.w.start(string(name), func(ctx context.Context, a *actor) {
		errs = q.w.worker(a).of(name).Each(ctx, jobs)
	}, func(died bool) {
		if died {
			return // they come again when their visibility has run out
		}
		half := q.w.chance(QueueHalf, 30)
		for i, m := range batch {
			switch {
			case errs[i] != nil:
				q.w.mustNotName(7, "an error", errs[i].Error())
				q.w.note("%s: %v", name, errs[i])
				m.visible = q.w.now.Add(time.Second)
			case half && q.w.rng.IntN(2) == 0:
				m.visible = q.w.now.Add(time.Second)
			default:
				m.gone = true
			}
		}
		q.sweepUp(name)
	})
}

func (q *queues) sweepUp(name post.Queue) {
	q.messages[name] = slices.DeleteFunc(q.messages[name], func(m *message) bool { return m.gone })
}
