// Package digitalpost is the client of Denmark's national Digital Post, API 1.68 (digital-post.md 3).
//
// Invariant: an answer says what became of the attempt; everything that leaves doubt is an error, and whoever gets
// one asks before posting again.
//
// Outgoing -> [digitalpost] -> technical receipt · business receipts -> [digitalpost] -> Receipt
package digitalpost

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"brevdue/internal/post"
	"brevdue/internal/remote/outcome"
)

// Client implements post.Channel.
type Client struct {
	base   string
	http   *http.Client
	slow   *http.Client // for containers: the call ends by its context
	mass   time.Duration
	pack   Pack
	limit  *rate.Limiter
	system string
	key    string

	certificate *tls.Certificate
}

// Config is how Digital Post is reached.
type Config struct {
	Base        string // such as https://api.digitalpost.dk/apis/v1
	SystemID    string // with APIKey: "for identifying calling system, the actual auth is the mutual tls"
	APIKey      string
	Certificate *tls.Certificate // OCES3 organisation or system certificate
	Timeout     time.Duration    // of one call
	TimeoutMass time.Duration    // Digital Post may be silent after a piece of a container was written
	Pack        Pack             // writes a container; nil for who sends none
	Connections int              // at once
	Rate        int              // calls a second; 0 for as many as there are
}

// Pack writes a container: container.Write.
type Pack func(out io.Writer, m post.OutgoingContainer) error

// New returns a client. It speaks HTTP/1.1, as Digital Post does.
func New(c Config) *Client {
	transport := &http.Transport{
		MaxIdleConnsPerHost: c.Connections,
		MaxConnsPerHost:     c.Connections,
		IdleConnTimeout:     30 * time.Second,
		ForceAttemptHTTP2:   false,
		DisableCompression:  true,
		WriteBufferSize:     writeBuffer,
		TLSNextProto:        map[string]func(string, *tls.Conn) http.RoundTripper{},
	}
	if c.Certificate != nil {
		transport.TLSClientConfig = &tls.Config{
			Certificates: []tls.Certificate{*c.Certificate},
			MinVersion:   tls.VersionTLS12,
		}
	}
	by := func(timeout time.Duration) *http.Client {
		return &http.Client{
			Transport:     transport,
			Timeout:       timeout,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
	}
	limit := rate.NewLimiter(rate.Inf, 0)
	if c.Rate > 0 {
		limit = rate.NewLimiter(rate.Limit(c.Rate), c.Rate)
	}
	return &Client{
		limit: limit,
		base:  c.Base, system: c.SystemID, key: c.APIKey, http: by(c.Timeout), slow: by(0),
		mass: max(c.Timeout, c.TimeoutMass), pack: c.Pack,
		certificate: c.Certificate,
	}
}

// receiptJSON is Receipt of API 1.68, and BulkReceipt with its id.
type receiptJSON struct {
	ID             string             `json:"id"`
	TransmissionID string             `json:"transmissionId"`
	MessageUUID    string             `json:"messageUUID"`
	MessageID      string             `json:"messageId"`
	ErrorCode      string             `json:"errorCode"`
	ErrorMessage   string             `json:"errorMessage"`
	TimeStamp      string             `json:"timeStamp"`
	ReceiptStatus  post.ReceiptStatus `json:"receiptStatus"`
}

// errorJSON is ErrorMessage of API 1.68.
type errorJSON struct {
	Code        string `json:"code"`
	Message     string `json:"message"`
	FieldErrors []struct {
		Field string `json:"field"`
		Code  string `json:"code"`
	} `json:"fieldErrors"`
}

// Send implements post.Channel: POST /memos/?memo-message-uuid=… (API 1.68: SendMemo).
func (c *Client) Send(ctx context.Context, m post.Outgoing) (post.Answer, error) {
	whole, err := inMemory(m)
	if err != nil {
		return post.Answer{}, err
	}
	req, err := c.request(ctx, http.MethodPost, "/memos/?memo-message-uuid="+m.UUID, whole())
	if err != nil {
		return post.Answer{}, err
	}
	req.ContentLength = m.Length
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(whole()), nil }
	req.Header.Set("Content-Type", "application/xml")
	status, body, err := c.do(req)
	if err != nil {
		return post.Answer{}, err
	}
	switch {
	case status == http.StatusCreated:
		var r receiptJSON
		if err := json.Unmarshal(body, &r); err != nil {
			return post.Answer{}, fmt.Errorf("technical receipt: %w", err)
		}
		if r.MessageUUID != m.UUID {
			return post.Answer{}, errors.New("the technical receipt is for another message")
		}
		return post.Answer{Accepted: true, Transmission: r.TransmissionID}, nil
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return post.Answer{Refused: &post.Problem{Code: post.NotAllowed, Detail: codeIn(status, body)}}, nil
	case status == http.StatusTooManyRequests || status == http.StatusRequestTimeout || status >= 500 || status < 400:
		return post.Answer{}, fmt.Errorf("HTTP %d", status)
	}
	code := codeIn(status, body)
	return post.Answer{
		Duplicate: code == post.DuplicateCode,
		Refused:   &post.Problem{Code: post.MessageRefused, Detail: code},
	}, nil
}

