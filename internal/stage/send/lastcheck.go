package send

import (
	"context"
	"errors"
	"sync"

	"brevdue/internal/parallel"
	"brevdue/internal/post"
)

// sharedRead is one read of a clearance.
type sharedRead struct {
	done      chan struct{}
	clearance post.Clearance
	err       error
}

// sharedReads lets the letters of a batch share what is read at the last moment. A letter is only ever told what was
// read after it asked: while a read runs, whoever asks waits for the next, and all of these share that one. So ten
// letters that are posted together cost two reads, and none of them trusts an old one.
type sharedReads struct {
	mu      sync.Mutex
	running map[string]*sharedRead
	waiting map[string]*sharedRead
}

// do returns what a read that began after the call says about key. A read that panics, or that did not come to its end,
// is an error for all who share it.
func (s *sharedReads) do(key string, read func() (post.Clearance, error)) (is post.Clearance, err error) {
	mine, before := s.join(key)
	if mine == nil {
		<-before.done
		return before.clearance, before.err
	}
	if before != nil {
		<-before.done
		s.mu.Lock()
		delete(s.waiting, key)
		s.running[key] = mine
		s.mu.Unlock()
	}
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.running[key] == mine {
			delete(s.running, key)
		}
		is, err = mine.clearance, mine.err
		close(mine.done)
	}()
	defer parallel.Recover(&mine.err) // nobody may take a panic for a yes
	mine.err = errors.New("nothing was read")
	mine.clearance, mine.err = read()
	return mine.clearance, mine.err
}

// join returns the read that is the caller's to do, and the one that has to be over before; or no read of the caller's,
// and the one whose answer it shares.
func (s *sharedReads) join(key string) (mine, before *sharedRead) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running == nil {
		s.running, s.waiting = map[string]*sharedRead{}, map[string]*sharedRead{}
	}
	if shared := s.waiting[key]; shared != nil {
		return nil, shared
	}
	mine = &sharedRead{done: make(chan struct{})}
	if before = s.running[key]; before != nil {
		s.waiting[key] = mine
	} else {
		s.running[key] = mine
	}
	return mine, before
}

// lastCheck asks, right before a letter is posted, whether it may still leave.
func (guard *batchGuard) lastCheck(ctx context.Context, l *post.Letter) (post.Clearance, error) {
	shipment := l.ID.Shipment()
	return guard.checks.do(l.Org+" "+shipment, func() (post.Clearance, error) {
		return guard.h.Clearances.Clearance(ctx, l.Org, shipment)
	})
}
