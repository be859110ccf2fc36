package app

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"brevdue/internal/post"
	"brevdue/internal/remote/digitalpost"
)

// DigitalPost is which one letters go to.
type DigitalPost struct {
	URL         string
	Environment post.Environment
	SystemID    string
	APIKey      string
	Certificate *tls.Certificate
	Rate        int // calls a second of one process, and of each connection; 0 for as many as there are

	pack digitalpost.Pack // nil for who sends no containers
}

// Check checks the address and says which environment it is.
func (d DigitalPost) Check() (post.Environment, error) {
	u, err := url.Parse(d.URL)
	if err != nil || u.Host == "" {
		return "", fmt.Errorf("the address of Digital Post, %q, is none", d.URL)
	}
	local := u.Hostname() == "host.docker.internal" || post.Loopback(u.Hostname()) // Docker's name of this machine
	switch {
	case u.Scheme != "https" && (u.Scheme != "http" || !local):
		return "", errors.New("the address of Digital Post must be https; only on this machine it may be http")
	case !local && d.Certificate == nil:
		return "", errors.New("Digital Post asks for a certificate and its key") //nolint:staticcheck // a name
	case d.Environment == post.Simulator && !local:
		return "", errors.New("a simulator runs on this machine")
	}
	real := u.Hostname() == "api.digitalpost.dk" // digital-post.md 3.1
	switch {
	case d.Environment != "" && real != (d.Environment == post.Production):
		return "", fmt.Errorf("%s is not the environment %q", u.Hostname(), d.Environment)
	case d.Environment != "":
		return d.Environment, nil
	case real:
		return post.Production, nil
	}
	return post.Test, nil
}

// Channel returns the way to Digital Post. connections is how many calls are made at once.
func (d DigitalPost) Channel(t post.Timings, connections int) *digitalpost.Client {
	return digitalpost.New(
		digitalpost.Config{
			Base:        strings.TrimSuffix(d.URL, "/"),
			SystemID:    d.SystemID,
			APIKey:      d.APIKey,
			Certificate: d.Certificate,
			Timeout:     t.Call,
			TimeoutMass: t.CallMass,
			Pack:        d.pack,
			Connections: connections,
			Rate:        d.Rate,
		},
	)
}