// writeBuffer is how much is written to a connection at a time; inMemoryMost is up to which length a message is posted
// from memory, so that it fits in there with its headers. Most letters do.
const (
	writeBuffer  = 64 << 10
	inMemoryMost = writeBuffer - 4<<10
)

// inMemory returns the body of a message, a short one from memory: net/http then sends it in one piece with its
// headers, which it would otherwise send first, and wait for what a reader gives.
func inMemory(m post.Outgoing) (body func() io.Reader, err error) {
	if m.Length > inMemoryMost {
		return m.Body, nil
	}
	whole := bytes.NewBuffer(make([]byte, 0, m.Length+bytes.MinRead))
	if n, err := whole.ReadFrom(m.Body()); err != nil || n != m.Length {
		return nil, fmt.Errorf("%d of %d bytes of the message: %w", n, m.Length, cmp.Or(err, io.ErrUnexpectedEOF))
	}
	return func() io.Reader { return bytes.NewReader(whole.Bytes()) }, nil
}

// codeIn returns the code of an error answer: its words may quote the message, its code may not.
func codeIn(status int, body []byte) string {
	var e errorJSON
	if json.Unmarshal(body, &e) != nil || e.Code == "" {
		return "HTTP " + strconv.Itoa(status)
	}
	for _, f := range e.FieldErrors {
		e.Code += " " + f.Field + ":" + f.Code
	}
	return e.Code
}

// Find implements post.Channel: GET /events/ (API 1.68: QueryEvents), where a message that was taken in has
// MEMO_SEND_RECEIVED (digital-post.md 3.3).
func (c *Client) Find(ctx context.Context, _, uuid string, since time.Time) (bool, error) {
	q := url.Values{"any": {uuid}, "dateFrom": {since.UTC().Format("2006-01-02T15:04:05.000Z")}, "size": {"50"}}
	events, err := c.events(ctx, q)
	if err != nil {
		return false, err
	}
	for _, e := range events {
		if e.Message == uuid && (e.EventTag == received || e.EventTag == "TECHNICAL_RECEIPT_SENT") {
			return true, nil
		}
	}
	return false, nil
}

// received is the event of a message that was taken in.
const received = "MEMO_SEND_RECEIVED"

// eventJSON is EventLog of API 1.68: what is needed of it.
type eventJSON struct {
	EventTag string `json:"eventTag"`
	Message  string `json:"message"` // "often a UUID of another resource"
	Time     string `json:"eventTime"`
}

func (c *Client) events(ctx context.Context, q url.Values) ([]eventJSON, error) {
	req, err := c.request(ctx, http.MethodGet, "/events/?"+q.Encode(), nil)
	if err != nil {
		return nil, err
	}
	status, body, err := c.do(req)
	if err != nil || status != http.StatusOK {
		return nil, errors.Join(err, fmt.Errorf("ask for events: HTTP %d", status))
	}
	var found struct {
		Events []eventJSON `json:"events"`
	}
	if err := json.Unmarshal(body, &found); err != nil {
		return nil, fmt.Errorf("events: %w", err)
	}
	return found.Events, nil
}

// Receipts implements post.Channel: GET /receipts-bulk/ (API 1.68: BulkFetchReceipts), which deletes nothing.
func (c *Client) Receipts(ctx context.Context, limit int) ([]post.Receipt, error) {
	req, err := c.request(ctx, http.MethodGet, "/receipts-bulk/?page=0&size="+strconv.Itoa(limit), nil)
	if err != nil {
		return nil, err
	}
	status, body, err := c.do(req)
	if err != nil || status != http.StatusOK {
		return nil, errors.Join(err, fmt.Errorf("fetch receipts: HTTP %d", status))
	}
	var page struct {
		Receipts []json.RawMessage `json:"receipts"`
	}
	if err := json.Unmarshal(body, &page); err != nil {
		return nil, fmt.Errorf("receipts: %w", err)
	}
	receipts := make([]post.Receipt, 0, len(page.Receipts))
	for _, raw := range page.Receipts {
		receipts = append(receipts, parseOrKeep(raw))
	}
	return receipts, nil
}

