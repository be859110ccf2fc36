package simulation

import "iter"

// coroutine does one thing after the other; a new goroutine for each would grow its stack each time.
type coroutine struct {
	do    func()
	actor *actor  // that it is now
	stage *worker // of the world that it is in
	next  func() (done, more bool)
	stop  func()
	yield func(done bool) bool
}

func newCoroutine() *coroutine {
	h := &coroutine{}
	h.next, h.stop = iter.Pull(func(yield func(bool) bool) {
		h.yield = yield
		for more := true; more; more = yield(true) {
			h.do()
		}
	})
	return h
}

// workers are the coroutines that have nothing to do. They work for one run after the other.
type workers struct {
	idle  []*coroutine
	words words // of the run that is played
}

func (c *workers) get() *coroutine {
	if n := len(c.idle); n > 0 {
		h := c.idle[n-1]
		c.idle = c.idle[:n-1]
		return h
	}
	return newCoroutine()
}

func (c *workers) put(h *coroutine) { c.idle = append(c.idle, h) }

// leave ends them.
func (c *workers) leave() {
	for _, h := range c.idle {
		h.stop()
	}
	c.idle = nil
}
