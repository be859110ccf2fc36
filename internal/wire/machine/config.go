// Package machine joins the house on one machine: the embedded home, the stages at their queues, and one HTTP server
// for portal, API, presigned links and Digital Post's simulator. It chooses and connects, and decides nothing.
//
// Config -> [machine] -> a running service
package machine

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/remote/digitalpost/fake"
)

// Config is the whole truth about a service on one machine.
type Config struct {
	Addr        string // to listen on
	Data        string // folder
	Hosts       []string
	Pace        post.Pace
	PaceName    string
	UploadLimit int64
	Senders     int // batches of letters that are sent at the same time
	NewCode     bool
	Version     string

	DigitalPost DigitalPost
	Duplicates  fake.Duplicates
	Delay       time.Duration // of the simulator's receipts
	PushToken   string        // "" turns receipt push off
}

// DigitalPost is which one letters go to; the simulator when URL is "".
type DigitalPost struct {
	URL         string
	Environment post.Environment
	SystemID    string
	APIKey      string
	Certificate *tls.Certificate
}

// environment checks the address and says which environment it is.
func (d DigitalPost) environment() (post.Environment, error) {
	if d.URL == "" {
		if d.Environment != "" && d.Environment != post.Simulator {
			return "", errors.New("without --digital-post the environment is the simulator")
		}
		return post.Simulator, nil
	}
	u, err := url.Parse(d.URL)
	if err != nil || u.Host == "" {
		return "", fmt.Errorf("--digital-post %q is not an address", d.URL)
	}
	local := isLoopback(u.Hostname())
	switch {
	case u.Scheme != "https" && (u.Scheme != "http" || !local):
		return "", errors.New("--digital-post must be https; only on this machine it may be http")
	case !local && d.Certificate == nil:
		return "", errors.New("Digital Post asks for a certificate: give --certificate and --certificate-key") //nolint:staticcheck // a name
	case d.Environment == post.Simulator && !local:
		return "", errors.New("a simulator runs on this machine")
	case d.Environment != "":
		return d.Environment, nil
	case u.Hostname() == "api.digitalpost.dk": // digital-post.md 3.1
		return post.Production, nil
	}
	return post.Test, nil
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// base returns the address under which this machine reaches the service.
func base(l net.Addr) string {
	host, port, err := net.SplitHostPort(l.String())
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}
