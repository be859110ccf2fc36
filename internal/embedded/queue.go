package embedded

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/wal"
)

// queue gives out jobs at least once. They lie in the file; what is given out, and until when, is only in memory,
// so that after a crash everything that was not finished is given out again. How often a job was given out is in
// the file: a job that kills the process must not do so for ever.
type queue struct {
	file   *wal.File
	name   post.Queue
	bucket string

	mu     sync.Mutex
	ready  line
	out    map[uint64]*waiting
	bell   chan struct{} // rings when ready may have grown
	number uint64        // of the last job

	unreadable []temporary // what lay in the file and is no job
}

// temporary is what lies in a queue and cannot be read.
type temporary struct {
	key  string
	body string
}

const numberLength = 8 // bytes of a key

type waiting struct {
	number   uint64
	Job      post.Job  `json:"e"`
	Receives int       `json:"r,omitempty"` // given out so often
	Failures int       `json:"f,omitempty"` // came back with an error so often
	Waited   int       `json:"w,omitempty"` // came back because the machine had run out of something so often
	until    time.Time // given out until then
}

func queueBucket(q post.Queue) string { return "queue-" + string(q) }

// openQueue reads a queue from the database. What is no job is set aside for Ubehandlet, and holds up no other.
func openQueue(f *wal.File, name post.Queue) (*queue, error) {
	q := &queue{
		file:   f,
		name:   name,
		bucket: queueBucket(name),
		out:    map[uint64]*waiting{},
		bell:   make(chan struct{}, 1),
	}
	return q, f.View(func(tx *wal.Tx) error {
		for k, v := range tx.Up(q.bucket, "") {
			if len(k) != numberLength {
				q.unreadable = append(q.unreadable, temporary{k, string(v)})
				continue
			}
			w := &waiting{number: binary.BigEndian.Uint64([]byte(k))}
			q.number = w.number
			if json.Unmarshal(v, w) != nil || w.Job == (post.Job{}) {
				q.unreadable = append(q.unreadable, temporary{k, string(v)})
				continue
			}
			q.ready.add(w)
		}
		return nil
	})
}

// Unreadable hands over everything in the queues that is no job, and takes out what was taken over.
func (h *Backend) Unreadable(
	ctx context.Context,
	take func(ctx context.Context, from post.Queue, id, body string) error,
) error {
	var errs []error
	for _, name := range allQueues() {
		q := h.queue[name]
		for _, s := range q.unreadable {
			sum := sha256.Sum256([]byte(s.key + s.body))
			err := take(ctx, name, hex.EncodeToString(sum[:8]), s.body)
			if err == nil {
				err = h.file.Update(ctx, func(tx *wal.Tx) error {
					tx.Delete(q.bucket, s.key)
					return nil
				})
			}
			errs = append(errs, err)
		}
		q.unreadable = nil
	}
	return errors.Join(errs...)
}

func numberKey(n uint64) string { return string(binary.BigEndian.AppendUint64(nil, n)) }

