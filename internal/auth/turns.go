package auth

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// ErrBusy is the answer where too many wait already from the same address.
var ErrBusy = errors.New("too many at once")

// Bounds of comparing codes: each takes 64 MB.
const (
	comparedAtOnce = 3
	waitingFrom    = 20 // of one address
)

// comparing is the turns of the process: its memory is one.
var comparing = newTurns()

// turns lets few compare codes at the same time. An address has one turn at a time, so that however many wait from
// one, another comes next.
type turns struct {
	all   chan struct{}
	took  atomic.Int64 // nanoseconds that the last turn took
	mu    sync.Mutex
	lines map[string]*line
}

// line is who waits from one address.
type line struct {
	turn    chan struct{}
	waiting int
}

func newTurns() *turns {
	return &turns{all: make(chan struct{}, comparedAtOnce), lines: map[string]*line{}}
}

// begin waits for a turn. done ends it.
func (t *turns) begin(ctx context.Context, from string) (done func(), err error) {
	l, err := t.enter(from)
	if err != nil {
		return nil, err
	}
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		t.leave(from, l)
		return nil, ctx.Err()
	}
	select {
	case t.all <- struct{}{}:
	case <-ctx.Done():
		<-l.turn
		t.leave(from, l)
		return nil, ctx.Err()
	}
	began := time.Now()
	return func() {
		t.took.Store(int64(time.Since(began)))
		<-t.all
		<-l.turn
		t.leave(from, l)
	}, nil
}

func (t *turns) enter(from string) (*line, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	l := t.lines[from]
	if l == nil {
		l = &line{turn: make(chan struct{}, 1)}
		t.lines[from] = l
	}
	if l.waiting >= waitingFrom {
		return nil, ErrBusy
	}
	l.waiting++
	return l, nil
}

func (t *turns) leave(from string, l *line) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if l.waiting--; l.waiting == 0 {
		delete(t.lines, from)
	}
}

// usual is how long the last turn took.
func (t *turns) usual() time.Duration { return time.Duration(t.took.Load()) }
