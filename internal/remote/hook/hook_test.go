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
		"93.184.216.34": true, "2606:2800:220:1::1": true, "127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false,
		"169.254.169.254": false, "100.64.0.1": false, "0.0.0.0": false, "224.0.0.1": false, "255.255.255.255": false, "::1": false, "fe80::1": false,
		"fd00:ec2::254": false, "::ffff:127.0.0.1": false, "64:ff9b::7f00:1": false, "2002:7f00:1::": false,
	} {
		if got := open(netip.MustParseAddr(address).Unmap()); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}

// TestSignedAndNeverOn: the body is signed; a redirect is not followed, plain http and private addresses are refused, and
// no error quotes the address.
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
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) })
	mux.HandleFunc("/elsewhere", func(http.ResponseWriter, *http.Request) { elsewhere++ })
	server := httptest.NewTLSServer(mux)
	defer server.Close()
	c := New(func() time.Time { return now }, netip.Addr.IsLoopback)
	c.http.Transport.(*http.Transport).TLSClientConfig = &tls.Config{RootCAs: server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs}
	if err := c.Post(context.Background(), server.URL+"/hook", "id1", "secret", []byte(`{}`)); err != nil {
		t.Fatal(err)
	}
	if got.Header.Get("webhook-signature") != Signature("secret", "id1", now, []byte(`{}`)) || got.Header.Get("webhook-timestamp") != strconv.Itoa(1795334400) || string(body) != "{}" {
		t.Errorf("%v %s", got.Header, body)
	}
	if err := c.Post(context.Background(), server.URL+"/moved", "id1", "secret", nil); err == nil || elsewhere > 0 {
		t.Errorf("a redirect: %v, followed %d times", err, elsewhere)
	}
	if err := New(time.Now, nil).Post(context.Background(), server.URL+"/hook", "id1", "secret", nil); !errors.Is(err, ErrPrivate) {
		t.Errorf("a private address: %v", err)
	}
	if err := c.Post(context.Background(), "http://example.com/token-hemmelig", "id1", "secret", nil); err == nil || strings.Contains(err.Error(), "hemmelig") {
		t.Errorf("plain http: %v", err)
	}
}