// parseOrKeep never loses a receipt: one that cannot be read belongs to no letter, and is kept as it came.
func parseOrKeep(raw []byte) post.Receipt {
	r, err := ParseReceipt(raw)
	if err != nil {
		var id struct {
			ID string `json:"id"`
		}
		_ = json.Unmarshal(raw, &id) // without an id it cannot be deleted there, and comes again
		r = post.Receipt{ID: id.ID, Raw: raw}
		r.SetHash()
	}
	return r
}

// ParseReceipt reads a receipt as it is pulled or pushed, and notes the hash of its bytes.
func ParseReceipt(raw []byte) (post.Receipt, error) {
	var r receiptJSON
	if err := json.Unmarshal(raw, &r); err != nil {
		return post.Receipt{}, fmt.Errorf("receipt: %w", err)
	}
	receipt := post.Receipt{
		ID:        r.ID,
		MessageID: post.LetterID(r.MessageID),
		UUID:      r.MessageUUID,
		Status:    r.ReceiptStatus,
		ErrorCode: r.ErrorCode,
		Raw:       bytes.Clone(raw),
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05.999"} { // without a zone it is UTC
		if at, err := time.Parse(layout, r.TimeStamp); err == nil {
			receipt.Issued = at
			break
		}
	}
	receipt.SetHash()
	return receipt, nil
}

// removalsAtOnce is how many receipts are deleted at the same time.
const removalsAtOnce = 32

// RemoveReceipts implements post.Channel: DELETE /receipts/{id} (API 1.68: DeleteReceipt), one by one.
func (c *Client) RemoveReceipts(ctx context.Context, ids []string) error {
	work := make(chan string)
	errs := make(chan error, removalsAtOnce)
	var wg sync.WaitGroup
	for range min(removalsAtOnce, len(ids)) {
		wg.Go(func() {
			for id := range work {
				if err := c.removeReceipt(ctx, id); err != nil {
					select {
					case errs <- err:
					default:
					}
				}
			}
		})
	}
	for _, id := range ids {
		work <- id
	}
	close(work)
	wg.Wait()
	close(errs)
	return <-errs
}

func (c *Client) removeReceipt(ctx context.Context, id string) error {
	req, err := c.request(ctx, http.MethodDelete, "/receipts/"+url.PathEscape(id), nil)
	if err != nil {
		return err
	}
	status, _, err := c.do(req)
	if err == nil && status != http.StatusNoContent && status != http.StatusNotFound {
		err = fmt.Errorf("delete receipt: HTTP %d", status)
	}
	return err
}

func (c *Client) request(ctx context.Context, method, path string, body io.Reader) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err == nil && c.system != "" {
		req.SetBasicAuth(c.system, c.key)
	}
	return req, err
}

// answerLimit bounds what is read of an answer.
const answerLimit = 16 << 20

// do leaves the address out of errors: it carries the message's UUID only, but addresses have a way of growing.
func (c *Client) do(req *http.Request) (int, []byte, error) { return c.doUpTo(req, answerLimit) }

func (c *Client) doUpTo(req *http.Request, limit int64) (int, []byte, error) {
	return c.doWith(c.http, req, limit)
}

// doWith makes a call when its turn has come. A call whose turn does not come in time was never made.
func (c *Client) doWith(by *http.Client, req *http.Request, limit int64) (int, []byte, error) {
	if err := c.limit.Wait(req.Context()); err != nil {
		return 0, nil, unreachable{fmt.Errorf("no turn within the limit of calls: %w", err)}
	}
	res, err := by.Do(req)
	if err != nil {
		return 0, nil, withoutAddress(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, limit))
	return res.StatusCode, body, err
}

// withoutAddress leaves the address out of an error, and says whether it is from before anything was read.
func withoutAddress(err error) error {
	err = outcome.WithoutAddress(err)
	if outcome.NeverConnected(err) {
		err = unreachable{err}
	}
	return err
}

// unreachable is an error from before Digital Post could have read anything of a request.
type unreachable struct{ error }

func (u unreachable) Unwrap() []error { return []error{u.error, post.ErrNoConnection} }
