package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// errSilent is the cause of an end that the client makes itself.
var errSilent = errors.New("der kom intet svar i tide")

// silence ends a request that stands still. Every byte, either way, begins its time anew.
type silence struct {
	io.ReadCloser
	ctx   context.Context
	limit time.Duration
	timer *time.Timer
	end   context.CancelCauseFunc
	last  bool // closing it is the end of the request
}

// Read begins the time anew.
func (s *silence) Read(p []byte) (int, error) {
	n, err := s.ReadCloser.Read(p)
	s.timer.Reset(s.limit)
	if err != nil && errors.Is(context.Cause(s.ctx), errSilent) {
		err = errSilent
	}
	return n, err
}

// Close ends the time.
func (s *silence) Close() error {
	err := s.ReadCloser.Close()
	if s.last {
		s.timer.Stop()
		s.end(nil)
	}
	return err
}

// do makes a request. The body of its answer must be closed.
func (c *client) do(req *http.Request) (*http.Response, error) {
	ctx, end := context.WithCancelCause(c.ctx)
	s := silence{ctx: ctx, limit: c.silence, end: end, timer: time.AfterFunc(c.silence, func() { end(errSilent) })}
	req = req.WithContext(ctx)
	if req.Body != nil {
		sent := s
		sent.ReadCloser, req.GetBody = req.Body, nil
		req.Body = &sent
	}
	res, err := c.http.Do(req)
	if err != nil {
		s.timer.Stop()
		if errors.Is(context.Cause(ctx), errSilent) {
			err = fmt.Errorf("%w (%s)", errSilent, c.silence)
		}
		end(nil)
		return nil, err
	}
	s.timer.Reset(s.limit)
	s.ReadCloser, s.last = res.Body, true
	res.Body = &s
	return res, nil
}

// cause is why a request ended: the user's wish before anything that follows from it.
func (c *client) cause(err error) error {
	if c.ctx.Err() != nil {
		return ErrInterrupted
	}
	return err
}
