package embedded

import (
	"context"
	"strings"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// TestAPanicEndsTheWork: what nothing can catch for one job, as a broken file, ends all jobs and is told.
func TestAPanicEndsTheWork(t *testing.T) {
	h, err := Open(t.TempDir(), "")
	posttest.Check(t, err)
	defer h.Close()
	broken := h.queue[post.SendQueue]
	h.queue[post.SendQueue] = nil // reading it panics
	defer func() { h.queue[post.SendQueue] = broken }()
	done := make(chan error, 1)
	go func() {
		done <- h.Work(context.Background(), Worker{Queue: post.SplitQueue, Batch: 1, Workers: 1, Visible: time.Second},
			Worker{Queue: post.SendQueue, Batch: 1, Workers: 1, Visible: time.Second})
	}()
	select {
	case err := <-done:
		if err == nil || !strings.Contains(err.Error(), "panic") {
			t.Errorf("ended with %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the work goes on")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := h.Work(ctx, Worker{Queue: post.SplitQueue, Batch: 1, Workers: 1, Visible: time.Second}); err != nil {
		t.Errorf("an end that was asked for: %v", err)
	}
	err = Every(context.Background(), time.Millisecond, func(context.Context) (bool, error) { panic("page 7") })
	if err == nil || !strings.Contains(err.Error(), "page 7") {
		t.Errorf("repeated work: %v", err)
	}
}