// Send implements post.Queues.
func (h *Backend) Send(ctx context.Context, name post.Queue, jobs ...post.Job) error {
	q := h.queue[name]
	if q == nil {
		return fmt.Errorf("queue %s: %w", name, post.ErrNotFound)
	}
	added := make([]*waiting, len(jobs))
	err := h.file.Update(ctx, func(tx *wal.Tx) (err error) {
		for i, e := range jobs {
			if added[i], err = q.append(tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		q.add(added...)
	}
	return err
}

// Return implements post.Queues. Only a job can be put back; anything else is post.ErrUnreadable.
func (h *Backend) Return(ctx context.Context, m post.DeadMessage) error {
	var e post.Job
	if err := json.Unmarshal([]byte(m.Body), &e); err != nil {
		return fmt.Errorf("message %s: %w", m.ID, post.ErrUnreadable)
	}
	return h.Send(ctx, m.Queue, e)
}

// append puts a job at the end, inside a transaction.
func (q *queue) append(tx *wal.Tx, e post.Job) (*waiting, error) {
	q.mu.Lock()
	q.number++
	w := &waiting{number: q.number, Job: e}
	q.mu.Unlock()
	v, err := json.Marshal(w)
	if err != nil {
		return nil, err
	}
	tx.Put(q.bucket, numberKey(w.number), v)
	return w, nil
}

func (q *queue) add(w ...*waiting) {
	q.mu.Lock()
	q.ready.add(w...)
	q.mu.Unlock()
	q.ring()
}

func (q *queue) ring() {
	select {
	case q.bell <- struct{}{}:
	default:
	}
}

// receive waits for jobs and gives out up to limit of them until the visibility has run out.
func (q *queue) receive(ctx context.Context, limit int, visible time.Duration) ([]*waiting, error) {
	for {
		given := q.take(limit, time.Now(), visible)
		if len(given) > 0 {
			q.count(given)
			return given, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-q.bell:
		case <-time.After(min(visible/4, time.Second)):
		}
	}
}

// take gives out up to limit jobs until now+visible. Jobs whose time is over come back first.
func (q *queue) take(limit int, now time.Time, visible time.Duration) []*waiting {
	q.mu.Lock()
	defer q.mu.Unlock()
	for n, w := range q.out {
		if now.After(w.until) { // whoever had it is slow or gone: somebody else gets it
			delete(q.out, n)
			q.ready.add(w)
		}
	}
	given := q.ready.take(limit)
	for i, w := range given {
		again := *w
		again.until = now.Add(visible)
		again.Receives++
		given[i] = &again
		q.out[w.number] = &again
	}
	if q.ready.n > 0 {
		q.ring()
	}
	return given
}

// count writes down how often the jobs were given out, and how often they failed. Nobody waits for it: what a crash
// loses is one count.
func (q *queue) count(given []*waiting) {
	values := make([][]byte, len(given))
	for i, w := range given {
		v, err := json.Marshal(w)
		if err != nil {
			return // numbers and keys only: cannot happen
		}
		values[i] = v
	}
	q.file.Soon(func(tx *wal.Tx) error {
		for i, w := range given {
			if key := numberKey(w.number); tx.Get(q.bucket, key) != nil {
				tx.Put(q.bucket, key, values[i])
			}
		}
		return nil
	})
}

// finish takes jobs off the queue. Nobody waits for it: a job that a crash brings back is done again, and
// changes nothing.
func (q *queue) finish(done []*waiting) {
	q.forget(done)
	q.file.Soon(func(tx *wal.Tx) error {
		q.remove(tx, done)
		return nil
	})
}

func (q *queue) remove(tx *wal.Tx, gone []*waiting) {
	for _, w := range gone {
		tx.Delete(q.bucket, numberKey(w.number))
	}
}

func (q *queue) forget(gone []*waiting) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, w := range gone {
		delete(q.out, w.number)
	}
}

// bury moves jobs to the dead letters in one transaction.
func (q *queue) bury(ctx context.Context, dead []*waiting, to *queue) error {
	added := make([]*waiting, len(dead))
	err := q.file.Update(ctx, func(tx *wal.Tx) (err error) {
		for i, w := range dead {
			if added[i], err = to.append(tx, w.Job); err != nil {
				return err
			}
		}
		q.remove(tx, dead)
		return nil
	})
	if err == nil {
		q.forget(dead)
		to.add(added...)
	}
	return err
}

// release makes jobs ready again at once, or after a while.
func (q *queue) release(given []*waiting, after time.Duration) {
	q.mu.Lock()
	for _, w := range given {
		if held := q.out[w.number]; held != nil {
			held.until = time.Now().Add(after)
		}
	}
	q.mu.Unlock()
}

// Waiting returns how many jobs lie in a queue, given out or not.
func (h *Backend) Waiting(name post.Queue) int {
	q := h.queue[name]
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.ready.n + len(q.out)
}
