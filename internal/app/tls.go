package app

import (
	"crypto/tls"
	"log/slog"
	"net"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"brevdue/internal/sentence"
)

// certificate is the server's own, read again when its file has changed: whoever renews it restarts nothing.
type certificate struct {
	cert, key string
	mu        sync.Mutex
	pair      *tls.Certificate
	read      time.Time // when the file was written that was read
	looked    time.Time
}

// lookEvery is how often it is seen whether the file has changed.
const lookEvery = time.Minute

// openCertificate reads a certificate and its key (PEM).
func openCertificate(cert, key string) (*certificate, error) {
	c := &certificate{cert: cert, key: key}
	return c, c.load()
}

func (c *certificate) load() error {
	info, err := os.Stat(c.cert)
	if err != nil {
		return sentence.Of("tls-unreadable", c.cert)
	}
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return sentence.Of("tls-unreadable", c.cert) // and not the cause, which may quote the key
	}
	c.pair, c.read = &pair, info.ModTime()
	return nil
}

// Get implements tls.Config's GetCertificate. A new file that cannot be read leaves the old certificate in use.
func (c *certificate) Get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.looked) > lookEvery {
		c.looked = time.Now()
		if info, err := os.Stat(c.cert); err == nil && !info.ModTime().Equal(c.read) {
			if err := c.load(); err != nil {
				slog.Error("the new certificate cannot be read; the old one stays in use", "error", err)
			}
		}
	}
	return c.pair, nil
}

// tlsConfig is nil where the server speaks plain HTTP.
func (c Config) tlsConfig() (*tls.Config, error) {
	switch {
	case c.TLSCert == "" && c.TLSKey == "":
		return nil, nil
	case c.TLSCert == "" || c.TLSKey == "":
		return nil, sentence.Of("tls-both")
	}
	own, err := openCertificate(c.TLSCert, c.TLSKey)
	if err != nil {
		return nil, err
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: own.Get}, nil
}

// public is the address under which browsers have the portal.
func (c Config) public(listener net.Addr) (string, error) {
	if c.PublicURL != "" {
		u, err := url.Parse(c.PublicURL)
		if err != nil || u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.User != nil {
			return "", sentence.Of("public-url", c.PublicURL)
		}
		return "https://" + u.Host, nil
	}
	own := base(listener)
	if c.TLSCert != "" {
		own = "https" + strings.TrimPrefix(own, "http")
	}
	return own, nil
}

// shown is an address as a person types it: passkeys want a name and no number.
func shown(address string) string {
	return strings.Replace(address, "://127.0.0.1:", "://localhost:", 1)
}
