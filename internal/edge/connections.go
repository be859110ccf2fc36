// Package edge stands between the network and the handlers of one machine: how many connections there are, how slow
// they may be, and which proxy is believed.
//
// Invariant: whoever connects, however slowly and however often, leaves descriptors for the service's own work.
//
// network -> [edge] -> handlers
package edge

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"syscall"
	"time"
)

// Limits are how many connections may be open.
type Limits struct {
	Total      int
	PerAddress int // of one address that is no trusted proxy
}

// Most connections, whatever the machine allows.
const (
	mostTotal      = 4096
	mostPerAddress = 256
)

// LimitsOfMachine keeps half of the process's descriptors free: for files, the table, and calls to others.
func LimitsOfMachine() Limits {
	total := mostTotal
	var r syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &r) == nil && r.Cur/2 < mostTotal {
		total = max(16, int(r.Cur/2))
	}
	return Limits{Total: total, PerAddress: min(mostPerAddress, max(8, total/4))}
}

// Connections counts what is open. When there is no room for a new one, the one that its client keeps waiting the most
// makes place; where all of them move, the new one is closed.
type Connections struct {
	limits  Limits
	proxies Proxies
	mu      sync.Mutex
	open    map[*connection]struct{}
	from    map[netip.Addr]int
}

// NewConnections returns the count of nothing. Trusted proxies speak for many: they have no limit of their own.
func NewConnections(l Limits, trusted Proxies) *Connections {
	return &Connections{limits: l, proxies: trusted, open: map[*connection]struct{}{}, from: map[netip.Addr]int{}}
}

// connection is one that is open. Its fields belong to Connections.mu.
type connection struct {
	net.Conn
	all     *Connections
	address netip.Addr
	phase   phase
	since   time.Time // the request began
	moved   int64     // bytes of the request, both ways
	gone    bool
}

// phase is whom a connection waits for.
type phase uint8

const (
	onClient  phase = iota // a header or body that comes, or an answer that is fetched
	onHandler              // work of ours
	idle                   // between two requests
)

// Listen returns a listener that holds the limits.
func (c *Connections) Listen(l net.Listener) net.Listener { return &listener{l, c} }

type listener struct {
	net.Listener
	all *Connections
}

// Accept returns the next connection that there is room for.
func (l *listener) Accept() (net.Conn, error) {
	for {
		raw, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if c := l.all.admit(raw); c != nil {
			return c, nil
		}
		_ = raw.Close()
	}
}

func (c *Connections) admit(raw net.Conn) *connection {
	address := addressOf(raw.RemoteAddr().String())
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.proxies.Trust(address) && c.from[address] >= c.limits.PerAddress && !c.evictIdle(&address) {
		return nil
	}
	if len(c.open) >= c.limits.Total && !c.evictIdle(nil) {
		return nil
	}
	one := &connection{Conn: raw, all: c, address: address, since: time.Now()}
	c.open[one] = struct{}{}
	c.from[address]++
	return one
}

const (
	// patience is how long a connection is left alone: every request begins with nothing moved.
	progressWithin = time.Second
	// fast is the rate, in bytes a second, of a connection that never makes place.
	fast = 8 << 10
	// betweenRequests is how long a connection is left alone that was of use just now.
	betweenRequests = 5 * time.Second
)

// evictIdle closes one connection, of the address if one is given, and reports whether there was one to close.
func (c *Connections) evictIdle(address *netip.Addr) bool {
	var slowest *connection
	for one := range c.open {
		if address != nil && one.address != *address {
			continue
		}
		if one.throughput() < fast && (slowest == nil || one.throughput() < slowest.throughput()) {
			slowest = one
		}
	}
	if slowest == nil {
		return false
	}
	c.forget(slowest)
	_ = slowest.Conn.Close()
	return true
}

// throughput is how many bytes a second the client moves. A connection that is idle for long is closed for another one
// when no other is slow.
func (c *connection) throughput() float64 {
	age := time.Since(c.since)
	switch {
	case c.phase == idle && age >= betweenRequests:
		return fast - 1 + 1/(1+age.Seconds())
	case c.phase != onClient || age < progressWithin:
		return fast
	}
	return float64(c.moved) / age.Seconds()
}

func (c *Connections) forget(one *connection) {
	if one.gone {
		return
	}
	one.gone = true
	delete(c.open, one)
	if c.from[one.address]--; c.from[one.address] <= 0 {
		delete(c.from, one.address)
	}
}

func (c *connection) count(n int) {
	c.all.mu.Lock()
	c.moved += int64(n)
	c.all.mu.Unlock()
}

// Read counts what comes.
func (c *connection) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.count(n)
	return n, err
}

// Write counts what goes.
func (c *connection) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.count(n)
	return n, err
}

// Close makes place.
func (c *connection) Close() error {
	c.all.mu.Lock()
	c.all.forget(c)
	c.all.mu.Unlock()
	return c.Conn.Close()
}

func (c *connection) enter(p phase, anew bool) {
	if c == nil {
		return
	}
	c.all.mu.Lock()
	defer c.all.mu.Unlock()
	c.phase = p
	if anew {
		c.since, c.moved = time.Now(), 0
	}
}

// under is the connection that TLS is spoken over.
func under(raw net.Conn) net.Conn {
	if over, is := raw.(*tls.Conn); is {
		return over.NetConn()
	}
	return raw
}

// State is for http.Server.ConnState.
func (c *Connections) State(raw net.Conn, s http.ConnState) {
	one, ours := under(raw).(*connection)
	switch {
	case !ours:
	case s == http.StateIdle:
		one.enter(idle, true)
	case s == http.StateActive:
		one.enter(onClient, true)
	}
}

type connectionKey struct{}

// Context is for http.Server.ConnContext.
func (c *Connections) Context(ctx context.Context, raw net.Conn) context.Context {
	return context.WithValue(ctx, connectionKey{}, under(raw))
}

// connectionOf returns the connection of a request, or nil outside a server of Connections.
func connectionOf(r *http.Request) *connection {
	c, _ := r.Context().Value(connectionKey{}).(*connection)
	return c
}
