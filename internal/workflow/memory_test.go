package workflow

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestMemory: what was read is read once, also for many who ask at the same time; an error is not kept; and not
// everything is kept for ever.
func TestMemory(t *testing.T) {
	var m Memory[string]
	var reads atomic.Int32
	read := func() (string, error) {
		reads.Add(1)
		time.Sleep(10 * time.Millisecond)
		return "x", nil
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if is, err := m.Get("a", read); is != "x" || err != nil {
				t.Errorf("%q, %v", is, err)
			}
		})
	}
	all.Wait()
	if reads.Load() != 1 {
		t.Errorf("it was read %d times", reads.Load())
	}
	broken := errors.New("broken")
	if _, err := m.Get("b", func() (string, error) { return "", broken }); !errors.Is(err, broken) {
		t.Errorf("an error is %v", err)
	}
	if is, err := m.Get("b", read); is != "x" || err != nil {
		t.Errorf("after an error: %q, %v", is, err)
	}
	for i := range 2 * remembered {
		_, _ = m.Get(fmt.Sprint(i), func() (string, error) { return "y", nil })
	}
	if len(m.all) > remembered {
		t.Errorf("%d are kept", len(m.all))
	}
}
