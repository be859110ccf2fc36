package edge

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// site is a server behind the edge.
type site struct {
	t           *testing.T
	addr        string
	connections *Connections
	mu          sync.Mutex
	ended       []error // how each body ended
}

func serve(t *testing.T, l Limits, trusted Proxies, p Deadlines) *site {
	t.Helper()
	raw, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, addr: raw.Addr().String(), connections: NewConnections(l, trusted)}
	server := &http.Server{Handler: p.Keep(http.HandlerFunc(s.read)), ConnState: s.connections.State,
		ConnContext: s.connections.Context}
	go func() { _ = server.Serve(s.connections.Listen(raw)) }()
	t.Cleanup(func() { _ = server.Close() })
	return s
}

func (s *site) read(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/large" {
		_, err := w.Write(make([]byte, 64<<20))
		s.note(err)
		return
	}
	b, err := io.ReadAll(r.Body)
	s.note(err)
	if r.URL.Path == "/work" { // longer than any deadline of the body, which is read past its end
		_, _ = r.Body.Read(make([]byte, 1))
		select {
		case <-r.Context().Done():
			s.note(r.Context().Err())
		case <-time.After(400 * time.Millisecond):
		}
	}
	fmt.Fprintf(w, "%d", len(b))
}

func (s *site) note(err error) {
	s.mu.Lock()
	s.ended = append(s.ended, err)
	s.mu.Unlock()
}

// begin opens a connection and sends the header of a request with a body.
func (s *site) begin(path string, length int) net.Conn {
	s.t.Helper()
	c, err := net.Dial("tcp", s.addr)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = c.Close() })
	how := fmt.Sprintf("Content-Length: %d", length)
	if length == chunked {
		how = "Transfer-Encoding: chunked"
	}
	fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n", path, how)
	return c
}

// chunked is the length of a body that does not say its own.
const chunked = -1

func (s *site) get() error {
	client := http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Get("http://" + s.addr + "/")
	if err != nil {
		return err
	}
	return res.Body.Close()
}

// TestSlowClientsMakePlace: whoever holds on to all connections there are does not keep others out, and there are never
// more than allowed.
func TestSlowClientsMakePlace(t *testing.T) {
	for name, c := range map[string]struct {
		limits  Limits
		trusted []string
		most    int
	}{
		"of one address":   {Limits{Total: 100, PerAddress: 8}, nil, 8},
		"through a proxy":  {Limits{Total: 30, PerAddress: 8}, []string{"127.0.0.1"}, 30},
		"of all addresses": {Limits{Total: 8, PerAddress: 100}, nil, 8},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			trusted, err := ParseProxies(c.trusted)
			if err != nil {
				t.Fatal(err)
			}
			s := serve(t, c.limits, trusted, UsualDeadlines)
			for range 40 {
				s.begin("/", 1<<20)
			}
			time.Sleep(progressWithin + 100*time.Millisecond)
			for range 3 {
				if err := s.get(); err != nil {
					t.Errorf("kept out: %v", err)
				}
			}
			s.connections.mu.Lock()
			defer s.connections.mu.Unlock()
			if n := len(s.connections.open); n > c.most || n < c.most-3 {
				t.Errorf("%d connections are open, at most %d", n, c.most)
			}
		})
	}
}

// TestWhoMovesStays: a client that is not slow is not closed for a new one.
func TestWhoMovesStays(t *testing.T) {
	s := serve(t, Limits{Total: 1, PerAddress: 1}, nil, UsualDeadlines)
	c := s.begin("/", 30*4096)
	for range 15 {
		_, _ = c.Write(make([]byte, 2*4096))
		time.Sleep(100 * time.Millisecond)
		_ = s.get() // there is no room
	}
	b := make([]byte, 15)
	if _, err := io.ReadFull(c, b); err != nil || string(b) != "HTTP/1.1 200 OK" {
		t.Errorf("%q, %v", b, err)
	}
}

// TestDeadlinesFollowProgress: a body may last as long as it comes; one that stands, or trickles, is cut off.
func TestDeadlinesFollowProgress(t *testing.T) {
	timings := Deadlines{Stall: 150 * time.Millisecond, Grace: 300 * time.Millisecond, Rate: 1000}
	for name, c := range map[string]struct {
		path   string
		pieces int
		each   int
		wait   time.Duration
		ok     bool
	}{
		"steady":               {"/", 20, 100, 50 * time.Millisecond, true},
		"stands":               {"/", 2, 100, 400 * time.Millisecond, false},
		"trickles":             {"/", 100, 1, 20 * time.Millisecond, false},
		"work after the body":  {"/work", 2, 100, 10 * time.Millisecond, true},
		"nothing after header": {"/", 1, 0, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, Limits{10, 10}, nil, timings)
			conn := s.begin(c.path, max(1, c.pieces*c.each))
			for range c.pieces {
				_, _ = conn.Write(make([]byte, c.each))
				time.Sleep(c.wait)
			}
			_ = conn.SetReadDeadline(time.Now().Add(3 * time.Second))
			answer, err := io.ReadAll(io.LimitReader(conn, 12))
			s.mu.Lock()
			defer s.mu.Unlock()
			if len(s.ended) != 1 || (s.ended[0] == nil) != c.ok {
				t.Errorf("ended %v; answer %q, %v", s.ended, answer, err)
			}
		})
	}
}

