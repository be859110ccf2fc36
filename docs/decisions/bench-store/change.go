package benchstore

import "errors"

const (
	lettersPerChange = 10
	counters         = 16
	counterPartition = "C#bench"
	mostPerCommit    = 64
)

// errStale says that an item no longer has the revision a change expected.
var errStale = errors.New("item was changed by someone else")

// item is one row of the table: a letter or a counter.
type item struct {
	partition, sort string
	revision        int64
	body            []byte
}

// change is one all-or-nothing request. The revision of each letter is the one
// the caller expects to find; its body is the new one.
type change struct {
	letters  []item
	counter  string // sort key of the counter to add to
	messages [][]byte
	err      error
	done     chan error
}

// store is what both databases offer to the benchmark.
type store interface {
	// commit runs the changes in one synced transaction. A stale change gets
	// its own err and writes nothing; a returned error fails the whole group.
	commit(group []*change) error
	seed(items []item, messages [][]byte) error
	page(partition string) ([]item, error)
	queueLength() (int, error)
	close() error
}

// writer is the only goroutine that commits to its store.
type writer struct {
	store   store
	waiting chan *change
	stopped chan struct{}
	commits int
}

func startWriter(s store) *writer {
	w := &writer{store: s, waiting: make(chan *change, mostPerCommit), stopped: make(chan struct{})}
	go w.run()
	return w
}

func (w *writer) run() {
	defer close(w.stopped)
	for first := range w.waiting {
		group := w.takeWaiting(first)
		err := w.store.commit(group)
		w.commits++
		for _, c := range group {
			c.done <- errors.Join(err, c.err)
		}
	}
}

func (w *writer) takeWaiting(first *change) []*change {
	group := []*change{first}
	for len(group) < mostPerCommit {
		select {
		case c, open := <-w.waiting:
			if !open {
				return group
			}
			group = append(group, c)
		default:
			return group
		}
	}
	return group
}

// submit returns when the change is on disk or refused.
func (w *writer) submit(c *change) error {
	c.done = make(chan error, 1)
	w.waiting <- c
	return <-c.done
}

// stop waits for the writer to finish; no change may be submitted after it.
func (w *writer) stop() {
	close(w.waiting)
	<-w.stopped
}
