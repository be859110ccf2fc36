package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"brevdue/internal/edge"
	"brevdue/internal/post/posttest"
)

// TestBehindAProxy: a proxy on this machine is believed when it says that the browser spoke TLS, and nobody logs in
// where it did not; and what only this machine may see does not go through it.
func TestBehindAProxy(t *testing.T) {
	r := start(t)
	r.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	_, code, _ := strings.Cut(r.out.String(), "kode »")
	code, _, _ = strings.Cut(code, "«")
	for _, proto := range []string{"", "http", "https"} {
		q, _ := http.NewRequest(http.MethodPost, r.base+"/log-ind", strings.NewReader(url.Values{"bruger": {"demo"},
			"kode": {code}}.Encode()))
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		q.Header.Set("X-Forwarded-Proto", proto)
		q.Header.Set("X-Forwarded-For", "203.0.113.9")
		res, err := r.http.Do(q)
		posttest.Check(t, err)
		_ = res.Body.Close()
		switch c := res.Cookies(); {
		case proto == "https" && (len(c) != 1 || !c[0].Secure):
			t.Errorf("%q: %d, %v", proto, res.StatusCode, c)
		case proto != "https" && (len(c) != 0 || res.StatusCode != http.StatusForbidden):
			t.Errorf("a code that could be read on its way, %q: %d, %v", proto, res.StatusCode, c)
		}
	}
	for header, want := range map[string]int{"User-Agent": http.StatusOK, "X-Forwarded-For": http.StatusForbidden,
		"Forwarded": http.StatusForbidden} {
		q, _ := http.NewRequest(http.MethodGet, r.base+"/simulator/messages", nil)
		q.Header.Set(header, "127.0.0.1")
		if status, _ := r.do(q); status != want {
			t.Errorf("/simulator with %s: %d", header, status)
		}
	}
	if status, body := r.get("/static/npm/"); status != http.StatusNotFound || strings.Contains(body, "href") {
		t.Errorf("/static/npm/: %d %s", status, body)
	}
}

// TestSlowUploadsKeepNobodyOut: whoever holds on to every connection that there is does not stop the service, and costs
// next to no memory.
func TestSlowUploadsKeepNobodyOut(t *testing.T) {
	r := start(t)
	addr := strings.TrimPrefix(r.base, "http://")
	for range 300 {
		c, err := net.Dial("tcp", addr)
		posttest.Check(t, err)
		defer c.Close()
		fmt.Fprintf(
			c,
			"POST /objects HTTP/1.1\r\nHost: %s\r\nContent-Length: 100000000\r\nContent-Type: multipart/form-data; "+
				"boundary=b\r\n\r\n--b\r\n",
			addr,
		)
	}
	if status, _ := r.get("/healthz"); status != http.StatusOK {
		t.Errorf("healthz: %d", status)
	}
	stop := r.stop
	began := time.Now()
	stop()
	r.stop = func() {}
	if took := time.Since(began); took > 2*stopWithin+time.Second {
		t.Errorf("they hold up the end for %s", took)
	}
}

// TestASlowBodyIsCutOff by the server that runs.
func TestASlowBodyIsCutOff(t *testing.T) {
	srv := openFolder(t, t.TempDir())
	srv.slow = edge.Deadlines{Stall: 100 * time.Millisecond, Grace: time.Second, Rate: 1 << 10}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	posttest.Check(t, err)
	read := make(chan error, 1)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- srv.run(ctx, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			_, err := io.ReadAll(r.Body)
			read <- err
		}), l)
	}()
	c, err := net.Dial("tcp", l.Addr().String())
	posttest.Check(t, err)
	defer c.Close()
	fmt.Fprint(c, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
	select {
	case err := <-read:
		if err == nil {
			t.Error("half a body is a whole one")
		}
	case <-time.After(10 * time.Second):
		t.Error("it is waited for")
	}
	cancel()
	posttest.Check(t, <-done)
	posttest.Check(t, srv.close())
}

// TestOneUploadOfMany: through the server, too, one upload of a link is acknowledged.
func TestOneUploadOfMany(t *testing.T) {
	r := start(t)
	key, err := os.ReadFile(filepath.Join(r.config.Data, "key"))
	posttest.Check(t, err)
	q, _ := http.NewRequest(http.MethodPost, r.base+"/v1/shipments",
		strings.NewReader(`{"subject": "Mange", "document": {"name": "a.pdf"}, "review": true}`))
	q.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(key)))
	status, body := r.do(q)
	_, token, _ := strings.Cut(body, `"token":"`)
	token, _, _ = strings.Cut(token, `"`)
	if status != http.StatusCreated || token == "" {
		t.Fatalf("%d %s", status, body)
	}
	var mu sync.Mutex
	got := map[int]int{}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			form := fmt.Sprintf(
				"--b\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n%s\r\n--b\r\nContent-Disposition: "+
					"form-data; name=\"file\"\r\n\r\n%%PDF-1.7 %d\r\n--b--\r\n",
				token,
				i,
			)
			res, err := http.Post(r.base+"/objects", "multipart/form-data; boundary=b", strings.NewReader(form))
			posttest.Check(t, err)
			_ = res.Body.Close()
			mu.Lock()
			got[res.StatusCode]++
			mu.Unlock()
		})
	}
	wg.Wait()
	if got[http.StatusNoContent] != 1 || got[http.StatusConflict] != 7 {
		t.Errorf("answers %v", got)
	}
}

// TestABrokenOffLogInIsNoError: who goes away while a code is compared leaves no internal error in the log.
func TestABrokenOffLogInIsNoError(t *testing.T) {
	var log syncBuffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(before)
	r := start(t)
	r.login()
	for _, path := range []string{"/log-ind", "/drift/stop", "/log"} {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
		q, _ := http.NewRequestWithContext(
			ctx,
			http.MethodPost,
			r.base+path,
			strings.NewReader("bruger=demo&kode=forkert"),
		)
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if path == "/log" {
			q.Method, q.Body = http.MethodGet, nil
			cancel()
		}
		if res, err := r.http.Do(q); err == nil {
			_ = res.Body.Close()
		}
		cancel()
	}
	c, err := net.Dial("tcp", strings.TrimPrefix(r.base, "http://")) // half a form
	posttest.Check(t, err)
	fmt.Fprintf(
		c,
		"POST /log-ind HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "+
			"100\r\n\r\nbruger=",
		c.RemoteAddr(),
	)
	posttest.Check(t, c.Close())
	time.Sleep(700 * time.Millisecond) // refusals are told after half a second
	if text := log.String(); strings.Contains(text, "internal error") {
		t.Error(text)
	}
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// TestAPanicEndsTheService: with an error, so that the program does not end as if all were well.
func TestAPanicEndsTheService(t *testing.T) {
	srv := openFolder(t, t.TempDir())
	defer func() { posttest.Check(t, srv.close()) }()
	srv.config.Timings.Sweep = time.Millisecond
	srv.app.Store = nil // the first sweep panics
	l, err := net.Listen("tcp", "127.0.0.1:0")
	posttest.Check(t, err)
	done := make(chan error, 1)
	go func() {
		done <- srv.run(context.Background(), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "ok")
		}), l)
	}()
	select {
	case err := <-done:
		if err == nil || !strings.Contains(err.Error(), "panic") {
			t.Errorf("it ended with %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Error("it goes on")
	}
}
