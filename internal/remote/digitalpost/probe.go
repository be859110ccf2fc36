package digitalpost

import (
	"context"
	"net/http"
	"strings"
	"time"

	"brevdue/internal/post"
)

// Probe tries the connection: it asks for receipts and incoming post, one of each, takes none of them, and looks up
// nobody.
func (c *Client) Probe(ctx context.Context) post.Probe {
	p := post.Probe{SystemID: c.system, Certificate: c.certificate != nil}
	if p.Certificate && c.certificate.Leaf != nil {
		p.CertificateEnd = c.certificate.Leaf.NotAfter
	}
	var err error
	if p.Receipts, err = c.try(ctx, &p, http.MethodGet, "/receipts/?page=0&size=1", ""); err != nil {
		p.Unreachable = err
		return p
	}
	p.Mailbox, err = c.try(ctx, &p, http.MethodGet, "/memos/?page=0&size=1", "")
	if err == nil {
		p.LookUp, err = c.try(ctx, &p, http.MethodGet, bulkLookUp, `{"cprNumber":[],"cvrNumber":[]}`)
	}
	p.Unreachable = err
	return p
}

// bulkLookUp is where many numbers are looked up: they stand in the body (API 1.68: QueryContacts, isBulkLookup; what
// the body looks like is not in the paper).
const bulkLookUp = "/contacts/?isBulkLookup=true"

// try makes a call, and notes how far their clock is from ours.
func (c *Client) try(ctx context.Context, p *post.Probe, method, path, body string) (int, error) {
	req, err := c.request(ctx, method, path, strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	began := time.Now()
	res, err := c.http.Do(req)
	if err != nil {
		return 0, withoutAddress(err)
	}
	_ = res.Body.Close()
	if at, err := http.ParseTime(res.Header.Get("Date")); err == nil {
		p.Skew = time.Since(began)/2 + began.Sub(at.Add(time.Second/2)) // their seconds are whole
	}
	return res.StatusCode, nil
}
