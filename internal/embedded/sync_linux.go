package embedded

import (
	"fmt"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

// syncs makes files and their names durable together: callers that wait at the same time share one syncfs(2), which
// writes everything of the folder's file system to disk. Ten small files then cost one sync instead of twenty.
type syncs struct {
	root *os.File

	mu      sync.Mutex
	next    *round
	running bool
}

// round is one syncfs and those who wait for it.
type round struct {
	done chan struct{}
	err  error
}

func newSyncs(root string) (*syncs, error) {
	d, err := os.Open(root)
	return &syncs{root: d}, err
}

// beforeRename need not sync: wait comes after the rename and covers both.
func (s *syncs) beforeRename(*os.File) error { return nil }

// coversAll reports that one wait is enough for all folders.
func (s *syncs) coversAll() bool { return true }

// wait returns when everything that was written before the call is on disk. A round that is under way may have
// missed it, so the caller waits for the next.
func (s *syncs) wait(string) error {
	s.mu.Lock()
	if s.next == nil {
		s.next = &round{done: make(chan struct{})}
	}
	r := s.next
	if !s.running {
		s.running = true
		go s.run()
	}
	s.mu.Unlock()
	<-r.done
	return r.err
}

func (s *syncs) run() {
	for {
		s.mu.Lock()
		r := s.next
		s.next = nil
		if r == nil {
			s.running = false
			s.mu.Unlock()
			return
		}
		s.mu.Unlock()
		if err := unix.Syncfs(int(s.root.Fd())); err != nil {
			r.err = fmt.Errorf("sync files: %w", err)
		}
		close(r.done)
	}
}
