package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// client speaks to a server's API. Its requests end with ctx, and when the server is silent for too long.
type client struct {
	ctx       context.Context
	base, key string
	http      http.Client
	silence   time.Duration
}

// How long a server may be silent: before it answers, and in the middle of an answer or an upload. A backup is copied
// before its first byte goes out.
const (
	silenceLimit       = 2 * time.Minute
	backupSilenceLimit = 30 * time.Minute
	connectLimit       = 10 * time.Second
)

func (e *Env) client() (*client, error) {
	key, err := e.apiKey()
	if err != nil {
		return nil, err
	}
	c, err := e.anonymous()
	if err == nil {
		c.key = key
	}
	return c, err
}

// anonymous is a client that shows nothing yet.
func (e *Env) anonymous() (*client, error) {
	transport := &http.Transport{DialContext: dial, TLSHandshakeTimeout: connectLimit}
	return &client{ctx: e.Context, base: strings.TrimSuffix(e.Server, "/"),
		http:    http.Client{Transport: transport},
		silence: silenceLimit}, nil
}

// dial finds names under .localhost on this machine, as browsers do (RFC 6761): not every resolver knows them.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err == nil && strings.HasSuffix(host, ".localhost") {
		address = net.JoinHostPort("127.0.0.1", port)
	}
	d := net.Dialer{Timeout: connectLimit}
	return d.DialContext(ctx, network, address)
}

// problem is what an API error looks like (RFC 9457).
type problem struct {
	Title  string `json:"title"`
	Detail string `json:"detail"`
}

// call makes a request with a JSON body (nil for none) and reads the JSON answer.
func (c *client) call(method, path string, body, answer any) error {
	res, err := c.ask(method, path, body)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return c.cause(fmt.Errorf("svaret fra %s kom ikke helt frem: %w", c.base, err))
	}
	if json.Unmarshal(b, answer) != nil { // why is in the words of Go
		return fmt.Errorf("svaret fra %s er ikke Brevdues: er adressen rigtig?", c.base)
	}
	return nil
}

// ask makes a request with a JSON body (nil for none). The answer, which is no refusal, must be closed.
func (c *client) ask(method, path string, body any) (*http.Response, error) {
	var reader io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		reader = bytes.NewReader(b)
	}
	req, err := http.NewRequest(method, c.base+path, reader)
	if err != nil {
		return nil, fmt.Errorf("serverens adresse %s kan ikke bruges", c.base)
	}
	req.Header.Set("Authorization", "Bearer "+c.key)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := c.do(req)
	if err != nil {
		return nil, c.cause(fmt.Errorf("serveren på %s svarer ikke: %w", c.base, inner(err)))
	}
	if res.StatusCode >= 300 {
		defer res.Body.Close()
		return nil, refusal(res)
	}
	return res, nil
}

// inner leaves the address out: it may hold a token.
func inner(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

var errExpired = errors.New("linket er udløbet; start forsendelsen forfra for at få et nyt")

// refusal is what a server said no with: Brevdue's problem details, S3's XML, or a short text.
func refusal(res *http.Response) error {
	b, _ := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	var p problem
	if json.Unmarshal(b, &p) == nil && p.Detail != "" {
		return errors.New(p.Detail)
	}
	var s3 struct { // an upload that S3 refused
		Code    string `xml:"Code"`
		Message string `xml:"Message"`
	}
	if xml.Unmarshal(b, &s3) == nil && s3.Code != "" {
		switch s3.Code {
		case "EntityTooLarge":
			return errors.New("filen er større, end der er plads til")
		case "EntityTooSmall":
			return errors.New("filen er tom")
		case "ExpiredToken":
			return errExpired
		case "RequestTimeTooSkewed":
			return errors.New("fillageret siger, at uret på denne maskine eller på serveren går forkert")
		case "AccessDenied":
			if strings.Contains(strings.ToLower(s3.Message), "expired") {
				return errExpired
			}
			return fmt.Errorf("fillageret afviste det (AccessDenied: %s); linket er ikke udløbet, "+
				"men den, der driver Brevdue, skal se på fillagerets rettigheder", s3.Message)
		}
		return fmt.Errorf("fillageret svarede %s: %s", s3.Code, s3.Message)
	}
	if text := strings.TrimSpace(string(b)); text != "" && len(text) < 300 {
		return errors.New(text)
	}
	return fmt.Errorf("serveren svarede %s", res.Status)
}

// linkJSON is a presigned request.
type linkJSON struct {
	Name    string            `json:"name"`
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Fields  map[string]string `json:"fields"`
	Expires time.Time         `json:"expires"`
}

// upload sends a file to its presigned address: a form with its fields first and the file last.
func (c *client) upload(l linkJSON, path string, progress io.Writer) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	var head bytes.Buffer
	form := multipart.NewWriter(&head)
	for name, value := range l.Fields {
		if name != "redirect" {
			_ = form.WriteField(name, value) // a bytes.Buffer does not fail
		}
	}
	_, _ = form.CreateFormFile("file", "upload")
	tail := "\r\n--" + form.Boundary() + "--\r\n"
	length := int64(head.Len()) + info.Size() + int64(len(tail))
	body := io.MultiReader(&head, io.TeeReader(f, progress), strings.NewReader(tail))
	req, err := http.NewRequest(l.Method, l.URL, body)
	if err != nil {
		return err
	}
	req.ContentLength = length
	req.Header.Set("Content-Type", form.FormDataContentType())
	res, err := c.do(req)
	if err != nil {
		return c.cause(fmt.Errorf("uploaden blev afbrudt: %w", inner(err)))
	}
	defer res.Body.Close()
	if res.StatusCode >= 300 {
		return refusal(res)
	}
	return nil
}

// fetch returns what a presigned address gives.
func (c *client) fetch(l linkJSON) ([]byte, error) {
	req, err := http.NewRequest(http.MethodGet, l.URL, nil)
	if err != nil {
		return nil, err
	}
	res, err := c.do(req)
	if err != nil {
		return nil, c.cause(fmt.Errorf("filen kunne ikke hentes: %w", inner(err)))
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, refusal(res)
	}
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, c.cause(fmt.Errorf("filen kom ikke helt frem: %w", err))
	}
	return b, nil
}
