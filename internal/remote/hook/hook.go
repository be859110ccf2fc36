// Package hook posts notices to web addresses, signed as Standard Webhooks says (webhook-id, webhook-timestamp,
// webhook-signature).
//
// Invariant: only https, only to addresses on the open internet, and never on to another one: an address that a user
// typed must not reach what only this machine can reach.
//
// JSON -> [hook] -> https
package hook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Client posts.
type Client struct {
	http *http.Client
	Now  func() time.Time
}

// timeout of a whole delivery.
const timeout = 15 * time.Second

// New returns a client that reaches the open internet only. allow is for tests: what else may be reached.
func New(now func() time.Time, allow func(netip.Addr) bool) *Client {
	d := &net.Dialer{Timeout: timeout, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		if !open(at.Addr().Unmap()) && (allow == nil || !allow(at.Addr())) {
			return ErrPrivate
		}
		return nil
	}}
	return &Client{Now: now, http: &http.Client{Timeout: timeout,
		Transport:     &http.Transport{DialContext: d.DialContext, Proxy: nil, DisableKeepAlives: true, TLSHandshakeTimeout: timeout},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// ErrPrivate means that an address is not on the open internet.
var ErrPrivate = errors.New("webadressen fører ikke ud på internettet")

// Answered is an answer that is not 2xx.
type Answered int

func (a Answered) Error() string { return fmt.Sprintf("Webadressen svarede %d.", int(a)) }

// closed are ranges that netip does not name: shared (RFC 6598), benchmarks, documentation, NAT64, 6to4, reserved.
var closed = func() (all []netip.Prefix) {
	for _, p := range strings.Fields("0.0.0.0/8 100.64.0.0/10 192.0.0.0/24 192.0.2.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 240.0.0.0/4 64:ff9b::/96 64:ff9b:1::/48 2002::/16 2001::/23 2001:db8::/32 100::/64") {
		all = append(all, netip.MustParsePrefix(p))
	}
	return all
}()

func open(a netip.Addr) bool {
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() {
		return false
	}
	for _, p := range closed {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// Signature signs a message as Standard Webhooks says.
func Signature(secret, id string, at time.Time, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "%s.%d.", id, at.Unix())
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// Post posts a body. Anything but 2xx is an error.
func (c *Client) Post(ctx context.Context, address, id, secret string, body []byte) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" {
		return errors.New("webadressen er ikke https")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return errors.New("webadressen kan ikke bruges") // the cause quotes it, and it may hold a secret
	}
	at := c.Now()
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Brevdue")
	req.Header.Set("webhook-id", id)
	req.Header.Set("webhook-timestamp", strconv.FormatInt(at.Unix(), 10))
	req.Header.Set("webhook-signature", Signature(secret, id, at, body))
	res, err := c.http.Do(req)
	if err != nil {
		var withAddress *url.Error
		if errors.As(err, &withAddress) {
			err = withAddress.Err
		}
		return err
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10)) // what it says is of no interest
	_ = res.Body.Close()
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return Answered(res.StatusCode)
	}
	return nil
}
