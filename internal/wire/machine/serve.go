package machine

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"brevdue/internal/api"
	"brevdue/internal/embedded"
	"brevdue/internal/portal"
)

// Serve runs the service until ctx ends, and says on out where it is.
func Serve(ctx context.Context, c Config, out io.Writer) error {
	listener, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return err
	}
	h, err := build(c, base(listener.Addr()))
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if err := h.welcome(ctx, out); err != nil {
		return errors.Join(err, listener.Close(), h.close())
	}
	handler, err := h.handler()
	if err != nil {
		return errors.Join(err, listener.Close(), h.close())
	}
	return errors.Join(h.run(ctx, listener, handler), h.close())
}

// stopWithin is how long requests may take to finish at the end.
const stopWithin = 2 * time.Second

// run serves and works until ctx ends. Workers finish what they have in hand.
func (h *house) run(ctx context.Context, listener net.Listener, handler http.Handler) error {
	requests, cancel := context.WithCancel(context.WithoutCancel(ctx))
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute,
		BaseContext: func(net.Listener) context.Context { return requests },
		ErrorLog:    slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	var wg sync.WaitGroup
	wg.Go(func() { h.home.Work(ctx, h.jobs()...) })
	wg.Go(func() { embedded.Every(ctx, h.config.Pace.Poll, h.receipt.Pull) })
	wg.Go(func() { embedded.Every(ctx, h.config.Pace.Sweep, h.sweep.Run) })
	var err error
	select {
	case err = <-served:
	case <-ctx.Done():
	}
	stop, done := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer done()
	time.AfterFunc(stopWithin/2, cancel)
	if server.Shutdown(stop) != nil {
		_ = server.Close() // whoever still hangs on was given time
	}
	cancel()
	wg.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// handler joins the rooms that speak HTTP, behind the checks that hold for all of them.
func (h *house) handler() (http.Handler, error) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok\n") })
	h.mount(mux)
	room := &api.Room{
		Key: h.gate.Key, Desk: h.desk, Remedies: h.remedies, Shipments: h.store.Shipments(), Letters: h.store.Letters(), Failures: h.store.Failures(),
		Links: h.links, Message: message, PushToken: h.config.PushToken, Push: h.pushed, Reference: reference,
	}
	mux.Handle("/v1/", room.Handler())
	pages, err := portal.New(portal.House{
		Gate: h.gate, Desk: h.desk, Remedies: h.remedies, Organizations: h.store, Shipments: h.store.Shipments(), Letters: h.store.Letters(),
		Failures: h.store.Failures(), Links: h.links, Reference: reference, Now: time.Now, Environment: h.environment, UploadLimit: h.config.UploadLimit, Version: h.config.Version,
	})
	if err != nil {
		return nil, err
	}
	mux.Handle("/", pages)
	return knownHosts(h.hosts(), http.NewCrossOriginProtection().Handler(mux)), nil
}

// hosts are the Host headers that are answered.
func (h *house) hosts() []string {
	own := h.base[len("http://"):]
	_, port, _ := net.SplitHostPort(own)
	hosts := []string{own, "localhost:" + port, "127.0.0.1:" + port, "[::1]:" + port}
	return append(hosts, h.config.Hosts...)
}

// knownHosts refuses requests under a name that is not ours, so that no other site's name can be pointed at us.
func knownHosts(hosts []string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !slices.Contains(hosts, r.Host) {
			http.Error(w, "Ukendt værtsnavn. Tillad det med serve --host.", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// reference logs an internal error and returns the name under which it stands in the log.
func reference(r *http.Request, err error) string {
	b := make([]byte, 4)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	name := hex.EncodeToString(b)
	slog.Error("internal error", "reference", name, "method", r.Method, "pattern", r.Pattern, "error", err)
	return name
}
