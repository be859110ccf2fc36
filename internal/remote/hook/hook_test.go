package hook

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestOnlyTheOpenInternet(t *testing.T) {
	for address, want := range map[string]bool{
		"93.184.216.34": true, "2606:2800:220:1::1": true, "1.1.1.1": true, "2a00:1450:400f::1": true,
		"192.0.1.1": true,
		"2003::1":   true,
		"127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "172.31.255.255": false, "192.168.1.1": false,
		"169.254.169.254": false, "100.64.0.1": false, "100.127.255.255": false, "0.0.0.0": false, "224.0.0.1": false,
		"239.255.255.255": false,
		"255.255.255.255": false, "240.0.0.1": false, "192.0.0.8": false, "192.0.0.170": false, "192.0.2.1": false,
		"192.31.196.1": false,
		"192.52.193.1": false, "192.88.99.1": false, "192.175.48.1": false, "198.18.0.1": false,
		"198.19.255.255": false,
		"198.51.100.1":   false,
		"203.0.113.1":    false, "::": false, "::1": false, "::7f00:1": false, "::a00:1": false,
		"::ffff:127.0.0.1": false,
		"::ffff:10.0.0.1":  false,
		"::ffff:0:7f00:1":  false, "::ffff:0:a9fe:a9fe": false, "64:ff9b::7f00:1": false, "64:ff9b:1::1": false,
		"100::1": false, "100:0:0:1::1": false,
		"2001::1": false, "2001:1::1": false, "2001:10::1": false, "2001:20::1": false, "2001:db8::1": false,
		"2002:7f00:1::":   false,
		"2620:4f:8000::1": false, "3fff::1": false, "5f00::1": false, "fc00::1": false, "fd00:ec2::254": false,
		"fe80::1": false, "fe80::1%eth0": false,
		"fec0::1": false, "feff::1": false, "ff02::1": false, "4000::1": false, "1::1": false,
	} {
		if got := open(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}

// TestAnAddressIsCheckedWhenItIsSaved: as far as it can be known then, and in whichever way it is written.
func TestAnAddressIsCheckedWhenItIsSaved(t *testing.T) {
	c := New(time.Now, nil)
	for address, want := range map[string]error{
		"https://93.184.216.34/hook": nil, "https://[2606:2800:220:1::1]:8443/hook": nil,
		"https://findes-ikke.invalid/hook": nil,
		"https://127.0.0.1/":               ErrPrivate, "https://10.0.0.1:8443/": ErrPrivate,
		"https://[::1]/":             ErrPrivate,
		"https://[fec0::1]/":         ErrPrivate,
		"https://[::ffff:0:7f00:1]/": ErrPrivate, "https://[::ffff:10.0.0.1]/": ErrPrivate,
		"https://169.254.169.254/latest": ErrPrivate,
		"https://localhost/":             ErrPrivate, "https://LOCALHOST./": ErrPrivate,
		"https://a.localhost:8443/": ErrPrivate,
		"https://0x7f000001/":       ErrPrivate,
		"https://2130706433/":       ErrPrivate, "https://127.1/": ErrPrivate, "https://0177.0.0.1/": ErrPrivate,
		"https://./":            ErrPrivate,
		"http://93.184.216.34/": errNotHTTPS, "https:///hook": errNotHTTPS, "ftp://93.184.216.34/": errNotHTTPS,
		"::": errNotHTTPS,
	} {
		if err := c.Check(context.Background(), address); !errors.Is(err, want) || (err == nil) != (want == nil) {
			t.Errorf("%s: %v, want %v", address, err, want)
		}
	}
}

// TestSignedAndNeverOn: the body is signed; a redirect is not followed, plain http and private addresses are refused,
// and no error quotes the address.
func TestSignedAndNeverOn(t *testing.T) {
	now := time.Unix(1795334400, 0)
	var got *http.Request
	var body []byte
	elsewhere := 0
	mux := http.NewServeMux()
	mux.HandleFunc("/hook", func(_ http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
	})
	mux.HandleFunc(
		"/moved",
		func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) },
	)
	mux.HandleFunc("/elsewhere", func(http.ResponseWriter, *http.Request) { elsewhere++ })
	server := httptest.NewTLSServer(mux)
	defer server.Close()
	c := New(func() time.Time { return now }, netip.Addr.IsLoopback)
	c.http.Transport.(*http.Transport).TLSClientConfig = &tls.Config{
		RootCAs: server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs,
	}
	if err := c.Post(context.Background(), server.URL+"/hook", "id1", "secret", []byte(`{}`)); err != nil {
		t.Fatal(err)
	}
	if got.Header.Get("webhook-signature") != Signatures("secret", "id1", now, []byte(`{}`)) ||
		got.Header.Get("webhook-timestamp") != strconv.Itoa(1795334400) || string(body) != "{}" {
		t.Errorf("%v %s", got.Header, body)
	}
	if err := c.Post(context.Background(), server.URL+"/moved", "id1", "secret", nil); err == nil || elsewhere > 0 {
		t.Errorf("a redirect: %v, followed %d times", err, elsewhere)
	}
	if err := New(time.Now, nil).Post(context.Background(), server.URL+"/hook", "id1", "secret", nil); !errors.Is(
		err,
		ErrPrivate,
	) {
		t.Errorf("a private address: %v", err)
	}
	if err := c.Post(context.Background(), "http://example.com/token-hemmelig", "id1", "secret", nil); err == nil ||
		strings.Contains(err.Error(), "hemmelig") {
		t.Errorf("plain http: %v", err)
	}
}
