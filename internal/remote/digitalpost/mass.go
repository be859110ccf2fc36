package digitalpost

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"brevdue/internal/post"
)

// SendContainer implements post.MassChannel: POST /memos/ with application/x-lzma, a tar of {messageUUID}.xml
// (digital-post.md 2, Container; API 1.68: SendMemo).
func (c *Client) SendContainer(ctx context.Context, m post.OutgoingContainer) (post.Answer, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	silence := time.AfterFunc(c.mass, cancel) // counted from the last piece: a slow upload is none
	defer silence.Stop()
	body, into := io.Pipe()
	packed := make(chan error, 1)
	go func() {
		err := c.pack(heard{into, func() { silence.Reset(c.mass) }}, m)
		packed <- err
		_ = into.CloseWithError(err) // the reader gets it
	}()
	defer body.Close()
	req, err := c.request(ctx, http.MethodPost, "/memos/", body)
	if err != nil {
		return post.Answer{}, fmt.Errorf("%w: %w", post.ErrNotTaken, err)
	}
	req.Header.Set("Content-Type", "application/x-lzma")
	status, answer, err := c.doWith(c.slow, req, answerLimit)
	if err != nil {
		select {
		case own := <-packed: // a file that cannot be read says nothing about the connection, which was there
			if own != nil && !errors.Is(own, io.ErrClosedPipe) {
				return post.Answer{}, fmt.Errorf("a container broke off: %s", own.Error())
			}
		default:
		}
		return post.Answer{}, err
	}
	var r receiptJSON
	readable := json.Unmarshal(answer, &r)
	switch {
	case status == http.StatusCreated && readable == nil && r.TransmissionID != "":
		return post.Answer{Accepted: true, Transmission: r.TransmissionID}, nil
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return post.Answer{Refused: &post.Problem{Code: post.NotAllowed, Detail: codeIn(status, answer)}}, nil
	case status == http.StatusServiceUnavailable && readable == nil && r.TimeStamp != "" && r.TransmissionID == "",
		status == http.StatusTooManyRequests: // digital-post.md 3.2: 503 is a Receipt, "service unavailable"
		return post.Answer{}, fmt.Errorf("HTTP %d: %w", status, post.ErrNotTaken)
	case status >= 400 && status < 500 && status != http.StatusRequestTimeout && status != http.StatusConflict:
		return post.Answer{Refused: &post.Problem{Code: post.MessageRefused, Detail: codeIn(status, answer)}}, nil
	}
	return post.Answer{}, fmt.Errorf("HTTP %d", status)
}

// heard is a writer that tells of each piece.
type heard struct {
	io.Writer
	each func()
}

// Write implements io.Writer.
func (h heard) Write(p []byte) (int, error) {
	n, err := h.Writer.Write(p)
	h.each()
	return n, err
}

// Bounds of a search in the events: what does not stand in so many is not seen.
const (
	eventsAtOnce = 1000
	eventPages   = 100
)

// Seen implements post.MassChannel: GET /events/ by time (API 1.68: QueryEvents), oldest first: what came after the
// post does not stand in front of it. There is no filter by UUID, and none by person is used.
func (c *Client) Seen(ctx context.Context, _ string, uuids []string, since time.Time) (map[string]bool, error) {
	seen := map[string]bool{}
	err := c.eachEvent(ctx, received, uuids, since, func(e eventJSON) { seen[e.Message] = true })
	return seen, err
}

// notified is the event of a recipient who was legally notified (digital-post.md 3.3).
const notified = "MESSAGE_LEGALLY_NOTIFIED"

// LegallyNotified implements post.LegalChannel.
func (c *Client) LegallyNotified(ctx context.Context, _ string, uuids []string,
	since time.Time) (map[string]time.Time, error) {
	when := map[string]time.Time{}
	err := c.eachEvent(ctx, notified, uuids, since, func(e eventJSON) {
		if at, err := time.Parse(time.RFC3339, e.Time); err == nil {
			when[e.Message] = at
		}
	})
	return when, err
}

// eachEvent pages through the events of one kind until it has met one of each message, or there are no more.
func (c *Client) eachEvent(ctx context.Context, tag string, uuids []string, since time.Time,
	met func(eventJSON)) error {
	wanted := map[string]bool{}
	for _, uuid := range uuids {
		wanted[uuid] = true
	}
	for page := 0; page < eventPages && len(wanted) > 0; page++ {
		q := url.Values{
			"dateFrom": {since.UTC().Format("2006-01-02T15:04:05.000Z")}, "eventTag": {tag},
			"page": {strconv.Itoa(page)}, "size": {strconv.Itoa(eventsAtOnce)}, "sortFields": {"eventTime:asc"},
		}
		events, err := c.events(ctx, q)
		if err != nil {
			return err
		}
		for _, e := range events {
			if e.EventTag == tag && wanted[e.Message] {
				met(e)
				delete(wanted, e.Message)
			}
		}
		if len(events) < eventsAtOnce {
			break
		}
	}
	return nil
}
