package app

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/texts"
)

// certificateOf makes a certificate of its own, as PEM.
func certificateOf(t *testing.T, s *httptest.Server) (cert, key string) {
	t.Helper()
	pair := s.TLS.Certificates[0]
	der, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	posttest.Check(t, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]})),
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// TestTheOwnSystemIsShown: Digital Post sees the organization's system and certificate, in the environment of the
// installation.
func TestTheOwnSystemIsShown(t *testing.T) {
	var system string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		system, _, _ = r.BasicAuth()
		w.WriteHeader(http.StatusForbidden)
	}))
	defer s.Close()
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	cert, key := certificateOf(t, secure)
	shared := DigitalPost{
		URL:         s.URL,
		Environment: post.Simulator,
		SystemID:    "installation",
		Certificate: &tls.Certificate{},
	}
	own, err := shared.with(post.Connection{SystemID: "n1", SystemKey: "k", Certificate: cert, CertificateKey: key})
	posttest.Check(t, err)
	_, err = own.Channel(post.Timings{Call: time.Second}, 1).Find(t.Context(), "nord", "u", time.Now())
	if err == nil || system != "n1" || own.Environment != post.Simulator ||
		!bytes.Equal(own.Certificate.Certificate[0], secure.TLS.Certificates[0].Certificate[0]) {
		t.Errorf("%+v: system %q, %v", own, system, err)
	}
	if own, err = shared.with(
		post.Connection{SystemID: "n2", SystemKey: "k"},
	); err != nil ||
		own.Certificate != nil {
		t.Errorf("it has the installation's certificate: %v", err)
	}
	delegated := post.Connection{SystemID: "n3", SystemKey: "k", Delegated: true}
	if own, err = shared.with(delegated); err != nil || own.Certificate != shared.Certificate || own.SystemID != "n3" {
		t.Errorf("a delegated system has not the installation's certificate: %v", err)
	}
}

// TestBadConnections: what cannot be used is refused when it is set, in words, and no key is quoted.
func TestBadConnections(t *testing.T) {
	s := httptest.NewTLSServer(http.NotFoundHandler())
	defer s.Close()
	cert, key := certificateOf(t, s)
	for name, c := range map[string]struct {
		post.Connection
		e    post.Environment
		now  time.Time
		want string
	}{
		"no key of the system": {post.Connection{SystemID: "n1"}, post.Simulator, time.Now(), "Giv systemets"},
		"half a pair": {post.Connection{SystemID: "n", SystemKey: "k", Certificate: cert}, "", time.Now(),
			"skal have"},
		"no pair": {post.Connection{SystemID: "n", SystemKey: "k", Certificate: cert, CertificateKey: "hemmelig"},
			"", time.Now(), "hører ikke sammen"},
		"none": {post.Connection{SystemID: "n", SystemKey: "k"}, post.Production, time.Now(), "kræver organisationens"},
		"ended": {post.Connection{SystemID: "n", SystemKey: "k", Certificate: cert, CertificateKey: key}, post.Test,
			time.Now().AddDate(200, 0, 0), "udløb"},
		"good": {post.Connection{SystemID: "n", SystemKey: "k", Certificate: cert, CertificateKey: key}, post.Test,
			time.Now(), ""},
		"delegated": {post.Connection{SystemID: "n", SystemKey: "k", Delegated: true}, post.Production, time.Now(), ""},
		"delegated, with a certificate": {post.Connection{SystemID: "n", SystemKey: "k", Certificate: cert,
			CertificateKey: key, Delegated: true}, post.Test, time.Now(), "skal ikke have et eget"},
		"of the simulator": {post.Connection{SystemID: "n", SystemKey: "k"}, post.Simulator, time.Now(), ""},
		"the installation": {post.Connection{}, post.Production, time.Now(), ""},
	} {
		err := checkConnection(&c.Connection, c.e, c.now)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(texts.Error(err), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(texts.Error(err), "hemmelig") {
			t.Errorf("%s: it quotes the key", name)
		}
	}
}
