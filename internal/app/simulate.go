package app

import (
	"context"
	"crypto/subtle"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"brevdue/internal/edge"
	"brevdue/internal/remote/digitalpost/fake"
)

// Simulation is Digital Post's simulator alone, for an installation that runs elsewhere.
type Simulation struct {
	Addr       string
	Data       string // folder
	Duplicates fake.Duplicates
	Delay      time.Duration
	TLSCert    string // files; "" for plain HTTP
	TLSKey     string
	ClientCA   string // file with who may have issued a client's certificate; "" asks for none
	System     string // ID:KEY of the one system that it knows; "" for any
}

// Simulate runs the simulator until ctx ends, and says on out where it is.
func Simulate(ctx context.Context, s Simulation, out io.Writer) error {
	if err := os.MkdirAll(s.Data, 0o700); err != nil {
		return err
	}
	listener, err := listen(s.Addr)
	if err != nil {
		return err
	}
	simulator, err := fake.Open(filepath.Join(s.Data, "simulator.db"), s.Duplicates, s.Delay)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	at := base(listener.Addr())
	config, err := s.tls()
	if err != nil {
		return errors.Join(err, listener.Close(), simulator.Close())
	}
	if config != nil {
		at = "https" + strings.TrimPrefix(at, "http")
		listener = tls.NewListener(listener, config)
	}
	fmt.Fprintf(out, "Digital Post simulator %s/apis/v1\nHvad den har taget imod: %s/messages\n", at, at)
	server := &http.Server{
		Handler:           edge.UsualDeadlines.Keep(s.known(simulator.Handler())),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    headerLimit,
	}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err = server.Serve(listener); errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return errors.Join(err, simulator.Close())
}

// tls returns how the simulator speaks https; nil where it does not.
func (s Simulation) tls() (*tls.Config, error) {
	if s.TLSCert == "" {
		if s.ClientCA != "" {
			return nil, errors.New("--client-ca needs --tls-cert and --tls-key")
		}
		return nil, nil
	}
	pair, err := tls.LoadX509KeyPair(s.TLSCert, s.TLSKey)
	if err != nil {
		return nil, err
	}
	config := &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	if s.ClientCA == "" {
		return config, nil
	}
	issuers, err := os.ReadFile(s.ClientCA)
	if err != nil {
		return nil, err
	}
	config.ClientCAs, config.ClientAuth = x509.NewCertPool(), tls.RequireAndVerifyClientCert
	if !config.ClientCAs.AppendCertsFromPEM(issuers) {
		return nil, fmt.Errorf("%s holds no certificate (PEM)", s.ClientCA)
	}
	return config, nil
}

// known lets the one system in that the simulator knows.
func (s Simulation) known(next http.Handler) http.Handler {
	if s.System == "" {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, key, _ := r.BasicAuth()
		api := strings.HasPrefix(r.URL.Path, "/apis/")
		if api && subtle.ConstantTimeCompare([]byte(id+":"+key), []byte(s.System)) != 1 {
			http.Error(w, `{"code":"unauthorized","message":"system"}`, http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}
