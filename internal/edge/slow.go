package edge

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// Deadlines is how slow a client may be. Time counts only while the client is waited for.
type Deadlines struct {
	Stall time.Duration // without a byte
	Grace time.Duration // for a body, before its pace is looked at
	Rate  int64         // bytes a second that a body keeps on the average
}

// UsualDeadlines lets a bad line through and a client that holds on to a connection not.
var UsualDeadlines = Deadlines{Stall: 20 * time.Second, Grace: 30 * time.Second, Rate: 1 << 10}

// drainFor is how long the rest of a body that no handler wanted may take.
const drainFor = 2 * time.Second

// Keep cuts off clients that are slower than the deadlines, when they send and when they fetch.
func (p Deadlines) Keep(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, control := connectionOf(r), http.NewResponseController(w)
		_ = control.SetWriteDeadline(time.Time{}) // of the request before; not every writer has deadlines
		c.enter(onHandler, false)
		body := &slowBody{ReadCloser: r.Body, deadlines: p, conn: c, control: control}
		if r.Body != nil && r.Body != http.NoBody {
			r.Body = body
		}
		defer func() {
			if !body.ended {
				_ = control.SetReadDeadline(time.Now().Add(drainFor))
			}
			_ = control.SetWriteDeadline(time.Now().Add(p.Stall))
			c.enter(onClient, false)
		}()
		next.ServeHTTP(&slowWriter{ResponseWriter: w, deadlines: p, conn: c, control: control}, r)
	})
}

// slowBody is a request's body whose deadline follows what has come.
type slowBody struct {
	io.ReadCloser
	deadlines Deadlines
	conn      *connection
	control   *http.ResponseController
	waited    time.Duration
	got       int64
	ended     bool
}

// Read reads with a deadline. After the end there is none: from there the server listens for the client's going away,
// for which a deadline would be mistaken.
func (b *slowBody) Read(p []byte) (int, error) {
	if b.ended {
		return 0, io.EOF
	}
	left := b.deadlines.Grace + time.Duration(b.got)*time.Second/time.Duration(b.deadlines.Rate) - b.waited
	began := time.Now()
	_ = b.control.SetReadDeadline(began.Add(min(left, b.deadlines.Stall)))
	b.conn.enter(onClient, false)
	n, err := b.ReadCloser.Read(p)
	b.conn.enter(onHandler, false)
	b.waited += time.Since(began)
	b.got += int64(n)
	b.ended = errors.Is(err, io.EOF)
	return n, err
}

// slowWriter is an answer whose deadline follows what was fetched.
type slowWriter struct {
	http.ResponseWriter
	deadlines Deadlines
	conn      *connection
	control   *http.ResponseController
}

// Unwrap is for http.ResponseController.
func (w *slowWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// chunkSize is how much is written under one deadline.
const chunkSize = 16 << 10

// Write writes chunk by chunk, each with a deadline of its own.
func (w *slowWriter) Write(p []byte) (written int, err error) {
	w.conn.enter(onClient, false)
	defer w.conn.enter(onHandler, false)
	for first := true; first || len(p) > 0 && err == nil; first = false {
		chunk := p[:min(len(p), chunkSize)]
		within := w.deadlines.Stall + time.Duration(len(chunk))*time.Second/time.Duration(w.deadlines.Rate)
		_ = w.control.SetWriteDeadline(time.Now().Add(within))
		var n int
		n, err = w.ResponseWriter.Write(chunk)
		written, p = written+n, p[len(chunk):]
	}
	return written, err
}
