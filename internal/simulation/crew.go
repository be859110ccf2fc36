package simulation

import "iter"

// hand is a coroutine. It does one thing after the other; a new one for each would grow its stack each time.
type hand struct {
	do    func()
	actor *actor // that it is now
	stage *hands // of the world that it is in
	next  func() (done, more bool)
	stop  func()
	yield func(done bool) bool
}

func newHand() *hand {
	h := &hand{}
	h.next, h.stop = iter.Pull(func(yield func(bool) bool) {
		h.yield = yield
		for more := true; more; more = yield(true) {
			h.do()
		}
	})
	return h
}

// crew are the hands that have nothing to do. One crew works for one run after the other.
type crew struct{ idle []*hand }

func (c *crew) get() *hand {
	if n := len(c.idle); n > 0 {
		h := c.idle[n-1]
		c.idle = c.idle[:n-1]
		return h
	}
	return newHand()
}

func (c *crew) put(h *hand) { c.idle = append(c.idle, h) }

// leave ends the hands.
func (c *crew) leave() {
	for _, h := range c.idle {
		h.stop()
	}
	c.idle = nil
}
