// Package outcome reads what came of a call over HTTP: what may be said of why there was no answer, whether anything of
// the call can have been read, and whether a refusal is of now only.
//
// error or status of a call -> [outcome] -> what to do about it
package outcome

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
)

// WithoutAddress leaves the address out of an error: it may have an id, a name or a secret in it.
func WithoutAddress(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// NeverConnected reports whether an error says nothing about what was sent: no address, no connection, no certificate
// that both sides accept.
func NeverConnected(err error) bool {
	var dialed *net.OpError
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	var alert tls.AlertError
	var header tls.RecordHeaderError
	return errors.As(err, &dialed) && dialed.Op == "dial" || errors.As(err, &name) || errors.As(err, &certificate) ||
		errors.As(err, &alert) || errors.As(err, &header)
}

// Later reports whether a refusal is of now only: the same call is made again.
func Later(status int) bool {
	return status == http.StatusLocked || status == http.StatusTooManyRequests || status == http.StatusRequestTimeout
}
