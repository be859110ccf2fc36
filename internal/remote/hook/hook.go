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

	"brevdue/internal/remote/outcome"
	"brevdue/internal/sentence"
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
		if !open(at.Addr()) && (allow == nil || !allow(at.Addr())) {
			return ErrPrivate
		}
		return nil
	}}
	return &Client{Now: now, http: &http.Client{
		Timeout: timeout,
		Transport: &http.Transport{
			DialContext:         d.DialContext,
			Proxy:               nil,
			DisableKeepAlives:   true,
			TLSHandshakeTimeout: timeout,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

var errNotHTTPS = sentence.Sentence(`§["hook-not-https"]`)

// ErrPrivate means that an address is not on the open internet.
var ErrPrivate = sentence.Sentence(`§["hook-leads-inside"]`)

// Answered is an answer that is not 2xx.
type Answered int

func (a Answered) Error() string { return fmt.Sprintf("HTTP %d", int(a)) }

// Signatures signs a message as Standard Webhooks says: one signature for each key that a secret may be read as,
// separated by spaces.
func Signatures(secret, id string, at time.Time, body []byte) string {
	var all []string
	for _, key := range keys(secret) {
		mac := hmac.New(sha256.New, key)
		fmt.Fprintf(mac, "%s.%d.", id, at.Unix())
		mac.Write(body)
		all = append(all, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
	return strings.Join(all, " ")
}

// SecretPrefix begins a secret that is written as Standard Webhooks does.
const SecretPrefix = "whsec_"

// keys returns the keys of a secret. One without the prefix is of an earlier version, which signed with the text
// itself: its receivers verify with that, with the bytes it stands for, or with what a library makes of it that passes
// over the characters that are not in its alphabet.
func keys(secret string) [][]byte {
	if text, written := strings.CutPrefix(secret, SecretPrefix); written {
		if key, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "=")); err == nil {
			return [][]byte{key}
		}
	}
	all := [][]byte{[]byte(secret)}
	for _, text := range []string{strings.NewReplacer("-", "+", "_", "/").Replace(secret), strings.NewReplacer("-", "",
		"_", "").Replace(secret)} {
		key, err := base64.RawStdEncoding.DecodeString(text)
		if err == nil && len(key) > 0 && !bytes.Equal(key, all[len(all)-1]) {
			all = append(all, key)
		}
	}
	return all
}

// Post posts a body. Anything but 2xx is an error.
func (c *Client) Post(ctx context.Context, address, id, secret string, body []byte) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" {
		return errNotHTTPS
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return sentence.Of("hook-unusable") // the cause quotes it, and it may hold a secret
	}
	at := c.Now()
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Brevdue")
	req.Header.Set("webhook-id", id)
	req.Header.Set("webhook-timestamp", strconv.FormatInt(at.Unix(), 10))
	req.Header.Set("webhook-signature", Signatures(secret, id, at, body))
	res, err := c.http.Do(req)
	if err != nil {
		return outcome.WithoutAddress(err)
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10)) // what it says is of no interest
	_ = res.Body.Close()
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return Answered(res.StatusCode)
	}
	return nil
}