// TestWorkMayLastLongerThanAnyDeadline of the body before it.
func TestWorkMayLastLongerThanAnyDeadline(t *testing.T) {
	s := serve(
		t,
		Limits{10, 10},
		nil,
		Deadlines{Stall: 100 * time.Millisecond, Grace: 200 * time.Millisecond, Rate: 1000},
	)
	conn := s.begin("/work", chunked)
	fmt.Fprint(conn, "4\r\nwork\r\n")
	time.Sleep(20 * time.Millisecond)
	fmt.Fprint(conn, "0\r\n\r\n")
	answer := make([]byte, 15)
	if _, err := io.ReadFull(conn, answer); err != nil || string(answer) != "HTTP/1.1 200 OK" {
		t.Errorf("%q, %v", answer, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.ended) != 1 || s.ended[0] != nil {
		t.Errorf("it was broken off: %v", s.ended)
	}
}

// TestWhoFetchesSlowlyIsCutOff: an answer that nobody fetches does not hold its connection.
func TestWhoFetchesSlowlyIsCutOff(t *testing.T) {
	s := serve(t, Limits{10, 10}, nil, Deadlines{Stall: 200 * time.Millisecond, Grace: time.Second, Rate: 1 << 16})
	s.begin("/large", 0)
	for range 100 {
		time.Sleep(50 * time.Millisecond)
		s.mu.Lock()
		ended := len(s.ended) == 1 && s.ended[0] != nil
		s.mu.Unlock()
		if ended {
			return
		}
	}
	t.Error("it waits for ever")
}

func TestProxies(t *testing.T) {
	trusted, err := ParseProxies([]string{"127.0.0.0/8", "::1", "10.1.0.0/16"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ParseProxies([]string{"proxy.example"}); err == nil {
		t.Error("a name passes for an address")
	}
	for name, c := range map[string]struct {
		remote, forwarded, proto string
		want                     string
		secure                   bool
	}{
		"no proxy":                  {"203.0.113.9:4711", "", "", "203.0.113.9:4711", false},
		"whoever is not trusted":    {"203.0.113.9:4711", "198.51.100.7", "https", "203.0.113.9:4711", false},
		"a proxy on the machine":    {"127.0.0.1:4711", "203.0.113.9", "https", "203.0.113.9:0", true},
		"two proxies":               {"127.0.0.1:4711", "203.0.113.9, 10.1.2.3", "https", "203.0.113.9:0", true},
		"a chain the client made":   {"127.0.0.1:4711", "198.51.100.7, 203.0.113.9", "", "203.0.113.9:0", false},
		"what the client made up":   {"127.0.0.1:4711", "127.0.0.1, 203.0.113.9", "http, https", "203.0.113.9:0", true},
		"nonsense":                  {"127.0.0.1:4711", "who knows", "ftp", "127.0.0.1:4711", false},
		"https from the client":     {"127.0.0.1:4711", "", "https, http", "127.0.0.1:4711", false},
		"a client of IPv6":          {"[::1]:4711", "2001:db8::7", "https", "[2001:db8::7]:0", true},
		"an address in IPv6's form": {"[::ffff:127.0.0.1]:4711", "203.0.113.9", "", "203.0.113.9:0", false},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.RemoteAddr = c.remote
			r.Header.Set("X-Forwarded-For", c.forwarded)
			r.Header.Set("X-Forwarded-Proto", c.proto)
			trusted.Follow(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				if r.RemoteAddr != c.want || (r.TLS != nil) != c.secure {
					t.Errorf("from %s, TLS %v; want %s, %v", r.RemoteAddr, r.TLS != nil, c.want, c.secure)
				}
			})).ServeHTTP(httptest.NewRecorder(), r)
		})
	}
}

// TestAPanicIsAnAnswer: with a reference under which it stands in the log; half an answer is cut off.
func TestAPanicIsAnAnswer(t *testing.T) {
	var logged error
	reference := func(_ *http.Request, err error) string {
		logged = err
		return "4f00"
	}
	w := httptest.NewRecorder()
	say := func(name string) string { return "fejl " + name }
	Caught(reference, say, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("page 7") })).ServeHTTP(w,
		httptest.NewRequest("GET", "/", nil))
	if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "4f00") ||
		strings.Contains(w.Body.String(), "page 7") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if logged == nil || !strings.Contains(logged.Error(), "page 7") ||
		!strings.Contains(logged.Error(), "edge_test.go") {
		t.Errorf("logged %v", logged)
	}
	defer func() {
		if err, _ := recover().(error); !errors.Is(err, http.ErrAbortHandler) {
			t.Errorf("half an answer passes for a whole one: %v", err)
		}
	}()
	Caught(reference, say, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half")
		panic("page 7")
	})).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
}
